"""The base of every table model of the core: one schema, one registry, ids and defaults made by the database.

Models describe what migrations made, for typed reads and writes; the database's own constraints are the law.
"""

from typing import Any

from sqlalchemy import FetchedValue, MetaData, Uuid, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

metadata = MetaData(schema="guyub")


class TableModel(SQLModel, registry=registry(metadata=metadata)):
    """Derive with ``table=True`` and an explicit ``__tablename__``."""

    metadata = metadata


def primary_key() -> Any:
    """A uuid (version 7) that the database makes; read it back after ``session.flush()``."""
    return Field(default=None, sa_type=Uuid, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})


def made_by_database(sql_type: Any = None) -> Any:
    """A column that a default or trigger fills; never sent, read back after ``session.flush()``."""
    kwargs: dict[str, Any] = {"sa_column_kwargs": {"server_default": FetchedValue(), "server_onupdate": FetchedValue()}}
    if sql_type is not None:
        kwargs["sa_type"] = sql_type
    return Field(default=None, **kwargs)
