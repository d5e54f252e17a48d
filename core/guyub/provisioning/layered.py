"""One plugin at one facility, on the day before a plan and on the day after it: what it inherits, holds and is given."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from guyub.host.config_layers import Merged, Said, said_by, stacked
from guyub.host.config_rows import Layers, Row, Stay
from guyub.host.plugin_host import PluginHost
from guyub.provisioning.configured import Configured, Unit
from guyub.provisioning.declared import Field, Setting
from guyub.provisioning.timelines import on_day, with_added
from guyub.sdk.plugin import Plugin


@dataclass(frozen=True, slots=True)
class SaidAbove:
    """What the nation and the regions say: found out once, though hundreds of facilities inherit it."""

    known: dict[tuple[int, date], tuple[Sequence[Row], Said]] = field(default_factory=dict)

    def said(self, plugin: Plugin, rows: Sequence[Row], day: date) -> Said:
        """``rows`` are known again by their identity, and kept, so that no others can take it."""
        key = (id(rows), day)
        if key not in self.known:
            self.known[key] = (rows, said_by(plugin, rows, day))
        return self.known[key][1]


@dataclass(frozen=True, slots=True)
class Given:
    """A row that a plan writes, with the day on which it begins to count at a facility, and the layer (0 the nation)."""

    row: Row
    day: date
    depth: int
    place: str


@dataclass(frozen=True, slots=True)
class At:
    """One plugin at one facility, before and after the plan; ``is_new``: there was no such facility before.

    ``added`` is what the plan writes: the nation's rows, those of each region under which the facility stands, its own.
    """

    unit: Unit
    plugin: Plugin
    is_new: bool
    before: Layers
    after: Layers
    added: Layers
    ran: Sequence[Setting]
    runs: Sequence[Setting]
    above: "SaidAbove"
    known: dict[tuple[bool, date], Merged] = field(default_factory=dict)

    def state(self, day: date, *, planned: bool) -> Merged:
        """What holds on a day without the plan, or with it. Raises ``Refusal`` where earlier values cannot be carried."""
        # Where nothing is added and nothing moves, both are the same.
        key = (planned and self.after is not self.before, day)
        if key not in self.known:
            layers = (self.after if key[0] else self.before).on(day)
            inherited = [self.above.said(self.plugin, rows, day) for rows in layers[:-1]]
            self.known[key] = stacked([*inherited, said_by(self.plugin, layers[-1], day)])
        return self.known[key]

    @property
    def moves_on(self) -> date | None:
        """The day on which the plan brings it under another region; None where it does not."""
        if self.is_new:
            return None
        return next((one.since for one in self.after.stays if one not in self.before.stays), None)

    def given(self) -> Iterator[Given]:
        """What the plan writes, as far as it ever counts here."""
        for row in self.added.nation:
            yield Given(row, row.valid_from, 0, "")
        for number, (stay, rows) in enumerate(zip(self.added.stays, self.added.regions, strict=True)):
            since = stay.since if number else date.min
            until = next((one.since for one in self.added.stays[number + 1 :]), date.max)
            for row in rows:
                if row.valid_from < until:
                    yield Given(row, max(since, row.valid_from), 1, stay.region)
        for row in self.added.own:
            yield Given(row, row.valid_from, 2, self.unit.code)

    def was_active(self, day: date) -> bool:
        return bool((held := on_day(self.ran, day)) and held.value)

    def is_active(self, day: date) -> bool:
        return bool((held := on_day(self.runs, day)) and held.value)

    @property
    def is_changed(self) -> bool:
        return self.after is not self.before or len(self.ran) != len(self.runs) or self.ran != self.runs

    def days(self, today: date) -> list[date]:
        """Those on which something begins, from the plan's first day on; today where the plan changes nothing here."""
        own = {one.day for one in self.given()}
        own |= {one.valid_from for one in self.runs if one not in self.ran}
        own |= {self.moves_on} if self.moves_on is not None else set()
        first = min(own, default=today)
        return sorted(own | self.after.days_after(first) | {first})


def rows_added(
    host: PluginHost, world: Configured, writes: Sequence[tuple[Field, Setting]], actor: str
) -> dict[Field, list[Row]]:
    """By plugin's table, what a plan writes as the rows that will be recorded."""
    rows: defaultdict[Field, list[Row]] = defaultdict(list)
    recorded_at = datetime.max.replace(tzinfo=UTC)
    for number, (one, setting) in enumerate(writes):
        if one.name:
            place = world.name_of(one.layer, one.place).id
            unit = world.units.get(one.place) if one.layer == "facility" else None
            office = world.regions.get(unit.region) if unit is not None else None
            rows[one.table].append(
                # Later than all that is recorded, in the order in which it will be.
                Row(2**63 - 1 - len(writes) + number, one.layer, one.plugin, one.name, setting.value,
                    host.plugin(one.plugin).config_version, setting.locked, setting.valid_from, recorded_at, actor,
                    setting.reason, place, office.name if office is not None else "")
            )  # fmt: skip
    return rows


def places(
    host: PluginHost,
    world: Configured,
    units: Mapping[str, Unit],
    added: Mapping[Field, Sequence[Row]],
    switched: Mapping[Field, Sequence[Setting]],
) -> Iterator[At]:
    """Every facility with every plugin that is recorded or written anywhere; what is equal is shared, not copied."""
    slugs = {one.plugin for one in (*world.rows, *world.timelines, *added, *switched)} & host.ready().keys()
    above = SaidAbove()
    whole = {**world.rows, **{table: (*world.rows.get(table, ()), *new) for table, new in added.items()}}
    for unit in units.values():
        known = world.units.get(unit.code)
        moves = known is not None and known.stays != unit.stays
        for slug in sorted(slugs):
            tables = _tables(unit, slug)
            ran = world.timelines.get(own := tables[-1], ())
            before = (
                _layers(world.rows, known, _tables(known, slug) if moves else tables) if known is not None else _NOTHING
            )
            is_same = known is not None and not moves and not any(one in added for one in tables)
            yield At(
                unit,
                host.plugin(slug),
                known is None,
                before,
                before if is_same else _layers(whole, unit, tables),
                _layers(added, unit, tables),
                ran,
                with_added(ran, switched[own]) if own in switched else ran,
                above,
            )


def _tables(unit: Unit, slug: str) -> tuple[Field, ...]:
    """Those of the nation, of each region under which the facility stood, and its own."""
    regions = (Field("region", stay.region, slug, "") for stay in unit.stays)
    return (Field("national", "", slug, ""), *regions, Field("facility", unit.code, slug, ""))


def _layers(rows: Mapping[Field, Sequence[Row]], unit: Unit, tables: Sequence[Field]) -> Layers:
    nation, *regions, own = (rows.get(one, ()) for one in tables)
    return Layers(nation, unit.stays, tuple(regions), own)


_NOTHING = Layers((), (Stay(date.min, "", UUID(int=0)),), ((),), ())
"""Of a facility that is not there yet."""
