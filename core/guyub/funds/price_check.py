"""Finds prices that a second look is worth: far from the plan, or from what the facility paid last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, Select, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import Journal, Lot, Transfer
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

FAR = Decimal("0.25")
"""The part of a price by which another one is far from it: a quarter."""


@dataclass(frozen=True, slots=True)
class LastPrice:
    """Holds what an item cost when it was bought last: rupiah for ``quantity`` of it, on a day, as the book describes it."""

    item_id: UUID
    on: date
    memo: str
    rupiah: Decimal
    quantity: Decimal

    @property
    def price(self) -> Decimal:
        return self.rupiah / self.quantity


def last_prices(work: Work, item_ids: Sequence[UUID]) -> dict[UUID, LastPrice]:
    """Returns the newest price of each of these items at the facility; of none that it never bought. One query."""
    line = (
        select(
            col(Lot.item_id),
            col(Journal.occurred_on).label("on"),
            col(Journal.memo),
            func.max(col(Transfer.seq)).label("seq"),
            cast(func.sum(col(Transfer.rupiah)), Numeric).label("rupiah"),
            func.sum(col(Transfer.quantity)).label("quantity"),
        )
        .select_from(Journal)
        .join(Transfer, col(Transfer.journal_id) == col(Journal.id))
        .join(Lot, col(Lot.id) == col(Transfer.lot_id))
        .where(
            col(Journal.facility_id) == work.here.id,
            col(Journal.kind) == "purchase",
            among(col(Lot.item_id), item_ids),
            col(Transfer.quantity) > 0,
            col(Transfer.rupiah) > 0,
            ~func.guyub.is_undone(col(Journal.id)),
        )
        .group_by(col(Journal.id), col(Lot.item_id))
        .subquery("line")
    )
    newest: Select[*tuple[Any, ...]] = (
        select(line.c.item_id, line.c.on, line.c.memo, line.c.rupiah, line.c.quantity)
        .ext(distinct_on(line.c.item_id))
        .order_by(line.c.item_id, line.c.on.desc(), line.c.seq.desc())
    )
    return {last.item_id: last for last in work.rows(LastPrice, newest)}


_BELOW_PLAN = Text(
    id="{item}: {price} per {unit}, {percent}% di bawah harga rencana {other}.",
    en="{item}: {price} per {unit}, {percent}% below the planned price of {other}.",
)
_ABOVE_PLAN = Text(
    id="{item}: {price} per {unit}, {percent}% di atas harga rencana {other}.",
    en="{item}: {price} per {unit}, {percent}% above the planned price of {other}.",
)
_BELOW_LAST = Text(
    id="{item}: {price} per {unit}, {percent}% di bawah harga belanja terakhir {other} ({day}).",
    en="{item}: {price} per {unit}, {percent}% below the price of the last purchase, {other} ({day}).",
)
_ABOVE_LAST = Text(
    id="{item}: {price} per {unit}, {percent}% di atas harga belanja terakhir {other} ({day}).",
    en="{item}: {price} per {unit}, {percent}% above the price of the last purchase, {other} ({day}).",
)
_PRICE_OF_ONE = Text(
    id="{item}: {cost} mungkin harga satu {unit}; isi harga seluruh {quantity} {unit}.",
    en="{item}: {cost} may be the price of one {unit}; enter the cost of all {quantity} {unit}.",
)


def in_rupiah(price: Decimal) -> int:
    """Returns a price per unit in whole rupiah."""
    return int(price.quantize(Decimal(1), ROUND_HALF_UP))


def is_far(price: Decimal, other: Decimal | int) -> bool:
    """Returns whether a price differs from another one by a quarter of it or more."""
    return other > 0 and abs(price - other) >= FAR * other


def differences(
    name: str, unit: str, quantity: Decimal, cost: int, planned: int, last: LastPrice | None
) -> tuple[Text, ...]:
    """Returns in words how far what was paid for an item is from the plan and from the last purchase."""
    price = cost / quantity
    found = []
    compared: list[tuple[Text, Text, Decimal, date | None]] = [(_BELOW_PLAN, _ABOVE_PLAN, Decimal(planned), None)]
    if last is not None:
        compared.append((_BELOW_LAST, _ABOVE_LAST, last.price, last.on))
    for below, above, other, day in compared:
        if is_far(price, other):
            sentence = below if price < other else above
            percent = in_rupiah(abs(price - other) * 100 / other)
            values = {"price": format_rupiah(in_rupiah(price)), "other": format_rupiah(in_rupiah(other)), "day": day}
            found.append(sentence.format(item=name, unit=unit, percent=percent, **values))
    if found and quantity > 1 and planned and not is_far(Decimal(cost), planned):
        found.append(_PRICE_OF_ONE.format(item=name, cost=format_rupiah(cost), unit=unit, quantity=quantity))
    return tuple(found)
