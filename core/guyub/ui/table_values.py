"""Writes the values of declared tables: on a page, in a file for people, and in JSON, which is the same in every language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from guyub.sdk.money import format_rupiah, group
from guyub.sdk.page_tables import Code, Kind, Sentence, Value
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Amount, Moment, Money, Period, Text, Weekday
from guyub.sdk.words import format_date, format_day, format_moment, period_name

NOTHING = "–"

CellOfFile = str | int | Decimal | date | None
"""An aware ``datetime`` is a date too."""

_KINDS: Mapping[Kind, Callable[[Any, str], str]] = {
    "money": lambda value, lang: format_rupiah(value),
    "weekday": format_day,
    "period": period_name,
}
"""How a kind of column says its values where that is not how values of their type are said."""


def spoken(value: Value, lang: str, zone: str, kind: Kind = "text") -> str:
    """Returns a value in the reader's language, as a page has it; of a tuple all parts in one line."""
    say = _KINDS.get(kind)
    if say is not None and isinstance(value, int | date):
        return say(value, lang)
    match value:
        case None:
            return NOTHING
        case tuple():
            return "; ".join(
                spoken(part, lang, zone, kind if not at else "text") for at, part in enumerate(parts(value))
            )
        case Text() | Amount() | Money() | Period() | Weekday() | Moment():
            return value.in_(lang)
        case Code():
            return value.label.in_(lang)
        case Sentence():
            filled = {name: spoken(part, lang, zone) for name, part in value.values.items()}
            return value.text.format(**filled).in_(lang)
        case datetime():
            return format_moment(value, zone, lang)
        case date():
            return format_date(value, lang)
        case Decimal():
            return format_quantity(value, lang)
        case int():
            return group(value)
        case _:
            return value


def parts(value: tuple[Any, ...]) -> list[Value]:
    """Returns the parts of a tuple that say something."""
    return [part for part in value if not (part is None or part == "" or (isinstance(part, Text) and not part.id))]


def for_people(value: Value, lang: str, zone: str) -> CellOfFile:
    """Returns what CSV and XLSX hold: numbers and dates as such, everything else in the reader's language."""
    match value:
        case None | int() | Decimal():
            return value
        case datetime():
            return value.astimezone(ZoneInfo(zone))
        case date():
            return value
        case tuple():
            lines = parts(value)
            return for_people(lines[0], lang, zone) if len(lines) == 1 else spoken(value, lang, zone) or None
        case _:
            return spoken(value, lang, zone) or None


def for_programs(value: Value, zone: str) -> CellOfFile:
    """Returns what JSON holds: codes, English sentences with their values as they are."""
    match value:
        case Text():
            return value.en
        case Code():
            return value.code
        case Sentence():
            return value.text.format(
                **{name: _plain(for_programs(part, zone)) for name, part in value.values.items()}
            ).en
        case tuple():
            lines = parts(value)
            if len(lines) == 1:
                return for_programs(lines[0], zone)
            return "; ".join(_plain(_in_words(part, zone)) for part in lines) or None
        case Money():
            return value.rupiah
        case Period():
            return value.month
        case Weekday():
            return value.day
        case Moment():
            return value.at.astimezone(ZoneInfo(zone))
        case Amount():
            return f"{_plain(value.quantity)} {_plain(for_programs(value.unit, zone))}"
        case datetime():
            return value.astimezone(ZoneInfo(zone))
        case _:
            return value


def _in_words(part: Value, zone: str) -> CellOfFile:
    """Returns a part that stands beside others: a state is said in English, as the rest is."""
    return part.label.en if isinstance(part, Code) else for_programs(part, zone)


def _plain(value: CellOfFile) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
