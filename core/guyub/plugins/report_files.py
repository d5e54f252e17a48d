"""A plugin's report as a file: CSV as Excel in Indonesia opens it, or a workbook in which numbers are numbers."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

from guyub.plugins.report_table import ReportCell, ReportTable
from guyub.sdk.text import Text
from guyub.ui.cells import cell, harmless

CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NUMBER_FORMATS = {"rupiah": "#,##0", "integer": "#,##0", "quantity": "#,##0.###", "date": "dd-mm-yyyy"}


def as_csv(table: ReportTable, lang: str) -> bytes:
    """Semicolons, a decimal comma, dates as 2024-11-16, UTF-8 with its mark; no cell begins like a formula."""
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";")
    writer.writerow([harmless(column.title.in_(lang)) for column in table.columns])
    for row in _all_rows(table):
        writer.writerow([_written(value, lang) for value in row])
    return target.getvalue().encode("utf-8-sig")


def as_workbook(table: ReportTable, title: str, lang: str, printed_at: datetime) -> bytes:
    """One sheet, its head frozen; ``printed_at`` is its creation date."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": cell(title, 255), "created": printed_at.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8E8E8", "text_wrap": True})
    styles = {kind: book.add_format({"border": 1, "num_format": shape}) for kind, shape in _NUMBER_FORMATS.items()}
    text = book.add_format({"border": 1, "num_format": "@", "text_wrap": True})
    sheet = book.add_worksheet()
    for at, column in enumerate(table.columns):
        sheet.set_column(at, at, 30 if column.kind == "text" else 16)
        sheet.write_string(0, at, cell(column.title.in_(lang)), head)
    for at, row in enumerate(_all_rows(table), start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            style = styles.get(column.kind, text)
            if value is None:
                sheet.write_blank(at, place, None, style)
            elif isinstance(value, date):
                sheet.write_datetime(at, place, datetime.combine(value, time()), style)
            elif isinstance(value, int | Decimal):
                sheet.write_number(at, place, value, style)
            else:
                sheet.write_string(at, place, cell(_words(value, lang)), text)
    sheet.freeze_panes(1, 0)
    sheet.fit_to_pages(1, 0)
    book.close()
    return target.getvalue()


def _all_rows(table: ReportTable) -> list[Sequence[ReportCell]]:
    return [*table.rows, table.totals] if table.totals else list(table.rows)


def _written(value: ReportCell, lang: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, int | date):
        return str(value)
    return harmless(_words(value, lang))


def _words(value: str | Text, lang: str) -> str:
    return value.in_(lang) if isinstance(value, Text) else value
