"""Makes the roles, database and schema of one installation once, brings them up to date by migrations, and opens them for
work."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from guyub.db import schema_upgrade, time_limits
from guyub.db.connecting import connected
from guyub.db.errors import Busy, refusal_of
from guyub.db.keeper import Keeper
from guyub.db.keys import Keys, WrongKey, wrong_key
from guyub.db.refusals import DbRefusal
from guyub.db.schema_state import schema_state
from guyub.db.time_limits import PAGES, Limits
from guyub.db.unit_of_work import Database

_LONGEST_NAME = 53
"""PostgreSQL cuts names after 63 letters, and the longest role adds ``_migrator`` to the database's."""
_NAME = re.compile(rf"(?!pg_)[a-z_][a-z0-9_]{{0,{_LONGEST_NAME - 1}}}")
"""Names of roles that begin with ``pg_`` belong to the server."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation. ``admin_url`` names the database with a role that may create roles; all else follows from it and the
    keys.

    ``roles`` is the prefix of the three roles: the database's own name, or its template's where it is a copy.
    """

    admin_url: URL
    keys: Keys
    roles: str
    keeper: Keeper | None = None
    """Of an embedded server: it starts the server again, and knows its port by then."""

    @property
    def app_url(self) -> URL:
        return self.admin_url.set(username=f"{self.roles}_app", password=self.keys.app_password)

    @property
    def migrator_url(self) -> URL:
        return self.admin_url.set(username=f"{self.roles}_migrator", password=self.keys.migrator_password)

    def database(self, limits: Limits = PAGES) -> Database:
        """Opens the database for the application's work; close it at the end."""
        url = self.app_url.render_as_string(hide_password=False)
        return Database(url, self.keys.service_key, limits, self.keeper)

    def restore_time_limits(self) -> None:
        """Restores the time limits of the application's role, where somebody has changed them."""
        time_limits.restore(self.app_url.set(drivername="postgresql").render_as_string(hide_password=False))


def installation_at(url: str, keys: Keys) -> Installation:
    """Returns the installation at a URL. Raises ``Refusal`` for one that names no PostgreSQL database."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql" or not parsed.database:
            raise ValueError(url)
    except Exception as error:  # SQLAlchemy's own kinds of refusal are many
        raise DbRefusal.URL.refusal() from error
    name = parsed.database
    if not _NAME.fullmatch(name):
        raise DbRefusal.NAME.refusal(name=name, most=_LONGEST_NAME)
    return Installation(parsed.set(drivername="postgresql+psycopg"), keys, name)


def make(installation: Installation) -> None:
    """Makes roles, database and schema where they are missing; what is there is left as it is.

    Raises ``Refusal``: before any change when the database is one of other keys or its schema is not this version's.
    """
    require_upgradable(installation)
    database = installation.admin_url.database
    assert database is not None
    with connected(installation.admin_url.set(database="postgres")) as connection:
        _make_roles(connection, installation)
        _, migrator, app = _role_names(installation)
        time_limits.set_for_role(connection, migrator, time_limits.MIGRATIONS)
        time_limits.set_for_role(connection, app, PAGES)
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
            connection.execute(
                sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin "
                    "BUILTIN_LOCALE 'PG_UNICODE_FAST' LOCALE 'C'"
                ).format(sql.Identifier(database))
            )
    with connected(installation.admin_url) as connection:
        owner, migrator, app = _role_names(installation)
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
        connection.execute(
            sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}, {}").format(sql.Identifier(database), app, migrator)
        )
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS guyub AUTHORIZATION {}").format(owner))


def is_current(installation: Installation) -> bool:
    """Returns whether the database is as this version of the code and these keys expect it; ``schema_state`` says why not.

    Raises ``WrongKey`` when the database was made with other keys, ``Refusal`` when no server answers.
    """
    refusal = schema_state(installation).refusal
    if isinstance(refusal, WrongKey):
        raise refusal
    return refusal is None


def upgrade(installation: Installation, *, revision: str = "head", verify: bool = True) -> None:
    """Brings the schema up to date, in one transaction, and ties the keys to it. Raises ``Refusal``; nothing is changed then.

    ``revision`` is the last migration to run; ``verify`` compares the result with what this version makes.
    """
    require_upgradable(installation)
    with as_owner(installation) as connection:
        schema_upgrade.run(connection, installation.roles, revision, verify=verify)
        connection.execute(
            text(
                "UPDATE guyub.installation SET service_key = COALESCE(service_key, :service_key), "
                "key_check = COALESCE(key_check, :check)"
            ),
            {"service_key": installation.keys.service_digest(), "check": installation.keys.check_value()},
        )
        _check_keys(connection, installation)


def require_upgradable(installation: Installation) -> None:
    """Raises ``Refusal`` for a database of other keys, or whose schema no upgrade leads to this version's."""
    state = schema_state(installation)
    if state.refusal is not None and not state.upgrade_helps:
        raise state.refusal


def _check_keys(connection: Connection, installation: Installation) -> None:
    """Checks the keys once more, as another process may have tied its own meanwhile."""
    kept, service = connection.execute(text("SELECT key_check, service_key FROM guyub.installation")).one()
    keys = installation.keys
    if not keys.is_check_value(kept) or service != keys.service_digest():
        raise wrong_key()


@contextmanager
def as_owner(installation: Installation) -> Iterator[Connection]:
    """Opens a transaction as the owner of the schema, entered through the migrator."""
    options = {"options": time_limits.MIGRATIONS.options}
    engine = create_engine(installation.migrator_url, hide_parameters=True, connect_args=options)
    try:
        with engine.begin() as connection:
            owner = f"{installation.roles}_owner"
            connection.execute(text(f'SET LOCAL ROLE "{owner}"'))
            yield connection
    except DBAPIError as error:
        if isinstance(refusal := refusal_of(error), Busy):
            raise refusal from error
        raise
    finally:
        engine.dispose()


def _make_roles(connection: psycopg.Connection, installation: Installation) -> None:
    owner, migrator, app = _role_names(installation)
    there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    keys = installation.keys
    for role, name, options in (
        (owner, "owner", sql.SQL("NOLOGIN")),
        (migrator, "migrator", sql.SQL("LOGIN NOINHERIT PASSWORD {}").format(keys.migrator_password)),
        (app, "app", sql.SQL("LOGIN NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}").format(keys.app_password)),
    ):
        verb = sql.SQL("ALTER ROLE" if f"{installation.roles}_{name}" in there else "CREATE ROLE")
        connection.execute(sql.SQL("{} {} {}").format(verb, role, options))
    for member in (migrator, sql.SQL("CURRENT_USER")):
        connection.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(owner, member))


def _role_names(installation: Installation) -> tuple[sql.Identifier, sql.Identifier, sql.Identifier]:
    prefix = installation.roles
    return sql.Identifier(f"{prefix}_owner"), sql.Identifier(f"{prefix}_migrator"), sql.Identifier(f"{prefix}_app")
