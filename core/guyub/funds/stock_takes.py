"""Books stock takes: goods are counted, or written off without a count, each difference with its explanation.

A count of an item says what the books have on that day and what was there. What is missing spoiled, expired, was lost or returned
to the donor; what is more was found, and has a value; or the first count was wrong, and a second one says so. Reserved goods are
never written off: their cycle is released first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from sqlalchemy import insert

from guyub.access import audit
from guyub.access import queries as staff
from guyub.db import limits
from guyub.db.bulk import insert_rows
from guyub.db.text_lengths import require_length
from guyub.db.unit_of_work import Work
from guyub.funds import days, ledger, queries, store
from guyub.funds.ledger import AccountKey, Move
from guyub.funds.models import StockCount, StockDifference, StockTake
from guyub.funds.refusals import FundsRefusal
from guyub.funds.store import StoredItem
from guyub.sdk.errors import Invalid
from guyub.sdk.searching import person_key
from guyub.sdk.text import Amount, Text
from guyub.sdk.unseen import is_blank, trimmed
from guyub.ui.possible_days import PossibleDays
from guyub.ui.problems import CollectedRefusals
from guyub.ui.typed_values import MOST_QUANTITY

LOSSES = queries.WRITTEN_OFF
FOUND = "found"
REASONS = (*LOSSES, FOUND)
MOST_VALUE = 9_000_000_000_000_000
_CYCLE = Text(id="{code} ({program}) {quantity}", en="{code} ({program}) {quantity}")
_NO_CYCLE = Text(id="tidak ada", en="none")


@dataclass(frozen=True, slots=True)
class Present:
    """Names somebody who was there; ``person_id`` is the account, where there is one."""

    name: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """Holds what was written of an item (its code): what was counted, and how a difference is explained, in the item's unit.

    ``explained`` has quantities by reason; ``value`` is what the goods that were found are worth, in rupiah, by their last cost
    without it. A write-off has no count.
    """

    code: str
    counted: Decimal | None = None
    recounted: Decimal | None = None
    explained: Mapping[str, Decimal] = field(default_factory=dict)
    value: int | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MovedPart:
    """Describes what leaves a lot for a reason, or comes into a fund as found (no lot yet); ``rupiah`` is its cost."""

    fund_id: UUID
    fund: str
    lot_id: UUID | None
    reason: str
    quantity: Decimal
    rupiah: int


@dataclass(frozen=True, slots=True)
class CheckedLine:
    """Describes a line as it would be booked."""

    item: StoredItem
    counted: Decimal | None
    recounted: Decimal | None
    remark: str
    parts: tuple[MovedPart, ...]

    @property
    def result(self) -> Decimal | None:
        """Returns what is there after all: the second count where there was one."""
        return self.counted if self.recounted is None else self.recounted

    @property
    def explained(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for part in self.parts:
            sums[part.reason] = sums.get(part.reason, Decimal(0)) + part.quantity
        return sums


@dataclass(frozen=True, slots=True)
class CheckedTake:
    """Describes a stock take as it would be booked, on the day of its line in the books."""

    is_count: bool
    fund_id: UUID | None
    fund: str
    on: date
    booked_on: date
    lines: tuple[CheckedLine, ...]
    journal_id: UUID | None = None
    """The entry that it was booked by; None while it is only checked."""

    @property
    def lost(self) -> int:
        return sum(part.rupiah for line in self.lines for part in line.parts if part.reason != FOUND)

    @property
    def found(self) -> int:
        return sum(part.rupiah for line in self.lines for part in line.parts if part.reason == FOUND)


def possible_days(work: Work, fund_id: UUID | None, today: date) -> PossibleDays:
    """Returns the days on which goods can have been counted: from the first that came."""
    return PossibleDays(store.first_day(work, fund_id), today, store.closed_until(work, fund_id))


def check(
    work: Work,
    lines: Sequence[WrittenLine],
    *,
    is_count: bool,
    on: date,
    fund_code: str = "",
    late_on: date | None = None,
) -> CheckedTake:
    """Returns a stock take as it would be booked; nothing is changed.

    Raises ``Invalid`` at the fields of its lines ("beras.counted", "beras.lost") for goods that are not there, differences
    without an explanation, and goods that are reserved.
    """
    work.require("funds.stock")
    fund = queries.fund(work, fund_code) if fund_code else None
    fund_id = fund.id if fund else None
    stored = store.stored_items(work, on, fund_id)
    refusals = CollectedRefusals()
    checked = []
    for line in lines:
        with refusals.collected():
            if line.code not in stored:
                raise FundsRefusal.NOT_IN_STORE.invalid(f"{line.code}.counted", given=line.code)
            checked.append(_checked(work, stored[line.code], line, is_count=is_count, fund_id=fund_id))
    refusals.demand_none()
    if not checked:
        raise FundsRefusal.NOTHING_COUNTED.invalid("" if not stored else f"{next(iter(stored))}.counted")
    funds = list(dict.fromkeys(part.fund_id for line in checked for part in line.parts))
    booked_on = days.book_day(work, funds, on, late_on) if funds else on
    return CheckedTake(is_count, fund_id, fund.name if fund else "", on, booked_on, tuple(checked))


def book(
    work: Work,
    lines: Sequence[WrittenLine],
    *,
    is_count: bool,
    on: date,
    counter: Present,
    witness: Present,
    fund_code: str = "",
    note: str = "",
    late_on: date | None = None,
) -> CheckedTake:
    """Books a stock take and returns it. Raises as ``check`` does, and ``Invalid`` unless another person stood beside."""
    ledger.lock(work)
    refusals = CollectedRefusals()
    with refusals.collected():
        demand_two(counter, witness)
    with refusals.collected():
        require_length(note, limits.REASON, "note")
    with refusals.collected():
        take = check(work, lines, is_count=is_count, on=on, fund_code=fund_code, late_on=late_on)
    refusals.demand_none()
    memo = f"{'Stok opname' if is_count else 'Barang keluar dari gudang'}{f' {take.fund}' if take.fund else ''}"
    journal_id = ledger.open_journal(work, "stock_take", on, memo, booked_on=take.booked_on)
    here = {"facility_id": work.here.id, "journal_id": journal_id}
    work.change(
        insert(StockTake).values(
            **here,
            fund_id=take.fund_id,
            is_count=is_count,
            counted_by=counter.name.strip(),
            counted_by_id=counter.person_id,
            witness=witness.name.strip(),
            witness_id=witness.person_id,
            note=note.strip(),
        )
    )
    of_item = [(line, {**here, "item_id": line.item.item_id, "unit": line.item.unit}) for line in take.lines]
    counts = [
        {**key, "book": line.item.book, "counted": line.counted, "recounted": line.recounted}
        for line, key in of_item
        if line.counted is not None
    ]
    insert_rows(work, StockCount, counts)
    differences = [
        {**key, "reason": reason, "quantity": quantity, "remark": line.remark}
        for line, key in of_item
        for reason, quantity in line.explained.items()
    ]
    insert_rows(work, StockDifference, differences)
    ledger.post(work, journal_id, _moves(work, journal_id, take))
    details = {"rupiah": take.lost, "found": take.found, "lines": len(take.lines), "witness": witness.name.strip()}
    action = "funds.stock_count" if is_count else "funds.write_off"
    audit.record(work, action, fund_code, details={**details, **days.late(on, take.booked_on)})
    return replace(take, journal_id=journal_id)


def named(work: Work, name: str, on: date) -> Present:
    """Returns somebody by name: the colleague of that name, where there is one alone."""
    alike = {each.id: each for each in staff.people_of(work, on) if person_key(each.full_name) == person_key(name)}
    if len(alike) != 1:
        return Present(name)
    [colleague] = alike.values()
    return Present(colleague.full_name, colleague.id)


def demand_two(counter: Present, witness: Present) -> None:
    """Raises ``Invalid`` unless two persons are named, each by their own name and account."""
    refusals = CollectedRefusals()
    for present, name, missing in (
        (counter, "counted_by", FundsRefusal.NO_COUNTER),
        (witness, "witness_name", FundsRefusal.NO_WITNESS),
    ):
        with refusals.collected():
            if is_blank(present.name):
                raise missing.invalid(name if name == "counted_by" or present.person_id is None else "witness")
            require_length(present.name, limits.WITNESS, name)
    refusals.demand_none()
    if counter.person_id is not None and witness.person_id is not None:
        is_one = counter.person_id == witness.person_id  # two colleagues may share a name
    else:
        is_one = person_key(counter.name) == person_key(witness.name)
    if is_one:
        raise FundsRefusal.WITNESS_COUNTS.invalid("witness_name" if witness.person_id is None else "witness")


def _checked(work: Work, item: StoredItem, line: WrittenLine, *, is_count: bool, fund_id: UUID | None) -> CheckedLine:
    require_length(line.remark, 200, f"{item.code}.remark")
    explained = {reason: line.explained[reason] for reason in REASONS if line.explained.get(reason)}
    for name, quantity in {"counted": line.counted, "recounted": line.recounted, **explained}.items():
        if quantity is not None and not 0 <= quantity <= MOST_QUANTITY:
            most = Amount(MOST_QUANTITY, item.unit)
            raise FundsRefusal.TOO_MUCH.invalid(f"{item.code}.{name}", item=item.name, most=most)
    recounted = None if line.recounted == line.counted else line.recounted
    if is_count:
        if line.counted is None:
            raise FundsRefusal.NOT_COUNTED.invalid(f"{item.code}.counted", item=item.name)
        _demand_explained(item, recounted if recounted is not None else line.counted, explained)
    elif FOUND in explained:
        raise FundsRefusal.FOUND_BY_COUNT.invalid(f"{item.code}.found", item=item.name)
    elif not explained:
        raise FundsRefusal.NOT_COUNTED.invalid(f"{item.code}.lost", item=item.name)
    parts = [*_leaving(work, item, explained, is_count, fund_id), *_coming(item, explained.get(FOUND), line.value)]
    return CheckedLine(item, line.counted if is_count else None, recounted, trimmed(line.remark), tuple(parts))


def _demand_explained(item: StoredItem, result: Decimal, explained: Mapping[str, Decimal]) -> None:
    """Raises ``Invalid`` unless the explanations are those of the difference: nothing is both missing and found."""
    difference = result - item.book
    losses = sum((explained[reason] for reason in LOSSES if reason in explained), Decimal(0))
    found = explained.get(FOUND, Decimal(0))
    wanted = (max(-difference, Decimal(0)), max(difference, Decimal(0)))
    if (losses, found) == wanted:
        return
    given = found if difference > 0 else losses
    code = FundsRefusal.EXPLAINED_OTHERWISE if explained else FundsRefusal.DIFFERENCE_UNEXPLAINED
    raise code.invalid(
        f"{item.code}.why",
        item=item.name,
        book=Amount(item.book, item.unit),
        counted=Amount(result, item.unit),
        difference=Amount(abs(difference), item.unit),
        given=Amount(given, item.unit),
        which=_MORE if difference > 0 else _LESS,
    )


_MORE, _LESS = Text(id="lebih", en="more"), Text(id="kurang", en="less")


def _leaving(
    work: Work, item: StoredItem, explained: Mapping[str, Decimal], is_count: bool, fund_id: UUID | None
) -> list[MovedPart]:
    """Returns from which lots goods leave, the oldest first, each at its cost: the last of a lot take what is left of it."""
    wanted = {reason: explained[reason] for reason in LOSSES if reason in explained}
    missing = sum(wanted.values(), Decimal(0))
    if missing > item.free:
        raise _reserved_short(work, item, missing, f"{item.code}.{'why' if is_count else next(iter(wanted))}", fund_id)
    left = list(item.lots)
    parts = []
    for reason, quantity in wanted.items():
        while quantity > 0:
            lot = left.pop(0)
            taken = min(quantity, lot.quantity)
            is_last = taken == lot.quantity
            rupiah = lot.rupiah if is_last else _rounded(lot.rupiah * taken / lot.quantity)
            parts.append(MovedPart(lot.fund_id, lot.fund, lot.lot_id, reason, taken, rupiah))
            quantity -= taken
            if not is_last:
                left.insert(0, replace(lot, quantity=lot.quantity - taken, rupiah=lot.rupiah - rupiah))
    return parts


def _coming(item: StoredItem, found: Decimal | None, value: int | None) -> list[MovedPart]:
    """Returns what was found as goods of the fund whose goods came last; worth what those cost, unless a value is given."""
    if not found:
        return []
    if item.newest is None:
        raise FundsRefusal.NOT_IN_STORE.invalid(f"{item.code}.found", given=item.name)
    if value is not None and not 0 <= value <= MOST_VALUE:
        raise FundsRefusal.RUPIAH.invalid(f"{item.code}.value")
    worth = _rounded(item.newest.price * found) if value is None else value
    return [MovedPart(item.newest.fund_id, item.newest.fund, None, FOUND, found, worth)]


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _reserved_short(work: Work, item: StoredItem, missing: Decimal, in_field: str, fund_id: UUID | None) -> Invalid:
    """Returns the refusal of goods that are not free, with the cycles that they are reserved for."""
    cycles = [
        _CYCLE.format(code=held.code, program=held.program, quantity=Amount(held.quantity, item.unit))
        for held in store.promises(work, [item.item_id], fund_id)
    ]
    code = FundsRefusal.RESERVED_SHORT if cycles else FundsRefusal.NOT_ENOUGH_IN_STORE
    return code.invalid(
        in_field,
        item=item.name,
        missing=Amount(missing, item.unit),
        free=Amount(item.free, item.unit),
        cycles=Text.join(", ", cycles) if cycles else _NO_CYCLE,
    )


def _moves(work: Work, journal_id: UUID, take: CheckedTake) -> list[Move]:
    coming = [(line.item.item_id, part) for line in take.lines for part in line.parts if part.reason == FOUND]
    pairs = [(part.fund_id, item_id) for item_id, part in coming]
    lots = ledger.new_lots(work, journal_id, take.on, pairs) if pairs else []
    moves = [
        Move(
            AccountKey(part.fund_id, "stock", line.item.item_id, part.lot_id),
            AccountKey(part.fund_id, part.reason, line.item.item_id, part.lot_id),
            part.rupiah,
            part.quantity,
        )
        for line in take.lines
        for part in line.parts
        if part.reason != FOUND
    ]
    moves += [
        Move(
            AccountKey(part.fund_id, FOUND),
            AccountKey(part.fund_id, "stock", item_id, lot_id),
            part.rupiah,
            part.quantity,
        )
        for (item_id, part), lot_id in zip(coming, lots, strict=True)
    ]
    return moves
