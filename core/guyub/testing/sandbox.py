"""``Sandbox``: a plugin on a database of its own, with the tables that its scripts make. Nothing of it is kept.

The server is started once for all plugins that a process checks, when the first of them needs it. Each plugin has one
transaction there, which is rolled back.
"""

import atexit
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Never

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from guyub.plugins import table_migrations
from guyub.plugins.plugin_session import calling
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.session import PluginSession
from guyub.testing.contexts import A_FACILITY, ANOTHER_FACILITY
from guyub.testing.own_tables import own_tables
from guyub.testing.seed_rows import fill_tables

_AUTHOR = "guyub_author"
"""Who the plugin is there: it owns its schema and may read no table of the core but the published facts."""
_PUBLISHED = f"""
    CREATE TABLE guyub.region (id uuid PRIMARY KEY);
    CREATE TABLE guyub.facility (id uuid PRIMARY KEY);
    CREATE TABLE guyub.household (id uuid PRIMARY KEY, facility_id uuid NOT NULL, UNIQUE (facility_id, id));
    INSERT INTO guyub.region VALUES ('{A_FACILITY.id}');
    INSERT INTO guyub.facility VALUES ('{A_FACILITY.id}'), ('{ANOTHER_FACILITY.id}');
    INSERT INTO guyub.household VALUES ('00000000-0000-0000-0000-000000000001', '{A_FACILITY.id}');
    CREATE ROLE {_AUTHOR} NOLOGIN;
    GRANT USAGE ON SCHEMA guyub TO {_AUTHOR};
    GRANT REFERENCES ON guyub.region, guyub.facility, guyub.household TO {_AUTHOR};
    GRANT SELECT, INSERT ON guyub.household_facts TO {_AUTHOR};
"""
_WRITES = re.compile(
    r"\s*(?:WITH\b.*?\b)?(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP)\b", re.IGNORECASE | re.DOTALL
)
_TRANSACTION = text("SELECT pg_current_xact_id()::text")
_servers = ExitStack()
_of_others: list[Callable[[], str]] = []


@dataclass
class Sandbox:
    """The database of one plugin. ``refused`` is why the scripts failed, empty where they ran; ``written`` holds the
    statements that changed something since it was last emptied; ``households`` is true once made-up households are there.
    """

    connection: Connection
    plugin: Plugin
    refused: str = ""
    written: list[str] = field(default_factory=list)
    households: bool = False

    @contextmanager
    def calling(self, what: str, *, keep: bool = False) -> Iterator[PluginSession]:
        """Gives a session as the host gives one to a call. What was done is undone unless it is kept and the block ends
        well."""
        undo = self.connection.begin_nested()
        session = Session(self.connection, join_transaction_mode="create_savepoint")
        try:
            with calling(session, self.plugin.slug, what, A_FACILITY.code, keep=keep) as plugin_session:
                yield plugin_session
            session.commit()
        except BaseException:
            keep = False
            raise
        finally:
            session.close()
            if undo.is_active:
                _end(undo, keep=keep)

    def empty(self) -> None:
        """Removes all rows of the plugin's tables; call it within ``calling``, which brings them back."""
        for table in own_tables(self.plugin):
            name = self.connection.dialect.identifier_preparer.format_table(table)
            self.connection.execute(text(f"TRUNCATE {name} CASCADE"))

    def fill(self) -> None:
        """Adds a row to every table of the plugin that has none yet, where its constraints let one be guessed."""
        fill_tables(self.connection, self.plugin)


@contextmanager
def sandbox_of(plugin: Plugin, package: Path) -> Iterator[Sandbox]:
    """Installs the plugin in a database of its own. Raises ``guyub.db.home.UnusableHome`` where no server can be started."""
    with _server().connect() as connection:
        outer = connection.begin()
        sandbox = Sandbox(connection, plugin)
        event.listen(connection, "before_cursor_execute", _noting(sandbox))
        try:
            sandbox.refused = _install(connection, plugin, package / "migrations")
            sandbox.written.clear()
            yield sandbox
        finally:
            with suppress(SQLAlchemyError):  # a script may have ended it
                outer.rollback()
            connection.invalidate()
            with _server().begin() as again:
                # A script that said COMMIT in SQL has left it behind.
                again.execute(text(f"DROP SCHEMA IF EXISTS {_schema(plugin)} CASCADE"))


def put_away() -> None:
    """Stops the server, if one was started."""
    _servers.close()
    _server.cache_clear()


@cache
def _server() -> Engine:
    if _of_others:
        engine = create_engine(_of_others[0]())
    else:
        # Costly, and of no use to who only reads rules.
        from guyub.testing.households import running

        engine = _servers.enter_context(running()).connection.engine
        atexit.register(put_away)
    with engine.begin() as connection:
        connection.execute(text(_PUBLISHED))
    return engine


def use_server(address: Callable[[], str]) -> None:
    """Makes plugins run on a server that another process starts and stops; ``address`` asks for it when it is needed."""
    _of_others[:] = [address]


def _install(connection: Connection, plugin: Plugin, folder: Path) -> str:
    schema = _schema(plugin)
    connection.execute(text(f"CREATE SCHEMA {schema} AUTHORIZATION {_AUTHOR}"))
    connection.execute(text(f"SET LOCAL ROLE {_AUTHOR}"))
    return _migrate(connection, plugin.slug, schema, folder) if any(folder.glob("*.py")) else ""


def _schema(plugin: Plugin) -> str:
    return '"{}"'.format(plugin.slug.replace('"', '""'))


def _migrate(connection: Connection, slug: str, schema: str, folder: Path) -> str:
    """Runs the scripts and returns why they failed; then none of what they did is there."""
    undo = connection.begin_nested()
    connection.execute(text(f"SET LOCAL search_path TO {schema}"))
    event.listen(connection, "commit", _no_commit)
    began = connection.execute(_TRANSACTION).scalar_one()
    try:
        table_migrations.run(connection, slug, folder, table_migrations.HEAD)
        if connection.execute(_TRANSACTION).scalar_one() != began:
            _no_commit(connection)
        connection.execute(text("SET LOCAL search_path TO DEFAULT"))
    except Exception as error:  # an author's script may raise anything
        if undo.is_active:
            with suppress(SQLAlchemyError):  # its savepoint may be gone with the transaction
                undo.rollback()
        return error.what.en if isinstance(error, Refusal) else str(error)
    finally:
        event.remove(connection, "commit", _no_commit)
    undo.commit()
    return ""


def _no_commit(_connection: Connection) -> Never:
    raise RuntimeError("it ends its transaction itself")


def _noting(sandbox: Sandbox) -> Any:
    def note(_connection: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if match := _WRITES.match(statement):
            sandbox.written.append(match[1].upper())

    return note


def _end(undo: Any, *, keep: bool) -> None:
    if keep:
        undo.commit()
    else:
        undo.rollback()
