"""Bounds that come with a type. They hold beside those of a field: of two on the same side the tighter one counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

_NUMBERS = {"int": "int_type", "float": "float_type", "decimal": "decimal_type"}


@dataclass(frozen=True, slots=True)
class Within:
    """The bounds of a numeric type for ``Annotated``, in pydantic's names.

    Plain ``Field(ge=0)`` would not do: pydantic lets the last bound of one kind win, which is the type's, not the field's.
    """

    ge: int | None = None
    gt: int | None = None
    le: int | None = None
    lt: int | None = None
    max_digits: int | None = None
    decimal_places: int | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        self.tighten(schema)
        return schema

    def tighten(self, schema: Any) -> None:
        for number in _numbers(schema):
            for name, tighter in _TIGHTER.items():
                own = getattr(self, name)
                if own is not None:
                    number[name] = tighter(own, number[name]) if number.get(name) is not None else own


_TIGHTER: dict[str, Callable[[Any, Any], Any]] = {
    "ge": max,
    "gt": max,
    "le": min,
    "lt": min,
    "max_digits": min,
    "decimal_places": min,
}


@dataclass(frozen=True, slots=True)
class OfField:
    """Holds what ``guyub.sdk.field`` adds to every field: true and false are no numbers, an empty word is no entry of a list, and
    the type's own bounds stay.

    Behind ``| None`` pydantic writes the bounds of the field over those of the type; they are put back here.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        for within in _withins(source):
            within.tighten(schema)
        checked: CoreSchema = _checked(schema)
        return checked


def _withins(source: Any) -> Iterator[Within]:
    """Finds the bounds of a type and of its alternatives, also where an author wrote them as ``Field(ge=0)``; not of what a
    list holds."""
    if get_origin(source) in (Union, UnionType):
        for arg in get_args(source):
            yield from _withins(arg)
    elif get_origin(source) is Annotated:
        for outer in source.__metadata__:
            for item in (outer, *getattr(outer, "metadata", ())):
                yield Within(**{name: getattr(item, name, None) for name in _TIGHTER})


def _numbers(schema: Any) -> Iterator[dict[str, Any]]:
    """Yields the numbers that a value of this schema may be, not those within a list or table."""
    if schema["type"] in _NUMBERS:
        yield schema
    elif schema["type"] == "union":
        for item in schema["choices"]:
            yield from _numbers(item[0] if isinstance(item, tuple) else item)
    elif "schema" in schema and schema["type"] not in ("model", "definitions"):
        yield from _numbers(schema["schema"])


def _checked(schema: Any, *, is_entry: bool = False) -> Any:
    """Returns the schema with its checks: numbers in it, in lists and tables as well, refuse true and false, and entries of
    lists blanks."""
    kind = schema["type"]
    if kind in _NUMBERS:
        return core_schema.no_info_before_validator_function(_REFUSALS[kind], schema)
    if kind == "str" and is_entry:
        schema["min_length"] = max(1, schema.get("min_length") or 0)
        return core_schema.no_info_after_validator_function(_refuse_blank, schema)
    if kind == "tuple":
        schema["items_schema"] = [_checked(item, is_entry=True) for item in schema["items_schema"]]
    elif "items_schema" in schema and kind in ("list", "set", "frozenset"):
        schema["items_schema"] = _checked(schema["items_schema"], is_entry=True)
    elif kind == "union":
        schema["choices"] = [
            (_checked(item[0], is_entry=is_entry), item[1])
            if isinstance(item, tuple)
            else _checked(item, is_entry=is_entry)
            for item in schema["choices"]
        ]
    elif kind == "dict":
        schema |= {key: _checked(schema[key]) for key in ("keys_schema", "values_schema") if key in schema}
    elif "schema" in schema and kind not in ("model", "definitions"):
        schema["schema"] = _checked(schema["schema"], is_entry=is_entry)
    return schema


def _refuse_blank(value: str) -> str:
    if not value.strip():
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return value


def _refusing(error: Any) -> Callable[[Any], Any]:
    def refuse_boolean(value: Any) -> Any:
        if isinstance(value, bool):
            raise PydanticKnownError(error)
        return value

    return refuse_boolean


_REFUSALS = {kind: _refusing(error) for kind, error in _NUMBERS.items()}
