"""Says what a field of a model allows: its range with the unit, how many decimals, or an example."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, SecretStr

from guyub.sdk.money import group
from guyub.sdk.text import Text
from guyub.ui.model_fields import with_unit
from guyub.ui.model_paths import Location, annotation_at, field_at, is_money, plain, schema_text


def allowed(model: type[BaseModel], location: Location, *, with_digits: bool) -> Text:
    """Returns what may stand there; ``with_digits`` says how many decimals as well."""
    allowed = range_of(model, location)
    digits = _digits(_bounds(model, location)) if with_digits else None
    if allowed is None or digits is None:
        return allowed or digits or example(model, location)
    return Text(id="{found}, {digits}", en="{found}, {digits}").format(found=allowed, digits=digits)


def range_of(model: type[BaseModel], location: Location) -> Text | None:
    """Returns "isi lebih dari 0 dan paling banyak 20 kg", of a text its length, of a list its entries; None without bounds."""
    bounds = _bounds(model, location)
    field = field_at(model, location)
    unit, money = schema_text(field, "unit"), is_money(field.json_schema_extra if field is not None else None)
    low, above, high, below = (bounds.get(name) for name in ("ge", "gt", "le", "lt"))
    if "min_length" in bounds or "max_length" in bounds:
        low, above, high, below = bounds.get("min_length"), None, bounds.get("max_length"), None
        is_text = plain(annotation_at(model, location)) in (str, SecretStr)
        unit = _CHARACTERS if is_text else _ENTRIES
        low = low or None
    if low is not None and above is not None:
        low, above = (low, None) if low > above else (None, above)
    if high is not None and below is not None:
        high, below = (high, None) if high < below else (None, below)
    if low is not None and high is not None:
        parts = [
            Text(id="{low} sampai {high}", en="{low} to {high}").format(
                low=_number(low, money), high=_number(high, money)
            )
        ]
    else:
        sides = zip(_OF_DAYS if _is_of_days(bounds) else _OF_NUMBERS, (low, above, high, below), strict=True)
        parts = [words.format(number=_number(number, money)) for words, number in sides if number is not None]
    step = bounds.get("multiple_of")
    if not parts and step is None:
        return None
    allowed = Text.join(Text(id=" dan ", en=" and "), parts)
    if parts and unit is not None:
        allowed = with_unit(allowed, unit, low if high is None else high)
    if step is not None:
        comma = ", " if parts else ""
        allowed = Text(id=f"{{found}}{comma}kelipatan {{step}}", en=f"{{found}}{comma}a multiple of {{step}}").format(
            found=allowed, step=_number(step, money)
        )
    return Text(id="isi {found}", en="enter {found}").format(found=allowed)


_CHARACTERS = Text(id="karakter", en="characters", en_one="character")
_ENTRIES = Text(id="isian", en="entries", en_one="entry")
_OF_NUMBERS = (
    Text(id="sedikitnya {number}", en="at least {number}"),
    Text(id="lebih dari {number}", en="more than {number}"),
    Text(id="paling banyak {number}", en="at most {number}"),
    Text(id="kurang dari {number}", en="less than {number}"),
)
_OF_DAYS = (
    Text(id="tanggal {number} atau sesudahnya", en="{number} or a later day"),
    Text(id="tanggal sesudah {number}", en="a day after {number}"),
    Text(id="tanggal {number} atau sebelumnya", en="{number} or an earlier day"),
    Text(id="tanggal sebelum {number}", en="a day before {number}"),
)


def _is_of_days(bounds: Mapping[str, Any]) -> bool:
    return any(isinstance(bound, date) for bound in bounds.values())


def _digits(bounds: Mapping[str, Any]) -> Text | None:
    digits, decimals = bounds.get("max_digits"), bounds.get("decimal_places")
    if decimals is None:
        return digits and Text(
            id="paling banyak {digits} angka", en="at most {digits} digits", en_one="at most {digits} digit"
        ).format(digits=digits)
    behind = Text(
        id="paling banyak {decimals} angka di belakang koma",
        en="at most {decimals} decimals",
        en_one="at most {decimals} decimal",
    ).format(decimals=decimals)
    if digits is None:
        return behind
    return Text(
        id="paling banyak {before} angka di depan koma dan {behind}",
        en="at most {before} digits before the decimal point and {behind}",
        en_one="at most {before} digit before the decimal point and {behind}",
    ).format(before=digits - decimals, behind=behind)


_TIGHTER = {
    "ge": max,
    "gt": max,
    "le": min,
    "lt": min,
    "multiple_of": max,
    "max_digits": min,
    "decimal_places": min,
    "min_length": max,
    "max_length": min,
}


def _bounds(model: type[BaseModel], location: Location) -> dict[str, Any]:
    """Returns the tightest of each kind, of the field and of its type, in pydantic's names."""
    field, annotation = field_at(model, location), annotation_at(model, location)
    constraints = [*(field.metadata if field is not None else ()), *_metadata(annotation)]
    bounds: dict[str, Any] = {}
    for item in constraints:
        for inner in (item, *getattr(item, "metadata", ())):
            for name, tighter in _TIGHTER.items():
                own = getattr(inner, name, None)
                if own is not None:
                    bounds[name] = tighter(own, bounds[name]) if name in bounds else own
    return bounds


def _metadata(annotation: Any) -> list[Any]:
    """Returns the metadata of a type and, where it may be None, of the other alternative."""
    if hasattr(annotation, "__metadata__"):
        return [*annotation.__metadata__, *_metadata(get_args(annotation)[0])]
    if type(None) in get_args(annotation):
        return [inner for arg in get_args(annotation) for inner in _metadata(arg)]
    return []


def _number(value: Any, money: bool) -> Text:
    """Returns a number, or a day as it is written in files; rupiah have dots for thousands in both languages."""
    if isinstance(value, date):
        return Text.same(value.isoformat())
    if money:
        return Text.same(group(int(value)))
    exact = Decimal(str(value))
    return Text.same(exact)


def example(model: type[BaseModel], location: Location) -> Text:
    """Returns a right value, or what the author of the field says of it."""
    field = field_at(model, location)
    if field is not None and field.examples:
        return Text(id="contohnya “{example}”", en="an example is “{example}”").format(example=field.examples[0])
    return schema_text(field, "help") or Text(id="periksa penulisannya", en="check its spelling")
