"""Work that connects when something of it is first read: in the handler's own thread, never while a request waits for one.

A dependency that connects holds its connection while the handler waits for a thread; with 80 requests at once, 16 threads and
a pool of 15 those that have threads then wait for connections of those that have none, until they are refused.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from guyub.db.unit_of_work import Work

_W = TypeVar("_W", bound=Work)


@dataclass(frozen=True, slots=True)
class RegionInView:
    id: UUID
    code: str
    name: str
    office_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeWork(Work):
    """The work of a region's page: all that the reader reaches, and the office whose page it is."""

    office: RegionInView


@dataclass(slots=True)
class Transaction:
    """The transaction of one request: opened by the first use of its work, or at its end if nobody used it."""

    manager: AbstractContextManager[Work]
    is_open: bool = False

    def open(self) -> Work:
        """Enters the work once. Raises ``Refusal`` for those who may not enter, each time that it is asked."""
        work = self.manager.__enter__()
        self.is_open = True
        return work

    def end(self, error: BaseException | None) -> None:
        """Commits, or rolls back for an error. A handler that asked nothing of its work is refused to strangers all the same.

        Raises the ``Refusal`` that stands for the error where the database made it, and for a commit that fails.
        """
        if not self.is_open:
            if error is not None:
                return
            self.open()
        self.manager.__exit__(type(error) if error else None, error, error.__traceback__ if error else None)


def lazy_work(transaction: Transaction) -> Work:
    return _lazy(_LazyWork, transaction)


def lazy_office_work(transaction: Transaction) -> OfficeWork:
    return _lazy(_LazyOfficeWork, transaction)


class _ConnectsAtFirstUse:
    __slots__ = ()

    if not TYPE_CHECKING:  # a checker knows the fields of the work, and would take any other name too

        def __getattr__(self, name: str) -> Any:
            """Fills a slot.

            Python asks here for what a slot does not hold yet, so once; afterwards the fields are read as always.
            """
            names = [each.name for each in fields(self)]
            if name not in names:
                raise AttributeError(f"a work has no {name}")
            entered = self.transaction.open()
            for each in names:
                object.__setattr__(self, each, getattr(entered, each))
            return getattr(self, name)


class _LazyWork(_ConnectsAtFirstUse, Work):
    __slots__ = ("transaction",)


class _LazyOfficeWork(_ConnectsAtFirstUse, OfficeWork):
    __slots__ = ("transaction",)


def _lazy(kind: type[_W], transaction: Transaction) -> _W:
    work = object.__new__(kind)
    object.__setattr__(work, "transaction", transaction)
    return work
