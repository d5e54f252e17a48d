"""Describes how an exception stands in the log: where it happened, line by line, without the values it happened with.

Records are about households and inmates. What PostgreSQL says of a row ("Key (nik_index)=…", "Failing row contains …") and what
pydantic says of an input repeats them, so of such an error its kind and place are logged, not its message.
"""

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

import psycopg
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

_CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
_CONTEXT = "\nDuring handling of the above exception, another exception occurred:\n\n"


class RedactingFormatter(logging.Formatter):
    """A formatter whose tracebacks name no values of theirs."""

    def formatException(  # noqa: N802 - the name is that of the standard library
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        return "".join(_story(ei[1], set())).rstrip() if ei[1] is not None else ""


def _story(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None and id(before) not in seen:
        yield from _story(before, seen)
        yield _CAUSE if error.__cause__ is not None else _CONTEXT
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words(error)}\n"
    if isinstance(error, BaseExceptionGroup):
        for exception in error.exceptions:
            yield from _story(exception, seen)


def _words(error: BaseException) -> str:
    if isinstance(error, DBAPIError):
        return f"{_words(error.orig) if error.orig is not None else ''}\n[SQL: {error.statement}]"
    if isinstance(error, psycopg.Error):
        named = (error.sqlstate, error.diag.schema_name, error.diag.table_name, error.diag.constraint_name)
        return f"{type(error).__name__} {' '.join(item for item in named if item)}"
    if isinstance(error, ValidationError):
        errors = (f"{'.'.join(map(str, item['loc']))} {item['type']}" for item in error.errors(include_input=False))
        return f"{error.title}: {', '.join(errors)}"
    return str(error)
