"""The tables of a page as data: the same template is rendered, and what it writes into the cells of one table is kept.

What a format function or an expression writes is remembered with its value (a rupiah, a day), so a cell that holds one such
thing becomes that value; nothing is guessed from how a number looks, and a string of digits stays a string.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import unescape
from secrets import token_hex
from typing import Any

from markupsafe import Markup

from guyub.sdk.text import Text
from guyub.ui.template_columns import Code, Column, Said, name_of

CollectedValue = Any
"""None, str (a sentence is ``Said``, what a badge says ``Code``), int, Decimal, date, Month or an aware datetime."""


class PeriodCell(date):
    """The first of a month that stands for the month."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its unit behind it, "2,5 kg"; ``said`` as the page has it."""

    value: int | Decimal
    unit: str
    said: Said


@dataclass(frozen=True, slots=True)
class Collected:
    """One table, without its columns of buttons. ``rows`` are as long as ``columns``."""

    title: str
    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[CollectedValue]]


_CELL = re.compile(r"<t([dh])\b([^>]*)>(.*?)</t\1>", re.DOTALL)
_NOT_DATA = re.compile(r'<span class="visually-hidden">.*?</span>|<(form|button|svg|progress)\b.*?</\1>', re.DOTALL)
_LEFT_OUT = re.compile(r'<span class="(?:[^"]* )?not-in-files(?: [^"]*)?">.*?</span>', re.DOTALL)
"""What leads elsewhere, or is said for the eye alone."""
_BADGE = re.compile(r'(?:<div[^>]*>)?\s*<span class="badge [^"]*">\s*([^<]*)</span>\s*(?:</div>)?')
_NEXT = re.compile(
    r"</?(?:div|p|li|ul|ol|br|summary|dl|dt|dd|h[1-6])\b[^>]*>"
    r'|<[a-z]+ [^>]*class="(?:[^"]* )?(?:d-block|badge)[ "][^>]*>'
)
"""What begins on a line of its own, or stands apart as a badge does."""
_TAG = re.compile(r"<[^>]*>")
_UNIT = re.compile(r" ([^\W\d]\w*(?: [^\W\d]\w*)?)")
_NOTHING = ("", "–", "-")


class Tables:
    """The tables of one page as it is rendered; ``wanted`` is the name of the one to keep, None for a page to look at."""

    def __init__(self, wanted: str | None = None, lang: str = "id") -> None:
        self._wanted = wanted
        self._lang = lang
        self._unit = "satuan" if lang == "id" else "unit"
        self._names: dict[str, int] = {}
        self._values: dict[int, tuple[CollectedValue, str]] = {}
        self._next = 0
        self._first_of_row = 0
        # No stored text can look like a mark: it would have to know this.
        self._mark = token_hex(4)
        self._marks = re.compile(f"\ue000{self._mark}:([0-9]+)\ue001")
        self._columns: list[Column] = []
        self._rows: list[list[CollectedValue]] = []
        self._title = ""
        self.found = False

    @property
    def collecting(self) -> bool:
        return self._wanted is not None

    def begin(self, caption: Any, columns: list[Column]) -> str:
        """The name of the next table: of its caption, with a number where a page has several of that name."""
        name = name_of(caption)
        self._names[name] = count = self._names.get(name, 0) + 1
        name = name if count == 1 else f"{name}_{count}"
        if name == self._wanted:
            self.found, self._columns, self._title = True, columns, str(caption)
        return name

    def keeps(self, name: str) -> bool:
        return name == self._wanted

    def marked(self, value: CollectedValue, said: str) -> str:
        """What stands in the page in the place of a value that is remembered."""
        self._values[self._next] = (value, said)
        self._next += 1
        return f"\ue000{self._mark}:{self._next - 1}\ue001"

    def cells(self) -> "KeptCells":
        self._first_of_row = self._next
        return KeptCells(self._columns)

    def add(self, html: str, cells: "KeptCells") -> None:
        """One row, as the body of the table's call wrote it."""
        written = [inner for _, _, inner in _CELL.findall(html)]
        row = []
        for at, column in enumerate(self._columns):
            if column.kind == "action":
                continue
            if at in cells.given:
                values = [self._plain(value) for value in cells.given[at]]
            else:
                values = [self._value(written[at]) if at < len(written) else None]
            if len(values) > 1 + len(column.more):
                raise ValueError(f"column {column.name} has no place for {len(values)} values")
            row += values + [None] * (1 + len(column.more) - len(values))
        self._rows.append(row)
        for mark in range(self._first_of_row, self._next):
            del self._values[mark]

    def collected(self) -> Collected:
        kept = [one for column in self._columns if column.kind != "action" for one in (column, *column.more)]
        columns, rows = _with_units(_named_once(kept), self._rows, self._unit)
        return Collected(self._title, self._wanted or "", columns, rows)

    def _value(self, inner: str) -> CollectedValue:
        text = inner.strip()
        if "<" in text:
            text = _LEFT_OUT.sub("", _NOT_DATA.sub("", text)).strip()
            if badge := _BADGE.fullmatch(text):
                said = self._value(badge[1])
                return Code.of(said, said.en, said.told) if isinstance(said, Said) else said
            text = _TAG.sub("", _NEXT.sub("\n", text))
        # Python's \s keeps to what is seen as space; a marked value has none in it.
        parts = [" ".join(part.split()) for part in text.split("\n")] if "\n" in text else [" ".join(text.split())]
        text = unescape("; ".join(part for part in parts if part))
        if text in _NOTHING:
            return None
        only = self._marks.fullmatch(text)
        if only:
            return self._plain(self._values[int(only[1])][0])
        said = self._resolved(text)
        first = self._marks.match(text)
        if first and isinstance(number := self._values[int(first[1])][0], int | Decimal):
            unit = self._resolved(text[first.end() :])
            if _UNIT.fullmatch(unit):
                return Measured(number, Said.of(unit.strip(), unit.en, unit.told.strip()), said)
        return said

    def _resolved(self, text: str) -> Said:
        """With what stands behind its marks, in the reader's language and in none."""
        told = text
        while self._marks.search(text):
            text = self._marks.sub(lambda mark: self._values[int(mark[1])][1], text)
        while self._marks.search(told):
            told = self._marks.sub(lambda mark: self._untranslated(self._values[int(mark[1])][0]), told)
        return Said.of(text, told)

    @staticmethod
    def _untranslated(value: CollectedValue) -> str:
        return value.told if isinstance(value, Said) else str(value)

    def _plain(self, value: CollectedValue) -> CollectedValue:
        if isinstance(value, Text):
            return Said.of(value.in_(self._lang), value.en)
        if isinstance(value, Code):
            return value
        if isinstance(value, Said):
            return Said.of(self._resolved(value), value.en, self._resolved(value.told).told)
        if isinstance(value, str):
            return self._value(str(value)) if self._marks.search(value) else str(value)
        return value


class KeptCells:
    """As ``Cells``, for a row that is kept: which cells gave their value themselves."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._places = iter(range(len(columns)))
        self.given: dict[int, Sequence[CollectedValue]] = {}

    def __call__(self, *given: CollectedValue, **named: CollectedValue) -> Markup:
        place = next(self._places)
        if given or named:
            self.given[place] = given or (named["value"],)
        return Markup("")


def _named_once(columns: Sequence[Column]) -> list[Column]:
    seen: dict[str, int] = {}
    found = []
    for column in columns:
        seen[column.name] = count = seen.get(column.name, 0) + 1
        found.append(Column(column.label, column.kind, column.name if count == 1 else f"{column.name}_{count}"))
    return found


def _with_units(
    columns: list[Column], rows: list[list[CollectedValue]], unit: str
) -> tuple[list[Column], list[list[CollectedValue]]]:
    """A column of quantities becomes one of numbers and one of their units; where something else stands in it, text."""
    measured = [at for at in range(len(columns)) if any(isinstance(row[at], Measured) for row in rows)]
    if not measured:
        return columns, rows
    split = {at for at in measured if all(isinstance(row[at], Measured | int | Decimal | None) for row in rows)}
    heads = [head for at, column in enumerate(columns) for head in _heads(column, unit if at in split else "")]
    return heads, [list(_spread(row, split)) for row in rows]


def _heads(column: Column, unit: str) -> list[Column]:
    return [column, Column(f"{column.label} ({unit})", "", f"{column.name}_unit")] if unit else [column]


def _spread(row: Sequence[CollectedValue], split: set[int]) -> Iterator[CollectedValue]:
    for at, value in enumerate(row):
        if at in split:
            yield from (value.value, value.unit) if isinstance(value, Measured) else (value, None)
        else:
            yield value.said if isinstance(value, Measured) else value
