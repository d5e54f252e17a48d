"""The months of the programmes at a facility, each in one line: its state and what it amounts to."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.db.work import Work
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class MonthLine:
    """``listed`` households are chosen or approved, ``received`` and ``absent`` what became of them; ``value`` in rupiah is the
    cost of what was handed over."""

    plugin: str
    title: Text
    period: date
    state: str
    quota: int
    listed: int
    received: int
    absent: int
    value: int
    distribution_on: date | None
    place: str


def months(work: Work, plugin: str | None = None) -> list[MonthLine]:
    """Newest first, of one programme (a plugin's slug) or of all. One query."""
    rows = work.run(
        """SELECT p.plugin, c.settings -> 'title' AS title, c.period, c.state, c.quota,
                  COALESCE(e.listed, 0), COALESCE(e.received, 0), COALESCE(e.absent, 0), COALESCE(v.rupiah, 0)::bigint,
                  c.distribution_on, c.place
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id
           LEFT JOIN LATERAL (
               SELECT count(*) FILTER (WHERE state NOT IN ('candidate', 'excluded')) AS listed,
                      count(*) FILTER (WHERE state = 'received') AS received, count(*) FILTER (WHERE state = 'absent') AS absent
               FROM guyub.entitlement WHERE cycle_id = c.id) e ON true
           LEFT JOIN LATERAL (
               SELECT sum(l.rupiah) AS rupiah FROM guyub.entitlement x
               JOIN guyub.handover h ON h.entitlement_id = x.id AND h.reversed_at IS NULL
               JOIN guyub.handover_line l ON l.handover_id = h.id WHERE x.cycle_id = c.id) v ON true
           WHERE c.facility_id = :facility AND (CAST(:plugin AS text) IS NULL OR p.plugin = :plugin)
           ORDER BY c.period DESC, p.plugin""",
        facility=work.here.id, plugin=plugin,
    )  # fmt: skip
    return [_line(*row) for row in rows]


def _line(plugin: str, title: dict[str, str], *rest: Any) -> MonthLine:
    return MonthLine(plugin, Text(**title), *rest)
