"""What the files declare, in the shape in which it is compared with what is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from pydantic_core import to_jsonable_python

from guyub.access.roles import RoleRecord
from guyub.facilities.models import FacilityRecord, OfficialRecord, RegionRecord, ThemeRecord
from guyub.provisioning.checks import with_office_code
from guyub.provisioning.declarations import (
    FacilityFile,
    FacilityPlugin,
    InheritedPlugin,
    NationalFile,
    Official,
    RegionFile,
)
from guyub.provisioning.folder import Source

Layer = Literal["national", "region", "facility"]
OfficialKey = tuple[str, str, date]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a plugin at one layer; ``place`` is the code of the region or facility, ``name`` "" the plugin itself."""

    layer: Layer
    place: str
    plugin: str
    name: str

    @property
    def table(self) -> "Field":
        return Field(self.layer, self.place, self.plugin, "")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value from a day on: of a field as JSON (None: as inherited), of a plugin whether it runs."""

    value: Any
    valid_from: date
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A plugin's table in a file: ``since`` is its day, ``reason`` what is kept beside each value of it."""

    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class Declared:
    """What all files say. ``tables``: a plugin without a table at a place is not spoken of there."""

    themes: Mapping[str, ThemeRecord]
    roles: Mapping[str, RoleRecord]
    duties: frozenset[tuple[str, str]]
    regions: Mapping[str, RegionRecord]
    facilities: Mapping[str, FacilityRecord]
    officials: Mapping[OfficialKey, OfficialRecord]
    settings: Mapping[Field, Setting]
    tables: Mapping[Field, Table]

    def without(self, facilities: frozenset[str]) -> "Declared":
        """The same, silent about these facilities."""
        return replace(
            self,
            facilities={code: one for code, one in self.facilities.items() if code not in facilities},
            officials={key: one for key, one in self.officials.items() if one.facility not in facilities},
            settings={key: one for key, one in self.settings.items() if not _concerns(key, facilities)},
            tables={key: one for key, one in self.tables.items() if not _concerns(key, facilities)},
        )


def declared(
    national: tuple[Source, NationalFile],
    regions: Sequence[tuple[Source, RegionFile]],
    facilities: Sequence[tuple[Source, FacilityFile]],
) -> Declared:
    nation = national[1]
    by_region = {source.code: file for source, file in regions}
    officials = [_official(source, file, one, nation) for source, file in facilities for one in file.officials]
    plugins = [
        *_plugins("national", "", *national),
        *(one for source, file in regions for one in _plugins("region", source.code, source, file)),
        *(one for source, file in facilities for one in _plugins("facility", source.code, source, file)),
    ]
    return Declared(
        themes={one.code: ThemeRecord(one.code, one.label, one.detail, one.from_, one.until) for one in nation.themes},
        roles={code: _role(code, nation) for code in nation.roles},
        duties=frozenset((one.first, one.second) for one in nation.separations),
        regions={source.code: _region(source, file) for source, file in regions},
        facilities={
            source.code: _facility(source, file, nation, by_region[source.region]) for source, file in facilities
        },
        officials={(one.facility, one.role_code, one.valid_from): one for one in officials},
        settings={one: setting for field, table, _ in plugins for one, setting in _settings(field, table)},
        tables={field: Table(table.from_, table.reason or label) for field, table, label in plugins},
    )


def _concerns(field: Field, facilities: frozenset[str]) -> bool:
    return field.layer == "facility" and field.place in facilities


def _role(code: str, nation: NationalFile) -> RoleRecord:
    role = nation.roles[code]
    titles = {name: {"id": title.id, "en": title.en} for name, title in role.titles.items()}
    return RoleRecord(code, role.reach, titles, tuple(sorted(set(role.permissions))))


def _region(source: Source, file: RegionFile) -> RegionRecord:
    return RegionRecord(source.code, file.name, file.office_name, file.letter_code, file.capital)


def _facility(source: Source, file: FacilityFile, nation: NationalFile, region: RegionFile) -> FacilityRecord:
    return FacilityRecord(
        code=source.code,
        region=source.region,
        name=file.name,
        long_name=file.long_name,
        facility_type=file.type,
        facility_class=file.class_,
        city=file.city,
        city_code=file.city_code,
        place=file.place,
        zone=file.zone,
        paper=file.paper,
        letterhead=tuple(file.letterhead or (*nation.letterhead, *region.letterhead, file.long_name.upper())),
        letter_template=with_office_code(file.letter_template or region.letter_template, region.letter_code),
    )


def _official(source: Source, file: FacilityFile, one: Official, nation: NationalFile) -> OfficialRecord:
    titles = nation.roles[one.role].titles
    title = one.title or titles.get(file.type, titles["default"]).id
    return OfficialRecord(source.code, one.role, title, one.name, one.nip, one.acting, one.from_, one.until)


def _plugins(
    layer: Layer, place: str, source: Source, file: NationalFile | RegionFile | FacilityFile
) -> Iterator[tuple[Field, InheritedPlugin | FacilityPlugin, str]]:
    for slug, table in file.plugins.items():
        yield Field(layer, place, slug, ""), table, source.label


def _settings(field: Field, table: InheritedPlugin | FacilityPlugin) -> Iterator[tuple[Field, Setting]]:
    if isinstance(table, FacilityPlugin):
        yield field, Setting(table.active, table.from_)
    locked = table.locked if isinstance(table, InheritedPlugin) else ()
    for name, value in table.config.items():
        # TOML's dates have no JSON of their own; everything else passes through as it stands in the file.
        yield (
            Field(field.layer, field.place, field.plugin, name),
            Setting(to_jsonable_python(value), table.from_, name in locked),
        )
