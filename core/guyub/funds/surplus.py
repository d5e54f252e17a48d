"""What a note brings beyond what a cycle needs: it enters the free stock of a fund of that cycle, at its cost or free."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from guyub.funds.items import Item
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class SurplusGoods:
    """Holds goods of a note that nobody is promised: ``cost`` rupiah of the free money of a fund for ``quantity``."""

    fund_id: UUID
    fund: str
    item_id: UUID
    item: str
    name: str
    unit: str
    quantity: Decimal
    cost: int


MOST_TIMES = 20
"""So many times what a cycle still needs of goods is a mistyped figure; a sack of 50 kg where 3 kg are needed is none."""
MANY_TIMES = 2
"""From so many times what is needed on, a look before booking says so."""


def demand_likely(item: str, name: str, unit: str, quantity: Decimal, needed: Decimal) -> None:
    """Raises ``Invalid`` for more of an item (its code) than ``MOST_TIMES`` what is needed; the database does so as well."""
    if needed and quantity > MOST_TIMES * needed:
        figures = {"quantity": format_quantity(quantity), "needed": format_quantity(needed)}
        raise FundsRefusal.SURPLUS_TOO_LARGE.invalid(f"{item}.quantity", item=name, unit=unit, **figures)


def differences(name: str, unit: str, quantity: Decimal, needed: Decimal) -> tuple[Text, ...]:
    """Returns in words that a note brings ``MANY_TIMES`` what is needed of an item, or more."""
    if not needed or quantity < MANY_TIMES * needed:
        return ()
    times = format_quantity((quantity / needed).quantize(Decimal("0.1")))
    values = {"item": name, "unit": unit, "quantity": format_quantity(quantity), "needed": format_quantity(needed)}
    return (_MANY_TIMES.format(times=times, **values),)


_MANY_TIMES = Text(
    id="{item}: {quantity} {unit}, {times} kali yang masih perlu dibeli ({needed} {unit}).",
    en="{item}: {quantity} {unit}, {times} times what is still to be bought ({needed} {unit}).",
)


def share_of_cost(cost: int, quantity: Decimal, needed: Decimal) -> int:
    """Returns what ``needed`` of the ``quantity`` costs, in whole rupiah."""
    return int((cost * needed / quantity).quantize(Decimal(1), ROUND_HALF_UP))


def payer(item: Item, quantity: Decimal, cost: int, funds: Mapping[UUID, str], free: MutableMapping[UUID, int]) -> UUID:
    """Returns the first of these funds that has the cost of goods free, and takes it off what is free.

    Raises ``Invalid`` where none has.
    """
    for fund_id in funds:
        if free[fund_id] >= cost:
            free[fund_id] -= cost
            return fund_id
    raise FundsRefusal.SURPLUS_NOT_FREE.invalid(
        f"{item.code}.quantity",
        item=item.name,
        quantity=format_quantity(quantity),
        unit=item.unit,
        cost=format_rupiah(cost),
        free=in_words(funds, free),
    )


def in_words(funds: Mapping[UUID, str], free: Mapping[UUID, int]) -> str:
    return "; ".join(f"{name} {format_rupiah(max(free[fund_id], 0))}" for fund_id, name in funds.items())


def value(surplus: Sequence[SurplusGoods]) -> int:
    return sum(goods.cost for goods in surplus)
