"""Rows that a plugin's tables may hold, guessed from the types of their columns."""

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Table, func, select
from sqlalchemy.exc import SQLAlchemyError

from guyub.sdk.plugin import Plugin
from guyub.testing.contexts import A_DAY, A_FACILITY
from guyub.testing.own_tables import own_tables

A_HOUSEHOLD = UUID(int=1)
_OF_THE_CORE = {"facility": A_FACILITY.id, "region": A_FACILITY.id, "household": A_HOUSEHOLD}
_BY_TYPE: dict[type, Any] = {
    int: 3,
    str: "contoh",
    bool: True,
    Decimal: Decimal(2),
    float: 2.0,
    UUID: UUID(int=7),
    bytes: b"contoh",
    type(A_DAY): A_DAY,
    datetime: datetime.combine(A_DAY, time(9), UTC),
    dict: {},
    list: [],
}


def fill_tables(connection: Connection, plugin: Plugin) -> None:
    """Adds one row to each empty table; none where a constraint refuses the guess."""
    own = set(own_tables(plugin))
    for table in plugin.tables.sorted_tables if plugin.tables is not None else ():
        if table in own:
            attempt = connection.begin_nested()
            try:
                if not connection.execute(select(func.count()).select_from(table)).scalar_one():
                    connection.execute(table.insert().values(_row(connection, table)))
            except (SQLAlchemyError, NotImplementedError):
                attempt.rollback()
            else:
                attempt.commit()


def _row(connection: Connection, table: Table) -> dict[str, Any]:
    return {
        column.name: _value(connection, column)
        for column in table.columns
        if column.server_default is None and column.computed is None and column.identity is None
    }


def _value(connection: Connection, column: Column[Any]) -> Any:
    for key in column.foreign_keys:
        if key.column.table.schema == "guyub":
            return A_FACILITY.id if column.name == "facility_id" else _OF_THE_CORE.get(key.column.table.name)
        return connection.execute(select(key.column).limit(1)).scalar()
    return _BY_TYPE.get(column.type.python_type)
