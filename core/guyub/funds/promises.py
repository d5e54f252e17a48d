"""What is reserved as money and still to be bought, promise by promise, and the money that its funds have free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, case, func, select
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import AccountModel, Fund, ItemModel, Reservation, Transfer


@dataclass(frozen=True, slots=True)
class ToBuy:
    """One promise of money for goods: how much is still to be bought and how much money is held for it.

    ``category`` and ``area`` are those whom it is for; ``categories`` and ``areas`` are all that its fund may pay for.
    """

    reservation_id: UUID
    fund_id: UUID
    fund: str
    item_id: UUID
    item: str
    name: str
    unit: str
    price: int
    quantity: Decimal
    held: int
    program: str
    category: str = ""
    area: str = ""
    categories: Sequence[str] = ()
    areas: Sequence[str] = ()

    def may_pay_for(self, other: "ToBuy") -> bool:
        """Returns whether the terms of this promise's fund allow what another promise of the same goods is for."""
        of_category = not self.categories or other.category in self.categories
        return of_category and (not self.areas or other.area in self.areas)


def to_buy(work: Work, holder_id: UUID) -> list[ToBuy]:
    """Returns what is reserved as money and not bought yet, in a fixed order. One query."""
    promise, account = Reservation, AccountModel
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(promise.id).label("reservation_id"),
            col(promise.fund_id),
            col(Fund.name).label("fund"),
            col(ItemModel.id).label("item_id"),
            col(ItemModel.code).label("item"),
            col(ItemModel.name),
            col(ItemModel.unit),
            col(promise.price),
            (col(promise.quantity) - func.coalesce(_bought_from_account(), 0)).label("quantity"),
            func.coalesce(col(account.rupiah), 0).label("held"),
            col(promise.program),
            col(promise.category),
            col(promise.area),
            col(Fund.categories),
            col(Fund.areas),
        )
        .select_from(promise)
        .join(Fund, col(Fund.id) == col(promise.fund_id))
        .join(ItemModel, col(ItemModel.id) == col(promise.item_id))
        .outerjoin(account, and_(col(account.reservation_id) == col(promise.id), col(account.kind) == "cash_reserved"))
        .where(col(promise.holder_id) == holder_id, ~col(promise.from_stock), col(promise.withdrawn_at).is_(None))
        .order_by(col(ItemModel.code), col(promise.id))
    )
    return [line for line in work.rows(ToBuy, statement) if line.quantity > 0]


def _bought_from_account() -> ScalarSelect[Any]:
    """Returns how much goods the money of an account became; what was undone counts back."""
    bought = case((col(Transfer.reverses).is_(None), col(Transfer.quantity)), else_=-col(Transfer.quantity))
    of_account = col(AccountModel.id).in_((col(Transfer.credit_account), col(Transfer.debit_account)))
    statement = select(func.sum(bought)).where(col(Transfer.quantity) > 0, of_account)
    return statement.correlate(AccountModel).scalar_subquery()


def free_money(work: Work, fund_ids: Sequence[UUID], on: date, booked_on: date | None = None) -> dict[UUID, int]:
    """Returns what each of these funds has free on a day, in rupiah: as much as leaves no later line of its book negative. One
    query."""
    free = func.guyub.free_on(col(Fund.id), on, booked_on or on).label("free")
    known = {row.id: row.free for row in work.all(select(col(Fund.id), free).where(among(col(Fund.id), fund_ids)))}
    return {fund_id: known.get(fund_id, 0) for fund_id in fund_ids}
