"""Divides a note over the promises for its goods: each fund pays its share, and where one cannot, another one that may.

What a fund saves on some goods of a note pays for what others cost more (netting). Costs move between two funds where both pay
for the same goods of the cycle and the terms of the one that pays more allow whom the goods are for.
"""

from collections import deque
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal
from typing import TypeAlias
from uuid import UUID

from guyub.funds import added_money
from guyub.funds.promises import ToBuy
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import QuantityAsWritten, format_quantity
from guyub.ui.typed_values import QUANTITY_PLACES


@dataclass(frozen=True, slots=True)
class BookedItem:
    """Holds what was bought of one item: ``quantity`` in its unit, ``cost`` in rupiah for all of it, and the quantity as the
    note has it where that is in another unit."""

    item: str
    quantity: Decimal
    cost: int
    as_written: QuantityAsWritten | None = None


@dataclass(frozen=True, slots=True)
class DearerItem:
    """A part of a purchase that cost more than was held for it: ``cost`` and ``budget`` in rupiah for ``quantity``."""

    line: ToBuy
    quantity: Decimal
    cost: int
    budget: int

    @property
    def extra(self) -> int:
        return self.cost - self.budget


@dataclass(frozen=True, slots=True)
class BoughtPart:
    """Holds what one promise gets of a purchase: ``cost`` is paid for ``quantity``, ``budget`` was held for it, in rupiah.

    ``netted`` is what other parts of the note saved in the same fund and lend to this one, ``lent`` what this one lends;
    ``tolerated`` comes from the free money of the fund, within the tolerance of the programme.
    """

    line: ToBuy
    quantity: Decimal
    cost: int
    budget: int
    netted: int = 0
    lent: int = 0
    tolerated: int = 0

    @property
    def saved(self) -> int:
        return max(self.budget - self.cost, 0)

    @property
    def missing(self) -> int:
        return max(self.cost - self.budget - self.netted - self.tolerated, 0)


class TooDear(Refusal):
    """The document says more than was reserved; ``parts`` tell by how much, fund by fund.

    ``percent`` is the tolerance; what it covers of the difference is drawn from free money already.
    """

    def __init__(
        self,
        divided: Sequence[BoughtPart],
        bought: Sequence[BookedItem],
        open_lines: Sequence[ToBuy],
        free: Mapping[UUID, int],
        percent: int = 0,
    ) -> None:
        self.parts = tuple(
            DearerItem(part.line, part.quantity, part.cost - part.netted - part.tolerated, part.budget)
            for part in divided
            if part.missing
        )
        missing = "; ".join(f"{part.line.name} ({part.line.fund}) {format_rupiah(part.extra)}" for part in self.parts)
        within = format_rupiah(sum(part.tolerated for part in divided))
        code = FundsRefusal.BEYOND_TOLERANCE if percent else FundsRefusal.DEARER_THAN_RESERVED
        super().__init__(*code.sentences(items=missing, percent=percent, within=within))
        self._bought, self._open_lines, self._free, self._percent = bought, open_lines, free, percent

    def needed(self) -> dict[str, int]:
        """Returns what ``added_money.top_up`` must add for each item (its code) before this document can be recorded, in rupiah.

        A document for a part of what is still to be bought may use that part of the money only, so it may be more than the
        difference itself; what is not used returns to the fund with the last purchase.
        """
        lines, needed = list(self._open_lines), {}
        for item in dict.fromkeys(part.line.item for part in self.parts):
            needed[item] = self._needed(item, lines)
            lines = self._with(lines, item, needed[item])
        return {item: amount for item, amount in needed.items() if amount}

    def _needed(self, item: str, lines: Sequence[ToBuy]) -> int:
        return _least(lambda amount: self._missing_of(item, self._with(lines, item, amount)) == 0)

    def _with(self, lines: Sequence[ToBuy], item: str, amount: int) -> list[ToBuy]:
        """Returns the promises as they are once an amount was added for an item."""
        added = {
            part.line.reservation_id: part.given + part.missing
            for part in added_money.divide([line for line in lines if line.item == item], amount, self._free)
        }
        return [replace(line, held=line.held + added.get(line.reservation_id, 0)) for line in lines]

    def _missing_of(self, item: str, lines: Sequence[ToBuy]) -> int:
        divided = divide(self._bought, lines, self._free, self._percent)
        return sum(part.missing for part in divided if part.line.item == item)


def _least(is_enough: Callable[[int], bool]) -> int:
    """Returns the least amount that is enough, where more of it never is too little."""
    if is_enough(0):
        return 0
    low, high = 0, 1
    while not is_enough(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def divide(
    bought: Sequence[BookedItem], open_lines: Sequence[ToBuy], free: Mapping[UUID, int], percent: int
) -> list[BoughtPart]:
    """Returns a note divided over the promises; ``missing`` of a part is what nobody may pay.

    ``free`` is what each fund has free, of which the note may draw ``percent`` of what is reserved for its goods. Raises
    ``Invalid`` for more than was promised.
    """
    of_item = {item.item: [line for line in open_lines if line.item == item.item] for item in bought}
    for item in bought:
        _demand_promised(item, of_item[item.item])
    has_choice = any(
        len(of_item[item.item]) > 1 and item.quantity < sum((line.quantity for line in of_item[item.item]), Decimal(0))
        for item in bought
    )
    best: list[BoughtPart] = []
    for choose in (_in_order, _best_held_first, _each_its_share) if has_choice else (_in_order,):
        parts = [part for item in bought for part in _fair(item, choose(item.quantity, of_item[item.item], free))]
        divided = _paid(parts, free, percent)
        if not any(part.missing for part in divided):
            return divided
        if not best or _sum_missing(divided) < _sum_missing(best):
            best = divided
    return best


def _sum_missing(parts: Sequence[BoughtPart]) -> int:
    return sum(part.missing for part in parts)


def _demand_promised(bought: BookedItem, lines: Sequence[ToBuy]) -> None:
    promised = sum((line.quantity for line in lines), Decimal(0))
    if bought.quantity <= 0 or bought.cost < 0 or bought.quantity > promised:
        raise FundsRefusal.TOO_MUCH_BOUGHT.invalid(
            f"{bought.item}.quantity",
            item=lines[0].name if lines else bought.item,
            quantity=format_quantity(bought.quantity),
            promised=format_quantity(promised),
            unit=lines[0].unit if lines else "",
        )


_Shares: TypeAlias = list[tuple[ToBuy, Decimal]]


def _in_order(quantity: Decimal, lines: Sequence[ToBuy], _free: Mapping[UUID, int]) -> _Shares:
    """Returns which promise gets how much: the first ones are filled first."""
    shares, left = [], quantity
    for line in lines:
        if left > 0:
            shares.append((line, min(line.quantity, left)))
            left -= shares[-1][1]
    return shares


def _best_held_first(quantity: Decimal, lines: Sequence[ToBuy], free: Mapping[UUID, int]) -> _Shares:
    """Returns the same, those first for which most money is held by unit, then those whose funds have most free."""
    return _in_order(
        quantity, sorted(lines, key=lambda line: (-line.held / line.quantity, -free.get(line.fund_id, 0))), free
    )


def _each_its_share(quantity: Decimal, lines: Sequence[ToBuy], free: Mapping[UUID, int]) -> _Shares:
    """Returns the same, where each promise gets a part by its quantity, and the first ones what rounding leaves."""
    total, smallest = sum((line.quantity for line in lines), Decimal(0)), Decimal(1).scaleb(-QUANTITY_PLACES)
    parts = [(quantity * line.quantity / total).quantize(smallest, ROUND_DOWN) for line in lines]
    left = quantity - sum(parts, Decimal(0))
    rest = _in_order(
        left, [replace(line, quantity=line.quantity - part) for line, part in zip(lines, parts, strict=True)], free
    )
    more = {line.reservation_id: quantity for line, quantity in rest}
    shares = [(line, part + more.get(line.reservation_id, Decimal(0))) for line, part in zip(lines, parts, strict=True)]
    return [(line, quantity) for line, quantity in shares if quantity > 0]


def _fair(bought: BookedItem, shares: _Shares) -> list[BoughtPart]:
    """Returns what each promise pays by its share: of what was saved by the money that it holds, so that none pays more than
    that; of what is dearer by its quantity."""
    budgets = [
        line.held if quantity == line.quantity else int(line.held * quantity / line.quantity)
        for line, quantity in shares
    ]
    held, quantities = sum(budgets), [quantity for _, quantity in shares]
    if bought.cost <= held:
        costs = added_money.spread(bought.cost, budgets)
        if not all(line.may_pay_for(other) for line, _ in shares for other, _ in shares):
            # One price for all where a fund may not pay for what another one's goods cost more, but for what is rounded.
            alike = added_money.spread(bought.cost, quantities)
            is_rounded = all(cost - budget <= 1 for cost, budget in zip(alike, budgets, strict=True))
            costs = costs if is_rounded else alike
    else:
        extra = added_money.spread(bought.cost - held, quantities)
        costs = [budget + more for budget, more in zip(budgets, extra, strict=True)]
    return [
        BoughtPart(line, quantity, cost, budget)
        for (line, quantity), cost, budget in zip(shares, costs, budgets, strict=True)
    ]


def _paid(parts: Sequence[BoughtPart], free: Mapping[UUID, int], percent: int) -> list[BoughtPart]:
    """Returns the parts as they can be paid: with what the note saves, then within the tolerance, moved where it must be."""
    costs = [part.cost for part in parts]
    over = dict.fromkeys((part.line.fund_id for part in parts), 0)
    for part in parts:
        over[part.line.fund_id] += part.cost - part.budget
    for fund_id in over:
        while _moved(parts, costs, over, fund_id, {other: -amount for other, amount in over.items()}):
            pass
    tolerance = sum(part.budget for part in parts) * percent // 100
    drawn = dict.fromkeys(over, 0)

    def drawable() -> dict[UUID, int]:
        left = tolerance - sum(drawn.values())
        return {fund_id: max(min(free.get(fund_id, 0) - drawn[fund_id], left), 0) for fund_id in over}

    for fund_id, amount in over.items():
        drawn[fund_id] = max(min(amount, drawable()[fund_id]), 0)
        over[fund_id] -= drawn[fund_id]
    for fund_id in over:
        while moved := _moved(parts, costs, over, fund_id, drawable()):
            drawn[moved[0]] += moved[1]
            over[moved[0]] -= moved[1]
    settled = [replace(part, cost=cost) for part, cost in zip(parts, costs, strict=True)]
    return _tolerated(_netted(settled), drawn)


def _moved(
    parts: Sequence[BoughtPart],
    costs: list[int],
    over: MutableMapping[UUID, int],
    fund_id: UUID,
    room: Mapping[UUID, int],
) -> tuple[UUID, int] | None:
    """Moves what a fund has ``over`` to the nearest fund with ``room``, as far as goods that both pay for allow it; returns to
    which one, and how much."""
    way = _way(parts, costs, fund_id, room) if over[fund_id] > 0 else []
    if not way:
        return None
    last = parts[way[-1][1]].line.fund_id
    amount = min(over[fund_id], room[last], *(costs[giver] for giver, _ in way))
    for giver, taker in way:
        costs[giver] -= amount
        costs[taker] += amount
    over[fund_id] -= amount
    over[last] += amount
    return last, amount


def _way(
    parts: Sequence[BoughtPart], costs: Sequence[int], fund_id: UUID, room: Mapping[UUID, int]
) -> list[tuple[int, int]]:
    """Returns the shortest way from a fund to one with room, as pairs of parts of which the second pays for the first."""
    takers: dict[str, dict[UUID, int]] = {}
    for place, part in sorted(enumerate(parts), key=lambda each: -each[1].quantity):
        takers.setdefault(part.line.item, {}).setdefault(part.line.fund_id, place)
    ways: dict[UUID, list[tuple[int, int]]] = {fund_id: []}
    waiting = deque([fund_id])
    while waiting:
        here = waiting.popleft()
        for giver, part in enumerate(parts):
            if part.line.fund_id != here or not costs[giver]:
                continue
            for there, taker in takers[part.line.item].items():
                if there in ways or not parts[taker].line.may_pay_for(part.line):
                    continue
                ways[there] = [*ways[here], (giver, taker)]
                if room.get(there, 0) > 0:
                    return ways[there]
                waiting.append(there)
    return []


def _netted(parts: Sequence[BoughtPart]) -> list[BoughtPart]:
    """Returns the parts of a note, where what some save pays for what others of the same fund cost more."""
    pot: dict[UUID, int] = {}
    for part in parts:
        pot[part.line.fund_id] = pot.get(part.line.fund_id, 0) + part.saved
    wanted: dict[UUID, int] = {}
    shared = []
    for part in parts:
        fund_id = part.line.fund_id
        netted = min(part.missing, pot[fund_id])
        pot[fund_id] -= netted
        wanted[fund_id] = wanted.get(fund_id, 0) + netted
        shared.append(replace(part, netted=netted))
    for place, part in enumerate(shared):
        lent = min(part.saved, wanted[part.line.fund_id])
        wanted[part.line.fund_id] -= lent
        shared[place] = replace(part, lent=lent)
    return shared


def _tolerated(parts: Sequence[BoughtPart], drawn: Mapping[UUID, int]) -> list[BoughtPart]:
    """Returns the parts of a note, where what is dearer gets what was drawn of the free money of its fund."""
    left, covered = dict(drawn), []
    for part in parts:
        tolerated = min(part.missing, left[part.line.fund_id])
        left[part.line.fund_id] -= tolerated
        covered.append(replace(part, tolerated=tolerated))
    return covered
