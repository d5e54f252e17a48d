"""Reads stock takes as they were booked, and takes one back by an entry that names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, case, cast, extract, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds import days, ledger
from guyub.funds.models import (
    AccountModel,
    Fund,
    ItemModel,
    Journal,
    Lot,
    StockCount,
    StockDifference,
    StockTake,
    Transfer,
)
from guyub.funds.queries import reversed_on
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.words import format_date
from guyub.ui.possible_days import PossibleDays


@dataclass(frozen=True, slots=True)
class BookedTake:
    """Describes a stock take as the books have it; ``number`` within the year of ``booked_on``; rupiah ``lost`` and ``found``."""

    id: UUID
    number: int
    on: date
    booked_on: date
    is_count: bool
    fund_id: UUID | None
    fund_code: str
    fund: str
    counted_by: str
    witness: str
    note: str
    recorded_by: str
    reversed_on: date | None
    lost: int
    found: int


@dataclass(frozen=True, slots=True)
class ItemCount:
    """Holds what the books had of an item, and what was there; ``recounted`` where the first count was wrong."""

    item: str
    code: str
    unit: str
    book: Decimal
    counted: Decimal
    recounted: Decimal | None

    @property
    def difference(self) -> Decimal:
        return (self.counted if self.recounted is None else self.recounted) - self.book


@dataclass(frozen=True, slots=True)
class ItemDifference:
    """Holds why a quantity of an item left a fund, or came into it ("found"); ``rupiah`` is its cost."""

    item: str
    unit: str
    reason: str
    fund: str
    quantity: Decimal
    rupiah: int
    remark: str


def takes(work: Work, fund_id: UUID | None = None) -> list[BookedTake]:
    """Returns the stock takes of the facility, or of one fund, the newest first. One query."""
    statement = _takes(work).order_by(col(Journal.booked_on).desc(), col(Journal.number).desc())
    return work.rows(BookedTake, statement if fund_id is None else statement.where(col(StockTake.fund_id) == fund_id))


def take_of(work: Work, year: int, number: int) -> BookedTake:
    """Returns the stock take with that number in that year. Raises ``NotFound``."""
    statement = _takes(work).where(col(Journal.number) == number, extract("year", col(Journal.booked_on)) == year)
    booked = work.first(BookedTake, statement)
    if booked is None:
        raise FundsRefusal.NO_STOCK_TAKE.not_found(number=number, year=year)
    return booked


def booked(work: Work, journal_id: UUID) -> BookedTake:
    """Returns the stock take that this entry booked. Raises ``NotFound``."""
    take = work.first(BookedTake, _takes(work).where(col(Journal.id) == journal_id))
    if take is None:
        raise FundsRefusal.NO_STOCK_TAKE.not_found(number=0, year=0)
    return take


def _takes(work: Work) -> Select[*tuple[Any, ...]]:
    giver = aliased(AccountModel)
    rupiah = (
        select(func.coalesce(func.sum(col(Transfer.rupiah)), 0))
        .join(giver, col(giver.id) == col(Transfer.credit_account))
        .where(col(Transfer.journal_id) == col(Journal.id))
        .correlate(Journal)
    )
    is_found = col(giver.kind) == "found"
    return (
        select(
            col(Journal.id),
            col(Journal.number),
            col(Journal.occurred_on).label("on"),
            col(Journal.booked_on),
            col(StockTake.is_count),
            col(StockTake.fund_id),
            func.coalesce(col(Fund.code), "").label("fund_code"),
            func.coalesce(col(Fund.name), "").label("fund"),
            col(StockTake.counted_by),
            col(StockTake.witness),
            col(StockTake.note),
            func.coalesce(col(PersonModel.full_name), col(Journal.recorded_label)).label("recorded_by"),
            reversed_on().label("reversed_on"),
            cast(rupiah.where(~is_found).scalar_subquery(), BigInteger).label("lost"),
            cast(rupiah.where(is_found).scalar_subquery(), BigInteger).label("found"),
        )
        .join(StockTake, col(StockTake.journal_id) == col(Journal.id))
        .outerjoin(Fund, col(Fund.id) == col(StockTake.fund_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(Journal.recorded_by))
        .where(col(Journal.facility_id) == work.here.id, col(StockTake.facility_id) == work.here.id)
    )


def counts_of(work: Work, take_id: UUID) -> list[ItemCount]:
    counted: Select[*tuple[Any, ...]] = (
        select(
            col(ItemModel.name).label("item"),
            col(ItemModel.code),
            col(StockCount.unit),
            col(StockCount.book),
            col(StockCount.counted),
            col(StockCount.recounted),
        )
        .join(ItemModel, col(ItemModel.id) == col(StockCount.item_id))
        .where(col(StockCount.facility_id) == work.here.id, col(StockCount.journal_id) == take_id)
        .order_by(col(ItemModel.name))
    )
    return work.rows(ItemCount, counted)


def differences_of(work: Work, take_id: UUID) -> list[ItemDifference]:
    """Returns what moved, by item, reason and fund. One query."""
    giver, taker = aliased(AccountModel), aliased(AccountModel)
    reason = case((col(taker.kind) == "stock", col(giver.kind)), else_=col(taker.kind))
    moved: Select[*tuple[Any, ...]] = (
        select(
            col(ItemModel.name).label("item"),
            col(ItemModel.unit),
            reason.label("reason"),
            col(Fund.name).label("fund"),
            func.sum(col(Transfer.quantity)).label("quantity"),
            cast(func.sum(col(Transfer.rupiah)), BigInteger).label("rupiah"),
            func.coalesce(func.max(col(StockDifference.remark)), "").label("remark"),
        )
        .select_from(Transfer)
        .join(giver, col(giver.id) == col(Transfer.credit_account))
        .join(taker, col(taker.id) == col(Transfer.debit_account))
        .join(Lot, col(Lot.id) == col(Transfer.lot_id))
        .join(ItemModel, col(ItemModel.id) == col(Lot.item_id))
        .join(Fund, col(Fund.id) == col(Transfer.fund_id))
        .outerjoin(
            StockDifference,
            (col(StockDifference.journal_id) == col(Transfer.journal_id))
            & (col(StockDifference.item_id) == col(Lot.item_id))
            & (col(StockDifference.reason) == reason),
        )
        .where(col(Transfer.facility_id) == work.here.id, col(Transfer.journal_id) == take_id)
        .group_by(col(ItemModel.name), col(ItemModel.unit), reason, col(Fund.name))
        .order_by(col(ItemModel.name), reason, col(Fund.name))
    )
    return work.rows(ItemDifference, moved)


def places_in_year(work: Work, take: BookedTake, reasons: Sequence[str]) -> int:
    """Returns which one it is in its year among the stock takes with goods of these reasons; of all counts without reasons."""
    earlier = (
        select(func.count())
        .select_from(Journal)
        .join(StockTake, col(StockTake.journal_id) == col(Journal.id))
        .where(
            col(Journal.facility_id) == work.here.id,
            col(Journal.number) <= take.number,
            extract("year", col(Journal.booked_on)) == take.booked_on.year,
        )
    )
    if not reasons:
        return work.scalar(earlier.where(col(StockTake.is_count))) or 0
    explained = (
        select(col(StockDifference.journal_id))
        .where(col(StockDifference.journal_id) == col(Journal.id), among(col(StockDifference.reason), reasons))
        .correlate(Journal)
    )
    return work.scalar(earlier.where(explained.exists())) or 0


def possible_days(work: Work, take: BookedTake, today: date) -> PossibleDays:
    """Returns the days on which a stock take can be taken back: its own or a later one."""
    closed = select(func.max(col(Fund.books_closed_until))).where(among(col(Fund.id), _funds(work, take)))
    return PossibleDays(take.on, today, work.scalar(closed))


def _funds(work: Work, take: BookedTake) -> list[UUID]:
    return list(work.scalars(select(col(Transfer.fund_id)).distinct().where(col(Transfer.journal_id) == take.id)))


def reverse(work: Work, take: BookedTake, *, reason: str, on: date, late_on: date | None = None) -> BookedTake:
    """Takes a whole stock take back: what left comes back into its lots, what was found leaves. Returns it as it was.

    Raises ``Invalid`` without a reason and for a day that cannot be, ``Refusal`` where it was taken back before, changed no
    stock, or what it found is used.
    """
    work.require("funds.stock")
    reason = required_reason.require_reason(FundsRefusal.NO_REASON_TO_UNDO, reason)
    ledger.lock(work)
    current = take_of(work, take.booked_on.year, take.number)
    if current.reversed_on is not None:
        raise FundsRefusal.UNDONE_BEFORE.refusal(day=format_date(current.reversed_on))
    funds = _funds(work, current)
    if not funds:
        raise FundsRefusal.NOTHING_TO_UNDO.refusal()
    if on < current.on:
        raise FundsRefusal.BEFORE_ORIGINAL.invalid("on", day=current.on)
    booked_on = days.book_day(work, funds, on, late_on)
    name = f"{current.number}/{current.booked_on.year}"
    memo = f"Pembatalan catatan stok {name}: {reason}"
    journal_id = ledger.open_journal(work, "reversal", on, memo, booked_on=booked_on)
    ledger.take_back(work, journal_id, current.id)
    details = {"take": name, "reason": reason, **days.late(on, booked_on)}
    audit.record(work, "funds.reverse_stock_take", name, details=details)
    return current
