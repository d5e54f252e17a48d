"""The overview of a region: a month at all of its facilities, with what needs attention. A fixed number of queries."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

from sqlmodel import col

from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.due_months import due_months
from guyub.reports import region_figures
from guyub.reports.by_source import SourceShare, SourceTotal, by_source
from guyub.reports.lateness import OVER, SHOWN, CycleStateShown, UnopenedMonth, awaited, unopened, unopened_label
from guyub.reports.region_figures import FacilityPrograms, MoneyAt, MonthAt
from guyub.reports.region_waiting import WaitingAt, waiting
from guyub.reports.reporting_days import RecapDays, days_of
from guyub.reports.totals import Totals
from guyub.reports.trend import LENGTHS, MonthTotal, trend
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.months import last_day


@dataclass(frozen=True, slots=True)
class PluginHere:
    """A plugin that is active at a facility; ``ready`` is False for one that is missing or quarantined."""

    slug: str
    title: Text
    ready: bool


@dataclass(frozen=True, slots=True)
class UnopenedProgram:
    """A programme that runs here and whose month was never opened; ``state`` is "late" or "not_opened", or "not_due" where its
    schedule does not occur in that month. ``open_by`` is the last day in time, None where nobody can say."""

    slug: str
    title: Text
    ready: bool
    period: date
    state: CycleStateShown
    open_by: date | None

    @property
    def label(self) -> Text:
        return unopened_label(self.state)


@dataclass(frozen=True, slots=True)
class FacilityRow:
    """A facility in the overview. ``months`` are of the month in view, ``earlier`` those from before it still open.

    ``not_opened`` are programmes that run here and have no such month though it is due, ``never_opened`` the same of months
    before it that are late; ``not_due`` are programmes whose schedule leaves the month in view out.
    """

    place: FacilityPrograms
    programs: tuple[PluginHere, ...]
    sources: tuple[PluginHere, ...]
    months: tuple[MonthAt, ...]
    earlier: tuple[MonthAt, ...]
    not_opened: tuple[UnopenedProgram, ...]
    never_opened: tuple[UnopenedProgram, ...]
    not_due: tuple[UnopenedProgram, ...]
    money: tuple[MoneyAt, ...]
    waiting: WaitingAt | None
    """The cash books and documents that wait today."""

    @property
    def states(self) -> list[CycleStateShown]:
        """Returns one state for each programme; a facility that runs none counts once."""
        states: list[CycleStateShown] = [month.state for month in self.months]
        states += [program.state for program in (*self.not_opened, *self.not_due)]
        return states or ["no_program"]

    @property
    def is_expected(self) -> bool:
        """Returns whether anything of the month in view is awaited, or was."""
        return bool(self.months or self.not_opened)

    @property
    def late(self) -> int:
        """Returns how many months of programmes are late, in view and before."""
        earlier = len(self.never_opened) + sum(month.state == "late" for month in self.earlier)
        return self.states.count("late") + earlier

    @property
    def listed(self) -> int:
        return sum(month.listed for month in self.months)

    @property
    def received(self) -> int:
        return sum(month.received for month in self.months)

    @property
    def packages(self) -> int:
        return sum(month.packages for month in self.months)

    @property
    def value(self) -> int:
        return sum(month.value for month in self.months)

    @property
    def left(self) -> int:
        return sum(money.left for money in self.money)


@dataclass(frozen=True, slots=True)
class Overview(Totals[FacilityRow]):
    """``by_state`` counts months of programmes (and facilities without one), ``by_category`` households: (listed, served).

    ``days`` are those of the office. ``sources``: what each brought, what is left of it today, and what it paid for the month.
    """

    period: date
    days: RecapDays
    rows: list[FacilityRow]
    by_state: Mapping[str, int]
    by_category: Mapping[str, tuple[int, int]]
    sources: list[SourceTotal]
    trend: list[MonthTotal]

    @property
    def facilities(self) -> int:
        return len(self.rows)

    @property
    def with_program(self) -> int:
        return sum(1 for row in self.rows if row.states != ["no_program"])


def overview(
    work: Work, plugins: PluginRegistry, region_id: UUID, period: date, today: date, length: int = LENGTHS[0]
) -> Overview:
    """Returns the overview of the month of ``period``, with the course of ``length`` months up to it. Eight queries.

    Raises ``Forbidden`` without the right to read reports.
    """
    work.require("reports.read")
    period = period.replace(day=1)
    on = day_in_view(period, today)
    places = region_figures.places(work, region_id, on)
    earlier = [month for month in awaited(today) if month < period]
    months = region_figures.months(work, region_id, period, today, earlier)
    days = days_of(work, region_id)
    due = due_months(work, plugins, col(FacilityModel.region_id) == region_id, [period, *earlier])
    opened = {(month.facility_id, month.plugin, month.period) for month in months}
    awaited_months = _by_place(unopened(due, opened, {place.id: days for place in places}, today))
    money = region_figures.money(work, region_id, period)
    months_at, money_at = _by_place(months), _by_place(money)
    waiting_at = waiting(work, [place.id for place in places], today)
    known = _plugins(plugins, places, {month.plugin for month in months} | {month.plugin for month in due})
    rows = [
        _row(
            place,
            known,
            period,
            _standing(months_at.get(place.id, [])),
            awaited_months.get(place.id, []),
            money_at.get(place.id, []),
            waiting_at.get(place.id),
        )
        for place in places
    ]
    return Overview(
        period=period,
        days=days,
        rows=rows,
        by_state=_counted(rows),
        by_category=_by_category(rows),
        sources=by_source(
            plugins, (SourceShare(item.plugin, item.source, item.received, item.left, item.spent) for item in money)
        ),
        trend=trend(work, [region_id], period, length),
    )


def day_in_view(period: date, today: date) -> date:
    """Returns the day whose activations and values are shown: today, the last day of an earlier month, the first of a later
    one."""
    return max(period, min(today, last_day(period)))


class _Placed(Protocol):
    @property
    def facility_id(self) -> UUID: ...


PlacedRow = TypeVar("PlacedRow", bound=_Placed)


def _by_place(rows: Sequence[PlacedRow]) -> dict[UUID, list[PlacedRow]]:
    at: dict[UUID, list[PlacedRow]] = {}
    for placed_row in rows:
        at.setdefault(placed_row.facility_id, []).append(placed_row)
    return at


def _row(
    place: FacilityPrograms,
    known: Mapping[str, tuple[PluginHere, bool]],
    period: date,
    months: Sequence[MonthAt],
    awaited_months: Sequence[UnopenedMonth],
    money: Sequence[MoneyAt],
    waits: WaitingAt | None,
) -> FacilityRow:
    plugins = [known[slug] for slug in place.plugins]
    never = {(month.plugin, month.period): month for month in awaited_months}
    programs = tuple(plugin for plugin, is_program in plugins if is_program)
    opened = {month.plugin for month in months if month.period == period}
    of_month = [
        _unopened(plugin, period, never.get((plugin.slug, period))) for plugin in programs if plugin.slug not in opened
    ]
    return FacilityRow(
        place,
        programs,
        tuple(plugin for plugin, is_program in plugins if not is_program),
        tuple(month for month in months if month.period == period),
        tuple(month for month in months if month.period < period and month.step not in OVER),
        tuple(program for program in of_month if program.state != "not_due"),
        tuple(
            _unopened(known[month.plugin][0], month.period, month)
            for month in awaited_months
            if month.is_late and month.period < period
        ),
        tuple(program for program in of_month if program.state == "not_due"),
        tuple(money),
        waits,
    )


def _unopened(plugin: PluginHere, period: date, month: UnopenedMonth | None) -> UnopenedProgram:
    """Returns what is shown of a month without a cycle; of a plugin that is not ready nobody can say whether it is due."""
    state: CycleStateShown = "not_due" if plugin.ready else "not_opened"
    open_by = None
    if month is not None:
        state, open_by = month.state, month.open_by
    return UnopenedProgram(plugin.slug, plugin.title, plugin.ready, period, state, open_by)


def _standing(months: Sequence[MonthAt]) -> list[MonthAt]:
    """Returns the months without those that were cancelled and opened again."""
    stand = {(month.plugin, month.period) for month in months if month.step != "cancelled"}
    return [month for month in months if month.step != "cancelled" or (month.plugin, month.period) not in stand]


def _plugins(
    plugins: PluginRegistry, places: Sequence[FacilityPrograms], with_months: set[str]
) -> dict[str, tuple[PluginHere, bool]]:
    slugs = {slug for place in places for slug in place.plugins} | with_months
    return {slug: _plugin(plugins, slug, with_months) for slug in slugs}


def _plugin(plugins: PluginRegistry, slug: str, with_months: set[str]) -> tuple[PluginHere, bool]:
    """Returns the plugin, and whether it is a programme; of one that cannot say so itself, its months in the books tell."""
    try:
        plugin = plugins.plugin(slug)
    except Refusal:
        return PluginHere(slug, Text.same(slug), False), slug in with_months
    return PluginHere(slug, program_title(plugin), True), bool(plugin.program_types)


def program_title(plugin: Plugin) -> Text:
    """Returns the title as the months of its programme have it; of a plugin with several programmes, or none, its own."""
    return plugin.program_types[0].title if len(plugin.program_types) == 1 else plugin.title


def _counted(rows: Sequence[FacilityRow]) -> dict[str, int]:
    counts = Counter[str](state for row in rows for state in row.states)
    return {state: counts[state] for state in SHOWN}


def _by_category(rows: Sequence[FacilityRow]) -> dict[str, tuple[int, int]]:
    listed, received = Counter[str](), Counter[str]()
    for row in rows:
        for month in row.months:
            for category, (on_list, served) in month.families.items():
                listed[category] += on_list
                received[category] += served
    return {category: (listed[category], received[category]) for category in sorted(listed)}
