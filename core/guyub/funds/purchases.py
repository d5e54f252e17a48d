"""A purchase turns reserved money into reserved goods of the same fund; what was cheaper goes back to the fund."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, and_, case, func, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.db import limits
from guyub.db.bulk import insert_rows
from guyub.db.text_lengths import require_length
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds import days, incidental_costs, items, known_documents, ledger, surplus
from guyub.funds.incidental_costs import AllowedCosts, ExtraCost, PaidCost
from guyub.funds.known_documents import KnownDocument
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import AccountModel, Fund, ItemModel, Reservation, Transfer, WrittenQuantity
from guyub.funds.refusals import FundsRefusal
from guyub.funds.surplus import SurplusGoods
from guyub.sdk.errors import Invalid, Refusal, refuse_together
from guyub.sdk.money import format_rupiah
from guyub.sdk.quantities import QuantityAsWritten, format_quantity
from guyub.sdk.unseen import trimmed


@dataclass(frozen=True, slots=True)
class BookedItem:
    """Holds what was bought of one item: ``quantity`` in its unit, ``cost`` in rupiah for all of it, and the quantity as the
    note has it where that is in another unit."""

    item: str
    quantity: Decimal
    cost: int
    as_written: QuantityAsWritten | None = None


@dataclass(frozen=True, slots=True)
class ToBuy:
    """One promise of money for goods: how much is still to be bought and how much money is held for it."""

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


@dataclass(frozen=True, slots=True)
class Booked:
    """Describes a purchase as it stands in the books, or would: by promise, with what goes into the stock and what is paid beside
    goods, on the day of its line; ``known`` has the same number."""

    parts: tuple[BoughtPart, ...]
    surplus: tuple[SurplusGoods, ...]
    costs: tuple[PaidCost, ...]
    booked_on: date
    known: tuple[KnownDocument, ...]

    @property
    def rupiah(self) -> int:
        return sum(part.cost for part in self.parts) + surplus.value(self.surplus) + sum(c.rupiah for c in self.costs)


class TooDear(Refusal):
    """The document says more than was reserved; ``parts`` tell by how much, fund by fund.

    ``within`` rupiah of it are tolerated and could be drawn from free money, ``percent`` is the tolerance.
    """

    def __init__(
        self, parts: Sequence[DearerItem], open_lines: Sequence[ToBuy], within: int = 0, percent: int = 0
    ) -> None:
        missing = "; ".join(f"{part.line.name} ({part.line.fund}) {format_rupiah(part.extra)}" for part in parts)
        code = FundsRefusal.BEYOND_TOLERANCE if percent else FundsRefusal.DEARER_THAN_RESERVED
        super().__init__(*code.sentences(items=missing, percent=percent, within=format_rupiah(within)))
        self.parts = tuple(parts)
        self._open_lines = tuple(open_lines)

    def needed(self) -> dict[str, int]:
        """Returns what ``top_up`` must add for each item (its code) before this document can be recorded, in rupiah.

        A document for a part of what is still to be bought may use that part of the money only, so it may be more than the
        difference itself; what is not used returns to the fund with the last purchase.
        """
        return {item: self._needed(item) for item in dict.fromkeys(part.line.item for part in self.parts)}

    def _needed(self, item: str) -> int:
        promised = sum((line.quantity for line in self._open_lines if line.item == item), Decimal(0))
        wanting = [
            (part.line.quantity, ceil(part.cost * part.line.quantity / part.quantity) - part.line.held)
            for part in self.parts
            if part.line.item == item
        ]
        # ``top_up`` spreads what is added over all promises for the item, by their quantity.
        return max(sum(extra for _, extra in wanting), *(ceil(extra * promised / part) for part, extra in wanting))


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


def buy(
    work: Work,
    holder_id: UUID,
    purchases: Sequence[BookedItem],
    *,
    supplier: str,
    evidence: str,
    on: date,
    late_on: date | None = None,
    costs: Sequence[ExtraCost] = (),
    with_surplus: bool = False,
    again: bool = False,
    keep: bool = True,
) -> Booked:
    """Records one visit to a supplier: several items, one document. Without ``keep`` it is tried and taken back.

    ``on`` is the day of the document; ``late_on`` the day of today for a document of a month whose book is closed; ``again``
    says that a note of the same number is another one. With ``with_surplus`` what is more than was promised, and what came free
    of charge, enters the stock of a fund of the cycle. ``costs`` are lines of the note that are no goods.

    Raises ``Invalid`` when more is bought than was promised, a fund does not allow a cost, the evidence is missing or the note
    is already recorded, ``TooDear`` with the exact amount when it cost more than was reserved: that needs an approval of its
    own (``top_up``).
    """
    work.require("funds.spend")
    supplier, evidence = trimmed(supplier), trimmed(evidence)
    if not evidence or not supplier:
        raise FundsRefusal.NO_EVIDENCE.invalid("supplier" if not supplier else "evidence")
    refuse_together(
        lambda: require_length(supplier, limits.SUPPLIER, "supplier"),
        lambda: require_length(evidence, limits.NOTE_NUMBER, "evidence"),
    )
    ledger.lock(work)
    known = known_documents.of_number(work, "purchase", evidence)
    if known and not again:
        raise note_twice(known[0])
    open_lines, funds = to_buy(work, holder_id), incidental_costs.funds_of(work, holder_id)
    needed, beyond = _beyond(purchases, open_lines) if with_surplus else (_by_item(purchases), [])
    parts = [part for purchase in needed for part in _share(purchase, open_lines)]
    if not parts and not costs:
        raise FundsRefusal.NOTHING_BOUGHT.invalid()
    percent = tolerance(work, funds[0].program, on) if funds else 0
    free = {fund.fund_id: fund.free for fund in funds}
    parts = _tolerated(_netted(parts), _allowed(parts, free, percent))
    dearer = [
        DearerItem(part.line, part.quantity, part.cost - part.netted - part.tolerated, part.budget)
        for part in parts
        if part.missing
    ]
    if dearer:
        raise TooDear(dearer, open_lines, sum(part.tolerated for part in parts), percent)
    for part in parts:
        free[part.line.fund_id] += part.saved - part.lent - part.tolerated
    stocked = _surplus(work, beyond, parts, funds, free)
    paid = incidental_costs.paid(costs, funds, free)
    paying = (
        {part.line.fund_id for part in parts} | {line.fund_id for line in stocked} | {cost.fund_id for cost in paid}
    )
    booked_on = days.book_day(work, sorted(paying), on, late_on)
    repeats = known_documents.first_of(known)
    tried = work.session.begin_nested()
    journal_id = ledger.open_journal(
        work,
        "purchase",
        on,
        _memo(supplier),
        booked_on=booked_on,
        evidence=evidence,
        holder_id=holder_id,
        repeats=repeats,
    )
    booked = Booked(tuple(parts), tuple(stocked), tuple(paid), booked_on, tuple(known))
    _post(work, journal_id, on, booked)
    _keep_as_written(work, journal_id, purchases)
    if not keep:
        tried.rollback()
        return booked
    tried.commit()
    repeated = {"again": True} if repeats else {}
    drawn = {
        "tolerated": sum(part.tolerated for part in parts),
        "surplus": surplus.value(stocked),
        "costs": sum(cost.rupiah for cost in paid),
    }
    drawn = {name: rupiah for name, rupiah in drawn.items() if rupiah}
    details = {"supplier": supplier, "rupiah": booked.rupiah, **drawn, **repeated, **days.late(on, booked_on)}
    audit.record(work, "funds.buy", evidence, details=details)
    return booked


def _post(work: Work, journal_id: UUID, on: date, booked: Booked) -> None:
    parts = booked.parts
    goods_of = [(part.line.fund_id, part.line.item_id) for part in parts]
    lots = ledger.new_lots(
        work, journal_id, on, [*goods_of, *((line.fund_id, line.item_id) for line in booked.surplus)]
    )
    saved: list[Move] = []
    netted: list[Move] = []
    bought: list[Move] = []
    for part, lot in zip(parts, lots[: len(parts)], strict=True):
        line = part.line
        held = AccountKey(line.fund_id, "cash_reserved", None, None, line.reservation_id)
        goods = AccountKey(line.fund_id, "stock_reserved", line.item_id, lot, line.reservation_id)
        free = AccountKey(line.fund_id, "cash")
        saved += [Move(held, free, part.saved)] if part.saved else []
        drawn = part.netted + part.tolerated
        netted += [Move(free, held, drawn)] if drawn else []
        bought.append(Move(held, goods, part.cost, part.quantity))
    for goods_left, lot in zip(booked.surplus, lots[len(parts) :], strict=True):
        stock = AccountKey(goods_left.fund_id, "stock", goods_left.item_id, lot)
        bought.append(Move(AccountKey(goods_left.fund_id, "cash"), stock, goods_left.cost, goods_left.quantity))
    for cost in booked.costs:
        expenses = AccountKey(cost.fund_id, "expenses")
        bought.append(Move(AccountKey(cost.fund_id, "cash"), expenses, cost.rupiah, purpose=cost.purpose))
    ledger.post(work, journal_id, [*saved, *netted, *bought])


def _keep_as_written(work: Work, journal_id: UUID, purchases: Sequence[BookedItem]) -> None:
    """Keeps the quantities of the note beside those of the books, for goods that it counts in another unit."""
    codes = {line.item for line in purchases if line.as_written is not None}
    if not codes:
        return
    known = items.catalogue(work)
    rows = [
        {
            "facility_id": work.here.id,
            "journal_id": journal_id,
            "item_id": known[line.item].id,
            "line": place,
            "quantity": line.as_written.quantity if line.as_written else line.quantity,
            "unit": line.as_written.unit if line.as_written else known[line.item].unit,
        }
        for place, line in enumerate(purchases, start=1)
        if line.item in codes
    ]
    insert_rows(work, WrittenQuantity, rows)


def _beyond(purchases: Sequence[BookedItem], open_lines: Sequence[ToBuy]) -> tuple[list[BookedItem], list[BookedItem]]:
    """Returns what the cycle needs of a note, and what is more than that, each with its part of the cost; a bonus has none."""
    needed: list[BookedItem] = []
    beyond: list[BookedItem] = []
    bonus = [line for line in purchases if line.cost == 0 and line.quantity > 0]
    for bought in _by_item([line for line in purchases if line not in bonus]):
        promised = sum((line.quantity for line in open_lines if line.item == bought.item), Decimal(0))
        if bought.quantity <= promised or bought.cost < 0 or not promised:
            needed.append(bought)
            continue
        cost = surplus.share_of_cost(bought.cost, bought.quantity, promised)
        needed.append(BookedItem(bought.item, promised, cost))
        beyond.append(BookedItem(bought.item, bought.quantity - promised, bought.cost - cost))
    return needed, [*beyond, *_by_item(bonus)]


def _surplus(
    work: Work,
    beyond: Sequence[BookedItem],
    parts: Sequence[BoughtPart],
    funds: Sequence[AllowedCosts],
    free: dict[UUID, int],
) -> list[SurplusGoods]:
    """Returns what enters the stock, each from the first fund that pays for the same goods and has the money free."""
    if not beyond:
        return []
    known = items.catalogue(work)
    unknown = [line.item for line in beyond if line.item not in known]
    if unknown:
        raise items.unknown(known, unknown[0], f"{unknown[0]}.quantity")
    kept = items.ensure(work, [known[line.item] for line in beyond])
    names = {fund.fund_id: fund.fund for fund in funds}
    stocked = []
    for line in beyond:
        item = kept[line.item]
        paying = {part.line.fund_id: part.line.fund for part in parts if part.line.item == line.item} or names
        fund_id = surplus.payer(item, line.quantity, line.cost, paying, free)
        assert item.id is not None
        stocked.append(
            SurplusGoods(fund_id, names[fund_id], item.id, line.item, item.name, item.unit, line.quantity, line.cost)
        )
    return stocked


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


def tolerance(work: Work, program: str, on: date) -> int:
    """Returns by how many percent a note of a programme may exceed what is reserved for its goods, on a day."""
    return work.scalar(select(func.guyub.price_tolerance(work.here.id, program, on))) or 0


def free_money(work: Work, fund_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Returns what each of these funds has free, in rupiah. One query."""
    cash = select(col(AccountModel.fund_id), col(AccountModel.rupiah)).where(
        col(AccountModel.kind) == "cash", among(col(AccountModel.fund_id), fund_ids)
    )
    free = {row.fund_id: row.rupiah for row in work.all(cash)}
    return {fund_id: free.get(fund_id, 0) for fund_id in fund_ids}


def _allowed(parts: Sequence[BoughtPart], free: Mapping[UUID, int], percent: int) -> dict[UUID, int]:
    """Returns how much of the free money of each fund the tolerance allows a note to draw, as far as it has any."""
    reserved: dict[UUID, int] = {}
    for part in parts:
        reserved[part.line.fund_id] = reserved.get(part.line.fund_id, 0) + part.budget
    return {fund_id: min(free[fund_id], amount * percent // 100) for fund_id, amount in reserved.items()}


def _tolerated(parts: Sequence[BoughtPart], allowed: Mapping[UUID, int]) -> list[BoughtPart]:
    """Returns the parts of a note, where what is dearer draws what it may of the free money of its fund."""
    left = dict(allowed)
    drawn = []
    for part in parts:
        tolerated = min(part.missing, left[part.line.fund_id])
        left[part.line.fund_id] -= tolerated
        drawn.append(replace(part, tolerated=tolerated))
    return drawn


def note_twice(known: KnownDocument) -> Invalid:
    return FundsRefusal.NOTE_TWICE.invalid(
        known_documents.AGAIN, evidence=known.evidence, memo=known.memo, day=known.on, value=format_rupiah(known.rupiah)
    )


def reason_to_top_up(reason: str) -> str:
    """Raises ``Invalid`` without one."""
    return required_reason.require_reason(FundsRefusal.NO_REASON, reason)


def top_up(work: Work, holder_id: UUID, item: str, amount: int, *, reason: str, on: date) -> None:
    """Reserves more money for an item that turned out dearer, from the funds that already pay for it.

    Raises ``Invalid`` without a reason, ``Refusal`` (balance) when the funds do not hold it. ``amount`` in rupiah.
    """
    work.require("funds.topup")
    reason = reason_to_top_up(reason)
    ledger.lock(work)
    lines = [line for line in to_buy(work, holder_id) if line.item == item]
    if not lines or amount <= 0:
        raise nothing_to_top_up(item)
    journal_id = ledger.open_journal(
        work, "reservation", on, f"Tambahan dana {lines[0].name}: {reason}", holder_id=holder_id
    )
    total = sum((line.quantity for line in lines), Decimal(0))
    moves, done, spent = [], Decimal(0), 0
    for line in lines:
        done += line.quantity
        part = int((amount * done / total).quantize(Decimal(1), ROUND_HALF_UP)) - spent
        spent += part
        held = AccountKey(line.fund_id, "cash_reserved", None, None, line.reservation_id)
        if part:
            moves.append(Move(AccountKey(line.fund_id, "cash"), held, part))
    ledger.post(work, journal_id, moves)
    audit.record(work, "funds.top_up", item, reason=reason, details={"rupiah": amount})


def nothing_to_top_up(item: str) -> Invalid:
    return FundsRefusal.NOTHING_TO_TOP_UP.invalid("item", item=item)


def _share(bought: BookedItem, open_lines: Sequence[ToBuy]) -> list[BoughtPart]:
    """Returns a purchase spread over the promises for its item."""
    lines = [line for line in open_lines if line.item == bought.item]
    promised = sum((line.quantity for line in lines), Decimal(0))
    if bought.quantity <= 0 or bought.cost < 0 or bought.quantity > promised:
        unit = lines[0].unit if lines else ""
        raise FundsRefusal.TOO_MUCH_BOUGHT.invalid(
            f"{bought.item}.quantity",
            item=lines[0].name if lines else bought.item,
            quantity=format_quantity(bought.quantity),
            promised=format_quantity(promised),
            unit=unit,
        )
    shares: list[tuple[ToBuy, Decimal, int]] = []
    left = bought.quantity
    for line in lines:
        quantity = min(line.quantity, left)
        if quantity <= 0:
            break
        left -= quantity
        shares.append(
            (line, quantity, line.held if quantity == line.quantity else int(line.held * quantity / line.quantity))
        )
    held = sum(budget for _, _, budget in shares)
    if bought.cost <= held:
        # What was saved, each promise saves its part: by the money that it holds, so that none pays more than that.
        costs = _spread(bought.cost, [budget for _, _, budget in shares])
    else:
        extra = _spread(bought.cost - held, [quantity for _, quantity, _ in shares])
        costs = [budget + more for (_, _, budget), more in zip(shares, extra, strict=True)]
    return [
        BoughtPart(line, quantity, cost, budget) for (line, quantity, budget), cost in zip(shares, costs, strict=True)
    ]


def _spread(amount: int, weights: Sequence[int] | Sequence[Decimal]) -> list[int]:
    """Splits whole rupiah by weight, rounded along the way so that they add up; by weights that are rupiah, never above one."""
    total, reached, shared = sum(map(Decimal, weights)), Decimal(0), 0
    parts = []
    for weight in weights:
        reached += Decimal(weight)
        upto = int((amount * reached / total).quantize(Decimal(1), ROUND_HALF_UP)) if total else 0
        parts.append(upto - shared)
        shared = upto
    return parts


def _by_item(purchases: Sequence[BookedItem]) -> list[BookedItem]:
    """Returns one entry for each item: a note may name the same goods on two lines. An amount that is none is left to
    be refused."""
    if any(purchase.quantity <= 0 or purchase.cost < 0 for purchase in purchases):
        return list(purchases)
    merged: dict[str, BookedItem] = {}
    for purchase in purchases:
        before = merged.get(purchase.item, BookedItem(purchase.item, Decimal(0), 0))
        merged[purchase.item] = BookedItem(
            purchase.item, before.quantity + purchase.quantity, before.cost + purchase.cost
        )
    return list(merged.values())


def _memo(supplier: str) -> str:
    return f"Belanja di {supplier}"
