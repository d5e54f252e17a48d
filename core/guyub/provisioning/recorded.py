"""What the database holds of all that files can declare, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar

from guyub.access.roles import RoleRecord
from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.configured import Configured, configured
from guyub.provisioning.declared import Field, LetterDefault, OfficialKey, Setting

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class TypeHeld:
    """What type a facility was from a day on."""

    since: date
    facility_type: str


def type_on(types: Sequence[TypeHeld], day: date) -> str:
    """``types`` are in the order of days; before the first of them it was the same."""
    return next((one for one in reversed(types) if one.since <= day), types[0]).facility_type


@dataclass(frozen=True, slots=True)
class Recorded:
    """``by_web`` are the codes of facilities, ``regions_by_web`` of regions, that files must leave alone; ``types`` what each
    facility was through time."""

    configured: Configured
    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    letters: Mapping[str, LetterDefault]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    by_web: frozenset[str]
    regions_by_web: frozenset[str]
    types: Mapping[str, Sequence[TypeHeld]]

    @property
    def timelines(self) -> Mapping[Field, tuple[Setting, ...]]:
        return self.configured.timelines


def recorded(work: Work, host: PluginHost) -> Recorded:
    world = configured(work, host)
    themes = _read(work, ThemeRecord, "SELECT code, label, detail, valid_from, valid_until FROM guyub.theme")
    roles = _read(work, RoleRecord, "SELECT code, reach, titles, permissions FROM guyub.role")
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
    return Recorded(
        configured=world,
        themes={one.code: one for one in themes},
        roles={one.code: one for one in roles},
        duties=frozenset((first, second) for first, second in duties),
        regions={one.code: one for one in regions},
        letters={**_plain_letters(regions), **{one.place: one for one in letters}},
        facilities={one.code: one for one in facilities},
        officials={(one.facility, one.role_code, one.valid_from): one for one in officials},
        by_web=frozenset(unit.code for unit in world.units.values() if unit.managed_by == "web"),
        regions_by_web=frozenset(office.code for office in world.regions.values() if office.managed_by == "web"),
        types=_types(work),
    )


def _types(work: Work) -> dict[str, Sequence[TypeHeld]]:
    found: defaultdict[str, list[TypeHeld]] = defaultdict(list)
    for row in work.run(
        """SELECT DISTINCT ON (f.code, n.valid_from) f.code, n.valid_from, n.facility_type
           FROM guyub.facility_name n JOIN guyub.facility f ON f.id = n.facility_id
           ORDER BY f.code, n.valid_from, n.seq DESC"""
    ):
        found[row.code].append(TypeHeld(row.valid_from, row.facility_type))
    return dict(found)


def _plain_letters(regions: list[RegionRecord]) -> dict[str, LetterDefault]:
    """Those of places that no file has spoken of yet: an office that was entered through the web."""
    if not regions:
        return {}
    nation = LetterDefault("", ("KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",), "")
    return {"": nation} | {one.code: LetterDefault(one.code, (one.office_name.upper(),), "") for one in regions}


def _columns(table: str, kind: type[R], **others: str) -> str:
    """The fields of a record as columns of its table, in their order; ``others`` are found elsewhere."""
    return ", ".join(others.get(one.name, f"{table}.{one.name}") for one in fields(kind))  # type: ignore[arg-type]


def _read(work: Work, kind: type[R], sql: str) -> list[R]:
    """Records of one kind; the columns are its fields, in their order."""
    return [kind(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in work.run(sql)]
