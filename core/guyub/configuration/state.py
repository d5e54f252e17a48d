"""Reads what the database holds of plugins at every place within reach, in a fixed number of queries: rows, and
timelines of them.

A timeline speaks the names of the plugin's present configuration: values of an earlier version are carried by its own
migrations, as they are wherever a configuration is resolved.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Label, Select, cast, func, select
from sqlmodel import col

from guyub.configuration.activations import switches
from guyub.configuration.consequences import months_of, opened_months
from guyub.configuration.merge import merged
from guyub.configuration.settings import Setting, Target
from guyub.configuration.store import (
    NATIONAL,
    InheritableRows,
    RegionMembership,
    StoredValue,
    stays_at,
    stays_of,
    stored_values,
)
from guyub.configuration.timelines import on_day
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import in_scope
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class RegionRef:
    """A regional office. ``decides``: whether the actor may configure it, and so lock values at its facilities."""

    id: UUID
    code: str
    name: str
    managed_by: str
    decides: bool


@dataclass(frozen=True, slots=True)
class FacilityRef:
    """A facility within reach, ``stays``: under which regions it stood through time; ``opened``: the months (slug, first day)
    that programmes have opened there, in whatever state."""

    id: UUID
    code: str
    name: str
    zone: str
    managed_by: str
    region: str
    stays: tuple[RegionMembership, ...]
    closed_on: date | None = None
    opened: frozenset[tuple[str, date]] = frozenset()

    def runs(self, timeline: Sequence[Setting], on: date) -> bool:
        """Returns whether a plugin with this timeline runs here on a day; nothing runs after the last day."""
        held = on_day(timeline, on)
        return held is not None and bool(held.value) and (self.closed_on is None or self.closed_on >= on)


@dataclass(frozen=True, slots=True)
class _UnitRow:
    id: UUID
    code: str
    name: str
    zone: str
    managed_by: str
    region: str
    stays: Sequence[tuple[str, str, str]]
    closed_on: date | None
    opened: Sequence[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class ConfigurationState:
    """Holds what is recorded: ``rows`` by plugin's table, ``timelines`` by field: from the first day to the last, each
    as it began to hold.

    ``today`` is the day by the database's clock in the capital.
    """

    today: date
    regions: Mapping[str, RegionRef]
    units: Mapping[str, FacilityRef]
    rows: Mapping[Target, tuple[StoredValue, ...]]
    timelines: Mapping[Target, tuple[Setting, ...]]

    def name_of(self, layer: str, place: str) -> Text:
        if layer == "national":
            return NATIONAL
        known = self.regions.get(place) if layer == "region" else self.units.get(place)
        name = known.name if known is not None else place
        return Text(id=name, en=name)

    def layers(self, unit: FacilityRef, slug: str) -> InheritableRows:
        return layers_of(self.rows, unit, tables_of(unit, slug))


def tables_of(unit: FacilityRef, slug: str) -> tuple[Target, ...]:
    """Returns the tables of the nation, of each region under which the facility stood, and its own."""
    regions = (Target("region", stay.region, slug, "") for stay in unit.stays)
    return (Target("national", "", slug, ""), *regions, Target("facility", unit.code, slug, ""))


def layers_of(
    rows: Mapping[Target, Sequence[StoredValue]], unit: FacilityRef, tables: Sequence[Target]
) -> InheritableRows:
    nation, *regions, own = (rows.get(table, ()) for table in tables)
    return InheritableRows(nation, unit.stays, tuple(regions), own)


def configuration_state(work: Work, plugins: PluginRegistry) -> ConfigurationState:
    """Returns what is recorded at every place within reach; five queries, however many places."""
    regions, units = _regions(work), _units(work)
    rows = _rows(work)
    # The day by the database's clock: a plan holds for its day, whatever the clock of this process says.
    today = work.scalar(select(cast(func.timezone("Asia/Jakarta", func.now()), Date)))
    assert today is not None
    return ConfigurationState(today, regions, units, rows, {**_activations(work, units), **_values(plugins, rows)})


def _regions(work: Work) -> dict[str, RegionRef]:
    kind = RegionModel
    name: Label[str] = col(kind.office_name).label("name")
    may = func.guyub.may_configure(None, col(kind.id)).label("decides")
    statement = select(col(kind.id), col(kind.code), name, col(kind.managed_by), may).order_by(col(kind.code))
    return {row.code: row for row in work.rows(RegionRef, statement)}


def _units(work: Work) -> dict[str, FacilityRef]:
    kind = FacilityModel
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(kind.id),
            col(kind.code),
            col(kind.name),
            col(kind.zone),
            col(kind.managed_by),
            col(RegionModel.code).label("region"),
            stays_at(col(kind.id)).label("stays"),
            col(kind.closed_on),
            opened_months(col(kind.id)).label("opened"),
        )
        .join(RegionModel, col(RegionModel.id) == col(kind.region_id))
        .where(in_scope(col(kind.id)))
        .order_by(col(kind.code))
    )
    return {
        row.code: FacilityRef(
            row.id,
            row.code,
            row.name,
            row.zone,
            row.managed_by,
            row.region,
            stays_of(row.stays),
            row.closed_on,
            months_of(row.opened),
        )
        for row in work.rows(_UnitRow, statement)
    }


def _rows(work: Work) -> dict[Target, tuple[StoredValue, ...]]:
    rows: defaultdict[Target, list[StoredValue]] = defaultdict(list)
    for row in stored_values(work):
        rows[Target(row.layer, row.code, row.plugin, "")].append(row)
    return {table: tuple(some) for table, some in rows.items()}


def _activations(work: Work, units: Mapping[str, FacilityRef]) -> dict[Target, tuple[Setting, ...]]:
    by_facility, codes = switches(work), {unit.id: unit.code for unit in units.values()}
    return {
        Target("facility", codes[place], slug, ""): tuple(
            Setting(switch.active, switch.valid_from, False, switch.actor, switch.recorded_at, switch.reason)
            for switch in some
        )
        for place in by_facility.keys() & codes.keys()
        for slug, some in by_facility[place].items()
    }


def _values(plugins: PluginRegistry, rows: Mapping[Target, Sequence[StoredValue]]) -> dict[Target, tuple[Setting, ...]]:
    timelines: dict[Target, tuple[Setting, ...]] = {}
    known = {table.plugin: _plugin(plugins, table.plugin) for table in rows}
    for table, some in rows.items():
        plugin = known[table.plugin]
        by_field = _as_stored(some)
        if plugin is not None and any(row.config_version != plugin.config_version for row in some):
            # Where it fails the plugin is stopped and says so; here its names are those it was stored under.
            with suppress(Refusal):
                by_field = _carried(plugin, some)
        for name, settings in by_field.items():
            timelines[Target(table.layer, table.place, table.plugin, name)] = tuple(settings)
    return timelines


def _plugin(plugins: PluginRegistry, slug: str) -> Plugin | None:
    try:
        return plugins.plugin(slug)
    except Refusal:
        return None  # What is not there says so wherever it is used; its values stay as they are stored.


def _as_stored(rows: Sequence[StoredValue]) -> dict[str, list[Setting]]:
    """Returns the settings by field; ``rows`` come by field, day and order of recording."""
    by_field: defaultdict[str, list[Setting]] = defaultdict(list)
    for row in rows:
        known = by_field[row.field]
        if known and known[-1].valid_from == row.valid_from:
            known.pop()
        known.append(Setting(row.value, row.valid_from, row.locked, row.actor, row.recorded_at, row.reason))
    return by_field


def _carried(plugin: Plugin, rows: Sequence[StoredValue]) -> dict[str, list[Setting]]:
    by_field: defaultdict[str, list[Setting]] = defaultdict(list)
    for day in sorted({row.valid_from for row in rows}):
        merged_values = merged(plugin, (rows,), day)
        for name in (*merged_values.values, *(known for known in by_field if known not in merged_values.values)):
            origin = merged_values.origins.get(name)
            setting = (
                Setting(merged_values.values[name], day, origin.locked, origin.actor, origin.recorded_at, origin.reason)
                if origin is not None
                else Setting(None, day)
            )
            known = by_field[name]
            if not known or not known[-1].is_like(setting):
                known.append(setting)
    return by_field
