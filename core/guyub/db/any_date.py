"""Reads days that PostgreSQL knows and Python does not as the nearest one: no page fails for what stands in a row."""

from datetime import date
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.types.datetime import DateLoader


class AnyDateLoader(DateLoader):
    def load(self, data: Buffer) -> date:
        try:
            return super().load(data)
        except psycopg.DataError:
            words = bytes(data)
            return date.min if words.startswith(b"-") or words.endswith(b"BC") else date.max


def reading_any_date(connection: Any, _: object) -> None:
    """Makes a new connection of SQLAlchemy's pool read any day."""
    connection.adapters.register_loader("date", AnyDateLoader)
