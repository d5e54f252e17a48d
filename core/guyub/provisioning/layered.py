"""One plugin at one facility, on the day before a plan and on the day after it: what it inherits, holds and is given."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from guyub.host.config_layers import Merged, Said, said_by, stacked
from guyub.host.config_rows import Row
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
class At:
    """One plugin at one facility, before and after the plan."""

    unit: Unit
    plugin: Plugin
    before: tuple[Sequence[Row], ...]
    after: tuple[Sequence[Row], ...]
    added: tuple[Sequence[Row], ...]
    ran: Sequence[Setting]
    runs: Sequence[Setting]
    above: "SaidAbove"
    known: dict[tuple[bool, date], Merged] = field(default_factory=dict)

    def state(self, day: date, *, planned: bool) -> Merged:
        """What holds on a day without the plan, or with it. Raises ``Refusal`` where earlier values cannot be carried."""
        # Where nothing is added, both are the same.
        key = (planned and any(self.added), day)
        if key not in self.known:
            layers = self.after if key[0] else self.before
            inherited = [self.above.said(self.plugin, rows, day) for rows in layers[:-1]]
            self.known[key] = stacked([*inherited, said_by(self.plugin, layers[-1], day)])
        return self.known[key]

    def was_active(self, day: date) -> bool:
        return bool((held := on_day(self.ran, day)) and held.value)

    def is_active(self, day: date) -> bool:
        return bool((held := on_day(self.runs, day)) and held.value)

    @property
    def is_changed(self) -> bool:
        return any(self.added) or len(self.ran) != len(self.runs) or self.ran != self.runs

    def days(self, today: date) -> list[date]:
        """Those on which something begins, from the plan's first day on; today where the plan changes nothing here."""
        own = {row.valid_from for rows in self.added for row in rows}
        own |= {one.valid_from for one in self.runs if one not in self.ran}
        first = min(own, default=today)
        later = {row.valid_from for rows in self.before for row in rows if row.valid_from > first}
        return sorted(own | later | {first})


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
                Row(UUID(int=2**128 - 1 - len(writes) + number), one.layer, one.plugin, one.name, setting.value,
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
    whole = {table: (*world.rows.get(table, ()), *new) for table, new in added.items()}
    for unit in units.values():
        for slug in sorted(slugs):
            tables = (
                Field("national", "", slug, ""),
                Field("region", unit.region, slug, ""),
                own := Field("facility", unit.code, slug, ""),
            )
            ran = world.timelines.get(own, ())
            more = tuple(added.get(one, ()) for one in tables)
            before = tuple(world.rows.get(one, ()) for one in tables)
            after = tuple(whole.get(one, rows) for one, rows in zip(tables, before, strict=True))
            yield At(
                unit,
                host.plugin(slug),
                before,
                after,
                more,
                ran,
                with_added(ran, switched[own]) if own in switched else ran,
                above,
            )
