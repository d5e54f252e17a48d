"""All that is recorded of facilities, their officials and what stands above them: read and written as sets."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import TypeVar

from guyub.access.roles import RoleRecord, save_roles, separate_duties
from guyub.db.unit_of_work import Work
from guyub.facilities import service
from guyub.facilities.records import FacilityRecord, LetterDefault, OfficialRecord, RegionRecord, ThemeRecord

R = TypeVar("R")
OfficialKey = tuple[str, str, date]
"""Facility, role and first day."""


@dataclass(frozen=True, slots=True)
class FacilityTypeHeld:
    """What type a facility was from a day on."""

    since: date
    facility_type: str


def type_on(types: Sequence[FacilityTypeHeld], day: date) -> str:
    """``types`` are in the order of days; before the first of them it was the same."""
    return next((held for held in reversed(types) if held.since <= day), types[0]).facility_type


@dataclass(frozen=True, slots=True)
class RecordSet:
    """By their codes; ``duties`` are pairs of permissions, ``types`` what each facility was through time."""

    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    letters: Mapping[str, LetterDefault]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    types: Mapping[str, Sequence[FacilityTypeHeld]]


@dataclass(slots=True)
class RecordWrites:
    """The records to write, whole."""

    themes: list[ThemeRecord] = field(default_factory=list)
    roles: list[RoleRecord] = field(default_factory=list)
    duties: list[tuple[str, str]] = field(default_factory=list)
    regions: list[RegionRecord] = field(default_factory=list)
    letters: list[LetterDefault] = field(default_factory=list)
    facilities: list[FacilityRecord] = field(default_factory=list)
    officials: list[OfficialRecord] = field(default_factory=list)


def write_records(work: Work, writes: RecordWrites) -> None:
    """Inserts the new ones and brings the others up to date. Raises ``Refusal`` as the services that own them."""
    service.save_themes(work, writes.themes)
    # Who configures facilities need not be one who sets roles: they are asked where any is changed.
    if writes.roles:
        save_roles(work, writes.roles)
    if writes.duties:
        separate_duties(work, writes.duties)
    service.save_regions(work, writes.regions)
    _save_letters(work, writes.letters)
    service.save_facilities(work, writes.facilities)
    service.save_officials(work, writes.officials)


def _save_letters(work: Work, letters: list[LetterDefault]) -> None:
    if letters:
        work.run(
            """INSERT INTO guyub.letter_default (region_id, letterhead, letter_template)
               SELECT g.id, r.letterhead, r.letter_template
               FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (place text, letterhead text[], letter_template text)
               LEFT JOIN guyub.region g ON g.code = r.place
               ON CONFLICT ON CONSTRAINT letter_default_once
               DO UPDATE SET letterhead = excluded.letterhead, letter_template = excluded.letter_template""",
            rows=json.dumps([asdict(letter) for letter in letters]),
        )


def recorded(work: Work) -> RecordSet:
    """Eight queries, however many places."""
    themes = _read(work, ThemeRecord, "SELECT code, label, detail, valid_from, valid_until FROM guyub.theme")
    roles = _read(work, RoleRecord, "SELECT code, scope, titles, permissions FROM guyub.role")
    regions = _read(work, RegionRecord, f"SELECT {_columns('g', RegionRecord)} FROM guyub.region g")
    letters = _read(
        work,
        LetterDefault,
        """SELECT COALESCE(g.code, '') AS place, l.letterhead, l.letter_template
           FROM guyub.letter_default l LEFT JOIN guyub.region g ON g.id = l.region_id""",
    )
    facilities = _read(
        work,
        FacilityRecord,
        f"""SELECT {_columns("f", FacilityRecord, region="g.code", merged_into="COALESCE(m.code, '')")}
            FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
            LEFT JOIN guyub.facility m ON m.id = f.merged_into""",
    )
    officials = _read(
        work,
        OfficialRecord,
        f"""SELECT {_columns("o", OfficialRecord, facility="f.code")}
            FROM guyub.official o JOIN guyub.facility f ON f.id = o.facility_id""",
    )
    duties = work.run("SELECT first_permission, second_permission FROM guyub.separation_of_duties")
    return RecordSet(
        themes={theme.code: theme for theme in themes},
        roles={role.code: role for role in roles},
        duties=frozenset((first, second) for first, second in duties),
        # An office that was entered through the web names none: the province of its name.
        regions={region.code: replace(region, provinces=region.provinces or (region.name,)) for region in regions},
        letters={**_plain_letters(regions), **{letter.place: letter for letter in letters}},
        facilities={facility.code: facility for facility in facilities},
        officials={(official.facility, official.role_code, official.valid_from): official for official in officials},
        types=_types(work),
    )


def _types(work: Work) -> dict[str, Sequence[FacilityTypeHeld]]:
    found: defaultdict[str, list[FacilityTypeHeld]] = defaultdict(list)
    for row in work.run(
        """SELECT DISTINCT ON (f.code, n.valid_from) f.code, n.valid_from, n.facility_type
           FROM guyub.facility_name n JOIN guyub.facility f ON f.id = n.facility_id
           ORDER BY f.code, n.valid_from, n.seq DESC"""
    ):
        found[row.code].append(FacilityTypeHeld(row.valid_from, row.facility_type))
    return dict(found)


def _plain_letters(regions: list[RegionRecord]) -> dict[str, LetterDefault]:
    """Those of places that no file has spoken of yet: an office that was entered through the web."""
    if not regions:
        return {}
    nation = LetterDefault("", ("KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",), "")
    return {"": nation} | {
        region.code: LetterDefault(region.code, (region.office_name.upper(),), "") for region in regions
    }


def _columns(table: str, kind: type[R], **others: str) -> str:
    """The fields of a record as columns of its table, in their order; ``others`` are found elsewhere."""
    return ", ".join(others.get(field.name, f"{table}.{field.name}") for field in fields(kind))  # type: ignore[arg-type]


def _read(work: Work, kind: type[R], sql: str) -> list[R]:
    """Records of one kind; the columns are its fields, in their order."""
    return [kind(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in work.run(sql)]
