"""The months, the money and the programmes of a region's facilities: one query each, for any number of facilities.

All of it under the reader's own scope. The regional office sees how many households are in which state, never which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from guyub.db.work import Work
from guyub.sdk.text import Text

Shown = Literal[
    "not_opened", "planned", "proposed", "approved", "distributing", "closed", "cancelled", "late", "no_program"
]


@dataclass(frozen=True, slots=True)
class Place:
    """A facility and the plugins that are switched on there, installed or not, in alphabetical order."""

    id: UUID
    code: str
    name: str
    plugins: tuple[str, ...]


def places(work: Work, region_id: UUID, on: date) -> list[Place]:
    """By name: an order that ranks nobody."""
    rows = work.run(
        """SELECT f.id, f.code, f.name,
                  COALESCE(array_agg(a.plugin ORDER BY a.plugin) FILTER (WHERE a.active), '{}') AS plugins
           FROM guyub.facility f
           LEFT JOIN LATERAL (
               SELECT DISTINCT ON (a.plugin) a.plugin, a.active FROM guyub.plugin_activation a
               WHERE a.facility_id = f.id AND a.valid_from <= :on
               ORDER BY a.plugin, a.valid_from DESC, a.id DESC) a ON true
           WHERE f.region_id = :region GROUP BY f.id ORDER BY f.name, f.code""",
        region=region_id, on=on,
    )  # fmt: skip
    return [Place(row.id, row.code, row.name, tuple(row.plugins)) for row in rows]


@dataclass(frozen=True, slots=True)
class MonthAt:
    """A month of a programme at a facility. ``state`` is "late" where the day or the month has passed before its end.

    ``families`` are counts by category: (on the list, served). ``value`` is the cost of what was handed over, in rupiah.
    """

    facility_id: UUID
    plugin: str
    title: Text
    period: date
    state: Shown
    step: str
    distribution_on: date | None
    families: Mapping[str, tuple[int, int]]
    value: int

    @property
    def listed(self) -> int:
        return sum(listed for listed, _ in self.families.values())

    @property
    def received(self) -> int:
        return sum(received for _, received in self.families.values())


_MONTHS = """
    WITH month AS MATERIALIZED (
        SELECT c.id, c.facility_id, p.plugin, c.settings -> 'title' AS title, c.period, c.state AS step, c.distribution_on,
               CASE WHEN c.state NOT IN ('closed', 'cancelled')
                         AND (c.distribution_on < :today OR c.period < date_trunc('month', CAST(:today AS date)))
                    THEN 'late' ELSE c.state END AS state
        FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id JOIN guyub.facility f ON f.id = c.facility_id
        WHERE f.region_id = :region
          AND (c.period = :period OR (c.period < :period AND c.state NOT IN ('closed', 'cancelled')))),
    family AS (
        SELECT cycle_id, jsonb_object_agg(category, jsonb_build_array(listed, received)) AS families
        FROM (SELECT cycle_id, category, sum(households) FILTER (WHERE state NOT IN ('candidate', 'excluded')) AS listed,
                     COALESCE(sum(households) FILTER (WHERE state = 'received'), 0) AS received
              FROM guyub.attendance(ARRAY(SELECT id FROM month)) GROUP BY 1, 2) counted
        WHERE listed > 0 GROUP BY cycle_id),
    worth AS (
        SELECT j.holder_id, sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END)::bigint AS rupiah
        FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
        JOIN guyub.account far ON far.id IN (t.debit_account, t.credit_account) AND far.kind IN ('distributed', 'payments')
        WHERE j.holder_id IN (SELECT id FROM month) GROUP BY 1)
    SELECT month.*, COALESCE(family.families, '{}') AS families, COALESCE(worth.rupiah, 0) AS value
    FROM month LEFT JOIN family ON family.cycle_id = month.id LEFT JOIN worth ON worth.holder_id = month.id
    ORDER BY month.period DESC, month.plugin, month.id
"""


def months(work: Work, region_id: UUID, period: date, today: date) -> list[MonthAt]:
    """Those of ``period``, and earlier ones that are still open."""
    rows = work.run(_MONTHS, region=region_id, period=period, today=today)
    return [
        MonthAt(
            row.facility_id, row.plugin, Text(**row.title), row.period, row.state, row.step, row.distribution_on,
            _families(row.families), row.value,
        )
        for row in rows
    ]  # fmt: skip


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


def money(work: Work, region_id: UUID, period: date) -> list[MoneyAt]:
    rows = work.run(
        """WITH held AS (
               SELECT f.id, f.facility_id, f.plugin, f.source, f.sensitive,
                      COALESCE(-sum(a.rupiah) FILTER (WHERE a.kind = 'receipts'), 0) AS received,
                      COALESCE(sum(a.rupiah) FILTER (
                          WHERE a.kind IN ('cash', 'cash_reserved', 'stock', 'stock_reserved')), 0) AS left
               FROM guyub.fund f JOIN guyub.facility x ON x.id = f.facility_id LEFT JOIN guyub.account a ON a.fund_id = f.id
               WHERE x.region_id = :region GROUP BY f.id),
           spent AS (
               SELECT t.fund_id, sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END) AS rupiah
               FROM guyub.cycle c JOIN guyub.facility x ON x.id = c.facility_id AND x.region_id = :region
               JOIN guyub.journal j ON j.holder_id = c.id JOIN guyub.transfer t ON t.journal_id = j.id
               JOIN guyub.account far ON far.id IN (t.debit_account, t.credit_account)
                                     AND far.kind IN ('distributed', 'payments')
               WHERE c.period = :period GROUP BY 1)
           SELECT h.facility_id, h.plugin, h.source, sum(h.received)::bigint, sum(h.left)::bigint,
                  COALESCE(sum(s.rupiah), 0)::bigint, count(*) FILTER (WHERE h.sensitive AND h.left > 0),
                  COALESCE(sum(h.left) FILTER (WHERE h.sensitive), 0)::bigint
           FROM held h LEFT JOIN spent s ON s.fund_id = h.id
           GROUP BY 1, 2, 3 ORDER BY 2, 3, 1""",
        region=region_id, period=period,
    )  # fmt: skip
    return [MoneyAt(*row) for row in rows]
