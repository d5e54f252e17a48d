"""Reads days and moments that PostgreSQL knows and Python does not as near ones: no page fails for what stands in a row."""

from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader, TimestamptzLoader

# A day from either end of Python's calendar, so that each time zone has the moment as well.
FIRST_MOMENT = datetime(1, 1, 2, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 12, 30, tzinfo=UTC)


class AnyDateLoader(DateLoader):
    def load(self, data: Buffer) -> date:
        try:
            return super().load(data)
        except psycopg.DataError:
            return date.min if _is_early(data) else date.max


class AnyMomentLoader(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime:
        try:
            return super().load(data)
        except psycopg.DataError:
            return FIRST_MOMENT if _is_early(data) else LAST_MOMENT


def reading_any_date(connection: Any, _: object) -> None:
    """Makes a new connection of SQLAlchemy's pool read any day and any moment."""
    connection.adapters.register_loader("date", AnyDateLoader)
    connection.adapters.register_loader("timestamptz", AnyMomentLoader)


def _is_early(data: Buffer) -> bool:
    words = bytes(data)
    return words.startswith(b"-") or words.endswith(b"BC")
