"""Holds what a plugin's schema may not hold: each rule answers with sentences about what breaks it.

Statements are text: they read PostgreSQL's catalogue, which has no models.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text

from guyub.plugins.table_catalogue import (
    is_of_facilities,
    is_paired,
    keys,
    reserved_constraints,
    rows_of,
    scope_columns,
)
from guyub.plugins.table_schemas import PUBLISHED
from guyub.sdk.text import Text

_ME = "(SELECT oid FROM pg_roles WHERE rolname = current_user)"


def _tables_of_nobody(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    for table, column in scope_columns(connection, slug).items():
        if column is None:
            yield Text(
                id="Tabel “{table}” tidak memiliki kolom facility_id atau region_id (uuid, wajib diisi).",
                en="The table “{table}” has no column facility_id or region_id (uuid, not null).",
            ).format(table=table)


def _other_relations(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    rows = rows_of(
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
    rows = rows_of(
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
    rows = rows_of(
        connection,
        "SELECT proname FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident(:slug)) AND prosecdef",
        slug,
    )
    for (name,) in rows:
        yield Text(
            id="Fungsi “{name}” memakai SECURITY DEFINER, sehingga dapat membaca baris UPT lain.",
            en="The function “{name}” is SECURITY DEFINER and could read rows of other facilities.",
        ).format(name=name)


def _bodies_that_reach_out(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    """Yields functions that reach out: the application calls a function with its own rights, and may read the tables of
    every plugin."""
    rows = rows_of(
        connection,
        """SELECT p.proname, n.nspname FROM pg_proc p
           JOIN pg_class v ON v.relname = 'schema_version'
           JOIN pg_namespace n ON n.oid = v.relnamespace AND n.nspname <> :slug
           WHERE p.pronamespace = to_regnamespace(quote_ident(:slug))
             AND p.prosrc ~* ('(^|[^[:alnum:]_])"?' || n.nspname || '"?[[:space:]]*[.]')
           ORDER BY p.proname, n.nspname""",
        slug,
    )
    for name, schema in rows:
        yield Text(
            id="Fungsi “{name}” menyebut skema “{schema}” milik plugin lain.",
            en="The function “{name}” names “{schema}”, the schema of another plugin.",
        ).format(name=name, schema=schema)


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
    rows = rows_of(
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


def _reserved_names(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    for _, name in reserved_constraints(connection, slug):
        yield Text(
            id="Nama “{name}” berawal dengan guyub_here_, yang dipakai oleh Guyub.",
            en="The name “{name}” begins with guyub_here_, which is Guyub's own.",
        ).format(name=name)


def _keys_elsewhere(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    allowed = {(table, frozenset(columns)) for table, columns in (*PUBLISHED, ("household", ("id",)))}
    for key in keys(connection, slug):
        is_published = key.target_schema == "guyub" and (key.target, frozenset(key.target_columns)) in allowed
        if key.target_schema != slug and not is_published:
            yield Text(
                id="Kunci “{name}” menunjuk {target}, yang tidak terbuka bagi plugin.",
                en="The key “{name}” points at {target}, which is not published to plugins.",
            ).format(name=key.name, target=f"{key.target_schema}.{key.target} ({', '.join(key.target_columns)})")


def _keys_across_facilities(connection: Connection, slug: str, _app: str) -> Iterator[Text]:
    columns = scope_columns(connection, slug)
    for key in keys(connection, slug):
        if not is_of_facilities(key, slug, columns) or is_paired(key):
            continue
        if columns[key.table] != "facility_id" or "facility_id" in (*key.columns, *key.target_columns):
            yield Text(
                id="Kunci “{name}” pada tabel “{table}” dapat menunjuk baris UPT lain; pasangkan facility_id dengan facility_id.",
                en="The key “{name}” of the table “{table}” may point at a row of another facility; pair facility_id with it.",
            ).format(name=key.name, table=key.table)


RULES: tuple[Callable[[Connection, str, str], Iterator[Text]], ...] = (
    _tables_of_nobody,
    _other_relations,
    _outside,
    _borrowed_rights,
    _bodies_that_reach_out,
    _foreign_grants,
    _own_policies_and_rules,
    _reserved_names,
    _keys_elsewhere,
    _keys_across_facilities,
)
