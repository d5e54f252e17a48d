"""From which month a change counts for a programme. A month takes what holds on its first day, and keeps it once opened."""

from collections.abc import Callable, Iterable, Set
from datetime import date

from guyub.ui.months import following


def first_month(
    since: date, beginnings: Iterable[date], opened: Set[date], counts: Callable[[date], bool]
) -> date | None:
    """The first month from a day on that is not opened yet and for which the change ``counts``; None where there is none.

    ``beginnings`` are the days on which something else begins that decides about it; between them nothing changes.
    """
    days = {since, *(day for day in beginnings if day > since), *map(following, opened)}
    months = sorted({day if day.day == 1 else following(day) for day in days})
    return next((month for month in months if month >= since and month not in opened and counts(month)), None)
