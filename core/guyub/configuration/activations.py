"""Describes where plugins run, and since or from when: read for a page, whole places at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.configuration.models import PluginActivation
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import in_scope
from guyub.db.unit_of_work import Work
from guyub.plugins import status
from guyub.plugins.status import PluginStatus
from guyub.ui.months import following


@dataclass(frozen=True, slots=True)
class Activation:
    """Activation is one switch of a plugin at a facility; of several for one day that which was recorded last."""

    facility_id: UUID
    plugin: str
    active: bool
    valid_from: date
    actor: str
    reason: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class ActivationState:
    """Holds the switch in force on a day (``now``) and the first one after it (``next``)."""

    now: Activation | None
    next: Activation | None

    @property
    def active(self) -> bool:
        return self.now is not None and self.now.active


NEVER = ActivationState(None, None)
Switches = Mapping[UUID, Mapping[str, Sequence[Activation]]]
"""By facility and plugin, in the order of their days."""


def switches(work: Work, *where: ColumnElement[bool]) -> Switches:
    """Returns what was ever switched, as far as the conditions hold; one query."""
    kind = PluginActivation
    of = (col(kind.facility_id), col(kind.plugin), col(kind.valid_from))
    statement = (
        select(*of, col(kind.active), col(kind.actor), col(kind.reason), col(kind.recorded_at))
        .where(*where)
        .ext(distinct_on(*of))
        .order_by(*of, col(kind.seq).desc())
    )
    by_facility: defaultdict[UUID, defaultdict[str, list[Activation]]] = defaultdict(lambda: defaultdict(list))
    for row in work.rows(Activation, statement):
        by_facility[row.facility_id][row.plugin].append(row)
    return by_facility


def active_at(work: Work, facility_id: UUID, on: date) -> tuple[str, ...]:
    """Returns the slugs active at a facility on a day, installed or not, in alphabetical order; one query."""
    begun = (col(PluginActivation.facility_id) == facility_id, col(PluginActivation.valid_from) <= on)
    return tuple(sorted(_active(switches(work, *begun).get(facility_id, {}))))


def _active(begun: Mapping[str, Sequence[Activation]]) -> set[str]:
    return {slug for slug, some in begun.items() if some[-1].active}


def at_facility(work: Work, on: date) -> Mapping[str, ActivationState]:
    """Returns by slug the state of every plugin that was ever switched at the facility of this work; one query."""
    by_plugin = switches(work, col(PluginActivation.facility_id) == work.here.id).get(work.here.id, {})
    return {slug: _standing(some, on) for slug, some in by_plugin.items()}


def in_many(work: Work, region_id: UUID, on: date) -> Mapping[UUID, Mapping[str, ActivationState]]:
    """Returns the same for every facility of a region within reach, by its id; one query."""
    by_facility = switches(work, _in_region(region_id))
    return {
        place: {slug: _standing(some, on) for slug, some in plugins.items()} for place, plugins in by_facility.items()
    }


def _in_region(region_id: UUID) -> ColumnElement[bool]:
    inside = select(col(FacilityModel.id)).where(col(FacilityModel.region_id) == region_id)
    return col(PluginActivation.facility_id).in_(inside)


def _standing(switches: Sequence[Activation], on: date) -> ActivationState:
    begun = [switch for switch in switches if switch.valid_from <= on]
    later = [switch for switch in switches if switch.valid_from > on]
    return ActivationState(begun[-1] if begun else None, later[0] if later else None)


def not_installed(work: Work, installed: Iterable[str], on: date) -> list[PluginStatus]:
    """Returns what is active at a facility within reach on that day and is not among the ``installed``, by slug; one
    query."""
    begun = switches(work, col(PluginActivation.valid_from) <= on).values()
    active = set[str]().union(*map(_active, begun))
    return [status.missing(slug) for slug in sorted(active - set(installed))]


@dataclass(frozen=True, slots=True)
class ActivationPeriods:
    """Holds when one plugin was and will be active at a facility: ``switches`` by their first day."""

    switches: Sequence[tuple[date, bool]]

    def runs(self, on: date) -> bool:
        return next((active for since, active in reversed(self.switches) if since <= on), False)

    def since(self, on: date) -> date | None:
        """Returns the first day on which it runs, from a day on; None where no such day is recorded."""
        if self.runs(on):
            return on
        return next((since for since, active in self.switches if since > on and active), None)

    def first_month(self, on: date) -> date | None:
        """Returns the first day of a month, from a day on, on which it runs; None where no such day is recorded."""
        begins = [on, *(since for since, active in self.switches if since > on and active)]
        months = (day if day.day == 1 else following(day) for day in begins)
        return next((month for month in months if month >= on and self.runs(month)), None)


def activation_periods(work: Work, plugin: str) -> ActivationPeriods:
    """Returns the periods of a plugin at the facility of this work; one query."""
    here = (col(PluginActivation.facility_id) == work.here.id, col(PluginActivation.plugin) == plugin)
    rows = switches(work, *here).get(work.here.id, {}).get(plugin, ())
    return ActivationPeriods([(switch.valid_from, switch.active) for switch in rows])


@dataclass(frozen=True, slots=True)
class RegionFacility:
    """A facility of a region; ``closed_on`` is its last day where it is closed."""

    id: UUID
    code: str
    name: str
    facility_type: str
    facility_class: str
    managed_by: Literal["files", "web"]
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class FacilityActivations:
    """Holds the slugs of the plugins that run at a facility on a day."""

    place: RegionFacility
    plugins: frozenset[str]


def region_facilities(work: Work, region_id: UUID, on: date) -> list[RegionFacility]:
    """Returns the facilities of a region within reach, by name; one query."""
    kind = FacilityModel
    closed = case((col(kind.closed_on) < on, col(kind.closed_on))).label("closed_on")
    statement = (
        select(
            col(kind.id),
            col(kind.code),
            col(kind.name),
            col(kind.facility_type),
            col(kind.facility_class),
            col(kind.managed_by),
            closed,
        )
        .where(col(kind.region_id) == region_id, in_scope(col(kind.id)))
        .order_by(func.lower(col(kind.name)), col(kind.code))
    )
    return work.rows(RegionFacility, statement)


def in_region(work: Work, region_id: UUID, on: date) -> list[FacilityActivations]:
    """Returns what runs at each facility of a region within reach, by name; two queries."""
    begun = switches(work, _in_region(region_id), col(PluginActivation.valid_from) <= on)
    return [
        FacilityActivations(place, frozenset(_active(begun.get(place.id, {}))))
        for place in region_facilities(work, region_id, on)
    ]
