"""The migrations of a plugin: Alembic's scripts in its package, run in one transaction as the owner of its schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, select, text
from sqlalchemy.exc import DBAPIError

from guyub.db.installation import Installation
from guyub.db.migration_sql import MIGRATIONS
from guyub.plugins import table_protection
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.table_catalogue import versions_table
from guyub.plugins.table_schemas import Entered, entered
from guyub.sdk.errors import Refusal

HEAD = "head"


def heads(folder: Path) -> frozenset[str]:
    """Returns the last revisions of a plugin's scripts. Raises whatever a script raises while it is read."""
    return frozenset(ScriptDirectory.from_config(_alembic(folder)).get_heads())


def known(folder: Path) -> frozenset[str]:
    """Returns all revisions of a plugin's scripts. Raises as ``heads``."""
    scripts = ScriptDirectory.from_config(_alembic(folder))
    return frozenset(script.revision for script in scripts.walk_revisions())


def revisions(connection: Connection, slug: str) -> frozenset[str]:
    """Returns the revisions that the schema is at; empty where there is no schema."""
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": f'"{slug}".schema_version'}).scalar() is None:
        return frozenset()
    return frozenset(connection.execute(select(versions_table(slug).c.version_num)).scalars())


def upgrade(installation: Installation, slug: str, folder: Path) -> frozenset[str]:
    """Brings the schema to the last revision, protects what is in it, and returns where it is.

    Raises ``Refusal`` when a script fails or makes what a plugin may not have; the schema is then as it was before.
    """
    with entered(installation, slug) as here, migrating(here, slug) as connection:
        run(connection, slug, folder, HEAD)
        protect(connection, slug, here.app)
        return revisions(connection, slug)


@contextmanager
def migrating(here: Entered, slug: str) -> Iterator[Connection]:
    """Opens one transaction as the schema's owner, which only the end of the block commits."""
    engine = create_engine(here.url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT set_config('search_path', quote_ident(:slug), false)"), {"slug": slug})
            connection.commit()
            began = connection.execute(text("SELECT pg_current_xact_id()::text")).scalar_one()
            event.listen(connection, "commit", _no_commit)
            table_protection.lift(connection, slug)
            yield connection
            if connection.execute(text("SELECT pg_current_xact_id()::text")).scalar_one() != began:
                raise _ended_the_transaction()
            event.remove(connection, "commit", _no_commit)
            connection.commit()
    finally:
        engine.dispose()


def run(connection: Connection, slug: str, folder: Path, revision: str) -> None:
    """Raises ``Refusal`` when a script fails, or when the schema is at a revision that the scripts do not know."""
    try:
        config = _alembic(folder)
        there = revisions(connection, slug)
        if not there <= known(folder):
            raise _ahead(slug, there)
        config.attributes["connection"] = connection
        config.attributes["schema"] = slug
        command.upgrade(config, revision)
    except Refusal:
        raise
    except Exception as error:  # other people's code: whatever it raises, the schema stays as it was
        raise _failed(slug, error) from error


def protect(connection: Connection, slug: str, app: str) -> None:
    """Protects the tables as ``plugin_guard.protect`` does; raises ``Refusal`` as well when rows are there that the host's
    own keys do not allow."""
    try:
        table_protection.protect(connection, slug, app)
    except DBAPIError as error:
        raise _failed(slug, error) from error


def _alembic(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def _no_commit(_connection: Connection) -> None:
    raise _ended_the_transaction()


def _ended_the_transaction() -> Refusal:
    return PluginsRefusal.MIGRATION_COMMITS.refusal()


def _ahead(slug: str, there: frozenset[str]) -> Refusal:
    return PluginsRefusal.MIGRATION_UNKNOWN.refusal(slug=slug, there=", ".join(sorted(there)))


def _failed(slug: str, error: Exception) -> Refusal:
    cause = getattr(error, "orig", None) or error
    if getattr(cause, "sqlstate", None) == "42501":
        return PluginsRefusal.MIGRATION_OUTSIDE.refusal(slug=slug, error=_first_line(cause))
    return PluginsRefusal.MIGRATION_FAILED.refusal(slug=slug, error=f"{type(cause).__name__}: {_first_line(cause)}")


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0].rstrip(".")
