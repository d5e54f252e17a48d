"""Holds what an overview adds up over its rows, whether these are facilities or regions."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar


class CountedRow(Protocol):
    """Households on the lists and served, their packages, and rupiah handed over and left."""

    @property
    def listed(self) -> int: ...
    @property
    def received(self) -> int: ...
    @property
    def packages(self) -> int: ...
    @property
    def value(self) -> int: ...
    @property
    def left(self) -> int: ...


R = TypeVar("R", bound=CountedRow)


class Totals(Generic[R]):
    """Derive from this; ``rows`` are what is added up."""

    __slots__ = ()
    rows: Sequence[R]

    @property
    def listed(self) -> int:
        return sum(row.listed for row in self.rows)

    @property
    def received(self) -> int:
        return sum(row.received for row in self.rows)

    @property
    def packages(self) -> int:
        return sum(row.packages for row in self.rows)

    @property
    def value(self) -> int:
        return sum(row.value for row in self.rows)

    @property
    def left(self) -> int:
        return sum(row.left for row in self.rows)
