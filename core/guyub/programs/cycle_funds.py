"""The funds behind a cycle: which may pay for it, what each holds for it and has given, and what will go back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, and_, any_, cast, func, literal, or_, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, ItemModel, Reservation
from guyub.programs.cycles import Cycle


@dataclass(frozen=True, slots=True)
class FundOfCycle:
    """One fund of a cycle, all in rupiah at cost: ``free`` money and ``stock`` of the fund itself, of which nothing is
    promised; ``held`` for this cycle (money and goods); ``handed_over`` to its households."""

    id: UUID
    code: str
    name: str
    sensitive: bool
    free: int
    stock: int
    held: int
    handed_over: int


def of_cycle(work: Work, cycle: Cycle) -> list[FundOfCycle]:
    """Returns the funds of a cycle in the order in which they pay. One query."""
    # One long question: what each fund holds of its own and for this cycle, and what it has given.
    return work.rows(
        FundOfCycle,
        """SELECT f.id, f.code, f.name, f.sensitive, b.free, b.stock, b.held, COALESCE(g.handed_over, 0)::bigint AS handed_over
           FROM guyub.cycle_fund cf JOIN guyub.fund f ON f.id = cf.fund_id
           CROSS JOIN LATERAL (
               SELECT COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'cash'), 0)::bigint AS free,
                      COALESCE(sum(a.rupiah) FILTER (WHERE a.kind = 'stock'), 0)::bigint AS stock,
                      COALESCE(sum(a.rupiah) FILTER (WHERE r.holder_id = cf.cycle_id), 0)::bigint AS held
               FROM guyub.account a LEFT JOIN guyub.reservation r ON r.id = a.reservation_id
               WHERE a.fund_id = f.id) b
           LEFT JOIN LATERAL (
               SELECT sum(CASE WHEN t.reverses IS NULL THEN t.rupiah ELSE -t.rupiah END) AS handed_over
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


def choices(work: Work, program: str, first: date, last: date) -> list[FundChoice]:
    """Funds that may serve the programme on some day from ``first`` to ``last`` and hold something, oldest first; ``program`` is
    a plugin's slug."""
    account = AccountModel
    kind, rupiah = col(account.kind), func.sum(col(account.rupiah))
    since, until = col(Fund.usable_from), col(Fund.usable_until)
    return work.rows(
        FundChoice,
        select(
            col(Fund.code),
            col(Fund.name),
            cast(func.coalesce(rupiah.filter(kind == "cash"), 0), BigInteger).label("free"),
            cast(func.coalesce(rupiah.filter(kind == "stock"), 0), BigInteger).label("stock"),
        )
        .join(account, and_(col(account.fund_id) == col(Fund.id), kind.in_(("cash", "stock"))))
        .where(
            col(Fund.facility_id) == work.here.id,
            or_(func.cardinality(col(Fund.programs)) == 0, literal(program) == any_(col(Fund.programs))),
            or_(since.is_(None), since <= last),
            or_(until.is_(None), until >= first),
        )
        .group_by(col(Fund.id))
        .having(rupiah > 0)
        .order_by(col(Fund.opened_at), col(Fund.id)),
    )


@dataclass(frozen=True, slots=True)
class HeldForCycle:
    """Holds what is still reserved for a cycle: goods with their unit, money with an empty ``item``; ``rupiah`` at cost."""

    fund: str
    item: str
    unit: str
    quantity: Decimal
    rupiah: int


def held(work: Work, cycle: Cycle) -> list[HeldForCycle]:
    """Returns what is held by fund and item; closing or cancelling the cycle returns exactly this. One query."""
    account, item = AccountModel, ItemModel
    return work.rows(
        HeldForCycle,
        select(
            col(Fund.name).label("fund"),
            func.coalesce(col(item.name), "").label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(account.quantity)).label("quantity"),
            cast(func.sum(col(account.rupiah)), BigInteger).label("rupiah"),
        )
        .select_from(Reservation)
        .join(account, col(account.reservation_id) == col(Reservation.id))
        .join(Fund, col(Fund.id) == col(account.fund_id))
        .outerjoin(item, col(item.id) == col(account.item_id))
        .where(col(Reservation.holder_id) == cycle.id, or_(col(account.rupiah) > 0, col(account.quantity) > 0))
        .group_by(col(Fund.id), col(item.id))
        .order_by(col(Fund.opened_at), col(Fund.id), col(item.name).nulls_last()),
    )
