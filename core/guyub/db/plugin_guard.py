"""What a plugin's schema may hold, and what the host adds to it: row-level security, keys that stay at the facility, grants.

It runs as the schema's owner, inside the transaction of the migrations: what is refused leaves nothing behind.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from guyub.db.plugin_schemas import PUBLISHED
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

VERSIONS = "schema_version"
_ME = "(SELECT oid FROM pg_roles WHERE rolname = current_user)"
_PREFIX = "guyub_here_"
"""Constraints that the host adds; a plugin's own migrations never see them."""


def lift(connection: Connection, slug: str) -> None:
    """Takes off what ``protect`` added, so that migrations meet the tables as their author knows them.

    Row-level security stays on, with the owner's own policy: should a migration commit, nobody else sees a row.
    """
    for table, policy in _rows(
        connection, "SELECT tablename, policyname FROM pg_policies WHERE schemaname = :slug", slug
    ):
        if policy in ("in_scope", "read_all"):
            _do(connection, f"DROP POLICY {policy} ON {_q(slug)}.{_q(table)}")
    added = _rows(
        connection,
        """SELECT conrelid::regclass::text, conname FROM pg_constraint
           WHERE connamespace = to_regnamespace(quote_ident(:slug)) AND starts_with(conname, 'guyub_here_')
           ORDER BY contype = 'u'""",
        slug,
    )
    for table, name in added:
        _do(connection, f"ALTER TABLE {table} DROP CONSTRAINT {_q(name)}")


def protect(connection: Connection, slug: str, app: str) -> None:
    """Raises ``Refusal`` for what a plugin may not have; else adds what keeps every row at its facility."""
    # A migration may have put its own schema first: no operator or type of its own is found below.
    _do(connection, "SET LOCAL search_path = pg_catalog, pg_temp")
    for check in _CHECKS:
        for what in check(connection, slug, app):
            raise Refusal("db.plugin_tables", what, _TELL_AUTHOR)
    _keep_keys_at_the_facility(connection, slug)
    personal = _personal_tables(connection, slug)
    # Not even by the plugin itself: TRUNCATE, for one, knows no row-level security.
    _do(connection, f"REVOKE ALL ON ALL TABLES IN SCHEMA {_q(slug)} FROM {_q(app)}")
    for table, column in _tables(connection, slug):
        door = "region_scope" if column == "region_id" else "personal_scope" if table in personal else "scope"
        _secure(connection, slug, table, f"{column} = ANY ((SELECT guyub.{door}())::uuid[])", app)
    _grant(connection, slug, app)


# --- what is refused ---------------------------------------------------------------------------------------------


def _tables_of_nobody(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    for table, column in _tables(connection, slug):
        if column is None:
            yield Text(
                id="Tabel “{table}” tidak memiliki kolom facility_id atau region_id (uuid, wajib diisi).",
                en="The table “{table}” has no column facility_id or region_id (uuid, not null).",
            ).format(table=table)


def _other_relations(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    rows = _rows(
        connection,
        """SELECT c.relname, c.relkind FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(:slug))
           AND (c.relkind IN ('m', 'f')
                OR (c.relkind = 'v' AND NOT COALESCE(c.reloptions, '{}') && ARRAY['security_invoker=true', 'security_invoker=on',
                                                                                    'security_invoker=1']))
           ORDER BY c.relname""",
        slug,
    )
    for name, kind in rows:
        if kind == "v":
            yield Text(
                id="Tampilan “{name}” harus dibuat WITH (security_invoker = true), agar hanya menampilkan baris UPT pembacanya.",
                en="The view “{name}” must be made WITH (security_invoker = true), to show only rows of its reader's facility.",
            ).format(name=name)
        else:
            yield Text(
                id="“{name}” bukan tabel biasa (materialized view atau foreign table) dan tidak dapat dilindungi per UPT.",
                en="“{name}” is no plain table (a materialized view or foreign table) and cannot be protected by facility.",
            ).format(name=name)


def _outside(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    rows = _rows(
        connection,
        f"""SELECT n.nspname || '.' || o.name FROM (
               SELECT relnamespace AS ns, relname AS name, relowner AS owner FROM pg_class
               UNION ALL SELECT pronamespace, proname, proowner FROM pg_proc
               UNION ALL SELECT typnamespace, typname, typowner FROM pg_type) o
           JOIN pg_namespace n ON n.oid = o.ns
           WHERE o.owner = {_ME} AND n.nspname NOT IN (:slug, 'pg_toast')""",
        slug,
    )
    for (name,) in rows:
        yield Text(id="“{name}” berada di luar skema plugin.", en="“{name}” lies outside the plugin's schema.").format(
            name=name
        )


def _borrowed_rights(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    rows = _rows(
        connection,
        "SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident(:slug)) AND prosecdef",
        slug,
    )
    for (name,) in rows:
        yield Text(
            id="Fungsi “{name}” memakai SECURITY DEFINER, sehingga dapat membaca baris UPT lain.",
            en="The function “{name}” is SECURITY DEFINER and could read rows of other facilities.",
        ).format(name=name)


def _foreign_grants(connection: Connection, slug: str, app: str) -> Iterator[Text]:
    rows = connection.execute(
        text(
            f"""WITH acls AS (
                   SELECT c.relname AS name, c.relacl AS acl FROM pg_class c
                   WHERE c.relnamespace = to_regnamespace(quote_ident(:slug))
                   UNION ALL SELECT c.relname || '.' || a.attname, a.attacl
                   FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                   WHERE c.relnamespace = to_regnamespace(quote_ident(:slug))
                   UNION ALL SELECT nspname, nspacl FROM pg_namespace WHERE nspname = :slug
                   UNION ALL SELECT 'ALTER DEFAULT PRIVILEGES', defaclacl FROM pg_default_acl
                   WHERE defaclrole = {_ME})
               SELECT DISTINCT acls.name, CASE WHEN e.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(e.grantee) END
               FROM acls CROSS JOIN LATERAL aclexplode(acls.acl) e
               WHERE e.grantee NOT IN ({_ME}, to_regrole(quote_ident(:app)))"""
        ),
        {"slug": slug, "app": app},
    )
    for name, grantee in rows:
        yield Text(
            id="“{name}” diberikan kepada {grantee}; hak akses hanya diberikan oleh Guyub.",
            en="“{name}” is granted to {grantee}; only Guyub grants.",
        ).format(name=name, grantee=grantee)


def _own_policies_and_rules(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    rows = _rows(
        connection,
        f"""SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
           WHERE c.relnamespace = to_regnamespace(quote_ident(:slug))
             AND NOT (p.polname = 'owner_all' AND p.polroles = ARRAY[{_ME}])
           UNION SELECT c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
           WHERE c.relnamespace = to_regnamespace(quote_ident(:slug)) AND c.relkind IN ('r', 'p')""",
        slug,
    )
    for (table,) in rows:
        yield Text(
            id="Tabel “{table}” membawa POLICY atau RULE sendiri; pembatasan per UPT hanya dibuat oleh Guyub.",
            en="The table “{table}” brings a POLICY or RULE of its own; only Guyub limits rows to facilities.",
        ).format(table=table)


def _keys_elsewhere(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    allowed = {(table, frozenset(columns)) for table, columns in (*PUBLISHED, ("household", ("id",)))}
    for key in _keys(connection, slug):
        is_published = key.target_schema == "guyub" and (key.target, frozenset(key.target_columns)) in allowed
        if key.target_schema != slug and not is_published:
            yield Text(
                id="Kunci “{name}” menunjuk {target}, yang tidak terbuka bagi plugin.",
                en="The key “{name}” points at {target}, which is not published to plugins.",
            ).format(name=key.name, target=f"{key.target_schema}.{key.target} ({', '.join(key.target_columns)})")


def _keys_across_facilities(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    columns = dict(_tables(connection, slug))
    for key in _keys(connection, slug):
        if not _is_of_facilities(key, slug, columns) or _is_paired(key):
            continue
        if columns[key.table] != "facility_id" or "facility_id" in (*key.columns, *key.target_columns):
            yield Text(
                id="Kunci “{name}” pada tabel “{table}” dapat menunjuk baris UPT lain; pasangkan facility_id dengan facility_id.",
                en="The key “{name}” of the table “{table}” may point at a row of another facility; pair facility_id with it.",
            ).format(name=key.name, table=key.table)


_CHECKS: tuple[Callable[[Connection, str, str], Iterator[Text]], ...] = (
    _tables_of_nobody, _other_relations, _outside, _borrowed_rights, _foreign_grants, _own_policies_and_rules, _keys_elsewhere,
    _keys_across_facilities,
)  # fmt: skip


# --- what is added -----------------------------------------------------------------------------------------------


def _keep_keys_at_the_facility(connection: Connection, slug: str) -> None:
    """A key to a household or to another table of facilities holds only within one facility: the pair is referenced."""
    columns = dict(_tables(connection, slug))
    unique: set[str] = set()
    for key in _keys(connection, slug):
        if not _is_of_facilities(key, slug, columns) or _is_paired(key):
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
            f"{' DEFERRABLE INITIALLY DEFERRED' if key.deferred else ''}",
        )


def _is_of_facilities(key: Any, slug: str, columns: dict[str, str | None]) -> bool:
    """Whether what the key points at belongs to one facility."""
    if key.target_schema == slug:
        return columns.get(key.target) == "facility_id"
    return bool(key.target == "household")


def _is_paired(key: Any) -> bool:
    return ("facility_id", "facility_id") in zip(key.columns, key.target_columns, strict=True)


def _personal_tables(connection: Connection, slug: str) -> frozenset[str]:
    """Those that point at a household, and those that point at them."""
    keys = [(key.table, key.target_schema, key.target) for key in _keys(connection, slug)]
    found = {table for table, schema, target in keys if (schema, target) == ("guyub", "household")}
    while more := {table for table, schema, target in keys if schema == slug and target in found} - found:
        found |= more
    return frozenset(found)


def _secure(connection: Connection, slug: str, table: str, condition: str, app: str) -> None:
    name = f"{_q(slug)}.{_q(table)}"
    _force(connection, name)
    _do(connection, f"CREATE POLICY in_scope ON {name} TO {_q(app)} USING ({condition}) WITH CHECK ({condition})")
    _do(connection, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {_q(app)}")


def _grant(connection: Connection, slug: str, app: str) -> None:
    schema, to = _q(slug), _q(app)
    _do(connection, f"GRANT USAGE ON SCHEMA {schema} TO {to}")
    _do(connection, f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {to}")
    _do(connection, f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {schema} FROM PUBLIC")
    _do(connection, f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {to}")
    for (view,) in _rows(connection, "SELECT viewname FROM pg_views WHERE schemaname = :slug", slug):
        _do(connection, f"GRANT SELECT ON {schema}.{_q(view)} TO {to}")
    _force(connection, f"{schema}.{VERSIONS}")
    _do(connection, f"CREATE POLICY read_all ON {schema}.{VERSIONS} FOR SELECT TO {to} USING (true)")
    _do(connection, f"GRANT SELECT ON {schema}.{VERSIONS} TO {to}")


def _force(connection: Connection, name: str) -> None:
    _do(connection, f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    _do(connection, f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    _do(connection, f"DROP POLICY IF EXISTS owner_all ON {name}")
    _do(connection, f"CREATE POLICY owner_all ON {name} TO CURRENT_USER USING (true) WITH CHECK (true)")


# --- what is there -----------------------------------------------------------------------------------------------


def _tables(connection: Connection, slug: str) -> list[tuple[str, str | None]]:
    """Every table but the versions', with the column that says whose rows they are."""
    return [
        (name, column)
        for name, column in _rows(
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


def _keys(connection: Connection, slug: str) -> list[Any]:
    """The plugin's own foreign keys: table, name, columns, target_schema, target, target_columns, deferred."""
    return _rows(
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
             AND NOT starts_with(k.conname, 'guyub_here_')
           ORDER BY c.relname, k.conname""",
        slug,
    )


def _rows(connection: Connection, statement: str, slug: str) -> list[Any]:
    return list(connection.execute(text(statement), {"slug": slug}).all())


def _do(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _added_name(of: str) -> str:
    return _PREFIX + sha256(of.encode()).hexdigest()[:16]


_TELL_AUTHOR = Text(
    id="Laporkan kepada pembuat plugin; tidak ada yang diubah. Aturannya ada di docs/plugins/tables.md.",
    en="Tell the plugin's author; nothing was changed. The rules are in docs/plugins/tables.md.",
)
