"""A declared table as a file: CSV as Excel in Indonesia opens it, a workbook in which numbers are numbers, or JSON.

CSV has semicolons and a decimal comma, since Excel with Indonesian settings takes a comma for the decimal sign. Rows are taken
one after the other and written at once, so a list of any length takes little memory.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter

from guyub.sdk.page_tables import Column, Kind, TableRows, Value
from guyub.sdk.text import Amount
from guyub.ui.cells import cell, harmless
from guyub.ui.table_values import CellOfFile, for_people, for_programs

_IN_MEMORY = 1_000_000
"""Bytes of a file; a longer one is written to a temporary file of the disk."""
_MOST_ROWS = 1_048_575
"""Of a sheet, below its head."""
_FIGURES: frozenset[Kind] = frozenset({"number", "quantity", "money", "position"})


@dataclass(frozen=True, slots=True)
class FileColumn:
    """``key`` is that of JSON, ``label`` stands above the column; ``part`` is 1 for the unit of a quantity."""

    column: Column[Any]
    key: str
    label: str
    part: int = 0

    @property
    def kind(self) -> Kind:
        kind = self.column.kind
        return kind if kind != "amount" else "text" if self.part else "quantity"

    def of(self, row: Any, number: int) -> Any:
        if self.column.kind == "position":
            return number
        value = self.column.of(row)
        if self.column.kind == "period" and isinstance(value, date):
            return value.replace(day=1)
        if self.column.kind == "amount" and isinstance(value, Amount):
            return value.unit if self.part else value.quantity
        return value if not self.part else None


@dataclass(frozen=True, slots=True)
class TableFile:
    """Holds what a file is made of. ``rows`` are read once, while it is written."""

    title: str
    columns: Sequence[FileColumn]
    rows: Iterable[Any]
    lang: str
    zone: str
    made_at: datetime
    totals: Mapping[str, Value] = field(default_factory=dict)
    """The figures of a last line, by the key of their columns; programs add up themselves."""

    def values(self, cell_of: Callable[[Any], CellOfFile]) -> Iterator[list[CellOfFile]]:
        for number, row in enumerate(self.rows, 1):
            yield [cell_of(column.of(row, number)) for column in self.columns]

    def for_people(self) -> Iterator[list[CellOfFile]]:
        return self.values(lambda value: for_people(value, self.lang, self.zone))

    def total_line(self) -> list[CellOfFile]:
        return [for_people(self.totals.get(column.key), self.lang, self.zone) for column in self.columns]

    def for_programs(self) -> Iterator[list[CellOfFile]]:
        return self.values(lambda value: for_programs(value, self.zone))


def table_file(
    table_rows: TableRows[Any], rows: Iterable[Any], lang: str, zone: str, made_at: datetime, *, of_all: bool = False
) -> TableFile:
    """Returns a file of the table. ``of_all``: ``rows`` are all of the table, so that its totals are theirs."""
    declared = (column for above in table_rows.columns for column in above.file_columns)
    columns = [file_column for column in declared for file_column in _columns_of(column, lang)]
    totals = table_rows.totals if of_all and table_rows.table.totals_in_files else None
    return TableFile(table_rows.caption.in_(lang), columns, rows, lang, zone, made_at, totals or {})


def written(table: TableFile, shape: str) -> tuple[IO[bytes], int]:
    """Returns the file from its beginning, and how many rows it has; whoever has sent it closes it."""
    target: IO[bytes] = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - read after this
    try:
        count = FILES[shape][0](table, target)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target, count


def as_csv(table: TableFile, target: IO[bytes]) -> int:
    """Returns CSV: UTF-8 with its mark, semicolons, a decimal comma, dates as 2024-11-16; no text begins like a formula."""
    text = TextIOWrapper(target, encoding="utf-8", newline="", write_through=False)
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";")
    writer.writerow([harmless(column.label) for column in table.columns])
    count = 0
    for row in table.for_people():
        writer.writerow([_written(value) for value in row])
        count += 1
    if table.totals:
        writer.writerow([_written(value) for value in table.total_line()])
    text.flush()
    text.detach()
    return count


def as_json(table: TableFile, target: IO[bytes]) -> int:
    """Returns a list of objects; keys and values are the same in every language: codes, numbers, days, English sentences."""
    keys = [column.key for column in table.columns]
    count = 0
    for row in table.for_programs():
        entry = json.dumps(dict(zip(keys, map(_plain, row), strict=True)), ensure_ascii=False, indent=1)
        target.write(((",\n" if count else "[\n") + entry).encode())
        count += 1
    target.write(b"\n]" if count else b"[]")
    return count


def as_workbook(table: TableFile, target: IO[bytes]) -> int:
    """Returns one sheet, its head frozen."""
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    with closing(book):
        book.set_properties({"title": cell(table.title, 255), "created": table.made_at.replace(tzinfo=None)})
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8E8E8", "text_wrap": True})
        shapes = ("@", "#,##0", "#,##0.###", "dd-mm-yyyy", "dd-mm-yyyy hh:mm", "mmmm yyyy")
        styles = {shape: book.add_format({"num_format": shape}) for shape in shapes}
        sheet = book.add_worksheet()
        for at, column in enumerate(table.columns):
            sheet.set_column(at, at, 16 if column.kind in _FIGURES else 28)
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, cell(column.label), head)
        count = 0
        for row in table.for_people():
            count += 1
            if count <= _MOST_ROWS:
                for at, value in enumerate(row):
                    _write(sheet, count, at, value, table.columns[at].kind, styles)
        if table.totals and count < _MOST_ROWS:
            for at, value in enumerate(table.total_line()):
                _write(sheet, count + 1, at, value, table.columns[at].kind, styles)
        sheet.freeze_panes(1, 0)
    return count


FILES: Mapping[str, tuple[Callable[[TableFile, IO[bytes]], int], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json, "application/json"),
}
"""By the ending of the file: what writes it and counts its rows, and its media type."""


def _columns_of(column: Column[Any], lang: str) -> Iterator[FileColumn]:
    label = column.heading.in_(lang)
    yield FileColumn(column, column.key, label)
    if column.kind == "amount":
        yield FileColumn(column, f"{column.key}_unit", f"{label} ({'unit' if lang == 'en' else 'satuan'})", 1)


def _write(sheet: Any, at: int, place: int, value: CellOfFile, kind: Kind, styles: Mapping[str, Any]) -> None:
    match value:
        case None:
            pass
        case int():
            sheet.write_number(at, place, value, styles["#,##0"])
        case Decimal():
            sheet.write_number(at, place, value, styles["#,##0" if value == value.to_integral() else "#,##0.###"])
        case datetime():
            sheet.write_datetime(at, place, value.replace(tzinfo=None), styles["dd-mm-yyyy hh:mm"])
        case date():
            shape = "mmmm yyyy" if kind == "period" else "dd-mm-yyyy"
            sheet.write_datetime(at, place, datetime.combine(value, time()), styles[shape])
        case _:
            sheet.write_string(at, place, cell(value), styles["@"])


def _written(value: CellOfFile) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",")
        case datetime():
            return value.isoformat(timespec="seconds")
        case int() | date():
            return str(value)
        case _:
            return harmless(value)


def _plain(value: CellOfFile) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral() else float(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return value
