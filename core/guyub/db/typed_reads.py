"""Typed reads of a unit of work. Rows fill a declared class by name: a column in another place swaps nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, Protocol, TypeVar, TypeVarTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Executable,
    Result,
    Row,
    SQLColumnExpression,
    Uuid,
    any_,
    cast,
    func,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

T = TypeVar("T")
U = TypeVar("U")
Ts = TypeVarTuple("Ts")
_AT_ONCE = 500
"""Rows that ``each`` fetches at a time."""


class NamesDiffer(TypeError):
    """A statement selects other names than the fields of the class that its rows fill: a fault of the code."""


class HasSession(Protocol):
    @property
    def session(self) -> Session: ...


class TypedReads:
    """The reads of ``Work``. ``statement`` is a ``select(col(Model.column), ...)``, or text with named parameters."""

    __slots__ = ()

    def all(self: HasSession, statement: TypedReturnsRows[*Ts]) -> Sequence[Row[*Ts]]:
        """Returns the rows of a narrow select, each a tuple with the types of its columns."""
        return self.session.execute(statement).all()

    def scalars(self: HasSession, statement: TypedReturnsRows[T]) -> Sequence[T]:
        """Returns the values of a select of one column."""
        return self.session.execute(statement).scalars().all()

    def scalar(self: HasSession, statement: TypedReturnsRows[T]) -> T | None:
        """Returns the value of the first row of a select of one column; None where there is no row."""
        return self.session.execute(statement).scalars().first()

    def rows(self: HasSession, kind: type[T], statement: Executable | str, /, **values: object) -> list[T]:
        """Returns each row as a ``kind``: a dataclass with a field for every column and a column for every field.

        Raises ``NamesDiffer``, also where there is no row.
        """
        return list(_filled(kind, _result(self.session, statement, values)))

    def each(self: HasSession, kind: type[T], statement: Executable | str, /, **values: object) -> Iterator[T]:
        """Yields each row as a ``kind`` while the database still reads: a list of any length takes little memory.

        Raises ``NamesDiffer``. The transaction stays open until the last row.
        """
        sql = text(statement) if isinstance(statement, str) else statement
        result = self.session.execute(sql.execution_options(yield_per=_AT_ONCE), values)
        try:
            made = _filled(kind, result)
        except NamesDiffer:
            result.close()
            raise
        return _until_closed(made, result)

    def first(self: HasSession, kind: type[T], statement: Executable | str, /, **values: object) -> T | None:
        """Returns the first row as a ``kind``, None where there is none. Raises ``NamesDiffer``."""
        result = _result(self.session, statement, values)
        first = next(_filled(kind, result), None)
        result.close()
        return first

    def one(self: HasSession, kind: type[T], statement: Executable | str, /, **values: object) -> T:
        """Returns the row as a ``kind``. Raises ``NamesDiffer``, and ``LookupError`` unless there is just one row."""
        rows = list(_filled(kind, _result(self.session, statement, values)))
        if len(rows) != 1:
            raise LookupError(f"{len(rows)} rows for one {kind.__name__}")
        return rows[0]


def among(column: SQLColumnExpression[T], values: Iterable[T]) -> ColumnElement[bool]:
    """Returns that a column has one of the ``values``: one parameter for any number of them, so the statement stays the same."""
    as_column: Any = column
    wanted = literal(list(values), ARRAY(as_column.type))
    is_one: ColumnElement[bool] = as_column == any_(wanted)
    return is_one


def pair_among(
    first: SQLColumnExpression[T], second: SQLColumnExpression[U], pairs: Iterable[tuple[T, U]]
) -> ColumnElement[bool]:
    """Returns that two columns together are one of the ``pairs``: two parameters for any number of them."""
    of_pairs = list(pairs)
    columns: tuple[Any, Any] = (first, second)
    arrays = [literal([pair[at] for pair in of_pairs], ARRAY(column.type)) for at, column in enumerate(columns)]
    wanted = func.unnest(*arrays).table_valued("first", "second").render_derived()
    return tuple_(first, second).in_(select(wanted.c.first, wanted.c.second))


def in_scope(place: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Returns that a facility is one that this work may see; the scope is asked once, and an index serves it."""
    scope = cast(select(func.guyub.scope()).scalar_subquery(), ARRAY(Uuid))
    is_one: ColumnElement[bool] = place == any_(scope)
    return is_one


def part_of(row: Row[*tuple[Any, ...]], kind: type[T], /, **others: object) -> T:
    """Returns a ``kind`` from the columns of a wider row that have the names of its fields; ``others`` go before them."""
    columns = row._mapping
    names = _fields_of(kind)
    missing = [name for name in names if name not in others and name not in columns]
    if missing:
        raise NamesDiffer(f"{kind.__name__}: fields without a column: {', '.join(missing)}")
    make: Callable[..., T] = kind
    return make(**{name: columns[name] for name in names if name not in others}, **others)


def _result(session: Session, statement: Executable | str, values: dict[str, object]) -> Result[*tuple[Any, ...]]:
    return session.execute(text(statement) if isinstance(statement, str) else statement, values)


def _filled(kind: type[T], result: Result[*tuple[Any, ...]]) -> Iterator[T]:
    """Fills the rows; it compares the names at once, before any row is read."""
    key: Any = kind
    make: Callable[[Sequence[Any]], T] = _maker(key, tuple(result.keys()))
    return map(make, result)


def _until_closed(rows: Iterator[T], result: Result[*tuple[Any, ...]]) -> Iterator[T]:
    try:
        yield from rows
    finally:
        result.close()


@lru_cache(maxsize=1024)
def _maker(kind: type[Any], names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Returns what makes an instance from a row; worked out once for each class and list of columns."""
    wanted = _fields_of(kind)
    if sorted(wanted) != sorted(names):
        missing = ", ".join(name for name in wanted if name not in names) or "none"
        more = ", ".join(name for name in names if name not in wanted or names.count(name) > 1) or "none"
        raise NamesDiffer(f"{kind.__name__}: fields without a column: {missing}; columns without a field: {more}")
    if len(wanted) == 1:
        return lambda row: kind(row[0])
    in_order = itemgetter(*(names.index(name) for name in wanted))
    return lambda row: kind(*in_order(row))


def _fields_of(kind: type[Any]) -> list[str]:
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a dataclass")
    return [field.name for field in fields(kind) if field.init]
