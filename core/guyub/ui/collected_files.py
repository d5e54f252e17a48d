"""A table as a file: CSV as Excel in Indonesia opens it, a workbook in which numbers are numbers, or JSON.

CSV has semicolons and a decimal comma, since Excel with Indonesian settings takes a comma for the decimal sign.
"""

import csv
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from guyub.ui.cells import cell, harmless
from guyub.ui.collecting import Collected, CollectedValue, PeriodCell
from guyub.ui.template_columns import Said

_MOST_ROWS = 1_048_575
"""Of a sheet, below its head."""


def as_csv(table: Collected, _made_at: datetime) -> bytes:
    """UTF-8 with its mark, semicolons, a decimal comma, dates as 2024-11-16; no text begins like a formula."""
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow([harmless(column.label) for column in table.columns])
    writer.writerows([_written(value) for value in row] for row in table.rows)
    return target.getvalue().encode("utf-8-sig")


def as_json(table: Collected, _made_at: datetime) -> bytes:
    """A list of objects; keys and values are the same in every language: the columns' English names, codes, numbers, days."""
    names = [column.name for column in table.columns]
    rows = [dict(zip(names, map(_told, row), strict=True)) for row in table.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def as_workbook(table: Collected, made_at: datetime) -> bytes:
    """One sheet, its head frozen. Rows are written one by one, so a long list takes little memory."""
    target = BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": cell(table.title, 255), "created": made_at.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8E8E8", "text_wrap": True})
    shapes = ("@", "#,##0", "#,##0.###", "dd-mm-yyyy", "dd-mm-yyyy hh:mm", "mmmm yyyy")
    styles = {shape: book.add_format({"num_format": shape}) for shape in shapes}
    sheet = book.add_worksheet()
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, 16 if column.kind == "number" else 28)
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, cell(column.label), head)
    for at, row in enumerate(table.rows[:_MOST_ROWS], start=1):
        for place, value in enumerate(row):
            _write(sheet, at, place, value, styles)
    sheet.freeze_panes(1, 0)
    book.close()
    return target.getvalue()


FILES: Mapping[str, tuple[Callable[[Collected, datetime], bytes], str]] = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (as_json, "application/json"),
}
"""By the ending of the file: what writes it, and its media type."""


def _write(sheet: Any, at: int, place: int, value: CollectedValue, styles: Mapping[str, Any]) -> None:
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
            shape = "mmmm yyyy" if isinstance(value, PeriodCell) else "dd-mm-yyyy"
            sheet.write_datetime(at, place, datetime.combine(value, time()), styles[shape])
        case _:
            sheet.write_string(at, place, cell(value), styles["@"])


def _written(value: CollectedValue) -> str:
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


def _told(value: CollectedValue) -> Any:
    """The same whatever the reader's language."""
    match value:
        case Said():
            return value.told
        case Decimal():
            return int(value) if value == value.to_integral() else float(value)
        case datetime():
            return value.isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return value
