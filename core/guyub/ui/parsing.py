"""Days, months, hours, moments and whole numbers as people type them, as pages show them and as browsers send them.

Never the American order.

========================================================= ==============================================================
a day     ``16/11/2024``, ``16-11-2024``, ``2024-11-16``, ``16 November 2024``, ``16 Nopember 2024``, ``16-Nov-2024``,
          ``Jum’at, 15 November 2024`` (the weekday is compared), ``16th November 2024``; a year has four digits
a month   ``2024-11``, ``11/2024``, ``November 2024``, ``Nov-2024``, or any day of it
an hour   ``09.00``, ``9:00``, ``pukul 09.00 WIB``
a moment  a day and an hour: ``16 November 2024 pukul 09.00 WIB``, ``2024-11-16T09:00``
========================================================= ==============================================================
"""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from guyub.db import limits
from guyub.sdk.typed import NotRead, plain
from guyub.sdk.words import DAYS, MONTHS, ZONES, format_date

_NUMBERS = re.compile(r"([0-9]{1,2}) ?[/.-] ?([0-9]{1,2}) ?[/.-] ?([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ -]+(?:of )?([a-z]+)\.?,?[ -]+([0-9]{4})")
_ENGLISH_WORDS = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_SHORT_YEAR = re.compile(r"([0-9]{1,2}[/. -]+(?:[0-9]{1,2}|[a-z]+)[/. -]+)([0-9]{2})")
_MONTH_NUMBERS = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})")
_MONTH_SLASH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_MONTH_WORDS = re.compile(r"([a-z]+)\.?[ -]+([0-9]{4})")
_BEFORE_DAY = re.compile(r"^(?:tanggal|tgl\.?) +|^(?:hari +)?([a-z']+)(?:,? +tanggal +|, *| +(?=[0-9]))")
_TIME = re.compile(r"(?:pukul |jam |at )?([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9])(?:[.:]00)?)?(?: ?([a-z]+))?")
_MOMENT = re.compile(r"(.+?)(?:,? (?:pukul|jam|at) |,? (?=[0-9]{1,2}[.:][0-9]{2}(?: [a-z]+)?$)|t(?=[0-9]))(.+)")

_THOUSANDS = re.compile(r"-?(?:[0-9]{1,4000}|[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:\.[0-9]{3})+))")

_BY_NAME = {name.lower(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
_BY_NAME |= {name[:3]: number for name, number in list(_BY_NAME.items())}
# Spellings that offices still use.
_BY_NAME |= {"nopember": 11, "nop": 11, "pebruari": 2, "peb": 2, "agt": 8, "ags": 8, "sept": 9}
_WEEKDAYS = {name.lower(): number for names in DAYS.values() for number, name in enumerate(names)}
_WEEKDAYS |= {name[:3]: number for name, number in list(_WEEKDAYS.items())}
_WEEKDAYS |= {"jum'at": 4, "ahad": 6}


class OutsideDay(ValueError):
    """A date, but none that anybody means: see ``guyub.db.limits``."""


class OutsideMonth(OutsideDay):
    """A month, but none that the books know: see ``guyub.db.limits``."""


class WrongWeekday(ValueError):
    """A date with a day of the week that is not its own: ``day`` is the date, ``typed`` the number of the weekday."""

    def __init__(self, day: date, typed: int) -> None:
        super().__init__(f"{day} is no {DAYS['en'][typed]}")
        self.day, self.typed = day, typed


def parse_date(written: str) -> date:
    """Returns the day. Raises ``ValueError``: ``OutsideDay`` for a day of another century, ``WrongWeekday`` for one whose
    weekday is another, ``NotRead`` with what may be meant for anything else."""
    weekday, text = _without_weekday(plain(written).lower())
    day = _any_date(text, written)
    if not limits.is_plausible(day):
        raise OutsideDay(f"not within {limits.FIRST_DAY} and {limits.LAST_DAY}: {day}")
    if weekday is not None and weekday != day.weekday():
        raise WrongWeekday(day, weekday)
    return day


def parse_whole_number(written: str) -> int:
    """Reads a number with dots for thousands as in Indonesian, or with commas as in English. Raises ``ValueError``."""
    number = plain(written)
    if _THOUSANDS.fullmatch(number):
        return int(re.sub("[.,]", "", number))
    raise NotRead(f"no whole number: {written!r}")


def parse_month(written: str) -> date:
    """Returns the first of the month.

    Raises ``ValueError``, as ``OutsideMonth`` for one that the books do not know.
    """
    text = plain(written).lower()
    if numbers := _month_in_numbers(text):
        year, number = numbers
    elif match := _MONTH_WORDS.fullmatch(text.removeprefix("bulan ")):
        year, number = int(match[2]), _month_named(match[1])
    else:
        day = _any_date(_without_weekday(text)[1], written)
        year, number = day.year, day.month
    if not 1 <= number <= 12:
        raise NotRead(f"not a month: {written!r}")
    if not limits.FIRST_MONTH.year <= year <= limits.LAST_MONTH.year:
        raise OutsideMonth(f"not within {limits.FIRST_MONTH:%Y-%m} and {limits.LAST_MONTH:%Y-%m}: {written!r}")
    return date(year, number, 1)


def parse_time(written: str, zone: str = "") -> time:
    """Returns the hour, full where it has no minutes; one with the name of another zone than ``zone`` is refused. Raises
    ``ValueError``."""
    match = _TIME.fullmatch(plain(written).lower())
    if match is None or (match[3] and (not zone or match[3].upper() != ZONES.get(zone))):
        raise NotRead(f"not an hour: {written!r}")
    return time(int(match[1]), int(match[2] or 0))


def parse_moment(written: str, zone: str) -> datetime:
    """Returns the moment in ``zone``. Raises ``ValueError``."""
    match = _MOMENT.fullmatch(plain(written).lower())
    if match is None:
        raise NotRead(f"not a moment: {written!r}")
    return datetime.combine(parse_date(match[1]), parse_time(match[2], zone), ZoneInfo(zone))


def _any_date(text: str, written: str) -> date:
    for pattern, year, month, day in (
        (_ISO, 1, 2, 3),
        (_NUMBERS, 3, 2, 1),
        (_WORDS, 3, 2, 1),
        (_ENGLISH_WORDS, 3, 1, 2),
    ):
        if match := pattern.fullmatch(text):
            number = int(match[month]) if match[month].isdigit() else _month_named(match[month])
            return _day_of(int(match[year]), number, int(match[day]), written)
    if short := _SHORT_YEAR.fullmatch(text):
        whole = _any_date(f"{short[1]}20{short[2]}", written)
        raise NotRead(f"a date without a whole year: {written!r}", [(format_date(whole), format_date(whole, "en"))])
    raise NotRead(f"not a date: {written!r}")


def _day_of(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NotRead(f"not a date: {written!r}", _nearest(year, month, day)) from error


def _nearest(year: int, month: int, day: int) -> list[tuple[str, str]]:
    """Returns the last day of a month that is shorter, or the day of an American month and day."""
    if not limits.FIRST_DAY.year <= year <= limits.LAST_DAY.year:
        return []
    if 1 <= month <= 12 and 28 < day <= 31:
        last = next(date(year, month, end) for end in (30, 29, 28) if _is_day(year, month, end))
        return [(format_date(last), format_date(last, "en"))]
    if 12 < month <= 31 and _is_day(year, day, month):
        turned = date(year, day, month)
        return [(format_date(turned), format_date(turned, "en"))]
    return []


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _without_weekday(text: str) -> tuple[int | None, str]:
    """Returns the number of the weekday before a date, None without one, and the date. A word that is no weekday stays."""
    match = _BEFORE_DAY.match(text)
    if match is None:
        return None, text
    if match[1] is None:
        return None, text[match.end() :]
    number = _WEEKDAYS.get(match[1])
    return (None, text) if number is None else (number, text[match.end() :])


def _month_in_numbers(text: str) -> tuple[int, int] | None:
    """Returns year and month; the year 0 is one that nobody means, but no fault of another kind."""
    if match := _MONTH_NUMBERS.fullmatch(text):
        return int(match[1]), int(match[2])
    if match := _MONTH_SLASH.fullmatch(text):
        return int(match[2]), int(match[1])
    return None


def _month_named(name: str) -> int:
    if name not in _BY_NAME:
        raise NotRead(f"not a month: {name!r}")
    return _BY_NAME[name]
