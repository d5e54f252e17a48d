"""Values of a configuration as people read them: each kind of field in its own way, a table as one line for each row."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from guyub.configuration.secret_values import MASK
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.text import Text
from guyub.sdk.words import format_date, period_name
from guyub.ui.model_fields import FormField, with_unit

NOTHING = Text(id="–", en="–")
_YES, _NO = Text(id="Ya", en="Yes"), Text(id="Tidak", en="No")
_GOODS = {"code", "name", "unit", "quantity", "price"}
"""The columns of ``guyub.sdk.PackageItem`` that are read together."""
_GOODS_SAID = Text(id="{name} {quantity} {unit}", en="{name} {quantity} {unit}")
_TITLED = Text(id="{title}: {value}", en="{title}: {value}")


def value_lines(field: FormField | None, value: Any) -> tuple[Text, ...]:
    """Returns a value in lines. It is JSON as it is stored, a secret masked; whatever does not fit the field is shown
    as it stands."""
    if value is None or value == "" or value == []:
        return (NOTHING,)
    if field is None:
        return (_same(str(value)),)
    try:
        if field.kind == "lines":
            return tuple(_line(field, item) for item in value)
        return (_one(field, value),)
    except (ValueError, TypeError, ArithmeticError, AttributeError, KeyError):
        return (_same(str(value)),)


def _one(field: FormField, value: Any) -> Text:
    if field.kind == "secret":
        return _same(MASK)
    if field.kind == "rupiah":
        return _same(format_rupiah(value))
    if field.kind == "integer":
        return with_unit(_same(group(value)), field.unit, value, field.zero)
    if field.kind == "quantity":
        number = Decimal(str(value))
        return with_unit(Text.same(number), field.unit, number)
    if field.kind == "yes":
        return _YES if value else _NO
    if field.kind == "choice":
        return dict(field.options).get(str(value), _same(str(value)))
    if field.kind == "choices":
        labels = dict(field.options)
        return _joined([labels.get(str(item), _same(str(item))) for item in value], ", ")
    if field.kind == "words":
        return _same(", ".join(value))
    if field.kind in ("date", "month"):
        day = date.fromisoformat(value)
        words = format_date if field.kind == "date" else period_name
        return Text(id=words(day, "id"), en=words(day, "en"))
    return _same(str(value))


def _line(field: FormField, line: Any) -> Text:
    """Goods as an office lists them ("Beras 5 kg, Rp15.673"); any other row as titles and values, without what is empty."""
    columns = {column.name: column for column in field.columns}
    parts = []
    if columns.keys() >= _GOODS:
        amount = _one(columns["quantity"], line["quantity"])
        parts.append(_GOODS_SAID.format(name=line["name"], quantity=amount, unit=line["unit"]))
        parts.append(_one(columns["price"], line["price"]))
    for name, column in columns.items():
        value = line.get(name)
        if value is None or value == "" or value is False or (parts and name in _GOODS):
            continue
        parts.append(column.title if value is True else _TITLED.format(title=column.title, value=_one(column, value)))
    return _joined(parts, ", ")


def _joined(parts: Sequence[Text], between: str) -> Text:
    return Text(id=between.join(part.id for part in parts), en=between.join(part.en for part in parts))


def _same(words: str) -> Text:
    return Text(id=words, en=words)
