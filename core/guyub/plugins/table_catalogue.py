"""What stands in a plugin's schema, read from PostgreSQL's catalogue. Statements are text: it has no models."""

from typing import Any

from sqlalchemy import Connection, text

ADDED = "guyub_here_"
"""How the names of constraints begin that the host adds; they are none of the plugin's own."""


def tables(connection: Connection, slug: str) -> list[tuple[str, str | None]]:
    """Returns every table but the versions', with the column that says whose rows they are."""
    return [
        (name, column)
        for name, column in rows_of(
            connection,
            """SELECT c.relname, (SELECT min(a.attname) FROM pg_attribute a
                                  WHERE a.attrelid = c.oid AND a.attname IN ('facility_id', 'region_id')
                                    AND a.atttypid = 'uuid'::regtype AND a.attnotnull)
               FROM pg_class c
               WHERE c.relnamespace = to_regnamespace(quote_ident(:slug)) AND c.relkind IN ('r', 'p')
                 AND c.relname <> 'schema_version'
               ORDER BY c.relname""",
            slug,
        )
    ]


def keys(connection: Connection, slug: str) -> list[Any]:
    """Its foreign keys: table, name, columns, target_schema, target, target_columns, deferred."""
    return rows_of(
        connection,
        """SELECT c.relname AS table, k.conname AS name, n.nspname AS target_schema, t.relname AS target,
                  k.condeferrable AS deferred,
                  ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY u (num, at)
                        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY u.at) AS columns,
                  ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY u (num, at)
                        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY u.at) AS target_columns
           FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
           JOIN pg_namespace n ON n.oid = t.relnamespace
           WHERE k.contype = 'f' AND k.connamespace = to_regnamespace(quote_ident(:slug)) AND k.conparentid = 0
           ORDER BY c.relname, k.conname""",
        slug,
    )


def rows_of(connection: Connection, statement: str, slug: str) -> list[Any]:
    return list(connection.execute(text(statement), {"slug": slug}).all())


def is_of_facilities(key: Any, slug: str, columns: dict[str, str | None]) -> bool:
    """Returns whether what the key points at belongs to one facility."""
    if key.target_schema == slug:
        return columns.get(key.target) == "facility_id"
    return bool(key.target == "household")


def is_paired(key: Any) -> bool:
    return ("facility_id", "facility_id") in zip(key.columns, key.target_columns, strict=True)
