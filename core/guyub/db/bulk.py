"""Writing many rows in one statement, so that a hundred thousand households cost as many statements as one."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Cast, Select, Text, Uuid, bindparam, cast, column, func, inspect, literal, select, update
from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.sql.selectable import TableValuedAlias

from guyub.db.base import TableModel
from guyub.db.unit_of_work import Work


def table_of(model: type[TableModel]) -> SqlTable:
    """Returns the table itself, for statements over columns."""
    table: SqlTable = inspect(model).local_table
    return table


def new_ids(work: Work, count: int) -> list[UUID]:
    """Ids (uuid version 7) in rising order, made by the database before the rows, so that rows can name each other."""
    return list(
        work.scalars(select(func.uuidv7(type_=Uuid)).select_from(func.generate_series(1, count).alias("place")))
    )


def rows_of(model: type[TableModel], rows: Sequence[Mapping[str, Any]], place: str | None = None) -> TableValuedAlias:
    """Returns rows as a table of a statement, one array for each column of the model; they all have the same columns.

    ``place`` names a column with the place of each row, from 1.
    """
    table = table_of(model)
    columns = [table.c[name] for name in rows[0]]
    arrays = [
        cast(bindparam(None, [row[column.name] for row in rows], type_=ARRAY(column.type)), ARRAY(column.type))
        for column in columns
    ]
    shaped = func.unnest(*arrays).table_valued(
        *(column(item.name, item.type) for item in columns), with_ordinality=place, name="given"
    )
    return shaped.render_derived()


def recordset(rows: Sequence[Mapping[str, Any]], types: Mapping[str, Any]) -> TableValuedAlias:
    """Returns rows as a table of a statement, by the types of their columns; unlike ``rows_of`` also with lists in them."""
    columns = [column(name, sql_type) for name, sql_type in types.items()]
    as_table = func.jsonb_to_recordset(as_jsonb(rows)).table_valued(*columns, name="given")
    return as_table.render_derived(with_types=True)


def as_jsonb(value: object) -> Cast[Any]:
    """Returns a value for a parameter of the type jsonb; days, moments and ids are written as text."""
    return cast(literal(json.dumps(value, default=str), Text), JSONB)


def save_rows(work: Work, model: type[TableModel], rows: Select[*tuple[Any, ...]], key: Sequence[str]) -> None:
    """Inserts the rows of a select and brings those up to date whose ``key`` is there already; one statement.

    The columns of the select have the names of the model's; no others are written.
    """
    names = [column.name for column in rows.selected_columns]
    statement = insert(table_of(model)).from_select(names, rows, include_defaults=False)
    changes = {name: statement.excluded[name] for name in names if name not in key}
    work.session.execute(statement.on_conflict_do_update(index_elements=key, set_=changes))


def insert_rows(
    work: Work, model: type[TableModel], rows: Sequence[Mapping[str, Any]], *, unless_there: Sequence[str] | None = None
) -> None:
    """Inserts rows that all have the same columns: one statement, one array for each column.

    Rows whose key ``unless_there`` (its columns; none mean any key) is there already are left out.
    """
    if not rows:
        return
    statement = insert(table_of(model)).from_select(list(rows[0]), select(rows_of(model, rows)), include_defaults=False)
    if unless_there is not None:
        statement = statement.on_conflict_do_nothing(index_elements=unless_there or None)
    work.session.execute(statement)


def update_row(work: Work, model: type[TableModel], row_id: UUID, values: Mapping[str, Any]) -> None:
    """Changes one row of this facility; that it exists was asked before."""
    table = table_of(model)
    work.change(update(table).where(table.c.facility_id == work.here.id, table.c.id == row_id).values(**values))
