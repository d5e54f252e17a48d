"""What the database holds of all that files can declare, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from guyub.access.roles import RoleRecord
from guyub.db.work import Work
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.provisioning.declared import Field, OfficialKey, Setting

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Recorded:
    """``timelines`` hold, by field, the values that ever began to hold, from the first day to the last.

    ``by_web`` are the codes of facilities that files must leave alone.
    """

    epoch: int
    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    timelines: Mapping[Field, tuple[Setting, ...]]
    by_web: frozenset[str]


def recorded(work: Work) -> Recorded:
    themes = _read(work, ThemeRecord, "SELECT code, label, detail, valid_from, valid_until FROM guyub.theme")
    roles = _read(work, RoleRecord, "SELECT code, reach, titles, permissions FROM guyub.role")
    regions = _read(work, RegionRecord, "SELECT code, name, office_name, letter_code, capital FROM guyub.region")
    facilities = _read(
        work,
        FacilityRecord,
        """SELECT f.code, g.code AS region, f.name, f.long_name, f.facility_type, f.facility_class, f.city, f.city_code,
                  f.place, f.zone, f.paper, f.letterhead, f.letter_template
           FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id""",
    )
    officials = _read(
        work,
        OfficialRecord,
        """SELECT f.code AS facility, o.role_code, o.title, o.name, o.nip, o.acting, o.valid_from, o.valid_until
           FROM guyub.official o JOIN guyub.facility f ON f.id = o.facility_id""",
    )
    duties = work.run("SELECT first_permission, second_permission FROM guyub.separation_of_duties")
    by_web = work.run("SELECT code FROM guyub.facility WHERE managed_by = 'web'")
    return Recorded(
        epoch=work.run("SELECT epoch FROM guyub.configuration_epoch").scalar_one(),
        themes={one.code: one for one in themes},
        roles={one.code: one for one in roles},
        duties=frozenset((first, second) for first, second in duties),
        regions={one.code: one for one in regions},
        facilities={one.code: one for one in facilities},
        officials={(one.facility, one.role_code, one.valid_from): one for one in officials},
        timelines=_timelines(work),
        by_web=frozenset(by_web.scalars()),
    )


def _read(work: Work, kind: type[R], sql: str) -> list[R]:
    """Records of one kind; the columns are its fields, in their order."""
    return [kind(*(tuple(value) if isinstance(value, list) else value for value in row)) for row in work.run(sql)]


def _timelines(work: Work) -> dict[Field, tuple[Setting, ...]]:
    """Of two values from the same day the one recorded later counts."""
    activations = work.run(
        """SELECT DISTINCT ON (f.code, a.plugin, a.valid_from) f.code, a.plugin, a.valid_from, a.active
           FROM guyub.plugin_activation a JOIN guyub.facility f ON f.id = a.facility_id
           ORDER BY f.code, a.plugin, a.valid_from, a.id DESC"""
    )
    values = work.run(
        """SELECT DISTINCT ON (v.layer, v.region_id, v.facility_id, v.plugin, v.field, v.valid_from)
                  v.layer, COALESCE(g.code, f.code, '') AS place, v.plugin, v.field, v.valid_from, v.value, v.locked
           FROM guyub.config_value v
           LEFT JOIN guyub.region g ON g.id = v.region_id LEFT JOIN guyub.facility f ON f.id = v.facility_id
           ORDER BY v.layer, v.region_id, v.facility_id, v.plugin, v.field, v.valid_from, v.id DESC"""
    )
    timelines: defaultdict[Field, list[Setting]] = defaultdict(list)
    for row in activations:
        timelines[Field("facility", row.code, row.plugin, "")].append(Setting(row.active, row.valid_from))
    for row in values:
        setting = Setting(row.value, row.valid_from, row.locked)
        timelines[Field(row.layer, row.place, row.plugin, row.field)].append(setting)
    return {field: tuple(settings) for field, settings in timelines.items()}
