"""What the database holds of all that files can declare, read in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TypeVar

from guyub.access.roles import RoleRecord
from guyub.db.unit_of_work import Work
from guyub.facilities.records import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.current_configuration import CurrentConfiguration, current_configuration
from guyub.provisioning.desired import LetterDefault, OfficialKey, Setting, SettingKey
from guyub.provisioning.facility_checks import provinces_of

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class FacilityTypeHeld:
    """What type a facility was from a day on."""

    since: date
    facility_type: str


def type_on(types: Sequence[FacilityTypeHeld], day: date) -> str:
    """``types`` are in the order of days; before the first of them it was the same."""
    return next((type_ for type_ in reversed(types) if type_.since <= day), types[0]).facility_type


@dataclass(frozen=True, slots=True)
class CurrentState:
    """``by_web`` are the codes of facilities, ``regions_by_web`` of regions, that files must leave alone; ``types`` what each
    facility was through time."""

    configured: CurrentConfiguration
    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    letters: Mapping[str, LetterDefault]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    by_web: frozenset[str]
    regions_by_web: frozenset[str]
    types: Mapping[str, Sequence[FacilityTypeHeld]]

    def of_region(self, region: str, facilities: Collection[str]) -> "CurrentState":
        """What is recorded of one region, of its facilities, and of ``facilities`` (codes) that may stand elsewhere so far.

        The rows of the layers above stay, as values are inherited from them.
        """
        units = {
            code: unit for code, unit in self.configured.units.items() if unit.region == region or code in facilities
        }
        configured = replace(
            self.configured,
            units=units,
            regions={code: one for code, one in self.configured.regions.items() if code == region},
            timelines={
                key: one
                for key, one in self.configured.timelines.items()
                if (key.place == region if key.layer == "region" else key.place in units)
            },
        )
        return replace(
            self,
            configured=configured,
            themes={},
            duties=frozenset(),
            regions={code: one for code, one in self.regions.items() if code == region},
            letters={code: one for code, one in self.letters.items() if code == region},
            facilities={code: one for code, one in self.facilities.items() if code in units},
            officials={key: one for key, one in self.officials.items() if one.facility in units},
            by_web=self.by_web & units.keys(),
            regions_by_web=self.regions_by_web & {region},
        )

    @property
    def timelines(self) -> Mapping[SettingKey, tuple[Setting, ...]]:
        return self.configured.timelines


def current_state(work: Work, host: PluginRegistry) -> CurrentState:
    world = current_configuration(work, host)
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
    return CurrentState(
        configured=world,
        themes={theme.code: theme for theme in themes},
        roles={role.code: role for role in roles},
        duties=frozenset((first, second) for first, second in duties),
        # An office that was entered through the web names none: files cannot say less than the province of its name.
        regions={
            region.code: replace(region, provinces=provinces_of(region.provinces, region.name)) for region in regions
        },
        letters={**_plain_letters(regions), **{letter.place: letter for letter in letters}},
        facilities={facility.code: facility for facility in facilities},
        officials={(official.facility, official.role_code, official.valid_from): official for official in officials},
        by_web=frozenset(unit.code for unit in world.units.values() if unit.managed_by == "web"),
        regions_by_web=frozenset(office.code for office in world.regions.values() if office.managed_by == "web"),
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
