"""The course of the months: what reached households and what came in, for a facility, a region or all that the reader reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.ui.months import back

LENGTHS = (12, 36)
"""Months that a reader may ask for; the first unless they choose."""


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """``months`` of programmes that were opened, how many of them are closed and how many cancelled; households listed and
    served, and the packages handed over; rupiah handed over and received."""

    period: date
    months: int
    closed: int
    cancelled: int
    listed: int
    received: int
    packages: int
    value: int
    income: int


# A long operation on sets: every month of the course, what was given in it and what came in.
_TREND = """
    WITH place AS NOT MATERIALIZED (
        SELECT x.id FROM guyub.facility x WHERE x.region_id = ANY (:regions) AND (CAST(:code AS text) IS NULL OR x.code = :code)),
    month AS MATERIALIZED (
        SELECT m.period, count(*) AS months, count(*) FILTER (WHERE m.state = 'closed') AS closed,
               count(*) FILTER (WHERE m.state = 'cancelled') AS cancelled, sum(m.listed) AS listed,
               sum(m.received) AS received, sum(m.packages) AS packages, sum(m.value) AS value
        FROM guyub.rollup_month m JOIN place ON place.id = m.facility_id
        WHERE m.period BETWEEN :first AND :last GROUP BY 1),
    income AS MATERIALIZED (
        SELECT i.period, sum(i.received) AS rupiah FROM guyub.rollup_income i JOIN place ON place.id = i.facility_id
        WHERE i.period BETWEEN :first AND :last GROUP BY 1)
    SELECT every::date AS period, COALESCE(month.months, 0) AS months, COALESCE(month.closed, 0) AS closed,
           COALESCE(month.cancelled, 0) AS cancelled,
           COALESCE(month.listed, 0) AS listed, COALESCE(month.received, 0) AS received,
           COALESCE(month.packages, 0) AS packages,
           COALESCE(month.value, 0)::bigint AS value,
           COALESCE(income.rupiah, 0)::bigint AS income
    FROM generate_series(CAST(:first AS timestamp), CAST(:last AS timestamp), interval '1 month') every
    LEFT JOIN month ON month.period = every::date LEFT JOIN income ON income.period = every::date
    ORDER BY 1
"""


def trend(
    work: Work, region_ids: Sequence[UUID], last: date, length: int, facility: str | None = None
) -> list[MonthTotal]:
    """Returns ``length`` months up to ``last``, the oldest first, those without figures too; of one facility (a code)
    if given.
    """
    return work.rows(
        MonthTotal, _TREND, regions=list(region_ids), first=back(last, length - 1), last=last, code=facility
    )
