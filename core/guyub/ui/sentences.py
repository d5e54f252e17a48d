"""What pydantic found, as a sentence for the person who wrote the file: what stands there, and what may stand there."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from guyub.sdk.money import group
from guyub.sdk.text import Text

Location = Sequence[str | int]

_NOUNS = {
    "string": Text(id="teks dalam tanda kutip", en="text in quotes"),
    "int": Text(id="bilangan bulat", en="a whole number"),
    "float": Text(id="bilangan", en="a number"),
    "decimal": Text(id="bilangan", en="a number"),
    "bool": Text(id="true atau false", en="true or false"),
    "date": Text(id="tanggal seperti 2024-11-01, tanpa tanda kutip", en="a date like 2024-11-01, without quotes"),
    "list": Text(id="daftar dalam kurung siku", en="a list in square brackets"),
    "tuple": Text(id="daftar dalam kurung siku", en="a list in square brackets"),
    "dict": Text(id="tabel", en="a table"),
    "model": Text(id="tabel", en="a table"),
}
_LIMITS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "too_short", "too_long",
           "string_too_short", "string_too_long"}  # fmt: skip


def outermost_left_out(errors: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """Without those that only follow from another: a list is "too short" as well when its one element is wrong."""
    found = list(errors)
    inner = {tuple(one["loc"][:length]) for one in found for length in range(len(one["loc"]))}
    return [one for one in found if tuple(one["loc"]) not in inner]


def explain(model: type[BaseModel], error: ErrorDetails) -> Text:
    """One sentence about one error of a model: the field by its title and key, the value, and what is allowed."""
    location, kind, value = error["loc"], error["type"], _shown(error["input"])
    label = _label(model, location)
    noun = _NOUNS.get(kind.partition("_")[0])
    if kind == "missing":
        return Text(id="{label} belum diisi.", en="{label} is missing.").format(label=label)
    if kind == "extra_forbidden":
        parent = _model_at(model, location[:-1])
        return unknown(str(location[-1]), _keys(parent) if parent else ())
    if kind == "literal_error":
        return unknown(str(error["input"]), re.findall(r"'([^']*)'", error["ctx"]["expected"]), label)
    if kind in _LIMITS:
        return _not_accepted(label, value, _limits(model, location))
    if kind == "string_pattern_mismatch":
        return _not_accepted(label, value, _example(model, location))
    if noun is not None:
        return Text(id="{label} harus berupa {noun}, bukan {value}.", en="{label} must be {noun}, not {value}.").format(
            label=label, noun=noun, value=value
        )
    return _not_accepted(label, value, Text(id=error["msg"], en=error["msg"]))


def unknown(given: str, known: Iterable[str], label: Text | None = None) -> Text:
    """That a word is not known, with the nearest one that is, or all of them."""
    words = list(known)
    near = difflib.get_close_matches(given, words, 1)
    if near:
        hint = Text(id="mungkin maksud Anda “{near}”", en="did you mean “{near}”").format(near=near[0])
    else:
        hint = Text(id="yang dikenal: {words}", en="known are: {words}").format(words=", ".join(w for w in words if w))
    start = Text(id="{label}: ", en="{label}: ").format(label=label) if label else Text(id="", en="")
    return Text(
        id="{start}“{given}” tidak dikenal; {hint}.", en="{start}“{given}” is not known; {hint}."
    ).format(start=start, given=given, hint=hint)  # fmt: skip


def _not_accepted(label: Text, value: Text, allowed: Text) -> Text:
    return Text(
        id="{label}: {value} tidak diterima; {allowed}.", en="{label}: {value} is not accepted; {allowed}."
    ).format(label=label, value=value, allowed=Text(id=allowed.id.rstrip("."), en=allowed.en.rstrip(".")))


def _shown(value: object) -> Text:
    if isinstance(value, bool):
        return Text(id=str(value).lower(), en=str(value).lower())
    if isinstance(value, str):
        cut = value if len(value) <= 40 else value[:39] + "…"
        return Text(id=f"“{cut}”", en=f"“{cut}”")
    if isinstance(value, int | float | date):
        return Text(id=str(value), en=str(value))
    if isinstance(value, Mapping):
        return Text(id="sebuah tabel", en="a table")
    if isinstance(value, Sequence):
        return Text(id="daftar berisi {count}", en="a list of {count}").format(count=len(value))
    return Text(id=f"“{value}”", en=f"“{value}”")


# --- what the model says of the place ----------------------------------------------------------------------------


def _label(model: type[BaseModel], location: Location) -> Text:
    key = ".".join(map(str, location))
    title = _extra(_field_at(model, location), "title")
    if title is None:
        return Text(id=f"“{key}”", en=f"“{key}”")
    return Text(id=f"“{title.id}” ({key})", en=f"“{title.en}” ({key})")


def _limits(model: type[BaseModel], location: Location) -> Text:
    schema = _schema(model, location)
    unit = _extra(_field_at(model, location), "unit")
    counted = next(
        (name for name in ("Items", "Length", "Properties") if f"min{name}" in schema or f"max{name}" in schema), ""
    )
    if counted:
        low, high = schema.get(f"min{counted}"), schema.get(f"max{counted}")
        unit = Text(id="karakter", en="characters") if counted == "Length" else Text(id="isian", en="entries")
    else:
        low, high = schema.get("minimum"), schema.get("maximum")
    above = schema.get("exclusiveMinimum")
    if low is not None and high is not None:
        words = Text(id="isi {low} sampai {high}", en="enter {low} to {high}")
    elif low is not None:
        words = Text(id="isi sedikitnya {low}", en="enter at least {low}")
    elif above is not None:
        words, low = Text(id="isi lebih dari {low}", en="enter more than {low}"), above
    elif high is not None:
        words = Text(id="isi paling banyak {high}", en="enter at most {high}")
    else:
        return _example(model, location)
    allowed = words.format(low=_number(low), high=_number(high))
    return Text(id="{allowed} {unit}", en="{allowed} {unit}").format(allowed=allowed, unit=unit) if unit else allowed


def _number(value: float | None) -> str:
    return group(int(value)) if value is not None and value == int(value) else str(value)


def _example(model: type[BaseModel], location: Location) -> Text:
    """A right value, or what the author of the field says of it."""
    field = _field_at(model, location)
    if field is not None and field.examples:
        return Text(id="contohnya “{example}”", en="an example is “{example}”").format(example=field.examples[0])
    return _extra(field, "help") or Text(id="periksa penulisannya", en="check its spelling")


def _extra(field: FieldInfo | None, name: str) -> Text | None:
    extra = field.json_schema_extra if field is not None else None
    found: Any = extra.get(name) if isinstance(extra, dict) else None
    return Text(found["id"], found["en"]) if found else None


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _schema(model: type[BaseModel], location: Location) -> Mapping[str, Any]:
    """The JSON schema of a field; of a field with alternatives that one which has limits."""
    parent = _model_at(model, location[:-1])
    if parent is None:
        return {}
    schema = parent.model_json_schema()["properties"].get(location[-1], {})
    alternatives = schema.get("anyOf", ())
    return next((one for one in alternatives if len(one) > 1), schema)


def _field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    if not location:
        return None
    parent = _model_at(model, location[:-1])
    if parent is None:
        return None
    return next((f for name, f in parent.model_fields.items() if (f.alias or name) == location[-1]), None)


def _model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """The model whose fields stand at this place, through lists, tables of models and optional fields."""
    found: Any = model
    for step in location:
        found = _plain(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            field = next((f for name, f in found.model_fields.items() if (f.alias or name) == step), None)
            found = field.annotation if field is not None else None
        else:
            found = _inner(found)
    found = _plain(found)
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _inner(annotation: Any) -> Any:
    """What a list or table holds."""
    arguments = get_args(_plain(annotation))
    if get_origin(_plain(annotation)) is dict:
        return _plain(arguments[1])
    return _plain(arguments[0]) if arguments else None


def _plain(annotation: Any) -> Any:
    """Without ``None`` beside it and what ``Annotated`` adds."""
    if hasattr(annotation, "__metadata__"):
        return _plain(get_args(annotation)[0])
    alternatives = [one for one in get_args(annotation) if one is not type(None)]
    if type(None) in get_args(annotation) and len(alternatives) == 1:
        return _plain(alternatives[0])
    return annotation
