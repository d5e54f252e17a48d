"""Which month, and how many months up to it, a reader asks for in an address."""

from datetime import date

from guyub.reports.trend import LENGTHS
from guyub.sdk.errors import Invalid
from guyub.ui.problems import NO_MONTH
from guyub.ui.reading import parse_month

FIRST_YEAR, LAST_YEAR = 2000, 2100


def month_asked(given: str, today: date) -> date:
    """The first of the month; this one for an empty word. Raises ``Invalid`` for what is no month."""
    if not given.strip():
        return today.replace(day=1)
    try:
        month = parse_month(given)
    except ValueError:
        raise Invalid("reports.month", *NO_MONTH, "month") from None
    if not FIRST_YEAR <= month.year <= LAST_YEAR:
        raise Invalid("reports.month", *NO_MONTH, "month")
    return month


def length_asked(given: int) -> int:
    """One of ``LENGTHS``; the first for anything else."""
    return given if given in LENGTHS else LENGTHS[0]
