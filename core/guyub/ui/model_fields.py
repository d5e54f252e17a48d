"""Turns the fields of a model into those of a form: from a pydantic model made with ``guyub.sdk.field`` to the fields
of a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from guyub.sdk.text import Text
from guyub.ui.model_paths import is_money

FieldKind = Literal[
    "text",
    "textarea",
    "rupiah",
    "integer",
    "quantity",
    "date",
    "month",
    "choice",
    "choices",
    "words",
    "yes",
    "secret",
    "lines",
    "goods",
    "unit",
]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form. ``kind`` says how it is shown and read.

    ``zero``: what 0 says where it is read. ``needed``: the model has no value of its own for it; ``nullable``: empty means
    None; ``default``: what the model falls back to. ``columns`` are the fields of one line, at most ``most_lines`` of them.
    """

    name: str
    kind: FieldKind
    title: Text
    help: Text
    unit: Text | None
    needed: bool
    nullable: bool
    default: Any
    zero: Text | None = None
    options: tuple[tuple[str, Text], ...] = ()
    columns: tuple["FormField", ...] = ()
    most_lines: int = 0
    max_length: int | None = None

    @property
    def optional(self) -> bool:
        """Returns whether leaving it empty is an answer."""
        return not self.needed and not self.default


MOST_LINES = 50


class NotShown(TypeError):
    """A field that no form can show; ``sentence`` names it."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def with_unit(number: Text, unit: Text | None, count: object, zero: Text | None = None) -> Text:
    """Returns a number with the unit of its field, in the singular where it is one; for 0 what ``zero`` says."""
    if zero is not None and count == 0:
        return zero
    if unit is None:
        return number
    return Text.join(" ", (number, Text(id=unit.id, en=unit.en_one) if unit.en_one and count == 1 else unit))


class WithoutTitle(NotShown):
    """A field that was not made with ``guyub.sdk.field``."""


@cache
def fields_of(model: type[BaseModel]) -> tuple[FormField, ...]:
    """Returns the fields in the order of the model. Raises ``NotShown`` for a field that no form can show, with its name."""
    return tuple(_field(model, name, info) for name, info in model.model_fields.items())


def title_of(model: type[BaseModel], name: str) -> Text:
    """Returns what people call a field of a model; its name where there is none of that name."""
    return next((field.title for field in fields_of(model) if field.name == name), Text.same(name))


def _field(model: type[BaseModel], name: str, info: FieldInfo) -> FormField:
    schema_extra = info.json_schema_extra
    if not isinstance(schema_extra, Mapping) or "title" not in schema_extra:
        raise WithoutTitle(
            Text(
                id="{field} tidak memiliki judul; buat dengan guyub.sdk.field",
                en="{field} has no title: make it with guyub.sdk.field",
            ).format(field=f"{model.__name__}.{name}")
        )
    extra: Mapping[str, Any] = schema_extra
    inner, nullable = _without_none(info.annotation)
    kind, item = _kind(inner, extra)
    if kind is None:
        raise NotShown(
            Text(id="{field}: tidak ada formulir untuk {kind}", en="{field}: no form can show {kind}").format(
                field=f"{model.__name__}.{name}", kind=getattr(info.annotation, "__name__", info.annotation)
            )
        )
    choices: Mapping[str, Mapping[str, str]] = extra.get("choices", {})
    columns = fields_of(item) if kind == "lines" else ()
    if any(column.kind == "secret" for column in columns):
        raise NotShown(
            Text(
                id="{field}: rahasia tidak boleh berada dalam tabel baris, karena akan tampak",
                en="{field}: a secret cannot stand in a table of lines, where it would be shown",
            ).format(field=f"{model.__name__}.{name}")
        )
    return FormField(
        name=name,
        kind=kind,
        title=_text(extra["title"]),
        help=_text(extra["help"]),
        unit=_text(extra["unit"]) if "unit" in extra else None,
        zero=_text(extra["zero"]) if "zero" in extra else None,
        needed=info.is_required(),
        nullable=nullable,
        default=None if info.is_required() else info.get_default(call_default_factory=True, validated_data={}),
        options=tuple(
            (str(value), _text(choices[value]) if value in choices else Text.same(str(value)))
            for value in (get_args(item) if kind in ("choice", "choices") else ())
        ),
        columns=columns,
        most_lines=_limit(info, "max_length") or MOST_LINES,
        max_length=_limit(info, "max_length"),
    )


_KINDS: Mapping[Any, FieldKind] = {bool: "yes", Decimal: "quantity", SecretStr: "secret"}
"""Kinds of the types that are shown in one way only."""


def _kind(inner: Any, extra: Mapping[str, Any]) -> tuple[FieldKind | None, Any]:
    """Returns how a field of this type is shown, and the type of one choice or line."""
    widget = extra.get("widget", "")
    if get_origin(inner) is Literal:
        return "choice", inner
    if get_origin(inner) is tuple:
        item = _bare(get_args(inner)[0])
        if get_origin(item) is Literal:
            return "choices", item
        if isinstance(item, type) and issubclass(item, BaseModel):
            return "lines", item
        return ("words", item) if item is str else (None, None)
    if inner is int:
        return ("rupiah" if is_money(extra) else "integer"), None
    if inner is str:
        return (widget if widget in ("textarea", "goods", "unit") else "text"), None
    if inner is date:
        return ("month" if widget == "month" else "date"), None
    return _KINDS.get(inner), None


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not NoneType]
        if len(inner) == 1:
            return _bare(inner[0]), True
    return _bare(annotation), False


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _limit(info: FieldInfo, name: str) -> int | None:
    length: int | None = next(
        (getattr(metadatum, name) for metadatum in info.metadata if hasattr(metadatum, name)), None
    )
    return length


def _text(pair: Mapping[str, str]) -> Text:
    return Text(id=pair["id"], en=pair["en"], en_one=pair.get("en_one", ""))
