"""Closing the book of a fund for a month: an act with a count, a day and signatures. Nobody opens a closed book again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Integer,
    Interval,
    Numeric,
    Select,
    Text,
    Uuid,
    cast,
    column,
    func,
    insert,
    literal,
    select,
)
from sqlmodel import col

from guyub.access import audit
from guyub.access.models import PersonModel
from guyub.db.typed_reads import among, part_of
from guyub.db.unit_of_work import Work
from guyub.documents.signatories import holder_of
from guyub.facilities import queries as facilities
from guyub.facilities.queries import OfficialOnDay
from guyub.funds import ledger
from guyub.funds.models import BookClosing, Fund
from guyub.funds.refusals import FundsRefusal
from guyub.sdk.text import Period
from guyub.sdk.unseen import trimmed
from guyub.ui.months import back, last_day


@dataclass(frozen=True, slots=True)
class MonthToClose:
    """A month of a book that is over and not closed: the ``month`` that comes next, of ``months`` that wait in all."""

    fund_id: UUID
    code: str
    name: str
    month: date
    months: int


def waiting(work: Work, today: date) -> list[MonthToClose]:
    """Returns the books of the facility that wait to be closed, by name. One query."""
    book = _waiting(today)
    return work.rows(
        MonthToClose,
        select(book.c.fund_id, book.c.code, book.c.name, book.c.month, book.c.months)
        .where(book.c.facility_id == work.here.id)
        .order_by(book.c.name, book.c.code),
    )


def counted_by_facility(today: date) -> Select[*tuple[Any, ...]]:
    """Selects for each facility in scope how many books wait to be closed, and since which month."""
    book = _waiting(today)
    return select(
        book.c.facility_id,
        cast(func.count(), Integer).label("books"),
        cast(func.min(book.c.month), Date).label("books_of"),
    ).group_by(book.c.facility_id)


def _waiting(today: date) -> Any:
    return func.guyub.books_to_close(today).table_valued(
        column("facility_id", Uuid),
        column("fund_id", Uuid),
        column("code", Text),
        column("name", Text),
        column("month", Date),
        column("months", Integer),
    )


@dataclass(frozen=True, slots=True)
class BookOfMonth:
    """Holds what the book says of a month, in rupiah: ``opening`` before it, ``balance`` after it."""

    opening: int
    received: int
    paid: int
    lines: int

    @property
    def balance(self) -> int:
        return self.opening + self.received - self.paid


def month_to_close(work: Work, fund_id: UUID) -> date | None:
    """Returns the month that is closed next, whether it is over or not; None for a book without a line."""
    next_month = func.guyub.month_to_close(col(Fund.book_from), col(Fund.books_closed_until), type_=Date)
    month: date | None = work.scalar(select(next_month).where(col(Fund.id) == fund_id))
    return month


def book_of_month(work: Work, fund_id: UUID, month: date) -> BookOfMonth:
    """Returns what would be closed: the figures of the month that is closed next."""
    line = func.guyub.cash_lines(fund_id, month, last_day(month)).table_valued(column("rupiah", Numeric))
    rupiah = func.sum(line.c.rupiah)
    [row] = work.all(
        select(
            cast(func.coalesce(_last_balance(fund_id), 0), BigInteger).label("opening"),
            cast(func.coalesce(rupiah.filter(line.c.rupiah > 0), 0), BigInteger).label("received"),
            cast(func.coalesce(-rupiah.filter(line.c.rupiah < 0), 0), BigInteger).label("paid"),
            func.count(line.c.rupiah).label("lines"),
        )
    )
    return BookOfMonth(row.opening, row.received, row.paid, row.lines)


def _last_balance(fund_id: UUID) -> Any:
    newest = select(col(BookClosing.balance)).where(col(BookClosing.fund_id) == fund_id)
    return newest.order_by(col(BookClosing.month).desc()).limit(1).scalar_subquery()


@dataclass(frozen=True, slots=True)
class ClosedBook:
    """A closing as it was recorded; ``treasurer`` and ``head`` held their posts on ``closed_on``."""

    month: date
    closed_on: date
    opening: int
    received: int
    paid: int
    balance: int
    cash_in_hand: int
    bank: int
    explanation: str
    signatories: Mapping[str, Mapping[str, str]]
    closed_by: str

    @property
    def difference(self) -> int:
        """Returns the rupiah that were counted above what the book says; below 0 what is missing."""
        return self.cash_in_hand + self.bank - self.balance

    @property
    def treasurer(self) -> OfficialOnDay:
        return OfficialOnDay(**self.signatories["treasurer"])

    @property
    def head(self) -> OfficialOnDay:
        return OfficialOnDay(**self.signatories["head"])


def closed_books(work: Work, fund_id: UUID) -> list[ClosedBook]:
    """Returns the closings of a fund, the newest first. One query."""
    return work.rows(ClosedBook, _closings(work).where(col(BookClosing.fund_id) == fund_id))


def of_funds(work: Work, fund_ids: Sequence[UUID]) -> dict[UUID, dict[date, ClosedBook]]:
    """Returns the closings of each of these funds, by month. One query, for any number of them."""
    closed: dict[UUID, dict[date, ClosedBook]] = {fund_id: {} for fund_id in fund_ids}
    if closed:
        of_these = _closings(work).where(among(col(BookClosing.fund_id), list(closed)))
        for row in work.all(of_these.add_columns(col(BookClosing.fund_id))):
            closed[row.fund_id][row.month] = part_of(row, ClosedBook)
    return closed


def _closings(work: Work) -> Select[*tuple[Any, ...]]:
    closing = BookClosing
    kept = ("month", "closed_on", "opening", "received", "paid", "balance", "cash_in_hand", "bank", "explanation")
    return (
        select(
            *[col(getattr(closing, name)) for name in kept],
            col(closing.signatories),
            func.coalesce(col(PersonModel.full_name), col(closing.closed_label)).label("closed_by"),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(closing.closed_by))
        .where(col(closing.facility_id) == work.here.id)
        .order_by(col(closing.month).desc())
    )


def of_month(work: Work, fund_id: UUID, month: date) -> ClosedBook | None:
    """Returns the closing of a month; None while it is open."""
    of_this = _closings(work).where(col(BookClosing.fund_id) == fund_id, col(BookClosing.month) == month)
    return work.first(ClosedBook, of_this)


def signatories(work: Work, on: date) -> tuple[OfficialOnDay, OfficialOnDay]:
    """Returns who signs a book on a day: the treasurer, and the head of the facility who has seen it."""
    officials = facilities.officials(work, on)
    head = holder_of(officials, "head", f"Kepala {work.here.name}")
    return officials.get("treasurer") or holder_of(officials, "management", "Bendahara Kegiatan"), head


def close(
    work: Work,
    fund_code: str,
    month: date,
    on: date,
    *,
    cash_in_hand: int,
    bank: int,
    explanation: str = "",
    through: date | None = None,
) -> ClosedBook:
    """Closes the book of a fund for ``month`` on the day ``on``, with the money that was counted, in rupiah; with ``through``
    all months from ``month`` to that one, of which one has entries at most. Returns the closing of the last of them.

    The count is that of the last month, and of the months before it with the same balance. A month without entries before them
    keeps what was counted when the book was closed last: nothing has moved since.

    Raises ``NotFound`` for a fund that is not here, ``Invalid`` where a difference between count and book is not explained, and
    ``Refusal`` for a month that is not over, is closed, or does not come next. Afterwards nothing is booked in these months.
    """
    work.require("funds.close")
    month, explanation = month.replace(day=1), trimmed(explanation)
    last = (through or month).replace(day=1)
    known = select(col(Fund.id), col(Fund.name)).where(
        col(Fund.facility_id) == work.here.id, col(Fund.code) == fund_code
    )
    rows: Sequence[Any] = work.all(known)
    if not rows:
        raise FundsRefusal.UNKNOWN.not_found(code=fund_code)
    [fund] = rows
    ledger.lock(work)
    _demand_in_order(work, fund, month, on)
    if last < month:
        raise FundsRefusal.CLOSED_BEFORE.refusal(fund=fund.name, month=Period(last), possible=Period(month))
    if on <= last_day(last):
        raise FundsRefusal.MONTH_NOT_OVER.refusal(month=Period(last), day=last_day(last))
    _demand_counted(cash_in_hand, bank)
    treasurer, head = signatories(work, on)
    counted = _Count(cash_in_hand, bank, explanation)
    counts = _counts(work, fund, month, last, counted) if last > month else {month: counted}
    signed = {"treasurer": _signatory(treasurer), "head": _signatory(head)}
    closings = [
        {
            "facility_id": work.here.id,
            "fund_id": fund.id,
            "month": each,
            "closed_on": on,
            "cash_in_hand": count.cash_in_hand,
            "bank": count.bank,
            "explanation": count.explanation,
            "signatories": signed,
        }
        for each, count in counts.items()
    ]
    # One statement: its rows are closed in this order, and the database takes them in no other.
    work.change(insert(BookClosing).values(closings))
    closed = of_month(work, fund.id, last)
    assert closed is not None
    details = {
        "month": f"{last:%Y-%m}",
        "closed_on": on.isoformat(),
        "balance": closed.balance,
        "cash_in_hand": cash_in_hand,
        "bank": bank,
    }
    if last > month:
        details |= {"since": f"{month:%Y-%m}", "months": len(closings)}
    audit.record(work, "funds.close", fund_code, reason=explanation, details=details)
    return closed


@dataclass(frozen=True, slots=True)
class ClosableMonth:
    """A month to which the book can be closed in one act: ``lines`` entries in it, and its ``balance`` at the end."""

    month: date
    lines: int
    balance: int


def closable(work: Work, fund_id: UUID, today: date) -> list[ClosableMonth]:
    """Returns the months to which the book can be closed in one act, from the one that comes next: until the last month that is
    over, or the one before the second with entries. Two queries."""
    first = month_to_close(work, fund_id)
    if first is None or first >= today.replace(day=1):
        return []
    return _with_entries_once(_months_of_book(work, fund_id, first, back(today, 1)))


def _months_of_book(work: Work, fund_id: UUID, first: date, last: date) -> list[ClosableMonth]:
    """Returns what the book says of each month from ``first``, which is closed next, to ``last``. One query."""
    series = func.generate_series(cast(first, DateTime), cast(last, DateTime), cast(literal("1 month"), Interval))
    every = series.table_valued(column("first", DateTime)).render_derived("every")
    line = func.guyub.cash_lines(fund_id, first, last_day(last)).table_valued(
        column("booked_on", Date), column("rupiah", Numeric), name="line"
    )
    month = cast(every.c.first, Date)
    moved = func.coalesce(func.sum(line.c.rupiah), 0)
    balance = func.coalesce(_last_balance(fund_id), 0) + func.sum(moved).over(order_by=month)
    return work.rows(
        ClosableMonth,
        select(
            month.label("month"), func.count(line.c.rupiah).label("lines"), cast(balance, BigInteger).label("balance")
        )
        .select_from(every)
        .outerjoin(line, cast(func.date_trunc("month", cast(line.c.booked_on, DateTime)), Date) == month)
        .group_by(month)
        .order_by(month),
    )


def _with_entries_once(months: Sequence[ClosableMonth]) -> list[ClosableMonth]:
    """Returns the months before the second one with entries."""
    moving = [number for number, month in enumerate(months) if month.lines]
    return list(months[: moving[1]] if len(moving) > 1 else months)


@dataclass(frozen=True, slots=True)
class _Count:
    cash_in_hand: int
    bank: int
    explanation: str


def _counts(work: Work, fund: Any, first: date, last: date, counted: _Count) -> dict[date, _Count]:
    """Returns what was counted for each month. Raises ``Invalid`` at ``through`` where two of them have entries."""
    months = _months_of_book(work, fund.id, first, last)
    possible = _with_entries_once(months)
    if len(possible) < len(months):
        raise FundsRefusal.MONTHS_WITH_ENTRIES.invalid(
            "through", month=Period(months[len(possible)].month), possible=Period(possible[-1].month)
        )
    # Before the month with entries stands what was counted when the book was closed last, which is before all of them.
    before = next(iter(closed_books(work, fund.id)), None)
    kept = _Count(before.cash_in_hand, before.bank, before.explanation) if before else _Count(0, 0, "")
    moving = next((month.month for month in months if month.lines), first)
    return {month.month: kept if month.month < moving else counted for month in months}


def _demand_in_order(work: Work, fund: Any, month: date, on: date) -> None:
    """Refuses a month out of order, as the database does (``close_book``); here the sums of the wrong month need not be
    asked first.
    """
    wanted = month_to_close(work, fund.id)
    if wanted is None:
        raise FundsRefusal.NOTHING_BOOKED.refusal(fund=fund.name)
    if month < wanted:
        raise FundsRefusal.CLOSED_BEFORE.refusal(fund=fund.name, month=Period(month), possible=Period(wanted))
    if month > wanted:
        raise FundsRefusal.OUT_OF_ORDER.invalid("month", fund=fund.name, month=Period(month), possible=Period(wanted))
    if on <= last_day(month):
        raise FundsRefusal.MONTH_NOT_OVER.refusal(month=Period(month), day=last_day(month))


def _demand_counted(cash_in_hand: int, bank: int) -> None:
    """Refuses a closing without its counts, which are compared with the book by the database, which adds the book up as
    it closes it.
    """
    if cash_in_hand < 0 or bank < 0:
        raise FundsRefusal.COUNT.invalid("cash_in_hand" if cash_in_hand < 0 else "bank")


def _signatory(official: OfficialOnDay) -> dict[str, str]:
    return {
        "role": official.role,
        "title": official.title,
        "name": official.name,
        "nip": official.nip,
        "acting": official.acting,
    }
