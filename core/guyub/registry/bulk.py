"""Writing many rows in one statement, so that a hundred thousand households cost as many statements as one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, bindparam, cast, column, func, insert, inspect, select, update
from sqlalchemy import Table as SqlTable

from guyub.db.base import TableModel
from guyub.db.unit_of_work import Work


def table_of(model: type[TableModel]) -> SqlTable:
    """Returns the table itself, for statements over columns."""
    table: SqlTable = inspect(model).local_table
    return table


def new_ids(work: Work, count: int) -> list[UUID]:
    """Ids (uuid version 7) in rising order, made by the database before the rows, so that rows can name each other."""
    return list(work.run("SELECT uuidv7() FROM generate_series(1, :count)", count=count).scalars())


def insert_rows(work: Work, model: type[TableModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that all have the same columns: one statement, one array for each column."""
    if not rows:
        return
    table = table_of(model)
    columns = [table.c[name] for name in rows[0]]
    arrays = [
        cast(bindparam(None, [row[column.name] for row in rows], type_=ARRAY(column.type)), ARRAY(column.type))
        for column in columns
    ]
    given = func.unnest(*arrays).table_valued(*(column(item.name, item.type) for item in columns)).render_derived()
    names = [column.name for column in columns]
    work.session.execute(insert(table).from_select(names, select(given), include_defaults=False))


def update_row(work: Work, model: type[TableModel], row_id: UUID, values: Mapping[str, Any]) -> None:
    """Changes one row of this facility; that it exists was asked before."""
    table = table_of(model)
    work.session.execute(
        update(table).where(table.c.facility_id == work.here.id, table.c.id == row_id).values(**values)
    )
