"""Holds what the schema ``guyub`` consists of, read from PostgreSQL's catalogue: one digest for each object.

Equal schemas give equal digests whatever their database and its roles are called and however they came about: made,
copied, restored. Schemas of plugins, statistics and comments are no part of it. Statements are text: the
catalogue has no models.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

from guyub.sdk.text import Text

COMMITTED = Path(__file__).parent / "migrations" / "catalogue.json"
"""What this version makes; written by ``python -m tests.catalogue`` after every change of the schema."""
MADE_ON = 18
"""The major version of the server that wrote it. Another one words the same definition in its own way."""

# What is printed depends on these: names without their schema, dates. Compiling the queries takes longer than they do.
_SETTINGS = {
    "search_path": "pg_catalog",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "quote_all_identifiers": "off",
    "jit": "off",
}

# Each query: name, owner, definition, grants; a member is named after its table, with a dot between.
_QUERIES = {
    "schema": """
        SELECT n.nspname, pg_get_userbyid(n.nspowner), '', COALESCE(n.nspacl, acldefault('n', n.nspowner))::text[]
        FROM pg_namespace n WHERE n.nspname = 'guyub'""",
    "table": """
        SELECT c.relname, pg_get_userbyid(c.relowner),
               concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                         (SELECT string_agg(concat_ws('>', i.inhparent::regclass, i.inhrelid::regclass), ','
                                            ORDER BY i.inhparent::regclass::text, i.inhrelid::regclass::text)
                          FROM pg_inherits i WHERE c.oid IN (i.inhparent, i.inhrelid))),
               COALESCE(c.relacl, acldefault('r', c.relowner))::text[]
        FROM pg_class c WHERE c.relnamespace = to_regnamespace('guyub') AND c.relkind NOT IN ('v', 'm', 'i', 'I', 'S', 't')""",
    "view": """
        SELECT c.relname, pg_get_userbyid(c.relowner),
               concat_ws(' ', c.relkind, array_to_string(c.reloptions, ','), pg_get_viewdef(c.oid)),
               COALESCE(c.relacl, acldefault('r', c.relowner))::text[]
        FROM pg_class c WHERE c.relnamespace = to_regnamespace('guyub') AND c.relkind IN ('v', 'm')""",
    "sequence": """
        SELECT c.relname, pg_get_userbyid(c.relowner),
               concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,
                         s.seqmax, s.seqcycle),
               COALESCE(c.relacl, acldefault('s', c.relowner))::text[]
        FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid WHERE c.relnamespace = to_regnamespace('guyub')""",
    "column": """
        SELECT c.relname || '.' || a.attname, NULL,
               concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, k.convalidated, a.attidentity, a.attgenerated,
                         pg_get_expr(d.adbin, d.adrelid),
                         (SELECT l.collname FROM pg_collation l JOIN pg_type y ON y.oid = a.atttypid
                          WHERE l.oid = a.attcollation AND l.oid <> y.typcollation)),
               a.attacl::text[]
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum]
        WHERE c.relnamespace = to_regnamespace('guyub') AND c.relkind NOT IN ('v', 'm', 'i', 'I', 'S', 't')""",
    "constraint": """
        SELECT c.relname || '.' || k.conname, NULL,
               concat_ws(' ', pg_get_constraintdef(k.oid), k.condeferrable, k.condeferred, k.convalidated, k.conenforced,
                         (SELECT 'switched off' FROM pg_trigger t WHERE t.tgconstraint = k.oid AND t.tgenabled <> 'O' LIMIT 1)),
               NULL
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = to_regnamespace('guyub') AND k.contype NOT IN ('n', 't')""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname, NULL, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled), NULL
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = to_regnamespace('guyub') AND NOT t.tgisinternal""",
    "rule": """
        SELECT c.relname || '.' || r.rulename, NULL, concat_ws(' ', pg_get_ruledef(r.oid), r.ev_enabled), NULL
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE c.relnamespace = to_regnamespace('guyub') AND r.rulename <> '_RETURN'""",
    "policy": """
        SELECT c.relname || '.' || p.polname, NULL,
               concat_ws(' ', p.polcmd, p.polpermissive,
                         (SELECT string_agg(r.name, ',' ORDER BY r.name)
                          FROM (SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r)::text END AS name
                                FROM unnest(p.polroles) r) r),
                         pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid)),
               NULL
        FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = to_regnamespace('guyub')""",
    "index": """
        SELECT c.relname, NULL, concat_ws(' ', pg_get_indexdef(c.oid), i.indisvalid), NULL
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = to_regnamespace('guyub')
          AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))""",
    "function": """
        SELECT p.proname || '(' || oidvectortypes(p.proargtypes) || ')', pg_get_userbyid(p.proowner),
               concat_ws(' ', p.prokind,
                         CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END),
               COALESCE(p.proacl, acldefault('f', p.proowner))::text[]
        FROM pg_proc p WHERE p.pronamespace = to_regnamespace('guyub')""",
    "type": """
        SELECT t.typname, pg_get_userbyid(t.typowner),
               concat_ws(' ', t.typtype, format_type(NULLIF(t.typbasetype, 0), t.typtypmod),
                         t.typnotnull, t.typdefault,
                         (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
                         (SELECT string_agg(pg_get_constraintdef(k.oid), ',' ORDER BY k.conname)
                          FROM pg_constraint k WHERE k.contypid = t.oid)),
               COALESCE(t.typacl, acldefault('T', t.typowner))::text[]
        FROM pg_type t WHERE t.typnamespace = to_regnamespace('guyub') AND t.typtype IN ('d', 'e', 'r')""",
}

# Tables whose rows the migrations write and functions decide by, and how a row of one is called.
_RULES = ("account_kind", "journal_kind", "transfer_rule")
_NAMED_ROWS = """
    SELECT concat_ws(' ', r.row ->> 'kind', r.row ->> 'journal_kind', r.row ->> 'credit_kind', r.row ->> 'debit_kind'),
           r.row::text
    FROM (SELECT to_jsonb(t) FROM guyub.{} t) AS r (row)"""
# They belong to the database, not to the schema, and fire on whatever happens to it. Those of extensions are the server's.
_EVENT_TRIGGERS = """
    SELECT e.evtname, concat_ws(' ', e.evtevent, e.evtenabled, array_to_string(e.evttags, ','), e.evtfoid::regprocedure)
    FROM pg_event_trigger e
    WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid
                                                AND d.deptype = 'e')"""

_MEMBERS = frozenset({"column", "constraint", "trigger", "rule", "policy", "row"})
_HOLDERS = ("table", "view")
# Where an expression may name a role; elsewhere a word that happens to look like one stays what it is.
_NAME_ROLES = frozenset({"trigger", "policy"})
_OF_PLUGINS = frozenset({("schema", "U"), ("column", "x")})
"""What roles of plugins hold in this schema (``plugin_schemas.PUBLISHED``): it comes and goes with the plugins."""

_KINDS = {
    "schema": "skema",
    "table": "tabel",
    "view": "view",
    "sequence": "sequence",
    "column": "kolom",
    "constraint": "constraint",
    "trigger": "trigger",
    "rule": "rule",
    "policy": "policy",
    "row": "baris",
    "event-trigger": "event trigger",
    "index": "indeks",
    "function": "fungsi",
    "type": "tipe",
    "grants": "hak akses",
}
_MISSING = Text(id="{object} tidak ada", en="{object} is missing")
_DIFFERENT = Text(id="{object} berbeda", en="{object} differs")
_UNKNOWN = Text(id="{object} tidak dikenal", en="{object} is not known to this version")


def read(connection: psycopg.Connection, roles: str) -> dict[str, str]:
    """Returns each object ("table item", "column item.unit", "grants table item") with its digest; empty without a schema.

    ``roles`` is what the names of the installation's roles begin with. The connection is one with autocommit.
    """
    objects: dict[str, str] = {}
    name_of_role = re.compile(rf'(?<!\w)"?{re.escape(roles)}_(owner|app|migrator)"?(?!\w)')
    with connection.transaction():
        settings = (
            sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), value) for name, value in _SETTINGS.items()
        )
        connection.execute(sql.SQL("; ").join(settings))
        for kind, query in _QUERIES.items():
            for name, owner, definition, grants in connection.execute(query.encode()):
                if kind in _NAME_ROLES:
                    definition = name_of_role.sub(r"{\1}", definition)
                objects[f"{kind} {name}"] = _digest(name_of_role.sub(r"{\1}", owner or "") + definition)
                if grants is not None and (text := " ".join(sorted(_grants(kind, grants, roles, name_of_role)))):
                    objects[f"grants {kind} {name}"] = _digest(text)
        if not objects:
            return {}
        for name, definition in connection.execute(_EVENT_TRIGGERS.encode()):
            objects[f"event-trigger {name}"] = _digest(definition)
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(f"{roles}_owner")))
        for table in (name for name in _RULES if f"table {name}" in objects):
            for key, row_text in connection.execute(sql.SQL(_NAMED_ROWS).format(sql.Identifier(table))):
                objects[f"row {table}.{key}"] = _digest(row_text)
    return objects


@cache
def expected() -> Mapping[str, str]:
    """Returns what this version of the code makes."""
    contents: dict[str, str] = json.loads(COMMITTED.read_text(encoding="utf-8"))
    return contents


def written(catalogue: Mapping[str, str]) -> str:
    """Returns the text of the committed file: one object per line, sorted, so that two changes merge."""
    lines = (f"{json.dumps(name)}: {json.dumps(digest)}" for name, digest in sorted(catalogue.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def differences(present: Mapping[str, str], wanted: Mapping[str, str], server: int = MADE_ON) -> list[Text]:
    """Returns a sentence for each object that is missing, differs, or is none of this version's; further indexes are allowed.

    On a ``server`` of another major version only the names are compared.
    """
    sentences: list[Text] = []
    for name in sorted(present.keys() | wanted.keys()):
        if name not in present:
            if not any(holder in wanted and holder not in present for holder in _holders_of(name)):
                sentences.append(_MISSING.format(object=_object(name)))
        elif name not in wanted:
            is_part = any(holder in present and holder not in wanted for holder in _holders_of(name))
            if not is_part and not name.startswith("index "):
                sentences.append(_UNKNOWN.format(object=_object(name)))
        elif present[name] != wanted[name] and server == MADE_ON:
            sentences.append(_DIFFERENT.format(object=_object(name)))
    return sentences


def _grants(kind: str, grants: list[str], roles: str, name_of_role: re.Pattern[str]) -> Iterator[str]:
    """Yields who holds which right, without who granted it."""
    of_plugins = f"{roles}_plugin_"[:46]
    for grant in grants:
        grantee, _, rest = grant.rpartition("=")
        privileges, _, _grantor = rest.partition("/")
        if grantee.strip('"').startswith(of_plugins) and (kind, privileges) in _OF_PLUGINS:
            continue
        yield name_of_role.sub(r"{\1}", grantee) + "=" + privileges


def _holders_of(name: str) -> list[str]:
    """Returns the tables or views without which the object cannot exist."""
    kind, _, rest = name.partition(" ")
    if kind == "grants":
        return [rest, *_holders_of(rest)]
    if kind not in _MEMBERS:
        return []
    table = rest.partition(".")[0]
    return [f"{holder} {table}" for holder in _HOLDERS]


def _object(name: str) -> Text:
    kind, _, rest = name.partition(" ")
    if kind == "grants":
        return Text(id="hak akses pada {object}", en="what is granted on {object}").format(object=_object(rest))
    return Text(id=f"{_KINDS[kind]} {rest}", en=f"{kind} {rest}")


def _digest(definition: str) -> str:
    return sha256(definition.encode()).hexdigest()[:16]
