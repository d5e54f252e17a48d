"""Schedules of programmes (RFC 5545 rules): whether a rule is one that the core follows, and in which months it occurs.

A rule counts from 1 January 2000, in the facility's own zone: every second month is every odd one, and a yearly rule that
names no month occurs in January. What is asked is the month alone, so its days are days of the facility's calendar.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from dateutil.rrule import rrule, rruleset, rrulestr

from guyub.sdk.text import Text

START = datetime(2000, 1, 1)
"""The first month that the books know; each rule begins here."""
_END = datetime(2100, 12, 31, 23, 59, 59)
_COMPARED = 1_300
"""So many occurrences are compared with the one before: more than a monthly rule has in a century."""

_PARTS = frozenset(
    {"FREQ", "INTERVAL", "WKST", "BYSETPOS", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY"}
    | {"BYHOUR", "BYMINUTE", "BYSECOND"}
)
_WITHIN_A_DAY = ("HOURLY", "MINUTELY", "SECONDLY")

_NO_RULE = Text(
    id="Jadwal “{rule}” bukan aturan RFC 5545. Tulis seperti FREQ=MONTHLY atau FREQ=YEARLY;BYMONTH=1,7.",
    en="The schedule “{rule}” is no rule of RFC 5545. Write it like FREQ=MONTHLY or FREQ=YEARLY;BYMONTH=1,7.",
)
_ENDS = Text(
    id="Jadwal “{rule}” berakhir sendiri. Tulis tanpa UNTIL dan COUNT; program berakhir bila dinonaktifkan.",
    en="The schedule “{rule}” ends by itself. Write it without UNTIL and COUNT; a programme ends when it is deactivated.",
)
_TOO_OFTEN = Text(
    id="Jadwal “{rule}” terjadi lebih dari sekali sebulan, yang belum didukung. Tulis paling sering sekali sebulan, "
    "misalnya FREQ=MONTHLY.",
    en="The schedule “{rule}” occurs more than once a month, which is not supported yet. Write it once a month at most, "
    "for example FREQ=MONTHLY.",
)
_NEVER = Text(
    id="Jadwal “{rule}” tidak pernah terjadi. Tulis hari dan bulan yang ada, misalnya FREQ=MONTHLY.",
    en="The schedule “{rule}” never occurs. Write days and months that exist, for example FREQ=MONTHLY.",
)


@lru_cache(maxsize=1024)
def schedule_problem(rule: str) -> Text | None:
    """Returns why the core does not follow a rule, with what to write instead; None for one that it follows.

    A rule that it follows occurs at most once in each month, and does not end.
    """
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
    if {"UNTIL", "COUNT"} & parts.keys():
        return _ENDS.format(rule=rule)
    if "FREQ" not in parts or not parts.keys() <= _PARTS or not all(parts.values()):
        return _NO_RULE.format(rule=rule)
    if parts["FREQ"] in _WITHIN_A_DAY:
        return _TOO_OFTEN.format(rule=rule)
    try:
        days = _occurrences(rule).xafter(START, count=_COMPARED, inc=True)
        return _compared(rule, [day.date() for day in days])
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        return _NO_RULE.format(rule=rule)


def _compared(rule: str, days: list[date]) -> Text | None:
    if not days:
        return _NEVER.format(rule=rule)
    if any((earlier.year, earlier.month) == (later.year, later.month) for earlier, later in pairwise(days)):
        return _TOO_OFTEN.format(rule=rule)
    return None


@lru_cache(maxsize=16_384)
def occurrence(rule: str, period: date) -> date | None:
    """Returns the day on which a rule occurs in the month of ``period``, in the facility's calendar; None where it does not.

    ``rule`` is one that ``schedule_problem`` has nothing against.
    """
    first = datetime(period.year, period.month, 1)
    after = (first + timedelta(days=32)).replace(day=1)
    days = _occurrences(rule).between(first, after - timedelta(seconds=1), inc=True)
    return days[0].date() if days else None


@lru_cache(maxsize=1024)
def _occurrences(rule: str) -> rrule | rruleset:
    # A day that does not exist is looked for up to the year 9999, so that a rule has an end here.
    return rrulestr(f"{rule};UNTIL={_END:%Y%m%dT%H%M%S}", dtstart=START, cache=True)
