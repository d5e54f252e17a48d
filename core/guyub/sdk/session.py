"""``PluginSession``: the database as a plugin may use it, inside the core's transaction, which only the core ends."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Never, Protocol, TypeVar

from sqlalchemy import Executable, Result, ScalarResult

T = TypeVar("T")
Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class TransactionGuarded(RuntimeError):
    """A plugin tried to end the core's transaction, named the schema of another plugin, or used a session after its call had
    ended."""


class PluginSession(Protocol):
    """A SQLAlchemy session within the reader's scope, valid until the hook, report or page returns.

    The first statement opens a savepoint. It is kept when the call succeeds and may write (reviews, activation, events,
    POST pages, commands); otherwise it is rolled back, so pages and reports that write change nothing.
    """

    def execute(self, statement: Executable, params: Parameters | None = None) -> Result[Any]:
        """Runs a statement with ``params`` by name; a sequence of them runs the statement once for each.

        SQL that ends or opens a transaction raises ``TransactionGuarded``.
        """
        ...

    def scalar(self, statement: Executable, params: Parameters | None = None) -> Any:
        """Returns the first column of the first row, or None."""
        ...

    def scalars(self, statement: Executable, params: Parameters | None = None) -> ScalarResult[Any]: ...

    def get(self, entity: type[T], ident: Any) -> T | None: ...

    def add(self, instance: object) -> None: ...

    def add_all(self, instances: Iterable[object]) -> None: ...

    def delete(self, instance: object) -> None: ...

    def flush(self) -> None: ...

    def refresh(self, instance: object) -> None: ...

    def commit(self) -> Never:
        """Raises ``TransactionGuarded``, as do ``rollback`` and ``close``: the core ends its transaction."""
        ...

    def rollback(self) -> Never: ...

    def close(self) -> Never: ...


class NoDatabase:
    """The session of a context that was made without one, in a test of pure code: it raises whatever it is asked."""

    def __getattr__(self, name: str) -> Never:
        raise TransactionGuarded(f"this context was made without a database, so session.{name} is not there")


NO_DATABASE: Any = NoDatabase()
