"""Forms that come as JSON: a number is what it says, and a text is read as people type it on the page of the form."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import InitErrorDetails

from guyub.sdk.quantities import same_unit, split_unit
from guyub.ui import forms
from guyub.ui.model_fields import FormField, fields_of


def understood(model: type[BaseModel], sent: Mapping[str, Any]) -> tuple[dict[str, Any], list[InitErrorDetails]]:
    """Returns what was sent for a form, its texts read as the form reads them, and those that cannot be read at their places."""
    values, unread = dict(sent), list[InitErrorDetails]()
    for field in fields_of(model):
        if field.columns and isinstance(values.get(field.name), list | tuple):
            lines = [_line(field.columns, line) for line in values[field.name]]
            for row, line in enumerate(lines):
                if isinstance(line, dict):
                    _read_into(line, field.columns, (field.name, row), unread)
            values[field.name] = lines
    _read_into(values, fields_of(model), (), unread)
    return values, unread


def _line(columns: Iterable[FormField], line: Any) -> Any:
    """Returns a line with "80 sak" as a quantity and its unit, where it says no other."""
    if not isinstance(line, Mapping):
        return line
    values = dict(line)
    unit = next((column.name for column in columns if column.kind == "unit"), None)
    for column in columns:
        sent = values.get(column.name)
        if unit is None or column.kind != "quantity" or not isinstance(sent, str):
            continue
        number, behind = split_unit(sent)
        said = values.get(unit) or ""
        if behind and isinstance(said, str) and (not said or same_unit(behind, said)):
            values |= {column.name: number, unit: said or behind}
    return values


def _read_into(
    values: dict[str, Any], fields: Iterable[FormField], place: tuple[str | int, ...], unread: list[InitErrorDetails]
) -> None:
    for field in fields:
        text = values.get(field.name)
        if isinstance(text, str) and text.strip():
            try:
                values[field.name] = forms.value_of(field, text.strip())
            except forms.Unread as error:
                unread.append(InitErrorDetails(type=error.found, loc=(*place, field.name), input=text))
