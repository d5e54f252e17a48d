"""The overview over regions: a month at all facilities that the reader's offices answer for, added up region by region."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlmodel import col

from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.by_source import SourceShare, SourceTotal, by_source
from guyub.reports.models import RollupFamilies
from guyub.reports.region import SHOWN, day_in_view
from guyub.reports.region_figures import SHOWN_STATE, are_open
from guyub.reports.totals import Totals
from guyub.reports.trend import LENGTHS, MonthTotal, trend


@dataclass(frozen=True, slots=True)
class RegionRow:
    """``by_state`` counts months of programmes, and facilities without one; ``still_open`` months from before ``period``, of
    which ``late_before`` are late.

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
        return sum(count for state, count in self.by_state.items() if state not in ("no_program", "cancelled"))

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
    """Returns the regions in which the reader holds a role, by name. Five queries. Raises ``Forbidden`` as the region's
    overview."""
    work.require("reports.read")
    period = period.replace(day=1)
    codes = [region.code for region in work.regions]
    on = day_in_view(period, today)
    view = {"regions": codes, "period": period, "on": on}
    states = _by_region(work.run(_STATES, **view, today=today, programs=_programs(plugins)).all())
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
    rows = [_row(row, states.get(row.id, ()), households.get(row.id, ()), money.get(row.id, ())) for row in regions]
    return Nation(
        period=period,
        rows=rows,
        by_state={state: sum(row.by_state[state] for row in rows) for state in SHOWN},
        by_category=_by_category(rows),
        sources=by_source(plugins, (part for row in rows for part in row.sources)),
        trend=trend(work, [row.id for row in rows], period, length),
    )


def _programs(plugins: PluginRegistry) -> list[str]:
    return [slug for slug, plugin in plugins.ready().items() if plugin.program_types]


_PLACES = """
    place AS NOT MATERIALIZED (
        SELECT x.id, x.region_id FROM guyub.facility x JOIN guyub.region r ON r.id = x.region_id
        WHERE r.code = ANY (:regions) AND (x.closed_on IS NULL OR x.closed_on >= :period)
          AND (x.opened_on IS NULL OR x.opened_on <= :on))
"""

# A long operation on sets. A plugin that is not installed cannot say whether it is a programme: its months tell.
_STATES = f"""
    WITH {_PLACES},
    month AS MATERIALIZED (
        SELECT m.facility_id, m.plugin, m.period, {SHOWN_STATE} AS state, m.value
        FROM guyub.rollup_month m JOIN place ON place.id = m.facility_id
        WHERE m.period = :period OR (m.period < :period AND m.state NOT IN ('closed', 'cancelled'))),
    latest AS MATERIALIZED (
        SELECT DISTINCT ON (a.facility_id, a.plugin) a.facility_id, a.plugin, a.active
        FROM guyub.plugin_activation a WHERE a.valid_from <= :on
        ORDER BY a.facility_id, a.plugin, a.valid_from DESC, a.seq DESC),
    running AS MATERIALIZED (
        SELECT l.facility_id, l.plugin FROM latest l
        WHERE l.active AND (l.plugin = ANY (:programs) OR l.plugin IN (SELECT month.plugin FROM month))),
    slot AS (
        SELECT m.facility_id, m.state, m.value FROM month m WHERE m.period = :period
        UNION ALL
        SELECT r.facility_id, 'not_opened', 0 FROM running r
        WHERE NOT EXISTS (SELECT FROM month m WHERE m.facility_id = r.facility_id AND m.plugin = r.plugin
                                                AND m.period = :period))
    SELECT place.region_id, COALESCE(slot.state, 'no_program') AS state, count(*) AS months,
           COALESCE(sum(slot.value), 0)::bigint AS value
    FROM place LEFT JOIN slot ON slot.facility_id = place.id GROUP BY 1, 2
    UNION ALL
    SELECT place.region_id, kind.name, count(*), 0 FROM month m JOIN place ON place.id = m.facility_id
    JOIN (VALUES ('still_open'), ('late_before')) kind (name) ON kind.name = 'still_open' OR m.state = 'late'
    WHERE m.period < :period GROUP BY 1, 2
"""


def _households(codes: Sequence[str], period: date, on: date) -> Select[*tuple[Any, ...]]:
    """Selects the households on the lists and served, by region and category."""
    place, counted = FacilityModel, RollupFamilies
    return (
        select(
            col(place.region_id),
            col(counted.category),
            cast(func.sum(col(counted.listed)), BigInteger).label("listed"),
            cast(func.sum(col(counted.received)), BigInteger).label("received"),
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


def _row(region: Any, states: Sequence[Any], households: Sequence[Any], money: Sequence[Any]) -> RegionRow:
    counted = {row.state: row.months for row in states}
    return RegionRow(
        id=region.id,
        code=region.code,
        name=region.name,
        facilities=region.facilities,
        by_state={state: counted.get(state, 0) for state in SHOWN},
        still_open=counted.get("still_open", 0),
        late_before=counted.get("late_before", 0),
        by_category={row.category: (row.listed, row.received) for row in households if row.listed},
        value=sum(row.value for row in states),
        sources=tuple(SourceShare(row.plugin, row.source, row.received, row.left, row.spent) for row in money),
        for_review=sum(row.sensitive for row in money),
    )


def _by_category(rows: Sequence[RegionRow]) -> dict[str, tuple[int, int]]:
    total: dict[str, tuple[int, int]] = {}
    for row in rows:
        for category, (listed, received) in row.by_category.items():
            before = total.get(category, (0, 0))
            total[category] = before[0] + listed, before[1] + received
    return dict(sorted(total.items()))
