"""Tables of pages, declared once: the same declaration is drawn on the page and written into CSV, XLSX and JSON files."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter
from re import compile as pattern
from typing import Any, Generic, Literal, TypeAlias, TypeVar
from urllib.parse import urlencode

from guyub.sdk.checks import require
from guyub.sdk.text import Amount, Moment, Money, Period, Text, Weekday
from guyub.sdk.web import Pager

Row = TypeVar("Row")
Kind = Literal[
    "text", "number", "quantity", "amount", "money", "date", "weekday", "moment", "period", "position", "action"
]
Tone = Literal["neutral", "primary", "success", "warning", "danger", "info"]
_ALL = Text(id="Semua", en="All")
_SEARCH = Text(id="Cari", en="Search")
_TOTAL = Text(id="Jumlah", en="Total")
_KEY = pattern(r"[a-z0-9]+(_[a-z0-9]+)*_?")


@dataclass(frozen=True, slots=True)
class Code:
    """A state: a badge on the page, its words in CSV and XLSX, ``code`` in JSON."""

    code: str
    label: Text
    tone: Tone = "neutral"
    symbol: str = ""


class Sentence:
    """A sentence with values in it: ``Sentence(Text(id="sejak {day}", en="since {day}"), day=day)``. Dates and numbers are
    written as the reader's language has them; JSON has them as they are, in the English sentence."""

    __slots__ = ("text", "values")

    def __init__(self, text: Text, /, **values: "Value") -> None:
        self.text = text
        self.values: Mapping[str, Value] = values


Value: TypeAlias = (
    str
    | int
    | Decimal
    | date
    | Text
    | Period
    | Weekday
    | Moment
    | Money
    | Amount
    | Code
    | Sentence
    | tuple[Any, ...]
    | None
)
"""What a cell says; a ``datetime`` is a date too. Of a tuple the first stands out and the others are small below it; in a file
they are joined with "; ", so what is a fact of its own is a column ``below``. An empty text is None."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """``key`` is that of JSON and never changes. ``value`` reads it from a row: by default the attribute named like the key.

    ``cell`` names a macro, called with the row, that draws the cell on the page; the file still has ``value``. ``link`` gives
    an address from the row and the base of the place in view ("/f/rutan-pekalongan"). ``on_page`` and ``in_files`` leave the
    column out of one of them. A column of kind "action" holds buttons: it needs a ``cell`` and is in no file; "position"
    counts the rows. ``sorts`` says whether readers may sort by it; without it they may where the table holds all its rows.
    ``names_row``: the cell is the heading of its row, in place of the first column. ``narrow``: no wider than its longest word.
    ``part`` is what ``cell`` is called with in the place of the row. Where ``quiet`` is true a phone leaves the cell out.
    ``below`` are columns that stand small below this one on the page; in a file each is a column of its own.
    """

    key: str
    heading: Text
    value: Callable[[Row], Value] | None = None
    kind: Kind = "text"
    cell: str = ""
    link: Callable[[Row, str], str] | None = None
    on_page: bool = True
    in_files: bool = True
    sorts: bool | None = None
    names_row: bool = False
    narrow: bool = False
    part: Callable[[Row], object] | None = None
    quiet: Callable[[Row], bool] | None = None
    below: "tuple[Column[Row], ...]" = ()

    def __post_init__(self) -> None:
        require(_KEY.fullmatch(self.key) is not None, f"the key of a column has small letters and _, not {self.key!r}")
        require(self.kind != "action" or bool(self.cell), f"the column {self.key} of buttons names its cell")

    def of(self, row: Row) -> Value:
        if self.kind in ("action", "position"):
            return None
        value = attrgetter(self.key)(row) if self.value is None else self.value(row)
        return None if value == "" or (isinstance(value, Text) and not value.id) else value

    @property
    def file_columns(self) -> "tuple[Column[Row], ...]":
        """Returns the column and those below it, as far as a file has them."""
        return tuple(column for column in (self, *self.below) if column.in_files and column.kind != "action")


@dataclass(frozen=True, slots=True)
class Filter(Generic[Row]):
    """A field of the form above a table; ``key`` stands in the address.

    With ``value`` the table itself keeps the rows whose value was selected, and offers the values that there are. Without it the
    query of the page heeds what was selected, and ``options`` are pairs of code and label; "text", "date" and "hidden" have none.
    """

    key: str
    label: Text
    value: Callable[[Row], Value] | None = None
    options: Sequence[tuple[str, Text | str]] = ()
    any_option: Text = _ALL
    kind: Literal["choice", "text", "date", "hidden"] = "choice"


@dataclass(frozen=True, slots=True)
class TableQuery:
    """Holds what a reader asks of a table in the address. ``sort`` is the key of a column, "" for the order of the page."""

    selected: Mapping[str, str]
    search: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1

    def __getitem__(self, key: str) -> str:
        return self.selected.get(key, "")

    def address(self, path: str, **changed: object) -> str:
        """Returns ``path`` with what is asked of a main table, but for what is ``changed``; it leads to the first page."""
        sort = f"-{self.sort}" if self.descending else self.sort
        wanted = {**self.selected, "search": self.search, "sort": sort, **changed}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """``name`` stands in the address of its files and never changes. ``main``: the names of its filters, of ``search``,
    ``sort`` and ``page`` stand bare in the address; those of other tables begin with the table's name and a point.

    On a phone each row becomes a card; ``wide`` keeps the table and scrolls it. ``dense`` is for many short rows. ``search``
    labels the search field, which every list has that is longer than a screen. ``fixed``: all rows at once, without any of
    these; for what stands in a form or on the answer to one. ``total_label`` stands before the totals, with which CSV and XLSX
    of all rows end as well where ``totals_in_files``.
    """

    name: str
    caption: Text
    columns: tuple[Column[Row], ...]
    filters: tuple[Filter[Row], ...] = ()
    search: Text = _SEARCH
    main: bool = False
    page_size: int = 50
    wide: bool = False
    dense: bool = False
    shows_caption: bool = False
    fixed: bool = False
    total_label: Text = _TOTAL
    totals_in_files: bool = False

    def __post_init__(self) -> None:
        keys = [column.key for above in self.columns for column in (above, *above.below)]
        require(len(keys) == len(set(keys)), f"two columns of the table {self.name} have one key")
        require(
            _KEY.fullmatch(self.name) is not None, f"the name of a table has small letters and _, not {self.name!r}"
        )

    @property
    def prefix(self) -> str:
        return "" if self.main else f"{self.name}."

    def query(self, address: Mapping[str, str]) -> TableQuery:
        """Returns what the names and values of an address ask of this table; it ignores what it does not know."""
        keys = {column.key for column in self.columns}
        sort = address.get(f"{self.prefix}sort", "").strip()
        key, page = sort.removeprefix("-"), address.get(f"{self.prefix}page", "")
        return TableQuery(
            {each.key: address.get(f"{self.prefix}{each.key}", "").strip() for each in self.filters},
            address.get(f"{self.prefix}search", "").strip(),
            key if key in keys else "",
            sort.startswith("-") and key in keys,
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 8 else 1,
        )

    def start(self, asked: TableQuery, total: int) -> int:
        """Returns how many of ``total`` rows stand before the page that is asked for; before the last page for a number
        beyond it."""
        return max(0, min(asked.page - 1, (total - 1) // self.page_size)) * self.page_size

    def of(
        self,
        rows: Iterable[Row],
        *,
        name: str = "",
        caption: Text | None = None,
        without: Sequence[str] = (),
        totals: Mapping[str, Value] | None = None,
        address: str = "",
        every: Callable[[Any], Iterable[Row]] | None = None,
    ) -> "TableRows[Row]":
        """Returns all rows of a list, which the table itself filters, searches, sorts and pages. For a file ``every`` reads
        them one after the other from the work that it is given; ``rows`` may then be none. ``without`` leaves columns out;
        ``totals`` are the figures of a last line, by column. ``name`` and ``caption`` go before those of the declaration, where
        a page has two such tables. ``address`` asks for the page in the place of the address in view, which a form that was
        sent has not."""
        table = replace(self, name=name or self.name, caption=caption or self.caption)
        return TableRows(table, tuple(rows), frozenset(without), totals or {}, address, self.caption, every)

    def part(
        self,
        rows: Iterable[Row],
        every: Callable[[Any], Iterable[Row]],
        *,
        total: int | None = None,
        more: bool = False,
        first: int = 1,
        pager: Pager | None = None,
        options: Mapping[str, Sequence[tuple[str, Text | str]]] | None = None,
        name: str = "",
        caption: Text | None = None,
        without: Sequence[str] = (),
        address: str = "",
    ) -> "TableRows[Row]":
        """Returns the rows of one page of a list that its query filters, sorts and pages; ``every`` reads all of them for a
        file, one after the other, from the work that it is given. ``first`` is the number of the first row, from 1. With
        ``total``, or with ``more`` where nobody counted what follows, the table makes its own pager. ``options`` are those
        of filters that depend on the place."""
        table_rows = self.of(rows, name=name, caption=caption, without=without, address=address, every=every)
        table_rows = replace(table_rows, is_part=True, options=options or {})
        return replace(table_rows, total=total, more=more, first=first, pager=pager)


@dataclass(frozen=True, slots=True)
class TableRows(Generic[Row]):
    """A table with its rows, for ``{{ ui.table(rows) }}``; ``Table.of`` and ``Table.part`` make it. It is true where it has
    rows. ``is_part``: its query has filtered and sorted them. ``declared_caption`` names the table without what a page adds to
    its caption, of one fund for example."""

    table: Table[Row]
    rows: Sequence[Row]
    without: frozenset[str] = frozenset()
    totals: Mapping[str, Value] | None = None
    address: str = ""
    declared_caption: Text | None = None
    every: Callable[[Any], Iterable[Row]] | None = None
    is_part: bool = False
    total: int | None = None
    more: bool = False
    first: int = 1
    pager: Pager | None = None
    options: Mapping[str, Sequence[tuple[str, Text | str]]] | None = None

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def caption(self) -> Text:
        return self.table.caption

    def __bool__(self) -> bool:
        return bool(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> list[Column[Row]]:
        return [column for column in self.table.columns if column.key not in self.without]
