"""Where plugins run, and since or from when: read for a page, whole places at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.plugins import status
from guyub.plugins.status import PluginStatus
from guyub.ui.months import following


@dataclass(frozen=True, slots=True)
class Activation:
    """One switch of a plugin at a facility; of several for one day that which was recorded last."""

    plugin: str
    active: bool
    valid_from: date
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class ActivationState:
    """``now``: the switch in force on a day; ``next``: the first one after it."""

    now: Activation | None
    next: Activation | None

    @property
    def active(self) -> bool:
        return self.now is not None and self.now.active


NEVER = ActivationState(None, None)


def active_at(work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
    """Slugs active at a facility on a day, installed or not, in alphabetical order; one query."""
    rows = work.run(
        """SELECT plugin FROM (
               SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
               WHERE a.facility_id = :facility AND a.valid_from <= :on
               ORDER BY a.plugin, a.valid_from DESC, a.seq DESC) latest
           WHERE active ORDER BY plugin""",
        facility=facility_id,
        on=on,
    )
    return tuple(rows.scalars())


def at_facility(work: Work, on: date) -> Mapping[str, ActivationState]:
    """By slug, of every plugin that was ever switched at the facility of this work; one query."""
    rows = work.run(
        """SELECT DISTINCT ON (plugin, valid_from) plugin, active, valid_from, actor, reason
           FROM guyub.plugin_activation WHERE facility_id = :here ORDER BY plugin, valid_from, seq DESC""",
        here=work.here.id,
    )
    switches: defaultdict[str, list[Activation]] = defaultdict(list)
    for row in rows:
        switches[row.plugin].append(Activation(*row))
    return {slug: _standing(some, on) for slug, some in switches.items()}


def in_many(work: Work, region_id: UUID, on: date) -> Mapping[UUID, Mapping[str, ActivationState]]:
    """The same of every facility of a region within reach, by its id; one query."""
    rows = work.run(
        """SELECT DISTINCT ON (a.facility_id, a.plugin, a.valid_from)
                  a.facility_id, a.plugin, a.active, a.valid_from, a.actor, a.reason
           FROM guyub.plugin_activation a JOIN guyub.facility f ON f.id = a.facility_id
           WHERE f.region_id = :region
           ORDER BY a.facility_id, a.plugin, a.valid_from, a.seq DESC""",
        region=region_id,
    )
    switches: defaultdict[UUID, defaultdict[str, list[Activation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        switches[row.facility_id][row.plugin].append(Activation(*row[1:]))
    return {
        place: {slug: _standing(some, on) for slug, some in by_plugin.items()} for place, by_plugin in switches.items()
    }


def _standing(switches: Sequence[Activation], on: date) -> ActivationState:
    begun = [switch for switch in switches if switch.valid_from <= on]
    later = [switch for switch in switches if switch.valid_from > on]
    return ActivationState(begun[-1] if begun else None, later[0] if later else None)


def not_installed(work: Work, installed: Iterable[str], on: date) -> list[PluginStatus]:
    """What is active at a facility within reach on that day and is not among the ``installed``, by slug; one query."""
    active = work.run(
        """SELECT DISTINCT plugin FROM (
               SELECT DISTINCT ON (a.facility_id, a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
               WHERE a.valid_from <= :on
               ORDER BY a.facility_id, a.plugin, a.valid_from DESC, a.seq DESC) latest
           WHERE active ORDER BY plugin""",
        on=on,
    ).scalars()
    known = set(installed)
    return [status.missing(slug) for slug in active if slug not in known]


@dataclass(frozen=True, slots=True)
class ActivationPeriods:
    """When one plugin was and will be active at a facility: ``switches`` by their first day."""

    switches: Sequence[tuple[date, bool]]

    def runs(self, on: date) -> bool:
        return next((active for since, active in reversed(self.switches) if since <= on), False)

    def since(self, on: date) -> date | None:
        """The first day on which it runs, from a day on; None where no such day is recorded."""
        if self.runs(on):
            return on
        return next((since for since, active in self.switches if since > on and active), None)

    def first_month(self, on: date) -> date | None:
        """The first day of a month, from a day on, on which it runs; None where no such day is recorded."""
        begins = [on, *(since for since, active in self.switches if since > on and active)]
        months = (day if day.day == 1 else following(day) for day in begins)
        return next((month for month in months if month >= on and self.runs(month)), None)


def activation_periods(work: Work, plugin: str) -> ActivationPeriods:
    """At the facility of this work; one query."""
    rows = work.run(
        """SELECT DISTINCT ON (valid_from) valid_from, active FROM guyub.plugin_activation
           WHERE facility_id = :here AND plugin = :plugin ORDER BY valid_from, seq DESC""",
        here=work.here.id,
        plugin=plugin,
    )
    return ActivationPeriods([(row.valid_from, row.active) for row in rows])


def month_from(day: date) -> date:
    """The first of a month that is this day or comes next; ``ValueError`` where the calendar ends."""
    return day if day.day == 1 else date(day.year + day.month // 12, day.month % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class FacilityActivations:
    """A facility of a region; ``plugins`` are the slugs that run there on a day."""

    code: str
    name: str
    managed_by: str
    plugins: frozenset[str]
    id: UUID


def in_region(work: Work, region_id: UUID, on: date) -> list[FacilityActivations]:
    """The facilities of a region within reach, by name; one query."""
    rows = work.run(
        """SELECT f.id, f.code, f.name, f.managed_by,
                  COALESCE(array_agg(a.plugin) FILTER (WHERE a.active), '{}') AS plugins
           FROM guyub.facility f
           LEFT JOIN LATERAL (
               SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
               WHERE a.facility_id = f.id AND a.valid_from <= :on
               ORDER BY a.plugin, a.valid_from DESC, a.seq DESC) a ON true
           WHERE f.region_id = :region AND f.id = ANY ((SELECT guyub.scope())::uuid[])
           GROUP BY f.id ORDER BY lower(f.name), f.code""",
        region=region_id,
        on=on,
    )
    return [FacilityActivations(row.code, row.name, row.managed_by, frozenset(row.plugins), row.id) for row in rows]
