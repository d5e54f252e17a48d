"""The recap of a region as a workbook: the figures of its letter and its text, numbers as numbers and days as days."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from guyub.reports.lateness import SHOWN
from guyub.reports.recap.facts import Recap
from guyub.reports.region import FacilityRow
from guyub.reports.region_figures import category_name
from guyub.reports.workbook import Sheet, book_of
from guyub.sdk.words import period_name


def recap_book(recap: Recap, made_at: datetime) -> bytes:
    """Sheets *Ringkasan*, *Sumber*, *Belum masuk* and *UPT*; ``made_at`` a moment in the zone of the office."""
    sources = [[source.title.id, source.spent] for source in recap.view.sources if source.spent]
    missing = [[missing_facility.name, missing_facility.why.id] for missing_facility in recap.missing]
    categories = list(recap.view.by_category)
    sheets = [
        Sheet("Ringkasan", [("Perihal", 44), ("Isi", 70)], _facts(recap), totals=False),
        Sheet("Sumber", [("Sumber dana", 44), ("Dibayarkan bulan ini (Rp)", 22)], sources),
        Sheet("Belum masuk", [("UPT", 44), ("Keadaan", 70)], missing, totals=False),
        Sheet("UPT", _columns(categories), [line for row in recap.view.rows for line in _lines(row, categories)]),
    ]
    return book_of(recap.office, f"Rekapitulasi bantuan sosial {period_name(recap.period)}", made_at, sheets)


def _facts(recap: Recap) -> list[list[Any]]:
    view = recap.view
    return [
        ["UPT yang menjalankan program", recap.expected],
        ["UPT yang selesai", recap.done],
        ["UPT yang membatalkan", recap.cancelled],
        ["UPT yang belum masuk", len(recap.missing)],
        ["Keluarga pada daftar", view.listed],
        ["Keluarga menerima", view.received],
        *([f"Menerima: {category_name(code)}", got] for code, (_, got) in view.by_category.items()),
        ["Paket diserahkan", view.packages],
        ["Nilai diserahkan (Rp)", view.value],
        ["Batas laporan", recap.deadline],
        ["Sidik angka (SHA-256)", recap.digest],
    ]


def _columns(categories: Sequence[str]) -> list[tuple[str, int]]:
    return [
        ("UPT", 34),
        ("Program", 30),
        ("Keadaan", 16),
        ("Hari penyaluran", 14),
        ("Pada daftar", 12),
        ("Menerima", 12),
        *((f"Menerima: {category_name(code)}", 16) for code in categories),
        ("Paket diserahkan", 12),
        ("Nilai diserahkan (Rp)", 18),
    ]


def _lines(row: FacilityRow, categories: Sequence[str]) -> list[list[Any]]:
    """Returns a line for each programme that runs at the facility; none for one without."""
    nothing: list[Any] = [0, 0, *(0 for _ in categories), 0, 0]
    opened: list[list[Any]] = [
        [
            row.place.name,
            month.title.id,
            SHOWN[month.state].id,
            month.distribution_on or "",
            month.listed,
            month.received,
            *(month.families.get(code, (0, 0))[1] for code in categories),
            month.packages,
            month.value,
        ]
        for month in row.months
    ]
    never = [[row.place.name, program.title.id, program.label.id, "", *nothing] for program in row.not_opened]
    return opened + never
