"""What the database holds of plugins at every place within reach, in a fixed number of queries: rows, and timelines of them.

A timeline speaks the names of the plugin's present configuration: values of an earlier version are carried by its own
migrations, as they are wherever a configuration is resolved.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guyub.configuration.merge import merged
from guyub.configuration.settings import Setting, Target
from guyub.configuration.store import NATIONAL, STAYS, RegionMembership, StoredValue, stays_of
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
    opened: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class ConfigurationState:
    """``rows`` by plugin's table, ``timelines`` by field: from the first day to the last, each as it began to hold.

    ``today`` is the day by the database's clock in the capital.
    """

    epoch: int
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


def configuration_state(work: Work, plugins: PluginRegistry) -> ConfigurationState:
    """Five queries, however many places."""
    now = work.run(
        "SELECT epoch, (now() AT TIME ZONE 'Asia/Jakarta')::date AS today FROM guyub.configuration_epoch"
    ).one()
    regions = work.run(
        """SELECT g.id, g.code, g.office_name, g.managed_by, guyub.may_configure(NULL, g.id) AS decides
           FROM guyub.region g ORDER BY g.code"""
    )
    units = work.run(
        f"""SELECT f.id, f.code, f.name, f.zone, f.managed_by, g.code AS region, {STAYS} AS stays,
                   (SELECT jsonb_agg(DISTINCT jsonb_build_array(p.plugin, c.period))
                    FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id WHERE c.facility_id = f.id) AS opened
           FROM guyub.facility f JOIN guyub.region g ON g.id = f.region_id
           WHERE f.id = ANY ((SELECT guyub.scope())::uuid[]) ORDER BY f.code"""
    )
    rows = _rows(work)
    return ConfigurationState(
        epoch=now.epoch,
        today=now.today,
        regions={row.code: RegionRef(*row) for row in regions},
        units={
            row.code: FacilityRef(
                row.id,
                row.code,
                row.name,
                row.zone,
                row.managed_by,
                row.region,
                stays_of(row.stays),
                frozenset((slug, date.fromisoformat(period)) for slug, period in row.opened or ()),
            )
            for row in units
        },
        rows=rows,
        timelines={**_activations(work), **_values(plugins, rows)},
    )


def _rows(work: Work) -> dict[Target, tuple[StoredValue, ...]]:
    found = work.run(
        """SELECT v.seq, v.layer, v.plugin, v.field, v.value, v.config_version, v.locked, v.valid_from, v.recorded_at, v.actor,
                  v.reason, COALESCE(f.name, g.office_name, '') AS place, COALESCE(o.office_name, '') AS office,
                  COALESCE(g.code, f.code, '') AS code
           FROM guyub.config_value v
           LEFT JOIN guyub.region g ON g.id = v.region_id
           LEFT JOIN guyub.facility f ON f.id = v.facility_id LEFT JOIN guyub.region o ON o.id = f.region_id
           ORDER BY v.layer, code, v.plugin, v.field, v.valid_from, v.seq"""
    ).all()
    rows: defaultdict[Target, list[StoredValue]] = defaultdict(list)
    for item in found:
        rows[Target(item.layer, item.code, item.plugin, "")].append(StoredValue(*item[:-1]))
    return {table: tuple(some) for table, some in rows.items()}


def _activations(work: Work) -> dict[Target, tuple[Setting, ...]]:
    """Of two switches for the same day the one recorded later counts."""
    found = work.run(
        """SELECT DISTINCT ON (f.code, a.plugin, a.valid_from)
                  f.code, a.plugin, a.valid_from, a.active, a.actor, a.recorded_at, a.reason
           FROM guyub.plugin_activation a JOIN guyub.facility f ON f.id = a.facility_id
           ORDER BY f.code, a.plugin, a.valid_from, a.seq DESC"""
    ).all()
    timelines: defaultdict[Target, list[Setting]] = defaultdict(list)
    for row in found:
        timelines[Target("facility", row.code, row.plugin, "")].append(
            Setting(row.active, row.valid_from, False, row.actor, row.recorded_at, row.reason)
        )
    return {field: tuple(some) for field, some in timelines.items()}


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
    """``rows`` come by field, day and order of recording."""
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
        found = merged(plugin, (rows,), day)
        for name in (*found.values, *(known for known in by_field if known not in found.values)):
            origin = found.origins.get(name)
            setting = (
                Setting(found.values[name], day, origin.locked, origin.actor, origin.recorded_at, origin.reason)
                if origin is not None
                else Setting(None, day)
            )
            known = by_field[name]
            if not known or not known[-1].is_like(setting):
                known.append(setting)
    return by_field
