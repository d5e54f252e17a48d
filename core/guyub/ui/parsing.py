"""Days and months as people type them, and as browsers send them. Never the American order."""

import re
from datetime import date

from guyub.db import limits
from guyub.sdk.words import MONTHS

_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WORDS = re.compile(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})")
_MONTH_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})")
_MONTH_SLASH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_MONTH_WORDS = re.compile(r"([a-z]+)\s+(\d{4})")

_BY_NAME = {name.lower(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
_BY_NAME |= {name[:3]: number for name, number in list(_BY_NAME.items())}
# Spellings that offices still use.
_BY_NAME |= {"nopember": 11, "nop": 11, "pebruari": 2, "peb": 2, "agt": 8, "ags": 8}


class OutsideDay(ValueError):
    """A date, but none that anybody means: see ``guyub.db.limits``."""


class OutsideMonth(OutsideDay):
    """A month, but none that the books know: see ``guyub.db.limits``."""


def parse_date(written: str) -> date:
    """``16/11/2024``, ``16-11-2024``, ``2024-11-16``, ``16 November 2024``, ``16 Nopember 2024``. Raises ``ValueError``,
    as ``OutsideDay`` for a day of another century."""
    return _meant(_any_date(written))


def _any_date(written: str) -> date:
    text = _plain(written)
    if match := _ISO.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := _WORDS.fullmatch(text):
        return date(int(match[3]), _month_named(match[2]), int(match[1]))
    raise ValueError(f"not a date: {written!r}")


def parse_month(written: str) -> date:
    """Returns the first of the month: ``2024-11``, ``11/2024``, ``November 2024``, or any day of it.

    Raises ``ValueError``, as ``OutsideMonth`` for one that the books do not know.
    """
    text = _plain(written)
    if text.isascii() and (numbers := _month_in_numbers(text)):
        year, number = numbers
    elif match := _MONTH_WORDS.fullmatch(text):
        year, number = int(match[2]), _month_named(match[1])
    else:
        day = _any_date(written)
        year, number = day.year, day.month
    if not 1 <= number <= 12:
        raise ValueError(f"not a month: {written!r}")
    if not limits.FIRST_MONTH.year <= year <= limits.LAST_MONTH.year:
        raise OutsideMonth(f"not within {limits.FIRST_MONTH:%Y-%m} and {limits.LAST_MONTH:%Y-%m}: {written!r}")
    return date(year, number, 1)


def _month_in_numbers(text: str) -> tuple[int, int] | None:
    """Year and month; the year 0 is one that nobody means, but no fault of another kind."""
    if match := _MONTH_NUMBERS.fullmatch(text):
        return int(match[1]), int(match[2])
    if match := _MONTH_SLASH.fullmatch(text):
        return int(match[2]), int(match[1])
    return None


def _meant(day: date) -> date:
    if not limits.is_plausible(day):
        raise OutsideDay(f"not within {limits.FIRST_DAY} and {limits.LAST_DAY}: {day}")
    return day


def _plain(written: str) -> str:
    text = " ".join(written.lower().split())
    # A weekday before the date says nothing that the date does not.
    return re.sub(r"^[a-z']+,\s*", "", text)


def _month_named(name: str) -> int:
    if name not in _BY_NAME:
        raise ValueError(f"not a month: {name!r}")
    return _BY_NAME[name]
