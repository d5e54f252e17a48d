"""What a note pays beside goods (bags, transport): spent from funds of the cycle whose terms allow it, up to what they allow."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.db import limits
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, Journal, Reservation, Transfer
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.money import format_rupiah
from guyub.sdk.unseen import trimmed
from guyub.ui.problems import CollectedRefusals


@dataclass(frozen=True, slots=True)
class ExtraCost:
    """Holds a line of a note that is no goods, as it was typed: what for, in rupiah, and on which line of the form, where one of
    them was left empty."""

    purpose: str
    rupiah: int
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PaidCost:
    """Holds a cost and the fund that pays it."""

    fund_id: UUID
    fund: str
    purpose: str
    rupiah: int


@dataclass(frozen=True, slots=True)
class AllowedCosts:
    """Describes a fund of a cycle: what its terms ``allowed`` for costs, what is ``spent`` on them, what it has ``free``."""

    fund_id: UUID
    fund: str
    program: str
    allowed: int
    spent: int
    free: int

    @property
    def left(self) -> int:
        return max(self.allowed - self.spent, 0)


def funds_of(work: Work, holder_id: UUID) -> list[AllowedCosts]:
    """Returns the funds that pay for a cycle, in their order. One query."""
    rupiah = func.sum(col(AccountModel.rupiah))
    of_holder = (
        select(
            col(Reservation.fund_id),
            func.min(col(Reservation.seq)).label("place"),
            func.min(col(Reservation.program)).label("program"),
        )
        .where(col(Reservation.holder_id) == holder_id, col(Reservation.withdrawn_at).is_(None))
        .group_by(col(Reservation.fund_id))
        .subquery("of_holder")
    )
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(Fund.id).label("fund_id"),
            col(Fund.name).label("fund"),
            of_holder.c.program,
            col(Fund.incidental_costs).label("allowed"),
            cast(func.coalesce(rupiah.filter(col(AccountModel.kind) == "expenses"), 0), BigInteger).label("spent"),
            cast(func.coalesce(rupiah.filter(col(AccountModel.kind) == "cash"), 0), BigInteger).label("free"),
        )
        .join(of_holder, of_holder.c.fund_id == col(Fund.id))
        .outerjoin(AccountModel, col(AccountModel.fund_id) == col(Fund.id))
        .group_by(col(Fund.id), of_holder.c.program, of_holder.c.place)
        .order_by(of_holder.c.place)
    )
    return work.rows(AllowedCosts, statement)


def paid(costs: Sequence[ExtraCost], funds: Sequence[AllowedCosts], free: MutableMapping[UUID, int]) -> list[PaidCost]:
    """Returns each cost with the first fund whose terms and free money cover it; takes it off what is ``free``.

    Raises ``Invalid`` with every cost that none covers, or that has no purpose or no amount.
    """
    left = {fund.fund_id: fund.left for fund in funds}
    payments = []
    refusals = CollectedRefusals()
    for place, cost in enumerate(costs):
        line = place if cost.line is None else cost.line
        with refusals.collected():
            demand_complete(cost, line)
            purpose = trimmed(cost.purpose)
            fund = next((fund for fund in funds if min(left[fund.fund_id], free[fund.fund_id]) >= cost.rupiah), None)
            if fund is None:
                raise _refused(line, purpose, cost, funds, left, free)
            left[fund.fund_id] -= cost.rupiah
            free[fund.fund_id] -= cost.rupiah
            payments.append(PaidCost(fund.fund_id, fund.fund, purpose, cost.rupiah))
    refusals.demand_none()
    return payments


def demand_complete(cost: ExtraCost, line: int) -> None:
    """Raises ``Invalid`` for a cost without a purpose or an amount, at the fields of its line."""
    refusals = CollectedRefusals()
    with refusals.collected():
        if not trimmed(cost.purpose):
            raise FundsRefusal.NO_PURPOSE.invalid(f"costs.{line}.purpose")
        require_length(trimmed(cost.purpose), limits.NOTE_NUMBER, f"costs.{line}.purpose")
    with refusals.collected():
        if cost.rupiah <= 0:
            raise FundsRefusal.RUPIAH.invalid(f"costs.{line}.rupiah")
    refusals.demand_none()


def _refused(
    place: int,
    purpose: str,
    cost: ExtraCost,
    funds: Sequence[AllowedCosts],
    left: Mapping[UUID, int],
    free: Mapping[UUID, int],
) -> Invalid:
    field, amount = f"costs.{place}.rupiah", format_rupiah(cost.rupiah)
    allowing = [fund for fund in funds if fund.allowed]
    if not allowing:
        names = ", ".join(fund.fund for fund in funds)
        return FundsRefusal.COSTS_NOT_ALLOWED.invalid(field, purpose=purpose, cost=amount, funds=names)
    words = "; ".join(
        f"{fund.fund} {format_rupiah(max(min(left[fund.fund_id], free[fund.fund_id]), 0))}" for fund in allowing
    )
    return FundsRefusal.COSTS_ABOVE_TERMS.invalid(field, purpose=purpose, cost=amount, funds=words)


def of_note(work: Work, journal_id: UUID) -> list[PaidCost]:
    """Returns the costs of a note, also of one that was cancelled."""
    return work.rows(PaidCost, _costs().where(col(Journal.id) == journal_id))


def of_cycle(work: Work, holder_id: UUID) -> list[PaidCost]:
    """Returns the costs of a cycle that stand, in the order of the books. One query."""
    back = aliased(Transfer, name="back")
    undone = select(col(back.id)).where(col(back.reverses) == col(Transfer.id)).correlate(Transfer).exists()
    return work.rows(PaidCost, _costs().where(col(Journal.holder_id) == holder_id, ~undone))


def _costs() -> Select[*tuple[Any, ...]]:
    into = aliased(AccountModel, name="into")
    return (
        select(
            col(Transfer.fund_id),
            col(Fund.name).label("fund"),
            col(Transfer.purpose),
            col(Transfer.rupiah),
        )
        .join(Journal, col(Journal.id) == col(Transfer.journal_id))
        .join(into, col(into.id) == col(Transfer.debit_account))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .where(col(into.kind) == "expenses", col(Transfer.reverses).is_(None))
        .order_by(col(Journal.booked_on), col(Transfer.seq))
    )
