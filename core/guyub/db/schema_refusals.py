"""Why nothing may start on a database, in words: what is wrong with its schema or its roles, and what helps."""

from collections.abc import Sequence
from importlib.metadata import version

from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

_NAMED = 3
"""How many of the objects that differ the refusal names; ``guyub db status`` names more."""


def differs(database: str, problems: Sequence[Text]) -> Refusal:
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


def too_powerful(problems: Sequence[Text]) -> Refusal:
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


def newer(database: str, revision: str) -> Refusal:
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


def upgraded_by_newer(database: str, newer: str) -> Refusal:
    return Refusal(
        "db.newer",
        Text(
            id="Basis data {database} sudah diperbarui oleh Guyub {newer}, yang lebih baru daripada yang terpasang di sini "
            "({own}).",
            en="The database {database} was upgraded by Guyub {newer}, which is newer than the one installed here ({own}).",
        ).format(database=database, newer=newer, own=version("guyub")),
        Text(
            id="Tidak ada yang diubah. Pasang versi Guyub yang lebih baru itu, atau pulihkan cadangan dari versi ini.",
            en="Nothing was changed. Install that newer version of Guyub, or restore a backup of this version.",
        ),
    )


def other_roles(database: str, owner: str, wanted: str) -> Refusal:
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


UPGRADE = Text(id="Jalankan: guyub db upgrade", en="Run: guyub db upgrade")
