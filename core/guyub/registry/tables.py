"""The declared tables of the registry: the list of households, and what is kept of one."""

from collections.abc import Mapping
from dataclasses import dataclass

from guyub.registry.household_detail import Person
from guyub.registry.labels import CATEGORIES, HOUSEHOLD_RELATIONS, RELATIONSHIPS, SEXES
from guyub.registry.queries import PAGE, ListedHousehold
from guyub.registry.timeline import PAGE as TIMELINE_PAGE
from guyub.registry.timeline import TimelineEntry
from guyub.sdk.page_tables import Code, Column, Filter, Table
from guyub.sdk.text import Text

_NIK, _YES = Text(id="NIK", en="NIK"), Text(id="ya", en="yes")
NO_NIK = Text(id="tanpa NIK", en="no NIK")
_NOT_SURVEYED = Code("not_surveyed", Text(id="belum disurvei", en="not surveyed"), "warning")
_NEVER_RECEIVED = Code("never", Text(id="belum pernah", en="never"))
_COUNTED_PACKAGES = Text(id="{count} paket", en="{count} packages", en_one="{count} package")
_RECIPIENT = Code("recipient", Text(id="penerima", en="recipient"), "primary")
ARCHIVE = Text(id="Keluarga yang diarsipkan", en="Archived households")


def place_of(rt: str, rw: str, *parts: str) -> str:
    """Returns ``RT 003/RW 005, Klego``, as far as it is known."""
    block = f"RT {rt or '–'}/RW {rw or '–'}" if rt or rw else ""
    return ", ".join(part for part in (block, *parts) if part)


HOUSEHOLDS: Table[ListedHousehold] = Table(
    name="households",
    caption=Text(id="Keluarga", en="Households"),
    main=True,
    page_size=PAGE,
    columns=(
        Column(
            "recipient",
            Text(id="Penerima", en="Recipient"),
            lambda row: row.name,
            link=lambda row, base: f"{base}/households/{row.id}",
            sorts=True,
            below=(Column("nik", _NIK, lambda row: row.nik_masked or NO_NIK),),
        ),
        Column(
            "category",
            Text(id="Kategori", en="Category"),
            lambda row: CATEGORIES[row.category],
            below=(
                Column(
                    "relationship",
                    Text(id="Hubungan dengan warga binaan", en="Relationship to the inmate"),
                    lambda row: RELATIONSHIPS.get(row.relationship, row.relationship),
                ),
            ),
        ),
        Column(
            "address", Text(id="Alamat", en="Address"), lambda row: place_of(row.rt, row.rw, row.village), sorts=True
        ),
        Column(
            "people",
            Text(id="Jiwa", en="People"),
            kind="number",
            sorts=True,
            below=(
                Column(
                    "packages",
                    Text(id="Paket", en="Packages"),
                    lambda row: _COUNTED_PACKAGES.format(count=row.packages) if row.packages > 1 else None,
                ),
            ),
        ),
        Column(
            "survey",
            Text(id="Survei", en="Survey"),
            lambda row: row.surveyed_on or (None if row.category == "institution" else _NOT_SURVEYED),
            sorts=True,
        ),
        Column(
            "received",
            Text(id="Terakhir menerima", en="Last received"),
            lambda row: row.received_on or _NEVER_RECEIVED,
            sorts=True,
        ),
    ),
    filters=(
        Filter(
            "name",
            Text(id="Nama, warga binaan, NIK atau No. KK", en="Name, inmate, NIK or card number"),
            kind="text",
        ),
        Filter(
            "category",
            Text(id="Kategori", en="Category"),
            options=tuple(CATEGORIES.items()),
            any_option=Text(id="Semua kategori", en="All categories"),
        ),
        Filter(
            "surveyed",
            Text(id="Survei", en="Survey"),
            options=(
                ("yes", Text(id="Sudah disurvei", en="Surveyed")),
                ("no", Text(id="Belum disurvei", en="Not surveyed")),
            ),
            any_option=Text(id="Sudah dan belum", en="Surveyed or not"),
        ),
        Filter(
            "received",
            Text(id="Pernah dapat?", en="Ever received?"),
            options=(
                ("yes", Text(id="Pernah menerima", en="Received before")),
                ("no", Text(id="Belum pernah", en="Never yet")),
            ),
            any_option=Text(id="Pernah dan belum", en="Ever or never"),
        ),
        Filter("archived", ARCHIVE, kind="hidden"),
    ),
)

TIMELINE: Table[TimelineEntry] = Table(
    name="timeline",
    caption=Text(id="Riwayat keluarga", en="Timeline of the household"),
    page_size=TIMELINE_PAGE,
    columns=(
        Column("day", Text(id="Tanggal", en="Day"), sorts=False),
        Column(
            "what",
            Text(id="Kejadian", en="What happened"),
            lambda row: row.sentence,
            link=lambda row, base: base + row.link if row.link else "",
            sorts=False,
            below=(Column("reason", Text(id="Alasan", en="Reason")),),
        ),
        Column("actor", Text(id="Dicatat oleh", en="Recorded by"), sorts=False),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="undo"),
    ),
)

MEMBERS: Table[Person] = Table(
    name="members_of_the_household",
    caption=Text(id="Anggota keluarga", en="Members of the household"),
    columns=(
        Column(
            "name",
            Text(id="Nama", en="Name"),
            lambda row: row.full_name,
            cell="member_name",
            below=(Column("recipient", _RECIPIENT.label, lambda row: _YES if row.is_recipient else None),),
        ),
        Column("nik", _NIK, lambda row: row.nik_masked),
        Column("sex", Text(id="Jenis kelamin", en="Sex"), lambda row: SEXES.get(row.sex)),
        Column(
            "relation_on_the_card",
            Text(id="Hubungan dalam KK", en="Relation on the card"),
            lambda row: HOUSEHOLD_RELATIONS.get(row.relation, row.relation),
        ),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="member_action"),
    ),
)


@dataclass(frozen=True, slots=True)
class KeptSecret:
    """Something that is kept encrypted: its key, what it is called, and what everybody may see of it."""

    key: str
    label: Text
    seen: str | Text
    is_kept: bool


def secrets(labels: Mapping[str, Text], kept: frozenset[str], masked: Mapping[str, str]) -> list[KeptSecret]:
    there, absent = Text(id="tersimpan", en="kept"), Text(id="belum ada", en="none yet")
    return [
        KeptSecret(key, label, (masked.get(key) or there) if key in kept else absent, key in kept)
        for key, label in labels.items()
    ]


SECRETS: Table[KeptSecret] = Table(
    name="what_is_kept_encrypted",
    caption=Text(id="Data yang disimpan terenkripsi", en="What is kept encrypted"),
    columns=(
        Column("what", Text(id="Data", en="What"), lambda row: row.label),
        Column("what_is_seen", Text(id="Yang terlihat", en="What is seen"), lambda row: row.seen),
        Column("action", Text(id="Tindakan", en="Action"), kind="action", cell="reveal"),
    ),
)
