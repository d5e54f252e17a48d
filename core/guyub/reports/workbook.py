"""The overview of a region as a workbook: one line for each facility and programme, numbers as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from guyub.reports.lateness import SHOWN
from guyub.reports.region import FacilityRow, Overview
from guyub.reports.region_figures import category_name
from guyub.sdk.words import period_name
from guyub.ui.cells import cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_F4 = 14
"""Excel's Folio, 8.5 by 13 inches: F4 within a millimetre."""
_FIRST = 3


class PeriodCell(date):
    """The first of a month that stands for the month."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``columns`` are names with their widths in characters; ``lines`` hold text, whole numbers (added up below unless
    ``totals`` is False), dates and months."""

    name: str
    columns: Sequence[tuple[str, int]]
    lines: Sequence[Sequence[Any]]
    totals: bool = True


def workbook(region: str, view: Overview, made_at: datetime) -> bytes:
    """Returns the workbook; ``region`` is the name of the office; ``made_at`` a moment in its zone."""
    categories = list(view.by_category)
    lines = [line for row in view.rows for line in _lines(row, categories)]
    title = f"Ringkasan program {period_name(view.period)}"
    return book_of(region, title, made_at, [Sheet("Ringkasan", _columns(categories), lines)])


def book_of(office: str, title: str, made_at: datetime, sheets: Sequence[Sheet]) -> bytes:
    """Returns a workbook of ruled tables with their sums; ``made_at`` a moment in the zone of the office."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": cell(title, 255), "company": cell(office, 255), "created": made_at.replace(tzinfo=None)}
    )
    ruled = {"border": 1, "valign": "top"}
    styles = {
        "title": book.add_format({"bold": True, "font_size": 13}),
        "head": book.add_format({**ruled, "bold": True, "bg_color": "#E8E8E8", "text_wrap": True}),
        "text": book.add_format({**ruled, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**ruled, "num_format": "#,##0"}),
        "date": book.add_format({**ruled, "num_format": "dd-mm-yyyy"}),
        "month": book.add_format({**ruled, "num_format": "mmmm yyyy"}),
        "total": book.add_format({**ruled, "bold": True, "num_format": "#,##0"}),
    }
    for sheet in sheets:
        _draw(book.add_worksheet(sheet.name), sheet, f"{title} – {office}", styles)
    book.close()
    return target.getvalue()


def _draw(sheet: Any, content: Sheet, title: str, styles: dict[str, Any]) -> None:
    sheet.write_string(0, 0, cell(title), styles["title"])
    for at, (name, width) in enumerate(content.columns):
        sheet.set_column(at, at, width)
        sheet.write_string(_FIRST - 1, at, cell(name), styles["head"])
    for at, line in enumerate(content.lines, start=_FIRST):
        _write(sheet, at, line, styles)
    if content.totals:
        _write_totals(sheet, content.lines, styles)
    sheet.freeze_panes(_FIRST, 1)
    sheet.set_landscape()
    sheet.set_paper(_F4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_FIRST - 1)


def _columns(categories: Sequence[str]) -> list[tuple[str, int]]:
    return [
        ("UPT", 28),
        ("Program", 26),
        ("Keadaan", 14),
        ("Hari penyaluran", 14),
        ("Pada daftar", 10),
        ("Menerima", 10),
        *((f"Menerima: {category_name(code)}", 14) for code in categories),
        ("Nilai diserahkan (Rp)", 16),
        ("Sumber dana", 34),
        ("Dana tersisa di UPT hari ini (Rp)", 18),
    ]


def _lines(row: FacilityRow, categories: Sequence[str]) -> list[list[Any]]:
    """Returns a line for each month in view and each programme without one; what is left stands on the first, to add up
    once."""
    sources = ", ".join(source.title.id for source in row.sources)
    nothing: list[Any] = [0, 0, *(0 for _ in categories), 0]
    cells: list[list[Any]] = [
        [
            month.title.id,
            SHOWN[month.state].id,
            month.distribution_on or "",
            month.listed,
            month.received,
            *(month.families.get(code, (0, 0))[1] for code in categories),
            month.value,
        ]
        for month in row.months
    ]
    cells += [[program.title.id, program.label.id, "", *nothing] for program in (*row.not_opened, *row.not_due)]
    if not cells:
        cells = [["", SHOWN["no_program"].id, "", *nothing]]
    return [[row.place.name, *line, sources, row.left if at == 0 else 0] for at, line in enumerate(cells)]


def _write(sheet: Any, at: int, line: Sequence[Any], styles: dict[str, Any]) -> None:
    for column, value in enumerate(line):
        if isinstance(value, int):
            sheet.write_number(at, column, value, styles["number"])
        elif isinstance(value, str):
            sheet.write_string(at, column, cell(value), styles["text"])
        else:
            sheet.write_datetime(at, column, value, styles["month" if isinstance(value, PeriodCell) else "date"])


def _write_totals(sheet: Any, lines: Sequence[Sequence[Any]], styles: dict[str, Any]) -> None:
    last = _FIRST + len(lines)
    sheet.write_string(last, 0, "Jumlah", styles["total"])
    for column, value in enumerate(lines[0] if lines else ()):
        if isinstance(value, int):
            total = sum(line[column] for line in lines)
            summed = f"{xl_rowcol_to_cell(_FIRST, column)}:{xl_rowcol_to_cell(last - 1, column)}"
            sheet.write_formula(last, column, f"=SUM({summed})", styles["total"], total)
