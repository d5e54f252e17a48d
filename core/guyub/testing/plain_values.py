"""``plain_value`` turns the answers of a plugin into values that can be compared: expressions as SQL, models by field."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ClauseElement
from sqlalchemy.exc import CompileError

from guyub.testing.contexts import sql_of


def plain_value(answer: Any) -> Any:
    if isinstance(answer, ClauseElement):
        try:
            # An element that is no expression fails to compile, and is shown as text below.
            return sql_of(answer)  # type: ignore[arg-type]
        except CompileError:
            return str(answer)
    if isinstance(answer, BaseModel):
        return (type(answer).__name__, plain_value(dict(answer)))
    if is_dataclass(answer) and not isinstance(answer, type):
        return (
            type(answer).__name__,
            {field.name: plain_value(getattr(answer, field.name)) for field in fields(answer)},
        )
    if isinstance(answer, Mapping):
        return {key: plain_value(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [plain_value(item) for item in answer]
    return answer
