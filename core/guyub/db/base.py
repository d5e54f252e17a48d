"""The base of every table model of the core: one schema, one registry, ids and defaults made by the database.

Models describe what migrations made, for typed reads and writes: columns, types, nullability, keys. Checks, indexes,
triggers and policies stand in the migrations alone. ``tests/db/test_models_and_tables.py`` compares both.
"""

from typing import Any

from sqlalchemy import DateTime, FetchedValue, ForeignKeyConstraint, MetaData, Uuid
from sqlalchemy.orm import registry
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel

SCHEMA = "guyub"
metadata = MetaData(schema=SCHEMA)

MOMENT = DateTime(timezone=True)


class TableModel(SQLModel, registry=registry(metadata=metadata)):
    """Derive with ``table=True`` and an explicit ``__tablename__``."""

    metadata = metadata


class Xid8(UserDefinedType[str]):
    """The number of a transaction of PostgreSQL."""

    cache_ok = True

    def get_col_spec(self, **options: Any) -> str:
        return "xid8"


def primary_key() -> Any:
    """Returns the field of a uuid (version 7) that the database makes; read it back after ``session.flush()``."""
    return made_by_database(Uuid, primary_key=True)


def made_by_database(sql_type: Any, **options: Any) -> Any:
    """Returns a field that the database fills where an insert names no value: by a default, an identity or an expression."""
    return Field(default=None, sa_type=sql_type, sa_column_kwargs={"server_default": FetchedValue()}, **options)


def references(table: str, /, **columns: str) -> ForeignKeyConstraint:
    """Returns a foreign key of several columns: ``references("household", facility_id="facility_id", household_id="id")``."""
    return ForeignKeyConstraint(list(columns), [f"{SCHEMA}.{table}.{column}" for column in columns.values()])
