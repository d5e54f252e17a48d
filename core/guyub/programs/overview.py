"""The months of the programmes at a facility, each in one line: its state and what it amounts to."""

from dataclasses import dataclass
from datetime import date

from guyub.db.typed_reads import part_of
from guyub.db.unit_of_work import Work
from guyub.programs.cycle_settings import title_of
from guyub.programs.labels import CycleState
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class MonthLine:
    """``listed`` households are on the list, which begins with the proposal and ends with a cancelled month; ``received`` and
    ``absent`` are what became of them; ``value`` in rupiah is the cost of what was handed over."""

    plugin: str
    title: Text
    code: str
    period: date
    state: CycleState
    quota: int
    listed: int
    received: int
    absent: int
    packages: int
    value: int
    distribution_on: date | None
    place: str


def months(work: Work, plugin: str | None = None) -> list[MonthLine]:
    """Returns the months, newest first, of one programme (a plugin's slug) or of all. One query."""
    # One long question: a line for each month, whatever was counted and booked of it.
    rows = work.run(
        """SELECT p.plugin, c.settings -> 'title' AS title, c.code, c.period, c.state, c.quota,
                  CASE WHEN guyub.has_list(c.state) THEN COALESCE(e.listed, 0) ELSE 0 END AS listed,
                  COALESCE(e.received, 0) AS received, COALESCE(e.packages, 0) AS packages, COALESCE(e.absent, 0) AS absent,
                  COALESCE(v.rupiah, 0)::bigint AS value,
                  c.distribution_on, c.place
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id
           LEFT JOIN (
               SELECT cycle_id, sum(households) FILTER (WHERE guyub.is_listed(state))::bigint AS listed,
                      sum(households) FILTER (WHERE state = 'received')::bigint AS received,
                      sum(packages) FILTER (WHERE state = 'received')::bigint AS packages,
                      sum(households) FILTER (WHERE state = 'absent')::bigint AS absent
               FROM guyub.attendance(ARRAY(SELECT id FROM guyub.cycle WHERE facility_id = :facility))
               GROUP BY cycle_id) e ON e.cycle_id = c.id
           LEFT JOIN LATERAL (
               SELECT sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END) AS rupiah
               FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
               JOIN guyub.account far ON far.id IN (t.debit_account, t.credit_account)
                                     AND far.kind IN ('distributed', 'payments')
               WHERE j.holder_id = c.id) v ON true
           WHERE c.facility_id = :facility AND (CAST(:plugin AS text) IS NULL OR p.plugin = :plugin)
           ORDER BY c.period DESC, p.plugin, c.opened_at DESC""",
        facility=work.here.id,
        plugin=plugin,
    )
    return [part_of(row, MonthLine, title=title_of(row.plugin, row.title)) for row in rows]
