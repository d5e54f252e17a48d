"""Values of fields that a page reads by itself: each is the value, or an ``Invalid`` at its field that names the nearest one.

Forms made from models read the same way (``guyub.ui.forms``).
"""

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal

from guyub.sdk.errors import Invalid
from guyub.sdk.money import parse_rupiah
from guyub.sdk.quantities import (
    DeclaredUnit,
    QuantityAsWritten,
    factor_of,
    format_quantity,
    parse_quantity,
    split_unit,
    tidy_unit,
)
from guyub.sdk.text import Text, Weekday
from guyub.sdk.typed import NotRead
from guyub.sdk.words import DAYS
from guyub.ui.language import readers_language
from guyub.ui.parsing import OutsideDay, OutsideMonth, WrongWeekday, parse_date, parse_month, parse_time
from guyub.ui.refusals import UiRefusal

QUANTITY_PLACES = 3
"""Decimals of a quantity of goods, as the database keeps them."""
MOST_QUANTITY = Decimal("99999999999.999")
"""The largest that the database keeps."""
_MAYBE = Text(id="Mungkin maksudnya {nearest}.", en="Did you mean {nearest}?")
_OR = Text(id=" atau ", en=" or ")


def day_at(text: str, field: str) -> date:
    """Returns the day that was typed. Raises ``Invalid`` at ``field``, also for nothing."""
    _demand_typed(text, field)
    try:
        return parse_date(text)
    except ValueError as error:
        raise unread_day(error, field) from None


def day_if_any(text: str, field: str) -> date | None:
    """Returns the day that was typed, None for nothing. Raises ``Invalid`` at ``field``."""
    return day_at(text, field) if text.strip() else None


def month_at(text: str, field: str) -> date:
    """Returns the first day of the month that was typed. Raises ``Invalid`` at ``field``, also for nothing."""
    _demand_typed(text, field)
    try:
        return parse_month(text)
    except ValueError as error:
        raise unread_month(error, field) from None


def hour_if_any(text: str, field: str, zone: str = "") -> time | None:
    """Returns the hour that was typed, None for nothing. Raises ``Invalid`` at ``field``."""
    if not text.strip():
        return None
    try:
        return parse_time(text, zone)
    except ValueError:
        raise UiRefusal.HOUR.invalid(field) from None


def rupiah_at(text: str, field: str) -> int:
    """Returns the amount that was typed. Raises ``Invalid`` at ``field``, also for nothing."""
    _demand_typed(text, field)
    try:
        return parse_rupiah(text)
    except ValueError as error:
        raise _with_nearest(UiRefusal.RUPIAH.invalid(field), error) from None


def rupiah_given(value: int | str, field: str) -> int:
    """Returns an amount of JSON: a number as it is, a text as ``rupiah_at`` reads it."""
    return rupiah_at(value, field) if isinstance(value, str) else value


def quantity_given(value: Decimal | str, field: str, unit: str = "", others: Iterable[DeclaredUnit] = ()) -> Decimal:
    """Returns a quantity of JSON: a number within the same bounds as a text, which ``quantity_at`` reads."""
    text = value if isinstance(value, str) else format_quantity(value, readers_language())
    return quantity_at(text, field, unit, others)


def quantity_at(text: str, field: str, unit: str = "", others: Iterable[DeclaredUnit] = ()) -> Decimal:
    """Returns the quantity that was typed in the reader's language, with its own unit behind it or without, or with one of the
    ``others`` that are declared for it: of those it is what they hold.

    Raises ``Invalid`` at ``field``, also for nothing, for more than can be kept and for more decimals than goods have.
    """
    _demand_typed(text, field)
    number, behind = split_unit(text.strip())
    factor = factor_of(behind, unit, others) if unit and behind else None
    try:
        quantity = parse_quantity(number if factor is not None else text, readers_language())
    except ValueError as error:
        raise _with_nearest(UiRefusal.QUANTITY.invalid(field), error) from None
    quantity *= factor or 1
    if quantity > MOST_QUANTITY:
        raise UiRefusal.QUANTITY_MOST.invalid(field, most=MOST_QUANTITY)
    rounded = round(quantity, QUANTITY_PLACES)
    if rounded != quantity:
        raise UiRefusal.QUANTITY_PLACES.invalid(field, nearest=rounded)
    return quantity


def quantity_as_written(text: str, unit: str, others: Iterable[DeclaredUnit]) -> QuantityAsWritten | None:
    """Returns a quantity, which ``quantity_at`` reads, in the unit that was typed behind it; None for the goods' own unit."""
    number, behind = split_unit(text.strip())
    factor = factor_of(behind, unit, others) if behind else None
    if factor is None or factor == 1:
        return None
    return QuantityAsWritten(parse_quantity(number, readers_language()), tidy_unit(behind))


def unread_day(error: ValueError, field: str = "") -> Invalid:
    """Returns what ``parse_date`` found wrong, at ``field``."""
    if isinstance(error, WrongWeekday):
        typed = Text(id=DAYS["id"][error.typed], en=DAYS["en"][error.typed])
        return UiRefusal.WEEKDAY.invalid(field, day=error.day, typed=typed, right=Weekday(error.day))
    if isinstance(error, OutsideDay):
        return UiRefusal.DATE_OUTSIDE.invalid(field)
    return _with_nearest(UiRefusal.DATE.invalid(field), error)


def unread_month(error: ValueError, field: str = "") -> Invalid:
    """Returns what ``parse_month`` found wrong, at ``field``."""
    code = UiRefusal.MONTH_OUTSIDE if isinstance(error, OutsideMonth) else UiRefusal.MONTH
    return _with_nearest(code.invalid(field), error)


def nearest_of(error: ValueError) -> Text | None:
    """Returns the question whether one of the nearest values was meant, None where none is near."""
    if not isinstance(error, NotRead) or not error.nearest:
        return None
    words = Text.join(_OR, (Text(id=indonesian, en=english) for indonesian, english in error.nearest))
    return _MAYBE.format(nearest=words)


def _demand_typed(text: str, field: str) -> None:
    if not text.strip():
        raise UiRefusal.MISSING.invalid(field)


def _with_nearest(refusal: Invalid, error: ValueError) -> Invalid:
    nearest = nearest_of(error)
    if nearest is None:
        return refusal
    return Invalid(refusal.code, refusal.what, Text.join(" ", (nearest, refusal.remedy)), refusal.field)
