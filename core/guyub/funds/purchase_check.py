"""Looks at a note before it is booked: what is bought, from which reserved money, what is released and what remains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.funds import price_check, promises, purchases, surplus
from guyub.funds.incidental_costs import ExtraCost, PaidCost
from guyub.funds.known_documents import KnownDocument
from guyub.funds.note_division import BookedItem, BoughtPart
from guyub.funds.price_check import LastPrice
from guyub.funds.promises import ToBuy
from guyub.funds.surplus import SurplusGoods
from guyub.sdk.quantities import QuantityAsWritten
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Payment:
    """Holds what one fund pays for a quantity of an item of a note, and what of its reserved money becomes free again, in rupiah;
    ``netted`` of the cost is paid by what other lines of the note save in that fund, ``tolerated`` by its free money."""

    fund: str
    quantity: Decimal
    cost: int
    released: int
    netted: int
    tolerated: int


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """Describes one item of a note: ``left`` is still to be bought after it, with ``held`` rupiah; ``differences`` are words."""

    name: str
    unit: str
    quantity: Decimal
    cost: int
    planned: int
    last: LastPrice | None
    payments: tuple[Payment, ...]
    left: Decimal
    held: int
    differences: tuple[Text, ...]
    as_written: tuple[QuantityAsWritten, ...] = ()

    @property
    def price(self) -> int:
        """Rupiah for one unit."""
        return price_check.in_rupiah(self.cost / self.quantity)

    @property
    def last_price(self) -> int:
        return price_check.in_rupiah(self.last.price) if self.last else 0


@dataclass(frozen=True, slots=True)
class CheckedNote:
    """Describes a note as it would be booked; ``known`` are the notes of the same number."""

    items: tuple[CheckedItem, ...]
    on: date
    booked_on: date
    known: tuple[KnownDocument, ...]
    tolerance: int
    """In percent of what is reserved for the goods of the note, by fund."""
    surplus: tuple[SurplusGoods, ...]
    costs: tuple[PaidCost, ...]

    @property
    def cost(self) -> int:
        beside = sum(cost.rupiah for cost in self.costs)
        return sum(item.cost for item in self.items) + sum(goods.cost for goods in self.surplus) + beside

    @property
    def released(self) -> int:
        return sum(payment.released for item in self.items for payment in item.payments)

    @property
    def tolerated(self) -> int:
        """Returns what the note takes of free money, because it is dearer than what is reserved."""
        return sum(payment.tolerated for item in self.items for payment in item.payments)

    @property
    def differences(self) -> list[Text]:
        return [sentence for item in self.items for sentence in item.differences]


def check(
    work: Work,
    holder_id: UUID,
    bought: Sequence[BookedItem],
    *,
    supplier: str,
    evidence: str,
    on: date,
    late_on: date | None = None,
    costs: Sequence[ExtraCost] = (),
) -> CheckedNote:
    """Returns what ``purchases.buy`` would book, with the surplus; nothing stays. Raises as it does, but for a known note."""
    before = promises.to_buy(work, holder_id)
    last = price_check.last_prices(work, list({line.item_id for line in before}))
    booked = purchases.buy(
        work,
        holder_id,
        bought,
        supplier=supplier,
        evidence=evidence,
        on=on,
        late_on=late_on,
        costs=costs,
        with_surplus=True,
        again=True,
        keep=False,
    )
    of_item: dict[UUID, list[BoughtPart]] = {}
    for part in booked.parts:
        of_item.setdefault(part.line.item_id, []).append(part)
    items = [
        replace(
            _checked(parts, before, last.get(item_id)),
            as_written=tuple(line.as_written for line in bought if line.item == parts[0].line.item and line.as_written),
        )
        for item_id, parts in of_item.items()
    ]
    tolerance = purchases.tolerance(work, before[0].program, on) if before else 0
    items = [_with_surplus(item, booked.surplus) for item in items]
    return CheckedNote(tuple(items), on, booked.booked_on, booked.known, tolerance, booked.surplus, booked.costs)


def _checked(parts: Sequence[BoughtPart], before: Sequence[ToBuy], last: LastPrice | None) -> CheckedItem:
    line = parts[0].line
    quantity, cost = sum((part.quantity for part in parts), Decimal(0)), sum(part.cost for part in parts)
    wanted = [promise for promise in before if promise.item_id == line.item_id]
    return CheckedItem(
        line.name,
        line.unit,
        quantity,
        cost,
        line.price,
        last,
        _payments(parts),
        sum((promise.quantity for promise in wanted), Decimal(0)) - quantity,
        sum(promise.held for promise in wanted)
        - sum(part.cost - part.netted - part.tolerated + part.saved for part in parts),
        price_check.differences(line.name, line.unit, quantity, cost, line.price, last),
    )


def _with_surplus(item: CheckedItem, beyond: Sequence[SurplusGoods]) -> CheckedItem:
    """Returns the item, with words where the note brings many times what is needed of it."""
    more = sum((goods.quantity for goods in beyond if goods.name == item.name and goods.cost), Decimal(0))
    found = surplus.differences(item.name, item.unit, item.quantity + more, item.quantity) if more else ()
    return replace(item, differences=(*item.differences, *found))


def _payments(parts: Sequence[BoughtPart]) -> tuple[Payment, ...]:
    return tuple(
        Payment(
            fund,
            sum((part.quantity for part in parts if part.line.fund == fund), Decimal(0)),
            sum(part.cost for part in parts if part.line.fund == fund),
            sum(part.saved - part.lent for part in parts if part.line.fund == fund),
            sum(part.netted for part in parts if part.line.fund == fund),
            sum(part.tolerated for part in parts if part.line.fund == fund),
        )
        for fund in dict.fromkeys(part.line.fund for part in parts)
    )
