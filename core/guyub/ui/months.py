"""Steps from day to day and from month to month that never fail: at its ends the calendar stays where it is.

No month beyond ``guyub.db.limits`` is recorded, but a page counts on whatever rows it finds.
"""

from datetime import date


def following(day: date) -> date:
    """Returns the first day of the month after that of ``day``; of the last month that there is, its own."""
    return back(day, -1)


def back(day: date, months: int) -> date:
    """Returns the first day of the month that lies ``months`` before that of ``day``."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(min(max(number, _FIRST), _LAST), 12)
    return date(year, month + 1, 1)


def last_day(day: date) -> date:
    """Returns the last day of the month of ``day``."""
    after = following(day)
    return days_later(after, -1) if after > day else date.max


def days_later(day: date, days: int) -> date:
    """Returns the day ``days`` after ``day``; before it where they are below 0."""
    number = day.toordinal() + days
    return date.fromordinal(min(max(number, date.min.toordinal()), date.max.toordinal()))


_FIRST = date.min.year * 12 + date.min.month - 1
_LAST = date.max.year * 12 + date.max.month - 1
