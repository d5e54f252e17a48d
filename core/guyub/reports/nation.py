"""The overview over regions: a month at all facilities that the reader's offices answer for, added up region by region."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, cast, func, or_, select, true
from sqlmodel import col

from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.due_months import due_months
from guyub.programs.models import RollupMonth
from guyub.reports.by_source import SourceShare, SourceTotal, by_source
from guyub.reports.lateness import OVER, SHOWN, awaited, shown_state, unopened
from guyub.reports.models import RollupFamilies
from guyub.reports.region import day_in_view
from guyub.reports.region_figures import are_open, plugins_at
from guyub.reports.reporting_days import days_by_region
from guyub.reports.totals import Totals
from guyub.reports.trend import LENGTHS, MonthTotal, trend


@dataclass(frozen=True, slots=True)
class RegionRow:
    """``by_state`` counts months of programmes, and facilities without one; ``still_open`` months from before ``period``, and
    ``late_before`` those that are late, with months that were never opened.

    ``for_review`` counts funds that the regional office reviews; money in rupiah.
    """

    id: UUID
    code: str
    name: str
    facilities: int
    by_state: Mapping[str, int]
    still_open: int
    late_before: int
    by_category: Mapping[str, tuple[int, int]]
    value: int
    sources: tuple[SourceShare, ...]
    for_review: int
    packages: int = 0

    @property
    def listed(self) -> int:
        return sum(listed for listed, _ in self.by_category.values())

    @property
    def received(self) -> int:
        return sum(received for _, received in self.by_category.values())

    @property
    def left(self) -> int:
        return sum(source.left for source in self.sources)

    @property
    def months(self) -> int:
        """Months of programmes that should run: opened or not."""
        return sum(
            count for state, count in self.by_state.items() if state not in ("no_program", "not_due", "cancelled")
        )

    @property
    def closed(self) -> int:
        return self.by_state["closed"]

    @property
    def late(self) -> int:
        return self.by_state["late"] + self.late_before


@dataclass(frozen=True, slots=True)
class Nation(Totals[RegionRow]):
    period: date
    rows: list[RegionRow]
    by_state: Mapping[str, int]
    by_category: Mapping[str, tuple[int, int]]
    sources: list[SourceTotal]
    trend: list[MonthTotal]

    @property
    def facilities(self) -> int:
        return sum(row.facilities for row in self.rows)

    @property
    def with_program(self) -> int:
        return self.facilities - self.by_state["no_program"]


def nation(work: Work, plugins: PluginRegistry, period: date, today: date, length: int = LENGTHS[0]) -> Nation:
    """Returns the regions in which the reader holds a role, by name. Nine queries. Raises ``Forbidden`` as the region's
    overview."""
    work.require("reports.read")
    period = period.replace(day=1)
    codes = [region.code for region in work.regions]
    on = day_in_view(period, today)
    view = {"regions": codes, "period": period, "on": on}
    counted_states = _counted(work, plugins, codes, period, today)
    households = _by_region(work.all(_households(codes, period, on)))
    money = _by_region(work.run(_MONEY, **view).all())
    counted = select(func.count()).where(col(FacilityModel.region_id) == col(RegionModel.id), *are_open(period, on))
    regions = work.all(
        select(
            col(RegionModel.id),
            col(RegionModel.code),
            col(RegionModel.name),
            counted.correlate(RegionModel).scalar_subquery().label("facilities"),
        )
        .where(among(col(RegionModel.code), codes))
        .order_by(col(RegionModel.name), col(RegionModel.code))
    )
    rows = [_row(row, counted_states[row.id], households.get(row.id, ()), money.get(row.id, ())) for row in regions]
    return Nation(
        period=period,
        rows=rows,
        by_state={state: sum(row.by_state[state] for row in rows) for state in SHOWN},
        by_category=_by_category(rows),
        sources=by_source(plugins, (part for row in rows for part in row.sources)),
        trend=trend(work, [row.id for row in rows], period, length),
    )


_PLACES = """
    place AS NOT MATERIALIZED (
        SELECT x.id, x.region_id FROM guyub.facility x JOIN guyub.region r ON r.id = x.region_id
        WHERE r.code = ANY (:regions) AND (x.closed_on IS NULL OR x.closed_on >= :period)
          AND (x.opened_on IS NULL OR x.opened_on <= :on))
"""


def _months(codes: Sequence[str], period: date, on: date, earlier: Sequence[date]) -> Select[*tuple[Any, ...]]:
    """Selects the months of ``period`` and ``earlier``, and all that are still open, at facilities that are there."""
    month, place = RollupMonth, FacilityModel
    is_open = and_(col(month.period) < period, col(month.state).not_in(OVER))
    return (
        select(
            col(place.region_id),
            col(month.facility_id),
            col(month.plugin),
            col(month.period),
            col(month.state).label("step"),
            col(month.distribution_on),
            col(month.value),
        )
        .join(place, col(place.id) == col(month.facility_id))
        .join(RegionModel, col(RegionModel.id) == col(place.region_id))
        .where(among(col(RegionModel.code), codes), *are_open(period, on))
        .where(or_(among(col(month.period), [period, *earlier]), is_open))
    )


def _running(codes: Sequence[str], period: date, on: date) -> Select[*tuple[Any, ...]]:
    """Selects the plugins that are active on a day at each facility that is there."""
    place = FacilityModel
    latest, plugins = plugins_at(col(place.id), on)
    return (
        select(col(place.region_id), col(place.id).label("facility_id"), plugins.label("plugins"))
        .join(RegionModel, col(RegionModel.id) == col(place.region_id))
        .outerjoin(latest, true())
        .where(among(col(RegionModel.code), codes), *are_open(period, on))
        .group_by(col(place.id))
    )


@dataclass(slots=True)
class _Counted:
    """The months of a region's facilities by state, and what is open or late from before the month in view."""

    states: Counter[str] = field(default_factory=Counter)
    still_open: int = 0
    late_before: int = 0
    value: int = 0


def _counted(
    work: Work, plugins: PluginRegistry, codes: Sequence[str], period: date, today: date
) -> dict[UUID, _Counted]:
    """Returns the states of the month in view by region, judged as the overview of each region judges them. Five queries."""
    earlier = [month for month in awaited(today) if month < period]
    on = day_in_view(period, today)
    running = work.all(_running(codes, period, on))
    months = work.all(_months(codes, period, on, earlier))
    regions = {row.facility_id: row.region_id for row in running}
    inside = select(col(RegionModel.id)).where(among(col(RegionModel.code), codes))
    due = due_months(work, plugins, col(FacilityModel.region_id).in_(inside), [period, *earlier])
    days = days_by_region(work, list(set(regions.values())))
    by_facility = {place: days[region] for place, region in regions.items() if region in days}
    opened = {(row.facility_id, row.plugin, row.period) for row in months}
    never = [month for month in unopened(due, opened, by_facility, today) if month.facility_id in regions]
    counted: defaultdict[UUID, _Counted] = defaultdict(_Counted)
    standing = {(row.facility_id, row.plugin, row.period) for row in months if row.step != "cancelled"}
    for row in months:
        if row.step != "cancelled" or (row.facility_id, row.plugin, row.period) not in standing:
            _count(counted[row.region_id], row, period, today)
    for month in never:
        if month.period == period:
            counted[regions[month.facility_id]].states[month.state] += 1
        elif month.is_late:
            counted[regions[month.facility_id]].late_before += 1
    of_month = {(place, plugin) for place, plugin, opened_period in opened if opened_period == period}
    of_month |= {(month.facility_id, month.plugin) for month in never if month.period == period}
    _count_others(counted, plugins, running, of_month, {row.plugin for row in months})
    return counted


def _count(counted: _Counted, row: Any, period: date, today: date) -> None:
    state = shown_state(row.step, row.period, row.distribution_on, today)
    if row.period == period:
        counted.states[state] += 1
        counted.value += row.value
    elif row.step not in OVER:
        counted.still_open += 1
        counted.late_before += state == "late"


def _count_others(
    counted: Mapping[UUID, _Counted],
    plugins: PluginRegistry,
    running: Sequence[Any],
    of_month: Collection[tuple[UUID, str]],
    with_months: Collection[str],
) -> None:
    """Counts programmes whose month is not due, and facilities without a programme; of a plugin that is not ready its months tell
    that it is one."""
    ready = plugins.ready()
    programs = {slug for slug, plugin in ready.items() if plugin.program_types}
    of_facility: defaultdict[UUID, set[str]] = defaultdict(set)
    for place, plugin in of_month:
        of_facility[place].add(plugin)
    for row in running:
        shown = of_facility[row.facility_id]
        others = [
            slug
            for slug in row.plugins
            if slug not in shown and (slug in programs or slug in with_months - ready.keys())
        ]
        for slug in others:
            counted[row.region_id].states["not_due" if slug in ready else "not_opened"] += 1
        if not shown and not others:
            counted[row.region_id].states["no_program"] += 1


def _households(codes: Sequence[str], period: date, on: date) -> Select[*tuple[Any, ...]]:
    """Selects the households on the lists and served, by region and category."""
    place, counted = FacilityModel, RollupFamilies
    return (
        select(
            col(place.region_id),
            col(counted.category),
            cast(func.sum(col(counted.listed)), BigInteger).label("listed"),
            cast(func.sum(col(counted.received)), BigInteger).label("received"),
            cast(func.sum(col(counted.packages)), BigInteger).label("packages"),
        )
        .join(RegionModel, col(RegionModel.id) == col(place.region_id))
        .join(counted, col(counted.facility_id) == col(place.id))
        .where(among(col(RegionModel.code), codes), *are_open(period, on), col(counted.period) == period)
        .group_by(col(place.region_id), col(counted.category))
        .order_by(col(place.region_id), col(counted.category))
    )


# A long operation on sets too: what is held by source, beside what was spent of it in the month.
_MONEY = f"""
    WITH {_PLACES},
    spent AS MATERIALIZED (
        SELECT place.region_id, s.plugin, s.source, sum(s.spent)::bigint AS rupiah
        FROM place JOIN guyub.rollup_spending s ON s.facility_id = place.id AND s.period = :period GROUP BY 1, 2, 3),
    held AS MATERIALIZED (
        SELECT place.region_id, r.plugin, r.source, sum(r.received)::bigint AS received,
               sum(r.received - r.spent)::bigint AS left,
               count(*) FILTER (WHERE r.sensitive AND r.received > r.spent) AS sensitive
        FROM place JOIN guyub.rollup_fund r ON r.facility_id = place.id GROUP BY 1, 2, 3)
    SELECT h.region_id, h.plugin, h.source, h.received, h.left, COALESCE(s.rupiah, 0) AS spent, h.sensitive
    FROM held h LEFT JOIN spent s USING (region_id, plugin, source) ORDER BY h.plugin, h.source
"""


def _by_region(rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    by_region: dict[UUID, list[Any]] = {}
    for row in rows:
        by_region.setdefault(row.region_id, []).append(row)
    return by_region


def _row(region: Any, counted: _Counted, households: Sequence[Any], money: Sequence[Any]) -> RegionRow:
    return RegionRow(
        id=region.id,
        code=region.code,
        name=region.name,
        facilities=region.facilities,
        by_state={state: counted.states[state] for state in SHOWN},
        still_open=counted.still_open,
        late_before=counted.late_before,
        by_category={row.category: (row.listed, row.received) for row in households if row.listed},
        value=counted.value,
        sources=tuple(SourceShare(row.plugin, row.source, row.received, row.left, row.spent) for row in money),
        for_review=sum(row.sensitive for row in money),
        packages=sum(row.packages for row in households),
    )


def _by_category(rows: Sequence[RegionRow]) -> dict[str, tuple[int, int]]:
    total: dict[str, tuple[int, int]] = {}
    for row in rows:
        for category, (listed, received) in row.by_category.items():
            before = total.get(category, (0, 0))
            total[category] = before[0] + listed, before[1] + received
    return dict(sorted(total.items()))
