"""Which month, and how many months up to it, a reader asks for in an address."""

from datetime import date

from guyub.db.limits import is_month
from guyub.reports.trend import LENGTHS
from guyub.ui.months import back
from guyub.ui.typed_values import month_at


def month_asked(text: str, today: date) -> date:
    """Returns the first of the month; this one for an empty word. Raises ``Invalid`` for what is no month."""
    if not text.strip():
        return today.replace(day=1)
    return month_at(text, "month")


def month_beside(month: date, months: int) -> date | None:
    """Returns the month that many after this one (below 0: before it); None where the books know none."""
    beside = back(month, -months)
    return beside if is_month(beside) else None


def length_asked(months: int) -> int:
    """Returns one of ``LENGTHS``; the first for anything else."""
    return months if months in LENGTHS else LENGTHS[0]
