"""Which months of programmes are due: those in which the schedule of a programme occurs, while it runs on their first day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import col

from guyub.configuration.models import ConfigValue, PluginActivation
from guyub.configuration.resolution import resolved_from
from guyub.configuration.store import StoredAt, StoredValue, stay_on, stays_at, stays_of, stored_values
from guyub.db.limits import REASON, is_month, too_long
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.config import Config
from guyub.sdk.errors import Refusal
from guyub.sdk.program import ProgramType
from guyub.sdk.schedules import occurrence
from guyub.sdk.text import Period, Text
from guyub.ui.months import following, last_day


@dataclass(frozen=True, slots=True)
class DueMonth:
    """A month that is due at a facility; ``on`` is the day on which its programme's schedule occurs."""

    facility_id: UUID
    plugin: str
    period: date
    on: date


def due_on(kind: ProgramType[Any], config: Config, period: date) -> date | None:
    """Returns the day on which the schedule of a programme occurs in a month, in the facility's calendar; None where the month
    is not due. Raises ``Refusal`` for a schedule that the core does not follow."""
    return occurrence(kind.schedule(config), period)


def opening_reason(title: Text, period: date, on: date | None, reason: str) -> str:
    """Returns the reason that is kept with a month: none with one that is due. Raises ``Invalid`` where one is lacking."""
    if on is not None:
        return ""
    reason = reason.strip()
    if not reason:
        raise ProgramsRefusal.NOT_DUE.invalid("reason", title=title, month=Period(period))
    if (problem := too_long(reason, REASON)) is not None:
        raise ProgramsRefusal.OPENING_REASON.invalid("reason", problem=problem[0], fix=problem[1])
    return reason


def due_months(
    work: Work, plugins: PluginRegistry, places: ColumnElement[bool], periods: Sequence[date], plugin: str | None = None
) -> list[DueMonth]:
    """Returns the months among ``periods`` that are due at facilities of which ``places`` holds, of one programme or of all that
    are ready. Two queries for any number of facilities.

    Where a configuration is not valid or a programme fails to answer, the month counts as due: no month is lost by a fault,
    and opening it says what is wrong.
    """
    slugs = [slug for slug, ready in plugins.ready().items() if ready.program_types and plugin in (None, slug)]
    if not slugs or not periods:
        return []
    at = [_place_of(row) for row in work.all(_places(places, slugs))]
    inside = select(col(FacilityModel.id)).where(places)
    of_them = or_(col(ConfigValue.facility_id).is_(None), col(ConfigValue.facility_id).in_(inside))
    schedules = _Schedules(plugins, _by_place(stored_values(work, among(col(ConfigValue.plugin), slugs), of_them)))
    return [due for place in at for slug in slugs for due in _due(schedules, place, slug, periods)]


@dataclass(frozen=True, slots=True)
class _Place:
    """A facility with its days, its regions and the switches of its programmes, by slug and in the order of their days."""

    id: UUID
    name: str
    opened_on: date | None
    closed_on: date | None
    stays: Sequence[Any]
    switches: Mapping[str, Sequence[tuple[date, bool]]]

    def runs(self, slug: str, period: date) -> bool:
        """Returns whether a programme runs there on the first day of a month, while there is a facility to run it."""
        if (self.closed_on is not None and self.closed_on < period) or (
            self.opened_on is not None and self.opened_on > last_day(period)
        ):
            return False
        return next((active for since, active in reversed(self.switches.get(slug, ())) if since <= period), False)


def _places(places: ColumnElement[bool], slugs: Sequence[str]) -> Any:
    place, switch = FacilityModel, PluginActivation
    entry = func.jsonb_build_array(col(switch.plugin), col(switch.valid_from), col(switch.active))
    in_order = aggregate_order_by(entry, col(switch.valid_from), col(switch.seq))
    switches = select(func.jsonb_agg(in_order)).where(
        col(switch.facility_id) == col(place.id), among(col(switch.plugin), slugs)
    )
    return select(
        col(place.id),
        col(place.name),
        col(place.opened_on),
        col(place.closed_on),
        stays_at(col(place.id)).label("stays"),
        switches.correlate(place).scalar_subquery().label("switches"),
    ).where(places)


def _place_of(row: Any) -> _Place:
    switches: dict[str, list[tuple[date, bool]]] = {}
    for slug, since, active in row.switches or ():
        switches.setdefault(slug, []).append((date.fromisoformat(since), active))
    return _Place(row.id, row.name, row.opened_on, row.closed_on, stays_of(row.stays or ()), switches)


def _by_place(rows: Iterable[StoredValue]) -> Mapping[tuple[str, UUID | None], list[StoredValue]]:
    at: dict[tuple[str, UUID | None], list[StoredValue]] = {}
    for row in rows:
        at.setdefault((row.plugin, row.at), []).append(row)
    return at


@dataclass(slots=True)
class _Schedules:
    """The days of the schedules, by what decides them: facilities without values of their own share their region's."""

    plugins: PluginRegistry
    stored: Mapping[tuple[str, UUID | None], list[StoredValue]]
    known: dict[tuple[str, date, UUID | None, UUID | None], date | None] = field(default_factory=dict)

    def day(self, place: _Place, slug: str, period: date) -> date | None:
        region = place.stays[stay_on(place.stays, period)].region_id if place.stays else None
        own = self.stored.get((slug, place.id), [])
        key = (slug, period, region, place.id if own else None)
        if key not in self.known:
            layers = (self.stored.get((slug, None), []), self.stored.get((slug, region), []) if region else [], own)
            self.known[key] = self._asked(StoredAt(place.name, {slug: layers}), slug, period)
        return self.known[key]

    def _asked(self, stored: StoredAt, slug: str, period: date) -> date | None:
        plugin = self.plugins.plugin(slug)
        try:
            config = resolved_from(stored, plugin, period, self.plugins.protector).config
            days = [due_on(self.plugins.program_type(slug, kind.key), config, period) for kind in plugin.program_types]
        except Refusal:
            return period
        return min((day for day in days if day is not None), default=None)


def _due(schedules: _Schedules, place: _Place, slug: str, periods: Sequence[date]) -> Iterator[DueMonth]:
    for period in periods:
        if place.runs(slug, period) and (on := schedules.day(place, slug, period)) is not None:
            yield DueMonth(place.id, slug, period, on)


def due_here(work: Work, plugins: PluginRegistry, plugin: str, periods: Sequence[date]) -> dict[date, date]:
    """Returns the months of a programme that are due at the facility of this work, each with the day of its schedule."""
    due = due_months(work, plugins, col(FacilityModel.id) == work.here.id, periods, plugin)
    return {month.period: month.on for month in due}


MONTHS_AHEAD = 24
"""So far the next month that is due is looked for."""


def months_from(first: date, count: int) -> list[date]:
    """Returns so many months from the first one on, as far as the books know them."""
    months = [first.replace(day=1)]
    while len(months) < count:
        months.append(following(months[-1]))
    return [month for month in dict.fromkeys(months) if is_month(month)]
