"""What the books say of a cycle, for its documents: the approval and its reservations, purchases, what went back or is kept."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds import queries as books
from guyub.funds.models import AccountModel, Fund, ItemModel, Journal, Reservation, Transfer
from guyub.funds.queries import Spending
from guyub.programs import cycle_funds
from guyub.programs.cycles import Cycle


@dataclass(frozen=True, slots=True)
class Purchase:
    on: date
    memo: str
    evidence: str
    cost: int


@dataclass(frozen=True, slots=True)
class Returned:
    """Holds what was reserved and not needed: goods with their unit, money with an empty one. ``cost`` in rupiah."""

    item: str
    unit: str
    quantity: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class Approval:
    """The journal of the approval that stands: it promised what the list needs. ``seq`` is its place among the transfers."""

    journal_id: UUID
    seq: int
    on: date


def approval(work: Work, cycle: Cycle) -> Approval | None:
    """Returns the approval of a cycle that stands, None where none does."""
    promised = select(col(Reservation.journal_id)).where(
        col(Reservation.holder_id) == cycle.id, col(Reservation.withdrawn_at).is_(None)
    )
    return work.first(
        Approval,
        select(
            col(Journal.id).label("journal_id"),
            func.max(col(Transfer.seq)).label("seq"),
            col(Journal.occurred_on).label("on"),
        )
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .where(col(Journal.id).in_(promised))
        .group_by(col(Journal.id))
        .order_by(func.max(col(Transfer.seq)).desc())
        .limit(1),
    )


def reserved(work: Work, promised: Approval | None) -> list[Spending]:
    """Returns what the approval reserved, fund by fund in their order of opening."""
    if promised is None:
        return []
    return work.rows(
        Spending,
        select(
            col(Fund.name).label("fund"),
            col(Fund.code),
            col(Fund.plugin),
            col(Fund.source),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("amount"),
        )
        .join(Transfer, col(Transfer.fund_id) == col(Fund.id))
        .where(col(Transfer.journal_id) == promised.journal_id)
        .group_by(col(Fund.id))
        .having(func.sum(col(Transfer.rupiah)) > 0)
        .order_by(col(Fund.opened_at), col(Fund.id)),
    )


def purchases(work: Work, cycle: Cycle) -> list[Purchase]:
    """Returns the purchases of a cycle that stand, in the order of their days."""
    return work.rows(
        Purchase,
        select(
            col(Journal.occurred_on).label("on"),
            col(Journal.memo),
            col(Journal.evidence),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("cost"),
        )
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(AccountModel, col(AccountModel.id) == col(Transfer.debit_account))
        .where(
            col(Journal.holder_id) == cycle.id,
            col(Journal.kind) == "purchase",
            col(AccountModel.kind).in_(books.BOUGHT),
            ~_is_undone(),
        )
        .group_by(col(Journal.id))
        .order_by(col(Journal.occurred_on), col(Journal.number)),
    )


def returned(work: Work, cycle: Cycle, promised: Approval | None) -> list[Returned]:
    """Returns what went back to funds and stock since the approval, by item, money last."""
    item, credit, debit = ItemModel, aliased(AccountModel, name="credit"), aliased(AccountModel, name="debit")
    goes_back = tuple_(col(credit.kind), col(debit.kind)).in_([("cash_reserved", "cash"), ("stock_reserved", "stock")])
    return work.rows(
        Returned,
        select(
            func.coalesce(col(item.name), "").label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(Transfer.quantity)).label("quantity"),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("cost"),
        )
        .select_from(Journal)
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(credit, col(credit.id) == col(Transfer.credit_account))
        .join(debit, col(debit.id) == col(Transfer.debit_account))
        .join(Reservation, col(Reservation.id) == col(credit.reservation_id))
        .outerjoin(item, col(item.id) == col(debit.item_id))
        .where(
            col(Journal.holder_id) == cycle.id,
            col(Transfer.seq) > (promised.seq if promised else 0),
            col(Transfer.reverses).is_(None),
            col(Reservation.withdrawn_at).is_(None),
            goes_back,
            ~_is_undone(),
        )
        .group_by(col(item.id))
        .order_by(col(item.name).nulls_last()),
    )


def kept(work: Work, cycle: Cycle) -> list[Returned]:
    """Returns what is still reserved for a cycle, by item, money last."""
    still: dict[tuple[str, str], Returned] = {}
    for held in cycle_funds.held(work, cycle):
        before = still.get((held.item, held.unit), Returned(held.item, held.unit, Decimal(0), 0))
        still[held.item, held.unit] = replace(
            before, quantity=before.quantity + held.quantity, cost=before.cost + held.rupiah
        )
    return sorted(still.values(), key=lambda each: (not each.unit, each.item))


def closed_on(work: Work, cycle: Cycle, promised: Approval | None) -> date | None:
    """Returns the day on which what was left went back; None before, and where nothing was left."""
    if cycle.state != "closed" or promised is None:
        return None
    released = (
        select(func.max(col(Journal.occurred_on)))
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .where(col(Journal.holder_id) == cycle.id, col(Journal.kind) == "release", col(Transfer.seq) > promised.seq)
    )
    day: date | None = work.scalar(released)
    return day


def _is_undone() -> ColumnElement[bool]:
    """Returns whether a later transfer takes back that of the statement."""
    back = aliased(Transfer, name="back")
    return select(col(back.id)).where(col(back.reverses) == col(Transfer.id)).correlate(Transfer).exists()
