"""Takes back a purchase that was recorded in error, by an entry that names it; what was reserved for it is reserved again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, cast, extract, func, select
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.models import PersonModel
from guyub.db.unit_of_work import Work
from guyub.funds import days, incidental_costs, ledger
from guyub.funds.incidental_costs import PaidCost
from guyub.funds.models import AccountModel, Fund, ItemModel, Journal, Transfer
from guyub.funds.queries import reversed_on
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.quantities import format_quantity
from guyub.sdk.words import format_date
from guyub.ui.possible_days import PossibleDays


@dataclass(frozen=True, slots=True)
class BoughtGoods:
    """Holds what a note brought of an item for one fund: ``cost`` in rupiah; ``here`` is what is still there."""

    item: str
    unit: str
    fund_id: UUID
    fund: str
    quantity: Decimal
    here: Decimal
    cost: int


@dataclass(frozen=True, slots=True)
class RecordedNote:
    """Describes a purchase as the books have it; ``reversed_on`` is the day on which it was taken back."""

    id: UUID
    number: int
    on: date
    booked_on: date
    memo: str
    evidence: str
    recorded_by: str
    reversed_on: date | None
    goods: tuple[BoughtGoods, ...]
    costs: tuple[PaidCost, ...]

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.goods) + sum(cost.rupiah for cost in self.costs)

    @property
    def used(self) -> list[BoughtGoods]:
        """Returns the goods of which something was handed over or put to other use."""
        return [line for line in self.goods if line.here < line.quantity]

    @property
    def funds(self) -> list[UUID]:
        return list(dict.fromkeys([*(line.fund_id for line in self.goods), *(cost.fund_id for cost in self.costs)]))


def note_of(work: Work, holder_id: UUID, year: int, number: int) -> RecordedNote:
    """Returns the purchase with that number in that year, for the cycle. Raises ``NotFound``."""
    found: Select[*tuple[Any, ...]] = (
        select(
            col(Journal.id),
            col(Journal.number),
            col(Journal.occurred_on).label("on"),
            col(Journal.booked_on),
            col(Journal.memo),
            col(Journal.evidence),
            func.coalesce(col(PersonModel.full_name), col(Journal.recorded_label)).label("recorded_by"),
            reversed_on().label("reversed_on"),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(Journal.recorded_by))
        .where(
            col(Journal.facility_id) == work.here.id,
            col(Journal.holder_id) == holder_id,
            col(Journal.kind) == "purchase",
            col(Journal.number) == number,
            extract("year", col(Journal.booked_on)) == year,
        )
    )
    for row in work.all(found):
        costs = tuple(incidental_costs.of_note(work, row.id))
        return RecordedNote(**row._mapping, goods=tuple(_goods(work, row.id)), costs=costs)
    raise FundsRefusal.NO_NOTE.not_found(number=number, year=year)


def _goods(work: Work, journal_id: UUID) -> list[BoughtGoods]:
    into = AccountModel
    lines: Select[*tuple[Any, ...]] = (
        select(
            col(ItemModel.name).label("item"),
            col(ItemModel.unit),
            col(Fund.id).label("fund_id"),
            col(Fund.name).label("fund"),
            func.sum(col(Transfer.quantity)).label("quantity"),
            func.sum(func.least(col(into.quantity), col(Transfer.quantity))).label("here"),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("cost"),
        )
        .select_from(Transfer)
        .join(into, col(into.id) == col(Transfer.debit_account))
        .join(ItemModel, col(ItemModel.id) == col(into.item_id))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .where(col(Transfer.journal_id) == journal_id, col(Transfer.quantity) > 0)
        .group_by(col(ItemModel.id), col(Fund.id))
        .order_by(col(ItemModel.name), col(Fund.name))
    )
    return work.rows(BoughtGoods, lines)


def possible_days(work: Work, note: RecordedNote, today: date) -> PossibleDays:
    """Returns the days on which a note can be taken back: its own or a later one."""
    closed = select(func.max(col(Fund.books_closed_until))).where(col(Fund.id).in_(note.funds))
    return PossibleDays(note.on, today, work.scalar(closed))


def usual_day(work: Work, note: RecordedNote, today: date) -> date:
    """Returns the note's own day, as if it had not been recorded, so that the right one of that day finds the money; the day of
    today where its book is closed."""
    days_of_note = possible_days(work, note, today)
    return today if days_of_note.closed_until is not None and note.on <= days_of_note.closed_until else note.on


def cancel(
    work: Work, holder_id: UUID, note: RecordedNote, *, reason: str, on: date, late_on: date | None = None
) -> RecordedNote:
    """Takes a whole note back: its goods leave, its money is reserved again. Returns the note as it was.

    ``on`` is the day of the act, ``late_on`` the day of today for one in a month whose book is closed. Raises ``Invalid`` without
    a reason and for a day that cannot be, ``Refusal`` where it was taken back before, or where something of it was used.
    """
    work.require("funds.spend")
    reason = required_reason.require_reason(FundsRefusal.NO_REASON_TO_CANCEL, reason)
    ledger.lock(work)
    current = note_of(work, holder_id, note.booked_on.year, note.number)
    if current.reversed_on is not None:
        raise FundsRefusal.CANCELLED_BEFORE.refusal(day=format_date(current.reversed_on))
    if on < current.on:
        raise FundsRefusal.BEFORE_ORIGINAL.invalid("on", day=current.on)
    if current.used:
        raise purchase_used(current)
    booked_on = days.book_day(work, current.funds, on, late_on)
    memo = f"Pembatalan {current.memo[:1].lower()}{current.memo[1:]}: {reason}"
    journal_id = ledger.open_journal(
        work, "reversal", on, memo, booked_on=booked_on, evidence=current.evidence, holder_id=holder_id
    )
    ledger.take_back(work, journal_id, current.id)
    details = {"note": f"{current.number}/{current.booked_on.year}", "rupiah": current.cost, "reason": reason}
    audit.record(work, "funds.cancel_purchase", current.evidence, details={**details, **days.late(on, booked_on)})
    return current


def purchase_used(note: RecordedNote) -> Refusal:
    gone = "; ".join(f"{line.item} {format_quantity(line.quantity - line.here)} {line.unit}" for line in note.used)
    return FundsRefusal.PURCHASE_USED.refusal(goods=gone)
