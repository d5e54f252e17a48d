"""The tables of a plugin as files: one CSV each and a manifest, written before they are dropped, and read back.

``manifest.json``: ``format`` 1, ``plugin``, ``schema_version`` (Alembic revisions), ``made_at``, ``tables`` (``name``, ``file``,
``columns``, ``rows``, ``sha256``) in an order in which they can be filled, ``sequences`` (``name``, ``last_value``).
CSV is PostgreSQL's own: UTF-8, a header, NULL an empty field, an empty text ``""``. Statements are text: COPY, locks, and
reads of the catalogue and of tables that have no model here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Connection, create_engine, literal, select
from sqlalchemy import table as table_clause
from sqlalchemy.schema import DropSchema

from guyub.db.installation import Installation
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.table_catalogue import ForeignKey, PluginTable, keys, keys_and_copies, rows_of, tables
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
    with entered(installation, slug) as here, _as_owner(here) as connection:
        manifest = _export(connection, slug, folder)
        connection.execute(DropSchema(slug, cascade=True))
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


def _export(connection: Connection, slug: str, folder: Path) -> Manifest:
    driver: Any = connection.connection.driver_connection
    in_order = _in_order(connection, slug)
    for table in in_order:
        driver.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(slug, table.name)))
    archived = tuple(
        _export_table(driver, slug, table, folder / _file_of(table.name, at)) for at, table in enumerate(in_order, 1)
    )
    used = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = :slug AND last_value IS NOT NULL"
    sequences = {row.sequencename: row.last_value for row in rows_of(connection, used, slug)}
    versions = tuple(sorted(revisions(connection, slug)))
    return _write_manifest(folder, Manifest(slug, versions, _now(), archived, sequences))


def _file_of(name: str, at: int) -> str:
    """Returns the name of a table's file: a plain name is kept; one with other signs, which a folder might not take,
    becomes a number."""
    return f"{name}.csv" if _PLAIN.fullmatch(name) else f"table-{at}.csv"


def _export_table(driver: psycopg.Connection, slug: str, table: PluginTable, path: Path) -> ArchivedTable:
    statement = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT csv, HEADER)").format(
        sql.Identifier(slug, table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with driver.cursor() as cursor:
        with path.open("xb") as file, cursor.copy(statement) as copy:
            for part in copy:
                file.write(part)
        rows = cursor.rowcount
    return ArchivedTable(table.name, path.name, tuple(table.columns), rows, _digest(path))


def _fill(connection: Connection, slug: str, manifest: Manifest, folder: Path) -> None:
    """Fills the tables as the owner, before row-level security is forced on them; the plugin's own triggers rest, and keys
    between its tables are looked at when all are filled: rows may point at one another in a circle."""
    driver: Any = connection.connection.driver_connection
    names = [sql.Identifier(slug, table.name) for table in manifest.tables]
    waiting = [key for key in keys(connection, slug) if key.target_schema == slug and not key.deferrable]
    for name in names:
        driver.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    _alter_keys(driver, slug, waiting, "DEFERRABLE INITIALLY DEFERRED")
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
    _alter_keys(driver, slug, waiting, "NOT DEFERRABLE")
    for name in names:
        driver.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))


def _alter_keys(driver: psycopg.Connection, slug: str, keys: Sequence[ForeignKey], how: LiteralString) -> None:
    for key in keys:
        driver.execute(
            sql.SQL("ALTER TABLE {} ALTER CONSTRAINT {} " + how).format(
                sql.Identifier(slug, key.table), sql.Identifier(key.name)
            )
        )


def _in_order(connection: Connection, slug: str) -> list[PluginTable]:
    """Returns the tables with rows of their own, each after those that its keys point at."""
    with_rows = {table.name: table for table in tables(connection, slug) if not table.is_partitioned}
    needs: dict[str, set[str]] = {name: set() for name in with_rows}
    for key in keys_and_copies(connection, slug):
        if key.target_schema == slug and key.table != key.target and key.table in needs and key.target in needs:
            needs[key.table].add(key.target)
    ordered: list[str] = []
    while needs:
        # In a circle of keys any may come first: they are looked at when all are filled.
        name = next((need for need in needs if not needs[need] - set(ordered)), min(needs))
        ordered.append(name)
        del needs[name]
    return [with_rows[name] for name in ordered]


def _clear(installation: Installation, slug: str) -> None:
    """Drops a schema that has tables but no rows; one with rows is left alone."""
    if not is_there(installation, slug):
        return
    with entered(installation, slug) as here, _as_owner(here) as connection:
        for table in _in_order(connection, slug):
            if connection.execute(
                select(literal(1)).select_from(table_clause(table.name, schema=slug)).limit(1)
            ).first():
                raise _has_rows(slug, table.name)
    drop(installation, slug)


@contextmanager
def _as_owner(here: Entered) -> Iterator[Connection]:
    """Gives a connection of the schema's owner; the end of the block commits."""
    engine = create_engine(here.url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


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
