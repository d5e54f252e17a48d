"""The shopping list of a month of a programme, item by item, and what has been bought for it so far.

Funds know the month only as a holder of reservations: a reservation carries its programme and period.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.funds.purchases import ToBuy
from guyub.funds.refusals import FundsRefusal


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
    """The promises for each item as one row, in their order."""
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
    row = work.run(
        """SELECT holder_id, program, period FROM guyub.reservation
           WHERE facility_id = :facility AND holder_code = :code ORDER BY seq DESC LIMIT 1""",
        facility=work.here.id,
        code=code,
    ).one_or_none()
    if row is None:
        raise FundsRefusal.NOTHING_RESERVED.not_found(code=code)
    return PurchaseHolder(row.holder_id, row.program, row.period)


@dataclass(frozen=True, slots=True)
class PurchasedItem:
    """One item of one note; ``cost`` in rupiah."""

    on: date
    memo: str
    evidence: str
    item: str
    unit: str
    quantity: Decimal
    cost: int


def bought(work: Work, holder_id: UUID) -> list[PurchasedItem]:
    """Everything recorded so far, by note. One query."""
    return work.rows(
        PurchasedItem,
        """SELECT j.booked_on AS on, j.memo, j.evidence, i.name AS item, i.unit, sum(t.quantity) AS quantity,
                  sum(t.rupiah)::bigint AS cost
           FROM guyub.journal j JOIN guyub.transfer t ON t.journal_id = j.id
           JOIN guyub.account d ON d.id = t.debit_account AND d.kind = 'stock_reserved'
           JOIN guyub.item i ON i.id = d.item_id
           WHERE j.holder_id = :holder AND j.kind = 'purchase'
           GROUP BY j.id, i.id ORDER BY j.booked_on, j.number, i.name""",
        holder=holder_id,
    )


@dataclass(frozen=True, slots=True)
class FundForItem:
    """A fund that pays for an item: what it holds for it and what it has free, in rupiah."""

    fund: str
    quantity: Decimal
    held: int
    free: int


def payers(work: Work, lines: Sequence[ToBuy], item: str) -> list[FundForItem]:
    """Returns who pays for an item, as far as ``lines`` promise it: more money for it can come only from them."""
    of_item = [line for line in lines if line.item == item]
    cash = work.run(
        "SELECT fund_id, rupiah FROM guyub.account WHERE kind = 'cash' AND fund_id = ANY (:funds)",
        funds=[line.fund_id for line in of_item],
    )
    free = dict(cash.all())
    return [
        FundForItem(
            next(line.fund for line in of_item if line.fund_id == fund_id),
            sum((line.quantity for line in of_item if line.fund_id == fund_id), Decimal(0)),
            sum(line.held for line in of_item if line.fund_id == fund_id),
            free.get(fund_id, 0),
        )
        for fund_id in dict.fromkeys(line.fund_id for line in of_item)
    ]
