"""A declared table as a reader asks for it: filtered, searched, sorted, one page of it; and all of it for a file."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from markupsafe import Markup

from guyub.sdk.page_tables import Code, Column, Filter, Kind, Table, TableQuery, TableRows, Value
from guyub.sdk.searching import holds
from guyub.sdk.text import Amount, Text
from guyub.sdk.web import Pager
from guyub.ui.table_values import parts, spoken

_FIGURES: frozenset[Kind] = frozenset({"number", "quantity", "amount", "money", "position"})
SCREEN = 15
"""Rows: a longer list can be searched and sorted."""
_PLACE = ("page", "after", "seen", "table", "export")
"""What in an address tells where in a list the reader is: it goes when another order or choice is asked for."""


@dataclass(frozen=True, slots=True)
class Head:
    """Holds what stands above a column. ``url`` sorts by it; ``sorted`` is "ascending", "descending" or ""."""

    column: Column[Any]
    label: str
    url: str = ""
    sorted: str = ""

    @property
    def cell_attributes(self) -> Markup:
        """Returns the attributes of a cell: what a card says before it, and its class."""
        return self._attributes(self.look)

    def attributes_of(self, row: Any) -> Markup:
        """Returns the same for the cell of a row; one that says nothing there is left out of its card."""
        is_quiet = self.column.quiet is not None and self.column.quiet(row)
        return self._attributes(f"{self.look} d-none d-md-table-cell".strip() if is_quiet else self.look)

    def _attributes(self, look: str) -> Markup:
        label = Markup("") if self.column.kind == "action" else Markup(' data-label="{}"').format(self.label)
        return label + (Markup(' class="{}"').format(look) if look else "")

    def attributes(self, dense: bool) -> Markup:
        """Returns the attributes of a heading: its class, and how the rows are sorted by it."""
        look = " ".join(part for part in (self.look, "text-wrap" if dense else "") if part)
        order = Markup(' aria-sort="{}"').format(self.sorted) if self.sorted else Markup("")
        return (Markup(' class="{}"').format(look) if look else Markup("")) + order

    @property
    def look(self) -> str:
        if self.column.kind in _FIGURES:
            return "cell-number"
        return "cell-action" if self.column.kind == "action" else "cell-narrow" if self.column.narrow else ""


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field of the form above a table: ``name`` as it is sent, ``value`` as it was selected."""

    filter: Filter[Any]
    name: str
    value: str
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One page of a table. ``kept`` are names and values of the address that its form sends again; ``search`` and ``sort``
    are the names of its fields, empty where it has none; ``is_long`` where it does not fit on a screen."""

    table: Table[Any]
    name: str
    caption: str
    heads: Sequence[Head]
    rows: Sequence[Any]
    first: int
    pager: Pager | None
    totals: Mapping[str, Value]
    fields: Sequence[FilterField]
    search: str
    searched: str
    sort: str
    sorted: str
    sorts: Sequence[tuple[str, Text | str]]
    kept: Sequence[tuple[str, str]]
    is_long: bool
    is_narrowed: bool
    without_filters: str
    """The address that asks for all rows."""

    @property
    def names_row(self) -> Column[Any]:
        """Returns the column whose cells name their rows."""
        return next((head.column for head in self.heads if head.column.names_row), self.heads[0].column)


def shown(table_rows: TableRows[Any], address: str, lang: str, zone: str) -> ShownTable:
    """Returns what a page at ``address`` shows of a table."""
    table = table_rows.table
    asked = table.query(dict(_pairs(address)))
    is_whole = not table_rows.is_part
    rows = list(_asked_for(table_rows, table_rows.rows, asked, lang, zone)) if is_whole else table_rows.rows
    total = len(rows) if is_whole else table_rows.total
    count = len(table_rows.rows) if is_whole else max(total or 0, len(rows))
    first, pager = table_rows.first, table_rows.pager
    if is_whole and len(rows) > table.page_size and not table.fixed:
        first = table.start(asked, len(rows)) + 1
        rows = rows[first - 1 : first - 1 + table.page_size]
    if pager is None and not table.fixed:
        pager = _pager(table, address, first, total, first + len(rows) - 1, table_rows.more)
    is_long = (count > SCREEN or pager is not None) and not table.fixed
    narrowed = is_narrowed(table_rows, address)
    sorting = [column for column in table_rows.columns if _sorts(column, is_whole)] if is_long else []
    return ShownTable(
        table,
        table.name,
        table.caption.in_(lang),
        [
            _head(table, column, asked, address, lang, column in sorting)
            for column in table_rows.columns
            if column.on_page
        ],
        rows,
        first,
        pager,
        table_rows.totals or {},
        _fields(table_rows, asked, lang, zone) if not is_whole or is_long or narrowed else [],
        f"{table.prefix}search" if is_whole and is_long else "",
        asked.search,
        f"{table.prefix}sort" if sorting else "",
        f"{'-' if asked.descending else ''}{asked.sort}",
        [option for column in sorting if column.on_page for option in _sort_options(column)],
        [pair for pair in _pairs(address) if pair[0] not in _own_names(table)],
        is_long,
        narrowed,
        _address(address, [pair for pair in _pairs(address) if pair[0] not in _own_names(table)], table),
    )


def is_narrowed(table_rows: TableRows[Any], address: str) -> bool:
    """Returns whether the reader asks for some of the rows only."""
    asked = table_rows.table.query(dict(_pairs(address)))
    return bool(asked.search or any(asked.selected.values()))


def every_row(table_rows: TableRows[Any], address: str, work: Any, lang: str, zone: str) -> Iterable[Any]:
    """Returns all rows of what the reader has selected, for a file; a long list is read from ``work`` row by row."""
    rows = table_rows.rows if table_rows.every is None else table_rows.every(work)
    if table_rows.is_part:
        return rows
    return _asked_for(table_rows, rows, table_rows.table.query(dict(_pairs(address))), lang, zone)


def key_of(title: Text) -> str:
    """Returns ``money_left`` for "Money left": the key of what is declared elsewhere, by a plugin for example."""
    return re.sub(r"[^a-z0-9]+", "_", title.en.lower()).strip("_") or "column"


def _asked_for(
    table_rows: TableRows[Any], rows: Iterable[Any], asked: TableQuery, lang: str, zone: str
) -> Iterable[Any]:
    """Keeps the rows that the reader has selected, one after the other; only another order needs all of them at once."""
    kept = (row for row in rows if _is_asked_for(table_rows, row, asked, lang, zone))
    column = next((column for column in table_rows.columns if column.key == asked.sort), None)
    if column is not None and _sorts(column, True):
        return _sorted(kept, column, asked.descending, lang, zone)
    return kept


def _is_asked_for(table_rows: TableRows[Any], row: Any, asked: TableQuery, lang: str, zone: str) -> bool:
    for each in table_rows.table.filters:
        if each.value is not None and (selected := asked[each.key]) and selected not in _codes(each.value(row)):
            return False
    return not asked.search.strip() or holds(_text_of(table_rows.columns, row, lang, zone), asked.search)


def _sorted(rows: Iterable[Any], column: Column[Any], descending: bool, lang: str, zone: str) -> list[Any]:
    """Sorts the rows; those without a value are last in either order."""
    with_value, without_value = [], []
    for row in rows:
        key = _order_of(column.of(row), lang, zone)
        if key is None:
            without_value.append(row)
        else:
            with_value.append((key, row))
    with_value.sort(key=lambda pair: pair[0], reverse=descending)
    return [row for _, row in with_value] + without_value


def _order_of(value: Value, lang: str, zone: str) -> tuple[int, Any] | None:
    """Numbers stand before days and days before words: a column of days may say "today" in one cell."""
    match value:
        case None:
            return None
        case tuple():
            value_parts = parts(value)
            return _order_of(value_parts[0], lang, zone) if value_parts else None
        case Amount():
            return 0, value.quantity
        case int() | Decimal():
            return 0, value
        case date():
            return 1, value.isoformat()
        case _:
            return 2, spoken(value, lang, zone).casefold()


def _text_of(columns: Iterable[Column[Any]], row: Any, lang: str, zone: str) -> str:
    file_columns = (column for above in columns for column in above.file_columns)
    cell_texts = (spoken(column.of(row), lang, zone, column.kind) for column in file_columns)
    return " ".join(cell_texts)


def _codes(value: Value) -> Iterator[str]:
    """Yields what a value is called in an address; each part of a tuple."""
    match value:
        case None:
            pass
        case tuple():
            for part in value:
                yield from _codes(part)
        case Code():
            yield value.code
        case Text():
            yield value.en
        case _:
            yield str(value)


def _fields(table_rows: TableRows[Any], asked: TableQuery, lang: str, zone: str) -> list[FilterField]:
    """Returns the fields of the form; a choice between nothing is left out."""
    fields = [_field(table_rows, each, asked, lang, zone) for each in table_rows.table.filters]
    return [field for field in fields if field.filter.kind != "choice" or field.options]


def _field(table_rows: TableRows[Any], each: Filter[Any], asked: TableQuery, lang: str, zone: str) -> FilterField:
    options = (table_rows.options or {}).get(each.key, each.options)
    choices = [(code, label.in_(lang) if isinstance(label, Text) else label) for code, label in options]
    if each.value is not None and not choices:
        labels = {
            code: spoken(part, lang, zone)
            for row in table_rows.rows
            for part in _parts_of(each.value(row))
            for code in _codes(part)
        }
        choices = sorted(labels.items(), key=lambda pair: pair[1].casefold())
    return FilterField(each, table_rows.table.prefix + each.key, asked[each.key], choices)


def _parts_of(value: Value) -> Sequence[Value]:
    return parts(value) if isinstance(value, tuple) else (value,)


def _sorts(column: Column[Any], is_whole: bool) -> bool:
    return column.kind not in ("action", "position") and (is_whole if column.sorts is None else column.sorts)


def _head(table: Table[Any], column: Column[Any], asked: TableQuery, address: str, lang: str, can_sort: bool) -> Head:
    label = column.heading.in_(lang)
    if not can_sort:
        return Head(column, label)
    is_asked = asked.sort == column.key
    order = f"-{column.key}" if is_asked and not asked.descending else column.key
    kept = _without_place(table, address, "sort")
    url = _address(address, [*kept, (f"{table.prefix}sort", order)], table)
    return Head(column, label, url, ("descending" if asked.descending else "ascending") if is_asked else "")


def _sort_options(column: Column[Any]) -> Iterator[tuple[str, Text]]:
    heading = column.heading
    yield column.key, heading
    yield f"-{column.key}", Text(id=f"{heading.id} (terbalik)", en=f"{heading.en} (reversed)")


def _pager(table: Table[Any], address: str, first: int, total: int | None, last: int, more: bool) -> Pager | None:
    """Returns the pager; None for a list that is on one page."""
    goes_on = more if total is None else last < total
    if first == 1 and not goes_on:
        return None
    page, kept = (first - 1) // table.page_size + 1, _without_place(table, address)

    def at(number: int) -> str:
        return _address(address, [*kept, (f"{table.prefix}page", str(number))] if number > 1 else kept, table)

    return Pager(first, last, total, at(page - 1) if page > 1 else "", at(page + 1) if goes_on else "")


def _pairs(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def _own_names(table: Table[Any]) -> frozenset[str]:
    own = ("search", "sort", "page", *(each.key for each in table.filters))
    return frozenset([*_PLACE, *(table.prefix + name for name in own)])


def _without_place(table: Table[Any], address: str, *others: str) -> list[tuple[str, str]]:
    gone = {*_PLACE, *(f"{table.prefix}{name}" for name in ("page", *others))}
    return [(name, value) for name, value in _pairs(address) if name not in gone]


def _address(address: str, pairs: Sequence[tuple[str, str]], table: Table[Any]) -> str:
    path = urlsplit(address).path
    query = f"{path}?{urlencode(pairs)}" if pairs else path
    return query if table.main else f"{query}#{table.name.replace('_', '-')}"
