"""Sample values made from models: configurations that differ from one another, receipts that are filled in well and badly.

An author helps with ``examples=[...]`` of a field, pydantic's own, where no value can be guessed (an unusual pattern).
"""

import warnings
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.testing.contexts import A_DAY, A_PERIOD
from guyub.testing.declared_fields import lines_of
from guyub.ui.model_fields import FormField, fields_of

M = TypeVar("M", bound=BaseModel)
SampleValues = Mapping[str, Any]

_TEXTS = ("Contoh 01/2024", "contoh", "CONTOH-01", "2024-11", "1", "33.75.01.1001", "contoh@contoh.example")
_NUMBERS = (100_000, 25_000, 10, 3, 2, 1, 0, 5, 12, 50, 1_000, 1_000_000)
_QUANTITIES = (Decimal(2), Decimal("0.5"), Decimal(100), Decimal(0))


@cache
def configurations(model: type[Config]) -> list[Config]:
    """Returns the defaults first, then each field with other values (numbers: few and many); empty where none can be made."""
    base = {field.name: _first(model, field) for field in fields_of(model) if field.needed}
    samples = _made(model, [base])
    for field in fields_of(model) if samples else ():
        others = [value for value in _candidates(model, field) if value != getattr(samples[0], field.name)]
        if field.kind in ("rupiah", "integer", "quantity"):
            others.sort()
        made_so = _made(model, ({**base, field.name: value} for value in others))
        samples += [*made_so[:1], *made_so[1:][-1:]]
    return samples


def attempts(model: type[BaseModel]) -> list[SampleValues]:
    """Returns receipts that may be acceptable, from the barest to the fullest."""
    shown = fields_of(model)
    needed = {form_field.name: _first(model, form_field) for form_field in shown if form_field.needed}
    words = {
        form_field.name: _first(model, form_field)
        for form_field in shown
        if form_field.kind in ("text", "textarea") and not form_field.needed
    }
    numbers = [
        form_field
        for form_field in shown
        if form_field.kind in ("rupiah", "integer", "quantity") and not form_field.needed
    ]
    full = needed | words
    receipts: list[SampleValues] = [full, needed]
    receipts += [full | {number.name: _first(model, number)} for number in numbers]
    receipts += [needed | {number.name: _first(model, number)} for number in numbers]
    receipts.append(full | {number.name: _first(model, number) for number in numbers})
    return receipts


def spoiled(model: type[BaseModel], good: SampleValues) -> Iterator[tuple[str, SampleValues]]:
    """Yields the same receipt with one field gone wrong, and the name of that field."""
    for field in fields_of(model):
        for value in _spoiling(field):
            yield field.name, {**good, field.name: value}


def at_the_edges(model: type[BaseModel]) -> Iterator[tuple[str, SampleValues]]:
    """Yields values of which one field is at a limit, empty, large or otherwise uncommon, and the name of that field."""
    base = {field.name: _first(model, field) for field in fields_of(model) if field.needed}
    for field in fields_of(model):
        limits = [
            limit
            for constraint in model.model_fields[field.name].metadata
            for bound in ("ge", "gt", "le", "lt")
            if (limit := getattr(constraint, bound, None)) is not None
        ]
        for value in (*limits, *_candidates(model, field), *_spoiling(field)):
            yield field.name, {**base, field.name: value}


def made(model: type[M], values: SampleValues) -> M | None:
    """Returns the model with these values, None where the model itself refuses them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return model.model_validate(values)
    except (ValidationError, Refusal):
        return None


def _made(model: type[M], several: Any) -> list[M]:
    return [item for item in (made(model, values) for values in several) if item is not None]


def _first(model: type[BaseModel], field: FormField) -> Any:
    return next(iter(_candidates(model, field)), None)


def _candidates(model: type[BaseModel], field: FormField) -> list[Any]:
    """Returns values that the field takes by itself."""
    info = model.model_fields[field.name]
    offered = [*(info.examples or ()), *_offered(field, info)]
    of_field: Any = Annotated[info.annotation, info] if info.metadata else info.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(of_field)
    accepted = []
    for value in offered:
        try:
            accepted.append(adapter.validate_python(value))
        except ValidationError:
            continue
    return accepted


def _offered(field: FormField, info: FieldInfo) -> list[Any]:
    options = [value for value, _ in field.options]
    match field.kind:
        case "text" | "textarea":
            return [*_TEXTS]
        case "rupiah" | "integer":
            return [*_NUMBERS]
        case "quantity":
            return [*_QUANTITIES]
        case "date":
            return [A_DAY, date(2024, 11, 20)]
        case "month":
            return [A_PERIOD, date(2024, 10, 1)]
        case "choice":
            return options
        case "choices":
            return [tuple(options[:1]), tuple(options)]
        case "words":
            return [("contoh",), ("contoh", "lain")]
        case "yes":
            return [True, False]
        case "lines":
            return _lines(field, info)
    return ["contoh-rahasia"]


def _lines(field: FormField, info: FieldInfo) -> list[Any]:
    models = lines_of(info.annotation)
    line = {column.name: _first(models[0], column) for column in field.columns} if models else {}
    return [(line,), ()]


def _spoiling(field: FormField) -> list[Any]:
    match field.kind:
        case "text" | "textarea":
            return ["", "   ", "x" * 5_000]
        case "rupiah" | "integer" | "quantity":
            return [0, -1, 9_000_000_000_000_000]
        case "date" | "month":
            return [date(2000, 1, 1), date(2099, 12, 1)]
        case "choices" | "words" | "lines":
            return [()]
        case "yes":
            return [not field.default]
    return [None]
