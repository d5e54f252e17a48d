"""Holds what the host adds to a plugin's schema: row-level security, keys that stay at the facility, grants.

It runs as the schema's owner, inside the transaction of the migrations: what is refused leaves nothing behind.
Statements are text: the catalogue has no models, and what is added is made of names of the plugin.
"""

from hashlib import sha256

from sqlalchemy import Connection, inspect

from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.table_catalogue import (
    ADDED,
    VERSIONS,
    is_of_facilities,
    is_paired,
    keys,
    reserved_constraints,
    rows_of,
    scope_columns,
)
from guyub.plugins.table_rules import RULES

_WRITING = {"insert_in_scope": "INSERT", "update_in_scope": "UPDATE", "delete_in_scope": "DELETE"}
_READERS = {f"readers_{deed.lower()}_nothing": deed for deed in _WRITING.values()}
"""Policies that keep those who came by a token from writing, whatever the others allow."""


def lift(connection: Connection, slug: str) -> None:
    """Takes off what ``protect`` added, so that migrations meet the tables as their author knows them.

    Row-level security stays on, with the owner's own policy: should a migration commit, nobody else sees a row.
    """
    for table, policy in rows_of(
        connection, "SELECT tablename, policyname FROM pg_policies WHERE schemaname = :slug", slug
    ):
        if policy in ("in_scope", "read_all", *_WRITING, *_READERS):
            _do(connection, f"DROP POLICY {policy} ON {_q(slug)}.{_q(table)}")
    for table, name in reserved_constraints(connection, slug):
        _do(connection, f"ALTER TABLE {table} DROP CONSTRAINT {_q(name)}")


def protect(connection: Connection, slug: str, app: str) -> None:
    """Raises ``Refusal`` for what a plugin may not have; else adds what keeps every row at its facility."""
    # A migration may have put its own schema first: no operator or type of its own is found below.
    _do(connection, "SET LOCAL search_path = pg_catalog, pg_temp")
    for rule in RULES:
        for what in rule(connection, slug, app):
            raise PluginsRefusal.TABLES.refusal(what=what)
    _keep_keys_at_the_facility(connection, slug)
    personal = _personal_tables(connection, slug)
    # Not even by the plugin itself: TRUNCATE, for one, knows no row-level security.
    _do(connection, f"REVOKE ALL ON ALL TABLES IN SCHEMA {_q(slug)} FROM {_q(app)}")
    for table, column in scope_columns(connection, slug).items():
        door = "region_scope" if column == "region_id" else "personal_scope" if table in personal else "scope"
        _secure(connection, slug, table, column, door, app)
    _grant(connection, slug, app)


def _keep_keys_at_the_facility(connection: Connection, slug: str) -> None:
    """Makes keys to households and other tables of facilities hold within one facility only: the pair is referenced."""
    columns = scope_columns(connection, slug)
    unique: set[str] = set()
    for key in keys(connection, slug):
        if not is_of_facilities(key, slug, columns) or is_paired(key):
            continue
        source = ", ".join(map(_q, ("facility_id", *key.columns)))
        target = ", ".join(map(_q, ("facility_id", *key.target_columns)))
        pair = _added_name(f"{key.target}({target})")
        if key.target_schema == slug and pair not in unique:
            unique.add(pair)
            _do(connection, f"ALTER TABLE {_q(slug)}.{_q(key.target)} ADD CONSTRAINT {pair} UNIQUE ({target})")
        _do(
            connection,
            f"ALTER TABLE {_q(slug)}.{_q(key.table)} ADD CONSTRAINT {_added_name(f'{key.table}.{key.name}')} "
            f"FOREIGN KEY ({source}) REFERENCES {_q(key.target_schema)}.{_q(key.target)} ({target})"
            f"{' DEFERRABLE INITIALLY DEFERRED' if key.deferrable else ''}",
        )


def _personal_tables(connection: Connection, slug: str) -> frozenset[str]:
    """Returns the tables that point at a household, and those that point at them."""
    pointers = [(key.table, key.target_schema, key.target) for key in keys(connection, slug)]
    personal = {table for table, schema, target in pointers if (schema, target) == ("guyub", "household")}
    while more := {table for table, schema, target in pointers if schema == slug and target in personal} - personal:
        personal |= more
    return frozenset(personal)


def _secure(connection: Connection, slug: str, table: str, column: str | None, door: str, app: str) -> None:
    name = f"{_q(slug)}.{_q(table)}"
    _force(connection, name)
    within = f"({column} = ANY ((SELECT guyub.{door}())::uuid[]))"
    if door == "personal_scope":
        # What is open to somebody for a purpose is read and never written.
        _do(connection, f"CREATE POLICY in_scope ON {name} FOR SELECT TO {_q(app)} USING {within}")
        within = within.replace(door, "personal_writing_scope")
        for policy, deed in _WRITING.items():
            asked = "WITH CHECK" if deed == "INSERT" else "USING"
            _do(connection, f"CREATE POLICY {policy} ON {name} FOR {deed} TO {_q(app)} {asked} {within}")
    else:
        _do(connection, f"CREATE POLICY in_scope ON {name} TO {_q(app)} USING {within} WITH CHECK {within}")
    for policy, deed in _READERS.items():
        asked = "WITH CHECK" if deed == "INSERT" else "USING"
        writes = f"FOR {deed} TO {_q(app)} {asked} (NOT (SELECT guyub.only_reads()))"
        _do(connection, f"CREATE POLICY {policy} ON {name} AS RESTRICTIVE {writes}")
    _do(connection, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {_q(app)}")


def _grant(connection: Connection, slug: str, app: str) -> None:
    schema, to = _q(slug), _q(app)
    _do(connection, f"GRANT USAGE ON SCHEMA {schema} TO {to}")
    _do(connection, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {to}")
    _do(connection, f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    _do(connection, f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {to}")
    for view in inspect(connection).get_view_names(schema=slug):
        _do(connection, f"GRANT SELECT ON {schema}.{_q(view)} TO {to}")
    _force(connection, f"{schema}.{VERSIONS}")
    _do(connection, f"CREATE POLICY read_all ON {schema}.{VERSIONS} FOR SELECT TO {to} USING (true)")
    _do(connection, f"GRANT SELECT ON {schema}.{VERSIONS} TO {to}")


def _force(connection: Connection, name: str) -> None:
    _do(connection, f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    _do(connection, f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    _do(connection, f"DROP POLICY IF EXISTS owner_all ON {name}")
    _do(connection, f"CREATE POLICY owner_all ON {name} TO CURRENT_USER USING (true) WITH CHECK (true)")


def _do(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _added_name(of: str) -> str:
    return ADDED + sha256(of.encode()).hexdigest()[:16]
