"""Holds what the files declare, in the shape in which it is compared with what is recorded."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pydantic_core import to_jsonable_python

from guyub.access.roles import RoleRecord
from guyub.configuration.settings import Setting, Target
from guyub.configuration.store import LayerName
from guyub.facilities.records import FacilityRecord, LetterDefault, OfficialRecord, RegionRecord, ThemeRecord
from guyub.provisioning.facility_checks import provinces_of
from guyub.provisioning.file_checks import with_office_code
from guyub.provisioning.file_models import (
    FacilityFile,
    FacilityPlugin,
    InheritedPlugin,
    LaterAtFacility,
    NationalFile,
    OfficialInFile,
    RegionFile,
)
from guyub.provisioning.files import SourceFile

OfficialKey = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class DatedTable:
    """A plugin's table in a file: ``since`` is its day, ``reason`` what is kept beside each value of it."""

    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class DesiredState:
    """Holds what all files say. ``tables``: a plugin without a table at a place is not spoken of there.

    ``settings`` are by field in the order of days: what holds from the day of the table, and what its later ones change.
    """

    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    letters: Mapping[str, LetterDefault]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    settings: Mapping[Target, tuple[Setting, ...]]
    tables: Mapping[Target, DatedTable]
    region: str = ""
    """The code of the only region that is spoken of; "" where the files are those of the whole country."""

    def of_region(self, region: str) -> "DesiredState":
        """Returns what is said of one region and its facilities. The roles stay, as titles come from them."""
        return replace(
            self,
            themes={},
            duties=frozenset(),
            letters={code: default for code, default in self.letters.items() if code == region},
            settings={key: timeline for key, timeline in self.settings.items() if key.layer != "national"},
            tables={key: table for key, table in self.tables.items() if key.layer != "national"},
            region=region,
        )

    def without(self, facilities: frozenset[str], regions: frozenset[str] = frozenset()) -> "DesiredState":
        """Returns the same, silent about these facilities and about these regions themselves."""
        silent = {("facility", code) for code in facilities} | {("region", code) for code in regions}
        return replace(
            self,
            regions={code: record for code, record in self.regions.items() if code not in regions},
            letters={code: default for code, default in self.letters.items() if code not in regions},
            facilities={code: facility for code, facility in self.facilities.items() if code not in facilities},
            officials={
                key: official for key, official in self.officials.items() if official.facility not in facilities
            },
            settings={key: timeline for key, timeline in self.settings.items() if (key.layer, key.place) not in silent},
            tables={key: table for key, table in self.tables.items() if (key.layer, key.place) not in silent},
        )


def desired_state(
    national: tuple[SourceFile, NationalFile],
    regions: Sequence[tuple[SourceFile, RegionFile]],
    facilities: Sequence[tuple[SourceFile, FacilityFile]],
) -> DesiredState:
    nation = national[1]
    by_region = {source.code: file for source, file in regions}
    officials = [
        _official(source, file, official, nation) for source, file in facilities for official in file.officials
    ]
    plugins = [
        *_plugins("national", "", *national),
        *(section for source, file in regions for section in _plugins("region", source.code, source, file)),
        *(section for source, file in facilities for section in _plugins("facility", source.code, source, file)),
    ]
    return DesiredState(
        themes={
            theme.code: ThemeRecord(theme.code, theme.label, theme.detail, theme.from_, theme.until)
            for theme in nation.themes
        },
        roles={code: _role(code, nation) for code in nation.roles},
        duties=frozenset((separation.first, separation.second) for separation in nation.separations),
        regions={source.code: _region(source, file) for source, file in regions},
        letters={
            "": LetterDefault("", tuple(nation.letterhead), ""),
            **{source.code: _letters(source, file) for source, file in regions},
        },
        facilities={
            source.code: _facility(source, file, nation, by_region[source.region]) for source, file in facilities
        },
        officials={(official.facility, official.role_code, official.valid_from): official for official in officials},
        settings={
            target: some for field, table, label in plugins for target, some in _settings(field, table, label).items()
        },
        tables={field: DatedTable(table.from_, table.reason or label) for field, table, label in plugins},
    )


def _role(code: str, nation: NationalFile) -> RoleRecord:
    role = nation.roles[code]
    titles = {name: {"id": title.id, "en": title.en} for name, title in role.titles.items()}
    return RoleRecord(code, role.scope, titles, tuple(sorted(set(role.permissions))))


def _region(source: SourceFile, file: RegionFile) -> RegionRecord:
    return RegionRecord(
        source.code,
        file.name,
        file.office_name,
        file.letter_code,
        file.capital,
        provinces_of(file.provinces, file.name),
    )


def _letters(source: SourceFile, file: RegionFile) -> LetterDefault:
    return LetterDefault(source.code, tuple(file.letterhead), file.letter_template)


def _facility(source: SourceFile, file: FacilityFile, nation: NationalFile, region: RegionFile) -> FacilityRecord:
    return FacilityRecord(
        code=source.code,
        region=source.region,
        name=file.name,
        long_name=file.long_name,
        facility_type=file.type,
        facility_class=file.class_,
        city=file.city,
        city_code=file.city_code,
        letter_place=file.place,
        zone=file.zone,
        paper=file.paper,
        letterhead=tuple(file.letterhead or (*nation.letterhead, *region.letterhead, file.long_name.upper())),
        letter_template=with_office_code(file.letter_template or region.letter_template, region.letter_code),
        variant=file.variant,
        province=file.province or provinces_of(region.provinces, region.name)[0],
        name_from=file.name_from,
        opened_on=file.opened,
        closed_on=file.closed,
        merged_into=file.merged_into,
    )


def _official(source: SourceFile, file: FacilityFile, official: OfficialInFile, nation: NationalFile) -> OfficialRecord:
    titles = nation.roles[official.role].titles
    title = official.title or titles.get(file.type, titles["default"]).id
    return OfficialRecord(
        source.code, official.role, title, official.name, official.nip, official.acting, official.from_, official.until
    )


def _plugins(
    layer: LayerName, place: str, source: SourceFile, file: NationalFile | RegionFile | FacilityFile
) -> Iterator[tuple[Target, InheritedPlugin | FacilityPlugin, str]]:
    for slug, table in file.plugins.items():
        yield Target(layer, place, slug, ""), table, source.label


def _settings(target: Target, table: InheritedPlugin | FacilityPlugin, label: str) -> dict[Target, tuple[Setting, ...]]:
    settings: defaultdict[Target, list[Setting]] = defaultdict(list)
    for part in (table, *table.later):
        reason = part.reason or table.reason or label
        if isinstance(part, FacilityPlugin | LaterAtFacility) and part.active is not None:
            settings[target].append(Setting(part.active, part.from_, reason=reason))
        # TOML's dates have no JSON of their own; everything else passes through as it stands in the file.
        values = {name: to_jsonable_python(value) for name, value in part.config.items()}
        if not isinstance(part, InheritedPlugin | FacilityPlugin):
            values |= dict.fromkeys(part.inherit)
        for name, value in values.items():
            field = Target(target.layer, target.place, target.plugin, name)
            if not settings[field] and part is not table:
                # Before its first day it is inherited, which the table says by not naming it.
                settings[field].append(Setting(None, table.from_, reason=reason))
            settings[field].append(Setting(value, part.from_, value is not None and name in part.locked, reason=reason))
    return {field: tuple(some) for field, some in settings.items()}
