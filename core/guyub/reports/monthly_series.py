"""The course of the months as a picture, and the lengths that a reader may choose."""

from collections.abc import Sequence

from markupsafe import Markup

from guyub.reports.trend import LENGTHS, MonthTotal
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.text import Text
from guyub.sdk.words import period_name
from guyub.ui.charts import columns

_LABEL = Text(
    id="Nilai yang diserahkan tiap bulan, {first} sampai {last}; paling banyak {most}",
    en="Value handed over each month, {first} to {last}; at most {most}",
)
_EACH = Text(
    id="{month}: {value}, {packages} paket",
    en="{month}: {value}, {packages} packages",
    en_one="{month}: {value}, {packages} package",
)
_MONTHS = Text(id="{count} bulan", en="{count} months", en_one="{count} month")


def drawn(trend: Sequence[MonthTotal], lang: str) -> Markup:
    month_labels = [
        (
            total.value,
            _EACH.format(
                month=period_name(total.period, lang), value=format_rupiah(total.value), packages=group(total.packages)
            ).in_(lang),
        )
        for total in trend
    ]
    label = _LABEL.format(
        first=period_name(trend[0].period, lang),
        last=period_name(trend[-1].period, lang),
        most=format_rupiah(max(total.value for total in trend)),
    )
    return columns(month_labels, label.in_(lang))


def lengths(path: str, month: str, lang: str) -> list[tuple[str, str]]:
    """Returns (label, address) of each length, for tabs."""
    return [(_MONTHS.format(count=length).in_(lang), f"{path}?month={month}&months={length}") for length in LENGTHS]
