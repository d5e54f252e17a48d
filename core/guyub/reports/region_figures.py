"""The months, the money and the programmes of a region's facilities: one query each, for any number of facilities.

Months and money come from the roll-up, under the reader's own scope: how many households, never which.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, FromClause, func, literal, or_, select, true
from sqlalchemy import Text as SqlText
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.orm import Mapped
from sqlmodel import col

from guyub.configuration.models import PluginActivation
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.programs.cycle_settings import title_of
from guyub.reports.lateness import OVER, CycleStateShown, shown_state
from guyub.reports.refusals import ReportsRefusal
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.text import Text


def category_name(code: str) -> str:
    """Returns the name that documents and workbooks have; the code of a category that is not known any more."""
    return CATEGORIES[code].id if code in CATEGORIES else code


@dataclass(frozen=True, slots=True)
class FacilityPrograms:
    """A facility and the plugins that are active there, installed or not, in alphabetical order."""

    id: UUID
    code: str
    name: str
    zone: str
    plugins: tuple[str, ...]


def places(work: Work, region_id: UUID, on: date) -> list[FacilityPrograms]:
    """Returns those that were open in the month of ``on``, by name: an order that ranks nobody."""
    place = FacilityModel
    latest, plugins = plugins_at(col(place.id), on)
    rows = work.all(
        select(
            col(place.id),
            col(place.code),
            col(place.name),
            col(place.zone),
            plugins.label("plugins"),
        )
        .outerjoin(latest, true())
        .where(col(place.region_id) == region_id, *are_open(on.replace(day=1), on))
        .group_by(col(place.id))
        .order_by(func.lower(col(place.name)), col(place.code))
    )
    return [part_of(row, FacilityPrograms, plugins=tuple(row.plugins)) for row in rows]


def plugins_at(facility_id: Mapped[UUID], on: date) -> tuple[FromClause, ColumnElement[list[str]]]:
    """Returns the newest switch of each plugin at a facility on a day, to join, and those of them that are active, gathered by
    facility in alphabetical order."""
    activation = PluginActivation
    latest = (
        select(col(activation.plugin), col(activation.active))
        .ext(distinct_on(col(activation.plugin)))
        .where(col(activation.facility_id) == facility_id, col(activation.valid_from) <= on)
        .order_by(col(activation.plugin), col(activation.valid_from).desc(), col(activation.seq).desc())
        .lateral("latest")
    )
    active = func.array_agg(aggregate_order_by(latest.c.plugin, latest.c.plugin)).filter(latest.c.active)
    return latest, func.coalesce(active, literal([], ARRAY(SqlText)))


def are_open(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Returns that facilities were there on some of the days from ``first`` to ``last``."""
    opened_on, closed_on = col(FacilityModel.opened_on), col(FacilityModel.closed_on)
    return or_(closed_on.is_(None), closed_on >= first), or_(opened_on.is_(None), opened_on <= last)


def name_of(work: Work, region_id: UUID, code: str) -> str:
    """Returns the name of a facility in that region. Raises ``NotFound``."""
    is_there = (col(FacilityModel.region_id) == region_id, col(FacilityModel.code) == code)
    name = work.scalar(select(col(FacilityModel.name)).where(*is_there))
    if name is None:
        raise ReportsRefusal.NO_FACILITY.not_found(code=code)
    return name


@dataclass(frozen=True, slots=True)
class MonthAt:
    """A month of a programme at a facility. ``state`` is "late" where ``lateness`` says so, else ``step``.

    ``households`` are counts by category: (on the list, served). ``value`` is the cost of what was handed over, in
    rupiah, ``packages`` their number.
    """

    facility_id: UUID
    plugin: str
    title: Text
    code: str
    period: date
    state: CycleStateShown
    step: CycleStateShown
    distribution_on: date | None
    families: Mapping[str, tuple[int, int]]
    value: int
    packages: int = 0

    @property
    def listed(self) -> int:
        return sum(listed for listed, _ in self.families.values())

    @property
    def received(self) -> int:
        return sum(received for _, received in self.families.values())


# Text, since the households of each month are gathered into one value beside it.
_MONTHS = """
    SELECT m.facility_id, m.plugin, m.title, m.code, m.period, m.state AS step, m.distribution_on,
           COALESCE(families.counted, '{}') AS families, m.value, m.packages
    FROM guyub.rollup_month m JOIN guyub.facility x ON x.id = m.facility_id AND x.region_id = :region
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(f.category, jsonb_build_array(f.listed, f.received)) AS counted
        FROM guyub.rollup_families f WHERE f.facility_id = m.facility_id AND f.cycle_id = m.cycle_id) families ON true
    WHERE m.period = ANY (:periods) OR (m.period < :period AND m.state <> ALL (:over))
    ORDER BY m.period DESC, m.plugin, m.cycle_id
"""


def months(work: Work, region_id: UUID, period: date, today: date, beside: Sequence[date] = ()) -> list[MonthAt]:
    """Returns those of ``period`` and of the months ``beside``, and earlier ones that are still open."""
    rows = work.run(_MONTHS, region=region_id, period=period, periods=[period, *beside], over=list(OVER))
    return [
        MonthAt(
            row.facility_id,
            row.plugin,
            title_of(row.plugin, row.title),
            row.code,
            row.period,
            shown_state(row.step, row.period, row.distribution_on, today),
            row.step,
            row.distribution_on,
            _families(row.families),
            row.value,
            row.packages,
        )
        for row in rows
    ]


def _families(counted: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {category: (int(listed), int(received)) for category, (listed, received) in counted.items()}


@dataclass(frozen=True, slots=True)
class MoneyAt:
    """The funds of one source at a facility, in rupiah: ``left`` in money and goods, ``spent`` on the month's households.

    ``sensitive`` counts the funds that the regional office reviews, ``sensitive_left`` is what they still hold.
    """

    facility_id: UUID
    plugin: str
    source: str
    received: int
    left: int
    spent: int
    sensitive: int
    sensitive_left: int


# A long operation on sets: what is held by source, beside what was spent of it in the month.
_MONEY = """
    WITH spent AS MATERIALIZED (
        SELECT s.facility_id, s.plugin, s.source, sum(s.spent)::bigint AS rupiah
        FROM guyub.rollup_spending s JOIN guyub.facility x ON x.id = s.facility_id AND x.region_id = :region
        WHERE s.period = :period GROUP BY 1, 2, 3),
    held AS MATERIALIZED (
        SELECT r.facility_id, r.plugin, r.source, sum(r.received)::bigint AS received,
               sum(r.received - r.spent)::bigint AS left,
               count(*) FILTER (WHERE r.sensitive AND r.received > r.spent) AS sensitive,
               COALESCE(sum(r.received - r.spent) FILTER (WHERE r.sensitive), 0)::bigint AS sensitive_left
        FROM guyub.rollup_fund r JOIN guyub.facility x ON x.id = r.facility_id AND x.region_id = :region GROUP BY 1, 2, 3)
    SELECT h.facility_id, h.plugin, h.source, h.received, h.left, COALESCE(s.rupiah, 0) AS spent,
           h.sensitive, h.sensitive_left
    FROM held h LEFT JOIN spent s USING (facility_id, plugin, source)
    ORDER BY h.plugin, h.source, h.facility_id
"""


def money(work: Work, region_id: UUID, period: date) -> list[MoneyAt]:
    return work.rows(MoneyAt, _MONEY, region=region_id, period=period)
