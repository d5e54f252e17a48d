"""The session that plugin code gets: within the core's transaction, in a savepoint of its own, for one call only."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Never, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Executable, NestedTransaction, Result, ScalarResult, event
from sqlalchemy.orm import Session

from guyub.db.unit_of_work import LENT_TO_PLUGIN
from guyub.plugins.sql_policy import reading_of
from guyub.sdk.session import Parameters, TransactionGuarded

T = TypeVar("T")

READING_SECONDS = 5
"""How long a statement of a hook that only reads may take: somebody waits for the page, and all other plugins with them."""


class Call:
    """Holds what is running: which plugin, for which hook, at which facility. One object for all implementations of a
    batch.

    ``own`` is the session of the implementation at hand: on the core's connection and apart from the core's own session,
    so that an entity or a failed flush of a plugin stays with it. All of a batch share one savepoint, which the first
    statement makes: a batch that asks nothing of the database costs none. After a failure it is rolled back, and what is
    asked after that gets another: a failed statement ends all that follows it in the same savepoint.

    ``installed`` are the slugs, and so the schemas, of all plugins; ``seconds`` how long a statement may take, 0 for any time:
    only for calls of which nothing is kept, as the limit goes with the savepoint.
    """

    __slots__ = ("_savepoint", "_seconds", "_session", "_strayed", "facility", "hook", "installed", "own", "slug")

    def __init__(
        self,
        session: Session | None,
        hook: str,
        facility: str,
        slug: str = "",
        *,
        installed: frozenset[str] = frozenset(),
        seconds: float = 0,
    ) -> None:
        self._session = session
        self._savepoint: NestedTransaction | None = None
        self._strayed = False
        self.hook = hook
        self.facility = facility
        self.slug = slug
        self.installed = installed
        self._seconds = seconds
        self.own: Session | None = None

    def session(self) -> Session:
        if self.own is None:
            if self._session is None:
                raise TransactionGuarded(f"{self.hook} has no database")
            if self._savepoint is None:
                self._session.flush()
                connection = self._session.connection()
                connection.info[LENT_TO_PLUGIN] = True
                self._savepoint = connection.begin_nested()
                self._strayed = False
                if self._seconds:
                    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(self._seconds * 1000)}")
                event.listen(connection, "before_cursor_execute", self.refuse_control)
            connection = self._savepoint.connection
            self.own = Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False)
            # Joins the savepoint, which is the innermost at this moment.
            self.own.connection()
        return self.own

    def settle(self, *, keep: bool) -> None:
        """Ends the implementation at hand; the savepoint stays for the next. Raises when what it did cannot be kept.

        What only reads and wrote all the same is undone at once: the next one does not see it.
        """
        own, savepoint = self.own, self._savepoint
        if own is None or savepoint is None:
            return
        if keep:
            own.flush()
            if not savepoint.is_active or _is_in_error(savepoint.connection):
                raise TransactionGuarded("a statement failed and its error was kept quiet")
        elif self._strayed or not savepoint.is_active or _is_in_error(savepoint.connection):
            self.end(keep=False)
            return
        self.own = None
        own.close()

    def end(self, *, keep: bool) -> None:
        """Releases the savepoint, or rolls it back with all that was done in it."""
        own, self.own = self.own, None
        savepoint, self._savepoint = self._savepoint, None
        if savepoint is None:
            return
        try:
            if own is not None:
                own.close()
            if keep:
                savepoint.commit()
        finally:
            # What is still there after an error goes; a failed flush has rolled it back by itself.
            if savepoint.is_active:
                savepoint.rollback()
            event.remove(savepoint.connection, "before_cursor_execute", self.refuse_control)

    def refuse_control(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        """Refuses SQL that would end the transaction, change in whose name it runs, outlast the call, or touch another
        plugin's tables."""
        reading = reading_of(statement)
        if not reading.only_reads:
            self._strayed = True
        if reading.refused:
            raise TransactionGuarded(
                f"{reading.refused} is not a plugin's to run: it may select, insert, update, delete and merge rows,"
                " one statement at a time, and leave no setting or lock behind"
            )
        if foreign := sorted((reading.before_dots & self.installed) - {self.slug}):
            raise TransactionGuarded(
                f"the plugin {self.slug} names “{foreign[0]}.”, the schema of the plugin {foreign[0]}: what another plugin keeps"
                " is not its to read or write"
            )


def _is_in_error(connection: Connection) -> bool:
    """Returns whether the savepoint is in error.

    PostgreSQL takes no more statements until the savepoint is rolled back; SQLAlchemy finds out too late to do so.
    """
    raw: Any = connection.connection.driver_connection
    return bool(raw.info.transaction_status == TransactionStatus.INERROR)


running: ContextVar[Call | None] = ContextVar("guyub_running_plugin", default=None)
"""The call in progress in this thread, for the session and for logs."""


class GuardedSession:
    """Stateless: it finds the call in progress, so one that a plugin keeps is of no use after its call."""

    def execute(self, statement: Executable, params: Parameters | None = None) -> Result[Any]:
        return _session().execute(statement, params)

    def scalar(self, statement: Executable, params: Parameters | None = None) -> Any:
        return _session().execute(statement, params).scalar()

    def scalars(self, statement: Executable, params: Parameters | None = None) -> ScalarResult[Any]:
        return _session().execute(statement, params).scalars()

    def get(self, entity: type[T], ident: Any) -> T | None:
        return _session().get(entity, ident)

    def add(self, instance: object) -> None:
        _session().add(instance)

    def add_all(self, instances: Iterable[object]) -> None:
        _session().add_all(instances)

    def delete(self, instance: object) -> None:
        _session().delete(instance)

    def flush(self) -> None:
        _session().flush()

    def refresh(self, instance: object) -> None:
        _session().refresh(instance)

    def commit(self) -> Never:
        _refuse("commit")

    def rollback(self) -> Never:
        _refuse("rollback")

    def close(self) -> Never:
        _refuse("close")


SESSION = GuardedSession()


@contextmanager
def calling(
    session: Session, slug: str, what: str, facility: str, *, keep: bool, installed: frozenset[str] = frozenset()
) -> Iterator[GuardedSession]:
    """Runs a page, report or command of a plugin; what it wrote is kept when ``keep`` and the block ends well.

    ``installed`` as for a ``Call``.
    """
    call = Call(session, what, facility, slug, installed=installed)
    token = running.set(call)
    try:
        yield SESSION
        call.settle(keep=keep)
    except BaseException:
        call.end(keep=False)
        raise
    else:
        call.end(keep=keep)
    finally:
        running.reset(token)


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """Wraps a hook that is asked only to show what it would say: what it writes is rolled back at the end."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        if savepoint.is_active:
            savepoint.rollback()


def _session() -> Session:
    call = running.get()
    if call is None:
        raise TransactionGuarded("this session ended with the call that it was given to")
    return call.session()


def _refuse(what: str) -> Never:
    raise TransactionGuarded(f"{what} is not a plugin's to call: the core ends its own transaction")
