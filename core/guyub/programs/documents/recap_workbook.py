"""The month as a workbook for Excel: numbers are numbers, NIK (masked) are text, each sheet prints on the facility's paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from guyub.programs.documents import wording as wording
from guyub.programs.documents.facts import Facts
from guyub.ui.cells import cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PAPER_SIZES = {"A4": 9, "F4": 14}
"""Excel's numbers; its 14 is Folio, 8.5 by 13 inches: F4 within a millimetre."""
_HEADER_ROW = 2
_OUTCOMES = {
    "approved": "Belum menerima",
    "received": "Menerima",
    "absent": "Tidak hadir",
    "returned": "Dikembalikan",
    "cancelled": "Dibatalkan",
}

CellValue = str | int | Decimal
"""A ``str`` is written as text whatever it looks like; numbers as numbers."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[CellValue]]
    summed: Sequence[int] = ()
    landscape: bool = False


def recap(facts: Facts, printed_at: datetime) -> bytes:
    """Returns the workbook as bytes; made in memory. ``printed_at`` is its creation date."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {
            "title": cell(f"Rekap {wording.aid(facts)} {wording.period(facts)}", 255),
            "company": cell(facts.facility.long_name, 255),
            "created": printed_at.astimezone(ZoneInfo(facts.facility.zone)).replace(tzinfo=None),
        }
    )
    styles = _Styles(book)
    for sheet in (_summary(facts), _recipients(facts), _goods(facts), _funds(facts)):
        _write(book.add_worksheet(sheet.name), sheet, facts, styles)
    book.close()
    return target.getvalue()


class _Styles:
    def __init__(self, book: Any) -> None:
        ruled = {"border": 1, "valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 13})
        self.header = book.add_format({**ruled, "bold": True, "bg_color": "#E8E8E8", "text_wrap": True})
        self.text = book.add_format({**ruled, "num_format": "@", "text_wrap": True})
        self.number = book.add_format({**ruled, "num_format": "#,##0"})
        self.quantity = book.add_format({**ruled, "num_format": "#,##0.###"})
        self.total = book.add_format({**ruled, "bold": True, "num_format": "#,##0"})


def _write(sheet: Any, content: _Sheet, facts: Facts, styles: _Styles) -> None:
    heading = f"{facts.cycle.title.id} – {wording.period(facts)} – {facts.facility.name}"
    sheet.write_string(0, 0, cell(heading), styles.title)
    for column, (title, width) in enumerate(content.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER_ROW, column, title, styles.header)
    first = _HEADER_ROW + 1
    for at, row in enumerate(content.rows, start=first):
        for column, value in enumerate(row):
            _write_cell(sheet, at, column, value, styles)
    last = first + len(content.rows)
    if content.summed and content.rows:
        sheet.write_string(last, 0, "Jumlah", styles.total)
        for column in content.summed:
            letter = chr(ord("A") + column)
            total = sum(int(row[column]) for row in content.rows)
            sheet.write_formula(last, column, f"=SUM({letter}{first + 1}:{letter}{last})", styles.total, total)
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_paper(_PAPER_SIZES[wording.paper(facts)])
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
    sheet.set_footer("&L&F&RHalaman &P dari &N")
    if content.landscape:
        sheet.set_landscape()


def _write_cell(sheet: Any, row: int, column: int, value: CellValue, styles: _Styles) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, cell(value), styles.text)
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), styles.quantity)
    else:
        sheet.write_number(row, column, value, styles.number)


def _summary(facts: Facts) -> _Sheet:
    figures, noun = facts.figures, wording.noun(facts).capitalize()
    rows: list[Sequence[CellValue]] = [
        ("UPT", facts.facility.long_name),
        ("Program", facts.cycle.title.id),
        ("Periode", wording.period(facts)),
        ("Hari, tanggal", wording.day(facts)),
        ("Pukul", wording.hour(facts)),
        *([("Rencana semula", plan)] if (plan := wording.plan_that_differs(facts)) else []),
        ("Tempat", wording.place(facts)),
        (f"{noun} dinilai", facts.judged),
        (f"{noun} ditetapkan", figures.listed),
        (f"{noun} menerima", figures.received),
        (f"{noun} tidak hadir", figures.absent),
        ("Paket ditetapkan", figures.packages_listed),
        ("Paket diserahkan", figures.packages),
        *((f"Menerima: {wording.category(code)}", count) for code, count in figures.by_category.items()),
        ("Nilai rencana (Rp)", facts.planned_value),
        ("Nilai yang diserahkan (Rp)", figures.value),
    ]
    return _Sheet("Ringkasan", (("Uraian", 34), ("Isi", 52)), rows)


def _recipients(facts: Facts) -> _Sheet:
    zone = ZoneInfo(facts.facility.zone)
    rows: list[Sequence[CellValue]] = [
        (
            recipient.number,
            recipient.name,
            recipient.nik_masked,
            recipient.address,
            wording.category(recipient.category),
            wording.relationship(recipient.relationship),
            _OUTCOMES.get(recipient.state, recipient.state),
            f"{recipient.handed_at.astimezone(zone):%d-%m-%Y %H.%M}" if recipient.handed_at else "",
            recipient.proxy_name,
            facts.planned(recipient),
            recipient.value,
            recipient.packages,
        )
        for recipient in facts.recipients
    ]
    columns = (
        ("No.", 6),
        ("Nama", 30),
        ("NIK (tersamar)", 20),
        ("Alamat", 38),
        ("Kategori", 22),
        ("Hubungan", 14),
        ("Hasil", 16),
        ("Diterima", 17),
        ("Diwakili", 24),
        ("Nilai rencana (Rp)", 16),
        ("Nilai (Rp)", 16),
        ("Paket", 8),
    )
    return _Sheet("Penerima", columns, rows, summed=(9, 10, 11), landscape=True)


def _goods(facts: Facts) -> _Sheet:
    rows: list[Sequence[CellValue]] = [
        (
            goods.item,
            goods.quantity if goods.unit else Decimal(facts.figures.received),
            goods.unit or wording.noun(facts),
            goods.cost,
        )
        for goods in facts.goods
    ]
    return _Sheet("Barang", (("Uraian", 34), ("Jumlah", 14), ("Satuan", 14), ("Nilai (Rp)", 18)), rows, summed=(3,))


def _funds(facts: Facts) -> _Sheet:
    used = {spending.code: spending.amount for spending in facts.spending}
    rows: list[Sequence[CellValue]] = [
        (fund.name, fund.code, fund.received, used.get(fund.code, 0), fund.free, fund.reserved, fund.stock)
        for fund in facts.funds
    ]
    columns = (
        ("Dana", 44),
        ("Kode", 26),
        ("Diterima (Rp)", 17),
        ("Dipakai periode ini (Rp)", 17),
        ("Kas bebas (Rp)", 17),
        ("Kas dicadangkan (Rp)", 17),
        ("Barang (Rp)", 17),
    )
    return _Sheet("Dana", columns, rows, summed=(2, 3, 4, 5, 6), landscape=True)
