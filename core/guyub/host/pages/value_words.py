"""Values of a configuration as people read them: each kind of field in its own way, a table as one line for each row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.host.secret_values import MASK
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name
from guyub.ui.model_fields import FormField

NOTHING = Text(id="–", en="–")
_YES, _NO = Text(id="Ya", en="Yes"), Text(id="Tidak", en="No")
_BESIDE = Text(id="{value} {unit}", en="{value} {unit}")


def said(field: FormField | None, value: Any) -> tuple[Text, ...]:
    """``value`` is JSON as it is stored, a secret masked; whatever does not fit the field is shown as it stands."""
    if value is None or value == "" or value == []:
        return (NOTHING,)
    if field is None:
        return (_same(str(value)),)
    try:
        if field.kind == "lines":
            return tuple(_line(field, one) for one in value)
        return (_one(field, value),)
    except (ValueError, TypeError, ArithmeticError, AttributeError, KeyError):
        return (_same(str(value)),)


def _one(field: FormField, value: Any) -> Text:
    if field.kind == "secret":
        return _same(MASK)
    if field.kind == "rupiah":
        return _same(format_rupiah(value))
    if field.kind == "integer":
        return _with_unit(_same(group(value)), field.unit)
    if field.kind == "quantity":
        number = Decimal(str(value))
        return _with_unit(Text(id=format_quantity(number), en=format_quantity(number, "en")), field.unit)
    if field.kind == "yes":
        return _YES if value else _NO
    if field.kind == "choice":
        return dict(field.options).get(str(value), _same(str(value)))
    if field.kind == "choices":
        labels = dict(field.options)
        return _joined([labels.get(str(one), _same(str(one))) for one in value], ", ")
    if field.kind == "words":
        return _same(", ".join(value))
    if field.kind in ("date", "month"):
        day = date.fromisoformat(value)
        words = format_date if field.kind == "date" else period_name
        return Text(id=words(day, "id"), en=words(day, "en"))
    return _same(str(value))


def _line(field: FormField, line: Any) -> Text:
    """The columns that say something, in their order."""
    parts = []
    for column in field.columns:
        value = line.get(column.name)
        if value is None or value == "" or value is False:
            continue
        parts.append(column.title if value is True else _one(column, value))
    return _joined(parts, " · ")


def _joined(parts: Sequence[Text], between: str) -> Text:
    return Text(id=between.join(one.id for one in parts), en=between.join(one.en for one in parts))


def _with_unit(value: Text, unit: Text | None) -> Text:
    return _BESIDE.format(value=value, unit=unit) if unit is not None else value


def _same(words: str) -> Text:
    return Text(id=words, en=words)
