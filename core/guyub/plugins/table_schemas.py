"""The schema of a plugin and the role that owns it: made, entered for a while, dropped. Nothing of the plugin is imported."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe

import psycopg
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import URL

from guyub.db.connecting import has_role
from guyub.db.installation import Installation, as_owner
from guyub.plugins.refusals import PluginsRefusal

_LONGEST = 63
PUBLISHED = (("facility", ("id",)), ("region", ("id",)), ("household", ("facility_id", "id")))
"""Tables of the core that a foreign key of a plugin may point at, and the columns of that key."""


@dataclass(frozen=True, slots=True)
class Entered:
    """``url`` opens connections as the schema's owner until the block ends; ``is_new``: the schema was made for it."""

    url: URL
    role: str
    app: str
    is_new: bool


def role_name(installation: Installation, slug: str) -> str:
    """Returns ``<database>_plugin_<slug>``; where PostgreSQL would cut it, a digest keeps it unique."""
    name = f"{installation.roles}_plugin_{slug}"
    if len(name.encode()) <= _LONGEST:
        return name
    return f"{name[:46]}_{sha256(name.encode()).hexdigest()[:16]}"


@contextmanager
def entered(installation: Installation, slug: str) -> Iterator[Entered]:
    """Makes role and schema where they are missing and lets the role sign in while the block runs, one block at a time.

    What leaves the block with an exception leaves no new schema behind. Raises ``Refusal`` when the schema's name belongs
    to something else.
    """
    role = role_name(installation, slug)
    with _admin(installation, slug) as admin:
        is_new = _make(admin, role, slug)
        _publish(installation, role)
        password = token_urlsafe(24)
        admin.execute(sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
        try:
            url = installation.admin_url.set(username=role, password=password)
            yield Entered(url, role, f"{installation.roles}_app", is_new)
        except BaseException:
            if is_new:
                _drop(installation, admin, role, slug)
            raise
        finally:
            if has_role(admin, role):
                admin.execute(sql.SQL("ALTER ROLE {} NOLOGIN PASSWORD NULL").format(sql.Identifier(role)))


def is_there(installation: Installation, slug: str) -> bool:
    """Returns whether the plugin has a schema."""
    with _admin(installation, slug) as admin:
        return _owner_of(admin, slug) == role_name(installation, slug)


def drop(installation: Installation, slug: str) -> None:
    """Drops schema and role with all that is in them; nothing happens where there are none."""
    with _admin(installation, slug) as admin:
        _drop(installation, admin, role_name(installation, slug), slug)


def _make(admin: psycopg.Connection, role: str, slug: str) -> bool:
    owner = _owner_of(admin, slug)
    if owner not in (None, role):
        raise PluginsRefusal.SCHEMA_TAKEN.refusal(slug=slug)
    name = sql.Identifier(role)
    if not has_role(admin, role):
        admin.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE").format(name))
    admin.execute(sql.SQL("GRANT {} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE").format(name))
    database = sql.Identifier(admin.info.dbname)
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name))
    if owner is None:
        admin.execute(sql.SQL("CREATE SCHEMA {} AUTHORIZATION {}").format(sql.Identifier(slug), name))
    return owner is None


def _publish(installation: Installation, role: str) -> None:
    """Publishes what a plugin's keys may point at; it may read nothing of it."""
    with as_owner(installation) as connection:
        connection.execute(text(f'GRANT USAGE ON SCHEMA guyub TO "{role}"'))
        for table, columns in PUBLISHED:
            connection.execute(text(f'GRANT REFERENCES ({", ".join(columns)}) ON guyub.{table} TO "{role}"'))


def _drop(installation: Installation, admin: psycopg.Connection, role: str, slug: str) -> None:
    if _owner_of(admin, slug) == role:
        admin.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(slug)))
    if has_role(admin, role):
        # What the core's owner granted only the core's owner takes back; the rest are the role's own.
        with as_owner(installation) as connection:
            connection.execute(text(f'REVOKE ALL ON ALL TABLES IN SCHEMA guyub FROM "{role}"'))
            connection.execute(text(f'REVOKE ALL ON SCHEMA guyub FROM "{role}"'))
        admin.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
        # A copy of this database in the same cluster may hold tables of the role.
        with suppress(psycopg.errors.DependentObjectsStillExist):
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _owner_of(admin: psycopg.Connection, schema: str) -> str | None:
    # Text: PostgreSQL's catalogue has no models.
    row = admin.execute("SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = %s", [schema]).fetchone()
    return row[0] if row else None


@contextmanager
def _admin(installation: Installation, slug: str) -> Iterator[psycopg.Connection]:
    """Gives a connection that may make roles; one at a time for a plugin."""
    conninfo = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(conninfo, autocommit=True, connect_timeout=10) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"guyub.plugin.{slug}"])
        yield connection
