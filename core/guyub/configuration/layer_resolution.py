"""One plugin at one facility, on the day before a plan and on the day after it: what it inherits, holds and is given."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from guyub.configuration.merge import LayerValues, MergedValues, stacked, values_of_layer
from guyub.configuration.settings import Setting, Target
from guyub.configuration.state import ConfigurationState, FacilityRef, layers_of, tables_of
from guyub.configuration.steps import Step
from guyub.configuration.store import InheritableRows, RegionMembership, StoredValue
from guyub.configuration.timelines import on_day, with_added
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.plugin import Plugin


@dataclass(frozen=True, slots=True)
class ValuesAbove:
    """Keeps what the nation and the regions say: it is worked out once, though hundreds of facilities inherit it."""

    known: dict[tuple[int, date], tuple[Sequence[StoredValue], LayerValues]] = field(default_factory=dict)

    def of_layer(self, plugin: Plugin, rows: Sequence[StoredValue], day: date) -> LayerValues:
        """Returns what one layer says; ``rows`` are known again by their identity, and kept, so that no others can take
        it."""
        key = (id(rows), day)
        if key not in self.known:
            self.known[key] = (rows, values_of_layer(plugin, rows, day))
        return self.known[key][1]


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row that a plan writes, with the day on which it begins to count at a facility, and the layer (0 the nation)."""

    row: StoredValue
    day: date
    depth: int
    place: str


@dataclass(frozen=True, slots=True)
class PluginAtFacility:
    """One plugin at one facility, before and after the plan; ``is_new``: there was no such facility before.

    ``added`` is what the plan writes: the nation's rows, those of each region under which the facility stands, its own.
    """

    unit: FacilityRef
    plugin: Plugin
    is_new: bool
    before: InheritableRows
    after: InheritableRows
    added: InheritableRows
    ran: Sequence[Setting]
    runs: Sequence[Setting]
    above: "ValuesAbove"
    known: dict[tuple[bool, date], MergedValues] = field(default_factory=dict)

    def state(self, day: date, *, planned: bool) -> MergedValues:
        """Returns what holds on a day without the plan, or with it. Raises ``Refusal`` where earlier values cannot be
        carried."""
        # Where nothing is added and nothing moves, both are the same.
        key = (planned and self.after is not self.before, day)
        if key not in self.known:
            layers = (self.after if key[0] else self.before).on(day)
            inherited = [self.above.of_layer(self.plugin, rows, day) for rows in layers[:-1]]
            self.known[key] = stacked([*inherited, values_of_layer(self.plugin, layers[-1], day)])
        return self.known[key]

    @property
    def moves_on(self) -> date | None:
        """Returns the day on which the plan brings it under another region; None where it does not."""
        if self.is_new:
            return None
        return next((stay.since for stay in self.after.stays if stay not in self.before.stays), None)

    def planned_rows(self) -> Iterator[PlannedRow]:
        """Yields what the plan writes, as far as it ever counts here."""
        for row in self.added.nation:
            yield PlannedRow(row, row.valid_from, 0, "")
        for number, (stay, rows) in enumerate(zip(self.added.stays, self.added.regions, strict=True)):
            since = stay.since if number else date.min
            until = next((stay.since for stay in self.added.stays[number + 1 :]), date.max)
            for row in rows:
                if row.valid_from < until:
                    yield PlannedRow(row, max(since, row.valid_from), 1, stay.region)
        for row in self.added.own:
            yield PlannedRow(row, row.valid_from, 2, self.unit.code)

    def was_active(self, day: date) -> bool:
        return bool((held := on_day(self.ran, day)) and held.value)

    def is_active(self, day: date) -> bool:
        return bool((held := on_day(self.runs, day)) and held.value)

    @property
    def is_changed(self) -> bool:
        return self.after is not self.before or len(self.ran) != len(self.runs) or self.ran != self.runs

    def days(self, today: date) -> list[date]:
        """Returns the days on which something begins, from the plan's first day on; today where the plan changes
        nothing here."""
        own = {value.day for value in self.planned_rows()}
        own |= {run.valid_from for run in self.runs if run not in self.ran}
        own |= {self.moves_on} if self.moves_on is not None else set()
        first = min(own, default=today)
        return sorted(own | self.after.days_after(first) | {first})


def rows_added(
    plugins: PluginRegistry, state: ConfigurationState, steps: Sequence[Step], actor: str
) -> dict[Target, list[StoredValue]]:
    """Returns by a plugin's table what a plan writes, as the rows that will be recorded."""
    rows: defaultdict[Target, list[StoredValue]] = defaultdict(list)
    recorded_at = datetime.max.replace(tzinfo=UTC)
    for number, step in enumerate(steps):
        target, after = step.target, step.after
        if not target.field:
            continue
        unit = state.units.get(target.place) if target.layer == "facility" else None
        office = state.regions.get(unit.region) if unit is not None else None
        rows[target.table].append(
            # Later than all that is recorded, in the order in which it will be.
            StoredValue(
                seq=2**63 - 1 - len(steps) + number,
                layer=target.layer,
                plugin=target.plugin,
                field=target.field,
                value=after.value,
                config_version=plugins.plugin(target.plugin).config_version,
                locked=after.locked,
                valid_from=after.valid_from,
                recorded_at=recorded_at,
                actor=actor,
                reason=after.reason,
                place=state.name_of(target.layer, target.place).id,
                office=office.name if office is not None else "",
            )
        )
    return rows


def places(
    plugins: PluginRegistry,
    state: ConfigurationState,
    units: Mapping[str, FacilityRef],
    added: Mapping[Target, Sequence[StoredValue]],
    switched: Mapping[Target, Sequence[Setting]],
) -> Iterator[PluginAtFacility]:
    """Yields every facility with every plugin that is recorded or written anywhere; what is equal is shared, not
    copied."""
    slugs = {row.plugin for row in (*state.rows, *state.timelines, *added, *switched)} & plugins.ready().keys()
    above = ValuesAbove()
    whole = {**state.rows, **{table: (*state.rows.get(table, ()), *new) for table, new in added.items()}}
    for unit in units.values():
        known = state.units.get(unit.code)
        moves = known is not None and known.stays != unit.stays
        for slug in sorted(slugs):
            tables = tables_of(unit, slug)
            ran = state.timelines.get(own := tables[-1], ())
            before = (
                layers_of(state.rows, known, tables_of(known, slug) if moves else tables)
                if known is not None
                else _NOTHING
            )
            is_same = known is not None and not moves and not any(table in added for table in tables)
            yield PluginAtFacility(
                unit,
                plugins.plugin(slug),
                known is None,
                before,
                before if is_same else layers_of(whole, unit, tables),
                layers_of(added, unit, tables),
                ran,
                with_added(ran, switched[own]) if own in switched else ran,
                above,
            )


_NOTHING = InheritableRows((), (RegionMembership(date.min, "", UUID(int=0)),), ((),), ())
"""Of a facility that is not there yet."""
