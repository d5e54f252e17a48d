"""The overview over regions as a workbook: one line for each region, and the months up to it on a second sheet."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from guyub.reports.lateness import SHOWN
from guyub.reports.nation import Nation, RegionRow
from guyub.reports.region_figures import category_name
from guyub.reports.workbook import PeriodCell, Sheet, book_of
from guyub.sdk.words import period_name

OFFICE = "Direktorat Jenderal Pemasyarakatan"


def nation_workbook(view: Nation, made_at: datetime) -> bytes:
    """Returns the workbook; ``made_at`` is a moment in the zone of the office."""
    title = f"Ringkasan program {period_name(view.period)}"
    categories = list(view.by_category)
    regions = Sheet("Wilayah", _columns(categories), [_line(row, categories) for row in view.rows])
    months = Sheet(
        "Bulan",
        [
            ("Bulan", 18),
            *(
                (name, 16)
                for name in (
                    "Bulan dibuka",
                    "Selesai",
                    "Dibatalkan",
                    "Pada daftar",
                    "Menerima",
                    "Nilai diserahkan (Rp)",
                    "Dana masuk (Rp)",
                )
            ),
        ],
        [
            [
                _month(total.period),
                total.months,
                total.closed,
                total.cancelled,
                total.listed,
                total.received,
                total.value,
                total.income,
            ]
            for total in view.trend
        ],
    )
    return book_of(OFFICE, title, made_at, [regions, months])


def _month(period: date) -> PeriodCell:
    return PeriodCell(period.year, period.month, period.day)


def _columns(categories: Sequence[str]) -> list[tuple[str, int]]:
    return [
        ("Wilayah", 28),
        ("UPT", 10),
        *((SHOWN[state].id, 12) for state in SHOWN),
        ("Bulan lalu belum selesai", 12),
        ("Pada daftar", 10),
        ("Menerima", 10),
        *((f"Menerima: {category_name(code)}", 14) for code in categories),
        ("Nilai diserahkan (Rp)", 18),
        ("Dana tersisa hari ini (Rp)", 18),
    ]


def _line(row: RegionRow, categories: Sequence[str]) -> list[Any]:
    return [
        row.name,
        row.facilities,
        *(row.by_state[state] for state in SHOWN),
        row.still_open,
        row.listed,
        row.received,
        *(row.by_category.get(code, (0, 0))[1] for code in categories),
        row.value,
        row.left,
    ]
