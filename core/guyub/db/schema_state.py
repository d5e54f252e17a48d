"""Finds out whether a database fits this version of the code and these keys, without changing anything in it.

Statements are text: the schema may be of any version, or none, so no model describes it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.rows import dict_row

from guyub.db import catalogue, repeatable, role_rights, schema_refusals
from guyub.db.connecting import connected, conninfo, has_database, reason_of, require_version
from guyub.db.installation import Installation
from guyub.db.keys import Keys, wrong_key
from guyub.db.migration_sql import MIGRATIONS
from guyub.db.refusals import DbRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class SchemaState:
    """``refusal`` is why nothing may start on the database; ``upgrade_helps`` where ``guyub db upgrade`` is the remedy.

    ``schema`` compares the catalogue with what this version makes. ``problems`` are short, one for each thing found.
    """

    revision: str | None
    schema: Literal["current", "behind", "differs"]
    problems: tuple[Text, ...] = ()
    refusal: Refusal | None = None
    upgrade_helps: bool = False


def schema_state(installation: Installation) -> SchemaState:
    """Returns the state of the installation's database. Raises ``Refusal`` when no server answers or its user may not look."""
    try:
        with psycopg.connect(conninfo(installation.migrator_url), autocommit=True, connect_timeout=10) as connection:
            require_version(connection)
            return _seen_by(connection, installation)
    except (psycopg.OperationalError, psycopg.errors.InsufficientPrivilege) as error:
        # Other keys, no roles, no database, no server: the administrator's connection tells which.
        reason = reason_of(error)
    admin = installation.admin_url
    with connected(admin.set(database="postgres")) as connection:
        if not has_database(connection, admin.database):
            return _behind(None)
    with connected(admin) as connection:
        return _seen_by(connection, installation, reason)


def _seen_by(connection: psycopg.Connection, installation: Installation, reason: str = "") -> SchemaState:
    """Returns the state as a connection sees it; ``reason`` is why the migrator could not connect."""
    database, wanted = connection.info.dbname, f"{installation.roles}_owner"
    owners = {
        owner
        for (owner,) in connection.execute(
            """SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'guyub' UNION
               SELECT pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'guyub' AND c.relname IN ('installation', 'schema_version')"""
        )
    }
    if not owners:
        return _behind(None)
    if others := sorted(owners - {wanted}):
        return _differing(None, [], schema_refusals.other_roles(database, others[0], wanted))
    objects = catalogue.read(connection, installation.roles)
    if not any(name.startswith(("table ", "function ", "view ")) for name in objects):
        return _behind(None)
    kept = _contents(connection, wanted, objects)
    revisions, keys = kept.revisions, kept.keys
    revision = ", ".join(sorted(revisions)) or None
    schema, problems = _compared(connection, kept, objects)
    if not all(_fits(installation.keys, *row) for row in keys):
        refusal = wrong_key()
        return SchemaState(revision, schema, (refusal.what, *problems), refusal)
    if {"column installation.key_check", "column installation.service_key"} <= objects.keys() and len(keys) != 1:
        schema, problems = (
            "differs",
            [*problems, Text(id="tabel installation kosong", en="table installation is empty")],
        )
    if unknown := sorted(revisions - _known()):
        return _differing(revision, problems, schema_refusals.newer(database, unknown[0]))
    if kept.upgraded_by is not None and _numbers(kept.upgraded_by) > _numbers(version("guyub")):
        return _differing(revision, problems, schema_refusals.upgraded_by_newer(database, kept.upgraded_by))
    if schema == "differs":
        return _differing(revision, problems, schema_refusals.differs(database, problems))
    if schema == "behind":
        return _behind(revision)
    return _let_in(installation, revision, reason, role_rights.problems(connection, installation.roles))


@dataclass(frozen=True, slots=True)
class _Kept:
    """Holds what the database keeps about its own schema. ``keys`` are the check value and the service key's digest, by
    row; ``files`` the digests of repeatable files, None where there is no table of them."""

    revisions: set[str]
    keys: Sequence[tuple[str | None, bytes | None]]
    files: dict[str, str] | None
    upgraded_by: str | None


_OF_INSTALLATION = ("key_check", "service_key", "upgraded_by")


def _contents(connection: psycopg.Connection, owner: str, objects: dict[str, str]) -> _Kept:
    """Reads what only the owner may read."""
    revisions: set[str] = set()
    keys: list[tuple[str | None, bytes | None]] = []
    files: dict[str, str] | None = None
    upgraded_by: str | None = None
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))
        if "column schema_version.version_num" in objects:
            revisions = {row[0] for row in connection.execute("SELECT version_num FROM guyub.schema_version")}
        columns = [name for name in _OF_INSTALLATION if f"column installation.{name}" in objects]
        if columns:
            of_installation = sql.SQL("SELECT {} FROM guyub.installation").format(
                sql.SQL(", ").join(map(sql.Identifier, columns))
            )
            rows = connection.cursor(row_factory=dict_row).execute(of_installation).fetchall()
            keys = [
                (row["key_check"], row["service_key"]) for row in rows if {"key_check", "service_key"} <= row.keys()
            ]
            upgraded_by = max((row["upgraded_by"] for row in rows if row.get("upgraded_by")), default=None)
        if {"column repeatable_file.name", "column repeatable_file.sha256"} <= objects.keys():
            files = dict(connection.execute("SELECT name, sha256 FROM guyub.repeatable_file").fetchall())
    return _Kept(revisions, keys, files, upgraded_by)


def _numbers(of_version: str) -> tuple[int, ...]:
    """Returns the numbers of a release, "0.1.0" as (0, 1, 0), to compare two."""
    return tuple(int(number) for number in re.findall(r"\d+", of_version)[:3])


def _fits(keys: Keys, check: str | None, service: bytes | None) -> bool:
    """Returns whether the keys fit; the next upgrade ties what is not kept yet."""
    return (check is None or keys.is_check_value(check)) and (service is None or service == keys.service_digest())


def _compared(
    connection: psycopg.Connection, kept: _Kept, objects: dict[str, str]
) -> tuple[Literal["current", "behind", "differs"], list[Text]]:
    """Compares the schema with this version's; what an older one made is not known here, and only its upgrade shows whether
    it was whole."""
    revisions, heads = kept.revisions, set(ScriptDirectory(str(MIGRATIONS)).get_heads())
    # Every released version has the table of repeatable files: what lacks it was made while 0001 was still being written.
    if revisions and revisions <= _known() and revisions != heads and kept.files is not None:
        return "behind", []
    # Repeatable files of another version: its upgrade runs them, and compares the result.
    if revisions == heads and kept.files is not None and kept.files != repeatable.hashes():
        return "behind", []
    problems = catalogue.differences(objects, catalogue.expected(), connection.info.server_version // 10000)
    if not revisions:
        problems = [
            Text(id="tidak ada versi skema yang tercatat", en="no version of the schema is recorded"),
            *problems,
        ]
    elif revisions - _known():
        names = ", ".join(sorted(revisions))
        problems = [
            Text(id="versi skema {names} tidak dikenal", en="schema version {names} is not known").format(names=names),
            *problems,
        ]
    return ("differs" if problems else "current"), problems


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _let_in(installation: Installation, revision: str | None, reason: str, rights: Sequence[Text]) -> SchemaState:
    """Returns the state of a schema that fits; its roles, what they may do and their passwords must fit too."""
    if rights:
        refusal = schema_refusals.too_powerful(rights)
        return SchemaState(revision, "differs", tuple(rights), refusal)
    if not reason:
        try:
            psycopg.connect(conninfo(installation.app_url), connect_timeout=10).close()
            return SchemaState(revision, "current")
        except psycopg.OperationalError as error:
            reason = reason_of(error)
    refusal = DbRefusal.ROLES.refusal(database=installation.admin_url.database, reason=reason.rstrip("."))
    return SchemaState(revision, "current", (refusal.what,), refusal, upgrade_helps=True)


def _behind(revision: str | None) -> SchemaState:
    refusal = DbRefusal.BEHIND.refusal()
    return SchemaState(revision, "behind", (refusal.what,), refusal, upgrade_helps=True)


def _differing(revision: str | None, problems: Sequence[Text], refusal: Refusal) -> SchemaState:
    return SchemaState(revision, "differs", tuple(problems) or (refusal.what,), refusal)
