"""A purchase turns reserved money into reserved goods of the same fund; what was cheaper goes back to the fund."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select

from guyub.access import audit
from guyub.db import limits
from guyub.db.bulk import insert_rows
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds import days, incidental_costs, items, known_documents, ledger, note_division, promises, surplus
from guyub.funds.incidental_costs import AllowedCosts, ExtraCost, PaidCost
from guyub.funds.known_documents import KnownDocument
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import WrittenQuantity
from guyub.funds.note_division import BookedItem, BoughtPart, TooDear
from guyub.funds.promises import ToBuy
from guyub.funds.refusals import FundsRefusal
from guyub.funds.surplus import SurplusGoods
from guyub.sdk.errors import Invalid, refuse_together
from guyub.sdk.money import format_rupiah
from guyub.sdk.unseen import trimmed
from guyub.ui.problems import CollectedRefusals


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
    own (``added_money.top_up``).
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
    open_lines, funds = promises.to_buy(work, holder_id), incidental_costs.funds_of(work, holder_id)
    needed, beyond = _beyond(purchases, open_lines) if with_surplus else (_by_item(purchases), [])
    if not needed and not costs:
        raise FundsRefusal.NOTHING_BOUGHT.invalid()
    percent = tolerance(work, funds[0].program, on) if funds else 0
    free = promises.free_money(work, [fund.fund_id for fund in funds], on, late_on)
    parts = note_division.divide(needed, open_lines, free, percent)
    if any(part.missing for part in parts):
        raise TooDear(parts, needed, open_lines, free, percent)
    for part in parts:
        free[part.line.fund_id] += part.saved - part.lent - part.tolerated
    refusals = CollectedRefusals()
    with refusals.collected():
        stocked = _surplus(work, beyond, parts, funds, free)
    with refusals.collected():
        paid = incidental_costs.paid(costs, funds, free)
    refusals.demand_none()
    paying = (
        {part.line.fund_id for part in parts} | {line.fund_id for line in stocked} | {cost.fund_id for cost in paid}
    )
    booked_on = days.book_day(work, sorted(paying), on, late_on)
    repeats = known_documents.first_of(known)
    booked = Booked(tuple(parts), tuple(stocked), tuple(paid), booked_on, tuple(known))
    with work.trial() as tried:
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
        _post(work, journal_id, on, booked)
        _keep_as_written(work, journal_id, purchases)
        if not keep:
            tried.take_back()
    if tried.is_taken_back:
        return booked
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
        of_item = next((line for line in open_lines if line.item == bought.item), None)
        if of_item is not None:
            surplus.demand_likely(bought.item, of_item.name, of_item.unit, bought.quantity, promised)
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


def tolerance(work: Work, program: str, on: date) -> int:
    """Returns by how many percent a note of a programme may exceed what is reserved for its goods, on a day."""
    return work.scalar(select(func.guyub.price_tolerance(work.here.id, program, on))) or 0


def note_twice(known: KnownDocument) -> Invalid:
    return FundsRefusal.NOTE_TWICE.invalid(
        known_documents.AGAIN, evidence=known.evidence, memo=known.memo, day=known.on, value=format_rupiah(known.rupiah)
    )


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
