"""The tables of a plugin as files: one CSV each and a manifest, written before they are dropped, and read back.

``manifest.json``: ``format`` 1, ``plugin``, ``schema_version`` (Alembic revisions), ``made_at``, ``tables`` (``name``, ``file``,
``columns``, ``rows``, ``sha256``) in an order in which they can be filled, ``sequences`` (``name``, ``last_value``).
CSV is PostgreSQL's own: UTF-8, a header, NULL an empty field, an empty text ``""``. Statements are text: COPY, locks, and
reads of the catalogue and of tables that have no model here.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Connection

from guyub.db.installation import Installation
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.table_migrations import HEAD, migrating, protect, revisions, run
from guyub.plugins.table_schemas import Entered, drop, entered, is_there
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

MANIFEST = "manifest.json"

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class ArchivedTable:
    name: str
    file: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    plugin: str
    schema_version: tuple[str, ...]
    made_at: str
    tables: tuple[ArchivedTable, ...]
    sequences: Mapping[str, int]
    format: int = 1


def purge(installation: Installation, slug: str, folder: Path) -> Manifest:
    """Writes the plugin's tables into an empty or new folder, then drops its schema and role; nothing between is lost.

    The folder holds whatever the plugin kept, personal data too. Raises ``Refusal`` when it is not empty.
    """
    prepare(folder)
    if not is_there(installation, slug):
        return _write_manifest(folder, Manifest(slug, (), _now(), (), {}))
    with entered(installation, slug) as here, psycopg.connect(_conninfo(here)) as driver:
        manifest = _export(driver, slug, folder)
        driver.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(slug)))
    drop(installation, slug)
    return manifest


def restore(installation: Installation, slug: str, scripts: Path, folder: Path) -> Manifest:
    """Makes the plugin's tables as they were exported, fills them, and brings them to the last revision: all or nothing.

    Raises ``Refusal`` when the folder is no export of this plugin or was changed, and when the tables hold rows already.
    """
    manifest = read_manifest(folder, slug)
    _clear(installation, slug)
    with entered(installation, slug) as here, migrating(here, slug) as connection:
        for revision in manifest.schema_version:
            run(connection, slug, scripts, revision)
        if revisions(connection, slug) != frozenset(manifest.schema_version):
            raise _unusable(folder, "versi skemanya tidak cocok", "its schema version does not fit")
        _fill(connection, slug, manifest, folder)
        run(connection, slug, scripts, HEAD)
        protect(connection, slug, here.app)
    return manifest


def read_manifest(folder: Path, slug: str) -> Manifest:
    """Raises ``Refusal`` when the folder is no export of this plugin, or when a file was changed since."""
    try:
        kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if kept.pop("format") != 1 or kept["plugin"] != slug:
            raise ValueError(slug)
        tables = tuple(ArchivedTable(**{**item, "columns": tuple(item["columns"])}) for item in kept.pop("tables"))
        manifest = Manifest(**{**kept, "schema_version": tuple(kept["schema_version"])}, tables=tables)
        for table in tables:
            if Path(table.file).name != table.file or _digest(folder / table.file) != table.sha256:
                raise _unusable(folder, f"{table.file} telah berubah", f"{table.file} was changed")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(folder, f"bukan ekspor plugin “{slug}”", f"is no export of the plugin “{slug}”") from error
    return manifest


def _export(driver: psycopg.Connection, slug: str, folder: Path) -> Manifest:
    names = _in_order(driver, slug)
    for name in names:
        driver.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(slug, name)))
    tables = tuple(_export_table(driver, slug, name, folder / _file_of(name, at)) for at, name in enumerate(names, 1))
    sequences: dict[str, int] = dict(
        driver.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = %s AND last_value IS NOT NULL", [slug]
        ).fetchall()
    )
    versions = driver.execute(
        sql.SQL("SELECT version_num FROM {} ORDER BY 1").format(sql.Identifier(slug, "schema_version"))
    ).fetchall()
    return _write_manifest(folder, Manifest(slug, tuple(row[0] for row in versions), _now(), tables, sequences))


def _file_of(name: str, at: int) -> str:
    """Returns the name of a table's file: a plain name is kept; one with other signs, which a folder might not take,
    becomes a number."""
    return f"{name}.csv" if _PLAIN.fullmatch(name) else f"table-{at}.csv"


def _export_table(driver: psycopg.Connection, slug: str, name: str, path: Path) -> ArchivedTable:
    columns = [
        row[0]
        for row in driver.execute(
            """SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s) || '.' || quote_ident(%s))
               AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""",
            [slug, name],
        )
    ]
    statement = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.Identifier(slug, name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with driver.cursor() as cursor:
        with path.open("xb") as file, cursor.copy(statement) as copy:
            for part in copy:
                file.write(part)
        rows = cursor.rowcount
    return ArchivedTable(name, path.name, tuple(columns), rows, _digest(path))


def _fill(connection: Connection, slug: str, manifest: Manifest, folder: Path) -> None:
    """Fills the tables as the owner, before row-level security is forced on them; the plugin's own triggers rest, and keys
    between its tables are looked at when all are filled: rows may point at one another in a circle."""
    driver: Any = connection.connection.driver_connection
    names = [sql.Identifier(slug, table.name) for table in manifest.tables]
    keys = _keys_between(driver, slug)
    for name in names:
        driver.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    _alter_keys(driver, keys, "DEFERRABLE INITIALLY DEFERRED")
    driver.execute("SET CONSTRAINTS ALL DEFERRED")
    for name, table in zip(names, manifest.tables, strict=True):
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER MATCH)").format(
            name, sql.SQL(", ").join(map(sql.Identifier, table.columns))
        )
        with (folder / table.file).open("rb") as file, driver.cursor() as cursor, cursor.copy(statement) as copy:
            while part := file.read(1 << 16):
                copy.write(part)
    for sequence, last in manifest.sequences.items():
        driver.execute(
            "SELECT setval(to_regclass(quote_ident(%s) || '.' || quote_ident(%s)), %s)", [slug, sequence, last]
        )
    # Every key is looked at here; a table is altered only when nothing about it is left to be looked at.
    driver.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _alter_keys(driver, keys, "NOT DEFERRABLE")
    for name in names:
        driver.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def _keys_between(driver: psycopg.Connection, slug: str) -> list[tuple[str, str, str]]:
    """Schema, table and name of the keys from a table of the plugin to another of its own that cannot wait by themselves."""
    return driver.execute(
        """SELECT n.nspname, c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
           JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE k.contype = 'f' AND NOT k.condeferrable AND k.conparentid = 0
             AND c.relnamespace = to_regnamespace(quote_ident(%s)) AND t.relnamespace = c.relnamespace
           ORDER BY c.relname, k.conname""",
        [slug],
    ).fetchall()


def _alter_keys(driver: psycopg.Connection, keys: Sequence[tuple[str, str, str]], how: LiteralString) -> None:
    for schema, table, key in keys:
        driver.execute(
            sql.SQL("ALTER TABLE {} ALTER CONSTRAINT {} " + how).format(
                sql.Identifier(schema, table), sql.Identifier(key)
            )
        )


def _in_order(driver: psycopg.Connection, slug: str) -> list[str]:
    """Returns the tables with rows of their own, each after those that its keys point at."""
    names = [
        row[0]
        for row in driver.execute(
            """SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)) AND relkind = 'r'
               AND relname <> 'schema_version' ORDER BY relname""",
            [slug],
        )
    ]
    needs: dict[str, set[str]] = {name: set() for name in names}
    for source, target in driver.execute(
        """SELECT c.relname, t.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
           JOIN pg_class t ON t.oid = k.confrelid
           WHERE k.contype = 'f' AND c.relnamespace = to_regnamespace(quote_ident(%s)) AND t.relnamespace = c.relnamespace""",
        [slug],
    ):
        if source != target and source in needs and target in needs:
            needs[source].add(target)
    ordered: list[str] = []
    while needs:
        # In a circle of keys any may come first: they are looked at when all are filled.
        name = next((need for need in needs if not needs[need] - set(ordered)), min(needs))
        ordered.append(name)
        del needs[name]
    return ordered


def _clear(installation: Installation, slug: str) -> None:
    """Drops a schema that has tables but no rows; one with rows is left alone."""
    if not is_there(installation, slug):
        return
    with entered(installation, slug) as here, psycopg.connect(_conninfo(here)) as driver:
        for name in _in_order(driver, slug):
            if driver.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(slug, name))).fetchone():
                raise _has_rows(slug, name)
    drop(installation, slug)


def _conninfo(here: Entered) -> str:
    return here.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _has_rows(slug: str, table: str) -> Refusal:
    return PluginsRefusal.PLUGIN_HAS_ROWS.refusal(slug=slug, table=table)


def prepare(folder: Path) -> None:
    """Makes the folder of an export. Raises ``Refusal`` when there is something in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise _unusable(folder, "tidak kosong", "is not empty")


def _write_manifest(folder: Path, manifest: Manifest) -> Manifest:
    text = json.dumps({"format": manifest.format, **asdict(manifest)}, indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        digest = sha256()
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _unusable(folder: Path, indonesian: str, english: str) -> Refusal:
    return PluginsRefusal.ARCHIVE.refusal(folder=folder, problem=Text(id=indonesian, en=english))
