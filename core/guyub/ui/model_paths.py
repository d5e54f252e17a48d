"""Finds what a location of pydantic means in a model: its field, its type, the model that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guyub.sdk.text import Text

Location = Sequence[str | int]


def schema_text(field: FieldInfo | None, name: str) -> Text | None:
    extra = field.json_schema_extra if field is not None else None
    value: Any = extra.get(name) if isinstance(extra, dict) else None
    return Text(value["id"], value["en"], value.get("en_one", "")) if value else None


def is_money(extra: Any) -> bool:
    """Returns whether what the author says of a whole number (its ``json_schema_extra``) makes it an amount of rupiah."""
    if not isinstance(extra, Mapping):
        return False
    return extra.get("widget") == "rupiah" or extra.get("unit", {}).get("en") == "rupiah"


def keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def field_at(model: type[BaseModel], location: Location) -> FieldInfo | None:
    if not location:
        return None
    parent = model_at(model, location[:-1])
    if parent is None:
        return None
    return next((f for name, f in parent.model_fields.items() if (f.alias or name) == location[-1]), None)


def model_at(model: type[BaseModel], location: Location) -> type[BaseModel] | None:
    """Returns the model whose fields stand at this place, through lists, tables of models and optional fields."""
    annotation = plain(annotation_at(model, location))
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def annotation_at(model: type[BaseModel], location: Location) -> Any:
    """Returns the type of what stands at this place, with what ``Annotated`` adds where it is written so; None if nothing may."""
    annotation: Any = model
    for step in location:
        bare = plain(annotation)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            field = next((f for name, f in bare.model_fields.items() if (f.alias or name) == step), None)
            annotation = field.annotation if field is not None else None
        else:
            annotation = _inner(bare)
    return annotation


def _inner(annotation: Any) -> Any:
    """Returns what a list or table holds."""
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return arguments[1]
    return arguments[0] if arguments else None


def plain(annotation: Any) -> Any:
    """Returns the type without ``None`` beside it and what ``Annotated`` adds."""
    if hasattr(annotation, "__metadata__"):
        return plain(get_args(annotation)[0])
    alternatives = [arg for arg in get_args(annotation) if arg is not type(None)]
    if type(None) in get_args(annotation) and len(alternatives) == 1:
        return plain(alternatives[0])
    return annotation
