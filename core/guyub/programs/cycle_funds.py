"""The funds behind a cycle: which may pay for it, what each holds for it and has given, and what will go back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.programs.cycles import Cycle


@dataclass(frozen=True, slots=True)
class FundOfCycle:
    """One fund of a cycle, all in rupiah at cost: ``free`` money and ``stock`` of the fund itself, of which nothing is
    promised; ``held`` for this cycle (money and goods); ``given`` to its households."""

    id: UUID
    code: str
    name: str
    sensitive: bool
    free: int
    stock: int
    held: int
    given: int


def of_cycle(work: Work, cycle: Cycle) -> list[FundOfCycle]:
    """Returns the funds of a cycle in the order in which they pay. One query."""
    return work.rows(
        FundOfCycle,
        """SELECT f.id, f.code, f.name, f.sensitive, b.free, b.stock, b.held, COALESCE(g.given, 0)::bigint AS given
           FROM guyub.cycle_fund cf JOIN guyub.fund f ON f.id = cf.fund_id
           CROSS JOIN LATERAL (
               SELECT COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'cash'), 0)::bigint AS free,
                      COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'stock'), 0)::bigint AS stock,
                      COALESCE(sum(a.rupiah) FILTER (WHERE r.holder_id = cf.cycle_id), 0)::bigint AS held
               FROM guyub.account a LEFT JOIN guyub.reservation r ON r.id = a.reservation_id
               WHERE a.fund_id = f.id) b
           LEFT JOIN LATERAL (
               SELECT sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END) AS given
               FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id AND t.fund_id = f.id
               JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
               WHERE j.holder_id = cf.cycle_id
                 AND (d.kind IN ('distributed', 'payments') OR c.kind IN ('distributed', 'payments'))) g ON true
           WHERE cf.cycle_id = :cycle ORDER BY cf.priority""",
        cycle=cycle.id,
    )


@dataclass(frozen=True, slots=True)
class FundChoice:
    """A fund that a cycle could be paid from: its free money and the cost of its free goods, in rupiah."""

    code: str
    name: str
    free: int
    stock: int


def choices(work: Work, program: str, period: date) -> list[FundChoice]:
    """Funds that may serve the programme in that month and hold something, oldest first; ``program`` is a plugin's slug."""
    return work.rows(
        FundChoice,
        """SELECT f.code, f.name, COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'cash'), 0)::bigint AS free,
                  COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'stock'), 0)::bigint AS stock
           FROM guyub.fund f LEFT JOIN guyub.account a ON a.fund_id = f.id AND a.kind IN ('cash', 'stock')
           WHERE f.facility_id = :facility AND (f.programs = '{}' OR :program = ANY (f.programs))
             AND COALESCE(date_trunc('month', f.usable_from)::date, '-infinity') <= :period
             AND COALESCE(f.usable_until, 'infinity') >= :period
           GROUP BY f.id HAVING COALESCE(sum(a.rupiah), 0) > 0 ORDER BY f.opened_at, f.id""",
        facility=work.here.id,
        program=program,
        period=period,
    )


@dataclass(frozen=True, slots=True)
class HeldForCycle:
    """What is still reserved for a cycle: goods with their unit, money with an empty ``item``; ``rupiah`` at cost."""

    fund: str
    item: str
    unit: str
    quantity: Decimal
    rupiah: int


def held(work: Work, cycle: Cycle) -> list[HeldForCycle]:
    """Returns what is held by fund and item; closing or cancelling the cycle returns exactly this. One query."""
    return work.rows(
        HeldForCycle,
        """SELECT f.name AS fund, COALESCE(i.name, '') AS item, COALESCE(i.unit, '') AS unit,
                  sum(a.quantity) AS quantity, sum(a.rupiah)::bigint AS rupiah
           FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id AND (a.rupiah > 0 OR a.quantity > 0)
           JOIN guyub.fund f ON f.id = a.fund_id LEFT JOIN guyub.item i ON i.id = a.item_id
           WHERE r.holder_id = :cycle
           GROUP BY f.id, f.name, f.opened_at, i.id, i.name, i.unit ORDER BY f.opened_at, f.id, i.name NULLS LAST""",
        cycle=cycle.id,
    )
