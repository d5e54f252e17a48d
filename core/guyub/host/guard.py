"""The session that plugin code gets: within the core's transaction, in a savepoint of its own, for one call only."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Never, TypeVar

from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Executable, Result, ScalarResult, event
from sqlalchemy.orm import Session

from guyub.sdk.session import Parameters, TransactionGuarded

T = TypeVar("T")


class Call:
    """What is running: which plugin, for which hook, at which facility. One object for all implementations of a batch.

    ``own`` is the session of the implementation at hand: on the core's connection, in a savepoint, and apart from the
    core's own session, so that an entity or a failed flush of a plugin stays with it. The first statement makes it: an
    implementation that asks nothing of the database costs none.
    """

    __slots__ = ("_session", "facility", "hook", "own", "slug")

    def __init__(self, session: Session | None, hook: str, facility: str, slug: str = "") -> None:
        self._session = session
        self.hook = hook
        self.facility = facility
        self.slug = slug
        self.own: Session | None = None

    def session(self) -> Session:
        if self.own is None:
            if self._session is None:
                raise TransactionGuarded(f"{self.hook} has no database")
            self._session.flush()
            own = Session(self._session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)
            event.listen(own.connection(), "before_cursor_execute", self.refuse_control)
            self.own = own
        return self.own

    def end(self, *, keep: bool) -> None:
        """Releases the savepoint, or rolls it back. Raises when what the plugin did cannot be kept."""
        own, self.own = self.own, None
        if own is None:
            return
        assert self._session is not None
        connection = self._session.connection()
        try:
            if keep:
                own.flush()
                if _is_in_error(connection):
                    raise TransactionGuarded("a statement failed and its error was kept quiet")
                own.commit()
        finally:
            # What is still there after an error goes.
            own.rollback()
            own.close()
            event.remove(connection, "before_cursor_execute", self.refuse_control)

    def refuse_control(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> None:
        """SQL that would end the transaction, or change in whose name it runs; SQLAlchemy's own savepoints are ours."""
        found = _CONTROL.search(_NOISE.sub(" ", statement))
        if found and not _OURS.fullmatch(statement):
            _refuse(" ".join(found[1].upper().split()))


def _is_in_error(connection: Connection) -> bool:
    """PostgreSQL takes no more statements until the savepoint is rolled back; SQLAlchemy finds out too late to do so."""
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
def calling(session: Session, slug: str, what: str, facility: str, *, keep: bool) -> Iterator[GuardedSession]:
    """Runs a page, report or command of a plugin; what it wrote is kept when ``keep`` and the block ends well."""
    call = Call(session, what, facility, slug)
    token = running.set(call)
    try:
        yield SESSION
    except BaseException:
        call.end(keep=False)
        raise
    else:
        call.end(keep=keep)
    finally:
        running.reset(token)


def _session() -> Session:
    call = running.get()
    if call is None:
        raise TransactionGuarded("this session ended with the call that it was given to")
    return call.session()


def _refuse(what: str) -> Never:
    raise TransactionGuarded(f"{what} is not a plugin's to call: the core ends its own transaction")


_NOISE = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"[^\"]*\"", re.DOTALL)
_CONTROL = re.compile(
    r"(?:\A|;)\s*((?:commit|end|abort|rollback|begin|start\s+transaction|prepare\s+transaction|savepoint|release|discard)\b"
    r"|(?:re)?set\s+(?:(?:session|local)\s+)?(?:role|session|transaction)\b)",
    re.IGNORECASE,
)
_OURS = re.compile(r"(?:ROLLBACK TO |RELEASE )?SAVEPOINT sa_savepoint_[0-9]+")
