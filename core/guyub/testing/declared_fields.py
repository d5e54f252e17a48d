"""The pydantic models of a plugin: its configuration, its receipts, and the lines in them."""

from collections.abc import Iterator, Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guyub.testing.finding import SourcePlace
from guyub.testing.plugin_under_test import PluginUnderTest


def receipts(specimen: PluginUnderTest) -> tuple[type[BaseModel], ...]:
    return tuple(receipt for source in specimen.plugin.funding_sources for receipt in source.receipts)


def models(specimen: PluginUnderTest) -> list[type[BaseModel]]:
    """Returns configuration and receipts with the models of their lines, each once; those of the SDK are left out."""
    models_found: dict[type[BaseModel], None] = {}
    waiting = [specimen.plugin.config, *receipts(specimen)]
    while waiting:
        model = waiting.pop(0)
        if model not in models_found and not model.__module__.startswith("guyub.sdk"):
            models_found[model] = None
            waiting += [inner for info in model.model_fields.values() for inner in lines_of(info.annotation)]
    return list(models_found)


def fields(specimen: PluginUnderTest) -> Iterator[tuple[type[BaseModel], str, FieldInfo, SourcePlace]]:
    """Yields every field of every model with its place; an inherited one has the place where it was written."""
    for model in models(specimen):
        for name, info in model.model_fields.items():
            owner = next((item for item in model.__mro__ if name in vars(item).get("__annotations__", {})), model)
            if not owner.__module__.startswith("guyub.sdk"):
                yield model, name, info, specimen.member(owner, name)


def extra_of(info: FieldInfo) -> Mapping[str, Any]:
    """Returns what ``guyub.sdk.field`` keeps with a field: title, help, unit, choices."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}


def parts(annotation: Any) -> Iterator[Any]:
    """Yields a type, and all types that it is made of."""
    yield annotation
    for inner in get_args(annotation):
        yield from parts(inner)


def lines_of(annotation: Any) -> list[type[BaseModel]]:
    return [part for part in parts(annotation) if isinstance(part, type) and issubclass(part, BaseModel)]


def bare(annotation: Any) -> Any:
    """Returns the type itself: without None, without what ``Annotated`` adds."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not NoneType]
        return bare(inner[0]) if len(inner) == 1 else annotation
    return bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def limits(info: FieldInfo) -> dict[str, Any]:
    """Returns what bounds a number: ge, gt, le, lt, multiple_of, also from inside ``X | None``."""
    constraints = list(info.metadata)
    for part in parts(info.annotation):
        if get_origin(part) is Annotated:
            constraints += get_args(part)[1:]
    bounds: dict[str, Any] = {}
    for item in constraints:
        for inner in (item, *getattr(item, "metadata", ())):
            for name in ("ge", "gt", "le", "lt", "max_digits"):
                if getattr(inner, name, None) is not None:
                    bounds[name] = getattr(inner, name)
    return bounds
