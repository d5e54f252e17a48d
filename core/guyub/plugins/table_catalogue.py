"""Holds what stands in a plugin's schema, read from PostgreSQL's catalogue. Statements are text: it has no models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, TableClause, Text, column, table, text

ADDED = "guyub_here_"
"""How the names of constraints begin that the host adds; they are none of the plugin's own."""
VERSIONS = "schema_version"


@dataclass(frozen=True, slots=True)
class PluginTable:
    """``scope_column`` says whose rows they are: ``facility_id``, ``region_id``, or None; ``columns`` are those that are
    written."""

    name: str
    scope_column: str | None
    is_partitioned: bool
    columns: list[str]


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """``of_partition``: a partition has it from its table."""

    name: str
    table: str
    columns: list[str]
    target_schema: str
    target: str
    target_columns: list[str]
    deferrable: bool
    of_partition: bool


def tables(connection: Connection, slug: str) -> list[PluginTable]:
    """Returns every table but the versions', in the order of their names."""
    rows = rows_of(
        connection,
        """SELECT c.relname AS name, c.relkind = 'p' AS is_partitioned,
                  (SELECT min(a.attname) FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname IN ('facility_id', 'region_id')
                     AND a.atttypid = 'uuid'::regtype AND a.attnotnull) AS scope_column,
                  ARRAY(SELECT a.attname::text FROM pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                        ORDER BY a.attnum) AS columns
           FROM pg_class c
           WHERE c.relnamespace = to_regnamespace(quote_ident(:slug)) AND c.relkind IN ('r', 'p')
             AND c.relname <> 'schema_version'
           ORDER BY c.relname""",
        slug,
    )
    return [PluginTable(**row._mapping) for row in rows]


def scope_columns(connection: Connection, slug: str) -> dict[str, str | None]:
    """Returns by table the column that says whose rows they are."""
    return {plugin_table.name: plugin_table.scope_column for plugin_table in tables(connection, slug)}


def keys(connection: Connection, slug: str) -> list[ForeignKey]:
    """Returns the foreign keys as their author wrote them."""
    return [key for key in keys_and_copies(connection, slug) if not key.of_partition]


def keys_and_copies(connection: Connection, slug: str) -> list[ForeignKey]:
    """Returns the foreign keys, and the copies that PostgreSQL makes of them for partitions."""
    rows = rows_of(
        connection,
        """SELECT c.relname AS table, k.conname AS name, n.nspname AS target_schema, t.relname AS target,
                  k.condeferrable AS deferrable, k.conparentid <> 0 AS of_partition,
                  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (num, at)
                        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.at) AS columns,
                  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (num, at)
                        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.at) AS target_columns
           FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
           JOIN pg_namespace n ON n.oid = t.relnamespace
           WHERE k.contype = 'f' AND k.connamespace = to_regnamespace(quote_ident(:slug))
           ORDER BY c.relname, k.conname""",
        slug,
    )
    return [ForeignKey(**row._mapping) for row in rows]


def reserved_constraints(connection: Connection, slug: str) -> list[Any]:
    """Returns the constraints with a name that only the host gives: table and name, keys of rows last."""
    return rows_of(
        connection,
        """SELECT conrelid::regclass::text AS table, conname AS name FROM pg_constraint
           WHERE connamespace = to_regnamespace(quote_ident(:slug)) AND starts_with(conname, 'guyub_here_')
           ORDER BY contype = 'u', conname""",
        slug,
    )


def versions_table(slug: str) -> TableClause:
    """Returns the table in which Alembic keeps the revisions of the plugin's schema."""
    return table(VERSIONS, column("version_num", Text), schema=slug)


def rows_of(connection: Connection, statement: str, slug: str) -> list[Any]:
    return list(connection.execute(text(statement), {"slug": slug}).all())


def is_of_facilities(key: ForeignKey, slug: str, columns: Mapping[str, str | None]) -> bool:
    """Returns whether what the key points at belongs to one facility."""
    if key.target_schema == slug:
        return columns.get(key.target) == "facility_id"
    return key.target == "household"


def is_paired(key: ForeignKey) -> bool:
    return ("facility_id", "facility_id") in zip(key.columns, key.target_columns, strict=True)
