"""Whether a database fits this version of the code and these keys; found out without changing anything in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psycopg
from alembic.script import ScriptDirectory
from psycopg import sql

from guyub.db import catalogue, role_rights
from guyub.db.connecting import connected, conninfo, reason_of, require_version
from guyub.db.keys import wrong_key
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

if TYPE_CHECKING:
    from guyub.db.installation import Installation
    from guyub.db.keys import Keys

MIGRATIONS = Path(__file__).parent / "migrations"
_NAMED = 3
"""How many of the objects that differ the refusal names; ``guyub db status`` names more."""


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


def schema_state(installation: "Installation") -> SchemaState:
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
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [admin.database]).fetchone() is None:
            return _behind(None)
    with connected(admin) as connection:
        return _seen_by(connection, installation, reason)


def _seen_by(connection: psycopg.Connection, installation: "Installation", reason: str = "") -> SchemaState:
    """``reason`` is why the migrator could not connect."""
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
        return _differing(None, [], _other_roles(database, others[0], wanted))
    found = catalogue.read(connection, installation.roles)
    if not any(name.startswith(("table ", "function ", "view ")) for name in found):
        return _behind(None)
    revisions, keys = _contents(connection, wanted, found)
    revision = ", ".join(sorted(revisions)) or None
    schema, problems = _compared(connection, revisions, found)
    if not all(_fits(installation.keys, *row) for row in keys):
        refusal = wrong_key()
        return SchemaState(revision, schema, (refusal.what, *problems), refusal)
    if {"column installation.key_check", "column installation.service_key"} <= found.keys() and len(keys) != 1:
        schema, problems = (
            "differs",
            [*problems, Text(id="tabel installation kosong", en="table installation is empty")],
        )
    if unknown := sorted(revisions - _known()):
        return _differing(revision, problems, _newer(database, unknown[0]))
    if schema == "differs":
        return _differing(revision, problems, _differs(database, problems))
    if schema == "behind":
        return _behind(revision)
    return _let_in(installation, revision, reason, role_rights.problems(connection, installation.roles))


def _contents(
    connection: psycopg.Connection, owner: str, found: dict[str, str]
) -> tuple[set[str], Sequence[tuple[str | None, bytes | None]]]:
    """The revisions that were applied, and what the keys are known by: only the owner reads either."""
    revisions: set[str] = set()
    keys: list[tuple[str | None, bytes | None]] = []
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(owner)))
        if "column schema_version.version_num" in found:
            revisions = {row[0] for row in connection.execute("SELECT version_num FROM guyub.schema_version")}
        if {"column installation.key_check", "column installation.service_key"} <= found.keys():
            keys = [
                (row[0], row[1]) for row in connection.execute("SELECT key_check, service_key FROM guyub.installation")
            ]
    return revisions, keys


def _fits(keys: "Keys", check: str | None, service: bytes | None) -> bool:
    """What is not kept yet is tied by the next upgrade."""
    return (check is None or keys.is_check_value(check)) and (service is None or service == keys.service_digest())


def _compared(
    connection: psycopg.Connection, revisions: set[str], found: dict[str, str]
) -> tuple[Literal["current", "behind", "differs"], list[Text]]:
    """What an older version made is not known here: only its upgrade shows whether it was whole."""
    script = ScriptDirectory(str(MIGRATIONS))
    if revisions and revisions <= _known() and revisions != set(script.get_heads()):
        return "behind", []
    problems = catalogue.differences(found, catalogue.expected(), connection.info.server_version // 10000)
    if not revisions:
        problems = [
            Text(id="tidak ada versi skema yang tercatat", en="no version of the schema is recorded"),
            *problems,
        ]
    elif revisions - _known():
        names = ", ".join(sorted(revisions))
        problems = [Text(id=f"versi skema {names} tidak dikenal", en=f"schema version {names} is not known"), *problems]
    return ("differs" if problems else "current"), problems


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}


def _let_in(installation: "Installation", revision: str | None, reason: str, rights: Sequence[Text]) -> SchemaState:
    """The schema fits; so must the roles, what they may do and their passwords."""
    if rights:
        refusal = _too_powerful(rights)
        return SchemaState(revision, "differs", tuple(rights), refusal)
    if not reason:
        try:
            psycopg.connect(conninfo(installation.app_url), connect_timeout=10).close()
            return SchemaState(revision, "current")
        except psycopg.OperationalError as error:
            reason = reason_of(error)
    refusal = Refusal(
        "db.roles",
        Text(
            id="Peran basis data {database} tidak dapat masuk dengan sandi dari berkas kunci: {reason}.",
            en="The roles of the database {database} cannot sign in with the key file's passwords: {reason}.",
        ).format(database=installation.admin_url.database, reason=reason.rstrip(".")),
        _UPGRADE,
    )
    return SchemaState(revision, "current", (refusal.what,), refusal, upgrade_helps=True)


def _behind(revision: str | None) -> SchemaState:
    refusal = Refusal(
        "db.behind",
        Text(
            id="Skema basis data belum sesuai dengan versi Guyub ini.",
            en="The database's schema is not that of this version of Guyub.",
        ),
        _UPGRADE,
    )
    return SchemaState(revision, "behind", (refusal.what,), refusal, upgrade_helps=True)


def _differing(revision: str | None, problems: Sequence[Text], refusal: Refusal) -> SchemaState:
    return SchemaState(revision, "differs", tuple(problems) or (refusal.what,), refusal)


def _differs(database: str, problems: Sequence[Text]) -> Refusal:
    named = Text(
        id="; ".join(problem.id for problem in problems[:_NAMED]),
        en="; ".join(problem.en for problem in problems[:_NAMED]),
    )
    if (more := len(problems) - _NAMED) > 0:
        named = Text(id="{named}; dan {more} lainnya", en="{named}; and {more} more").format(named=named, more=more)
    return Refusal(
        "db.differs",
        Text(
            id="Skema basis data {database} berbeda dari yang dibuat versi Guyub ini: {named}.",
            en="The schema of the database {database} differs from what this version of Guyub makes: {named}.",
        ).format(database=database, named=named),
        Text(
            id="Tidak ada yang diubah. Pulihkan cadangan yang cocok, jalankan versi Guyub yang membuat basis data itu, atau "
            "mulai dengan folder data (GUYUB_HOME) atau basis data baru. Rinciannya: guyub db status.",
            en="Nothing was changed. Restore a backup that fits, run the version of Guyub that made the database, or begin "
            "with a new data folder (GUYUB_HOME) or database. Details: guyub db status.",
        ),
    )


def _too_powerful(problems: Sequence[Text]) -> Refusal:
    named = Text(id="; ".join(each.id for each in problems), en="; ".join(each.en for each in problems))
    return Refusal(
        "db.role_rights",
        Text(
            id="Peran basis data Guyub boleh lebih dari yang semestinya: {named}.",
            en="A database role of Guyub may do more than it should: {named}.",
        ).format(named=named),
        Text(
            id="Tidak ada yang diubah. Cabut hak itu sebagai administrator server (ALTER ROLE … NOSUPERUSER NOBYPASSRLS …, "
            "REVOKE … FROM …), lalu jalankan lagi.",
            en="Nothing was changed. Take that right away as the server's administrator (ALTER ROLE … NOSUPERUSER "
            "NOBYPASSRLS …, REVOKE … FROM …), then run it again.",
        ),
    )


def _newer(database: str, revision: str) -> Refusal:
    return Refusal(
        "db.newer",
        Text(
            id="Basis data {database} dibuat oleh versi Guyub yang lebih baru: versi skema {revision} tidak dikenal di sini.",
            en="The database {database} was made by a newer version of Guyub: schema version {revision} is not known here.",
        ).format(database=database, revision=revision),
        Text(
            id="Tidak ada yang diubah. Pasang versi Guyub yang lebih baru itu, atau pulihkan cadangan dari versi ini.",
            en="Nothing was changed. Install that newer version of Guyub, or restore a backup of this version.",
        ),
    )


def _other_roles(database: str, owner: str, wanted: str) -> Refusal:
    what = Text(
        id="Skema di basis data {database} milik peran {owner}, bukan {wanted}: cadangan dipulihkan dengan nama basis data "
        "atau pemilik lain.",
        en="The schema in the database {database} belongs to the role {owner}, not to {wanted}: a backup was restored under "
        "another name or owner.",
    ).format(database=database, owner=owner, wanted=wanted)
    if owner.endswith("_owner"):
        remedy = Text(
            id="Tidak ada yang diubah. Beri basis data itu namanya semula, {name}, dan sesuaikan GUYUB_DATABASE_URL; di server "
            "yang sudah memiliki {name}, pulihkan ke server lain.",
            en="Nothing was changed. Give the database its former name, {name}, and name it in GUYUB_DATABASE_URL; on a "
            "server that has a {name} already, restore to another server.",
        ).format(name=owner.removesuffix("_owner"))
    else:
        remedy = Text(
            id="Tidak ada yang diubah. Buat peran {wanted} lebih dahulu (pg_dumpall --roles-only dari server lama), lalu "
            "pulihkan lagi tanpa --no-owner dan --no-privileges.",
            en="Nothing was changed. Make the role {wanted} first (pg_dumpall --roles-only of the old server), then restore "
            "again without --no-owner and --no-privileges.",
        ).format(wanted=wanted)
    return Refusal("db.other_roles", what, remedy)


_UPGRADE = Text(id="Jalankan: guyub db upgrade", en="Run: guyub db upgrade")
