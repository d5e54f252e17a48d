"""The shopping list of a month of a programme, item by item, and what has been bought for it so far.

Funds know the month only as a holder of reservations: a reservation carries its programme and period.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, and_, cast, func, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.funds import promises
from guyub.funds.models import AccountModel, ItemModel, Journal, Reservation, Transfer
from guyub.funds.promises import ToBuy
from guyub.funds.queries import BOUGHT, reversed_on, written_quantities
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.text import Amount, Text


@dataclass(frozen=True, slots=True)
class NeededItem:
    """One item: how much is still to be bought, the money held for it (rupiah), and by which funds."""

    item: str
    name: str
    unit: str
    price: int
    quantity: Decimal
    held: int
    funds: tuple[str, ...]


def needed_items(lines: Sequence[ToBuy]) -> list[NeededItem]:
    """Returns the promises for each item as one row, in their order."""
    rows = []
    for item in dict.fromkeys(line.item for line in lines):
        of_item = [line for line in lines if line.item == item]
        rows.append(
            NeededItem(
                item,
                of_item[0].name,
                of_item[0].unit,
                of_item[0].price,
                sum((line.quantity for line in of_item), Decimal(0)),
                sum(line.held for line in of_item),
                tuple(dict.fromkeys(line.fund for line in of_item)),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class PurchaseHolder:
    """The cycle that goods are bought for, which the funds know by what is reserved for it."""

    id: UUID
    program: str
    period: date


def holder_of(work: Work, code: str) -> PurchaseHolder:
    """Returns for whom the money of the cycle with that code is held. Raises ``NotFound`` while nothing is reserved for it."""
    newest: Select[*tuple[Any, ...]] = (
        select(col(Reservation.holder_id).label("id"), col(Reservation.program), col(Reservation.period))
        .where(col(Reservation.facility_id) == work.here.id, col(Reservation.holder_code) == code)
        .order_by(col(Reservation.seq).desc())
        .limit(1)
    )
    holder = work.first(PurchaseHolder, newest)
    if holder is None:
        raise FundsRefusal.NOTHING_RESERVED.not_found(code=code)
    return holder


@dataclass(frozen=True, slots=True)
class PurchasedItem:
    """Holds one line of one note; ``cost`` in rupiah. ``number`` is that of its journal; on ``reversed_on`` it was cancelled.

    ``use`` is "stock_reserved" for goods of the cycle, "stock" for surplus goods, "expenses" for a cost, whose ``item`` is what
    it was for; ``written`` is the quantity as the note has it, where that is in another unit ("80 sak").
    """

    on: date
    memo: str
    evidence: str
    item: str
    unit: str
    quantity: Decimal
    cost: int
    number: int
    booked_on: date
    reversed_on: date | None
    use: str
    written: Sequence[Mapping[str, str]] | None

    @property
    def as_written(self) -> Text | None:
        lines = [Amount(Decimal(line["quantity"]), line["unit"]) for line in self.written or ()]
        return Text.join(" + ", (_AMOUNT.format(amount=amount) for amount in lines)) if lines else None


_AMOUNT = Text(id="{amount}", en="{amount}")


def bought(work: Work, holder_id: UUID) -> list[PurchasedItem]:
    """Returns everything recorded so far, by note. One query."""
    journal, transfer, into, item = Journal, Transfer, AccountModel, ItemModel
    statement: Select[*tuple[Any, ...]] = (
        select(
            col(journal.occurred_on).label("on"),
            col(journal.memo),
            col(journal.evidence),
            func.coalesce(col(item.name), col(transfer.purpose)).label("item"),
            func.coalesce(col(item.unit), "").label("unit"),
            func.sum(col(transfer.quantity)).label("quantity"),
            cast(func.sum(col(transfer.rupiah)), BigInteger).label("cost"),
            col(journal.number),
            col(journal.booked_on),
            reversed_on().label("reversed_on"),
            col(into.kind).label("use"),
            written_quantities().label("written"),
        )
        .select_from(journal)
        .join(transfer, col(transfer.journal_id) == col(journal.id))
        .join(into, and_(col(into.id) == col(transfer.debit_account), col(into.kind).in_(BOUGHT)))
        .outerjoin(item, col(item.id) == col(into.item_id))
        .where(col(journal.holder_id) == holder_id, col(journal.kind) == "purchase")
        .group_by(col(journal.id), col(item.id), col(into.kind), col(transfer.purpose))
        .order_by(col(journal.occurred_on), col(journal.number), col(into.kind) != "stock_reserved", col(item.name))
    )
    return work.rows(PurchasedItem, statement)


@dataclass(frozen=True, slots=True)
class FundForItem:
    """A fund that pays for an item: what it holds for it and what it has free, in rupiah."""

    fund: str
    quantity: Decimal
    held: int
    free: int


def payers(work: Work, lines: Sequence[ToBuy], item: str, on: date) -> list[FundForItem]:
    """Returns who pays for an item, as far as ``lines`` promise it, with what is free on a day: more money for it can come only
    from them."""
    of_item = [line for line in lines if line.item == item]
    free = promises.free_money(work, [line.fund_id for line in of_item], on)
    return [
        FundForItem(
            next(line.fund for line in of_item if line.fund_id == fund_id),
            sum((line.quantity for line in of_item if line.fund_id == fund_id), Decimal(0)),
            sum(line.held for line in of_item if line.fund_id == fund_id),
            free[fund_id],
        )
        for fund_id in dict.fromkeys(line.fund_id for line in of_item)
    ]
