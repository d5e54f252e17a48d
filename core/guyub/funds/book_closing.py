"""Closing the book of a fund for a month: an act with a count, a day and signatures. Nobody opens a closed book again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Integer, Numeric, Select, Text, Uuid, cast, column, func, insert, select
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
from guyub.ui.months import last_day


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
) -> ClosedBook:
    """Closes the book of a fund for ``month`` on the day ``on``, with the money that was counted, in rupiah.

    Raises ``NotFound`` for a fund that is not here, ``Invalid`` where a difference between count and book is not explained, and
    ``Refusal`` for a month that is not over, is closed, or does not come next. Afterwards nothing is booked in that month.
    """
    work.require("funds.close")
    month, explanation = month.replace(day=1), trimmed(explanation)
    known = select(col(Fund.id), col(Fund.name)).where(
        col(Fund.facility_id) == work.here.id, col(Fund.code) == fund_code
    )
    rows: Sequence[Any] = work.all(known)
    if not rows:
        raise FundsRefusal.UNKNOWN.not_found(code=fund_code)
    [fund] = rows
    ledger.lock(work)
    _demand_in_order(work, fund, month, on)
    _demand_counted(cash_in_hand, bank)
    treasurer, head = signatories(work, on)
    closing = insert(BookClosing).values(
        facility_id=work.here.id,
        fund_id=fund.id,
        month=month,
        closed_on=on,
        cash_in_hand=cash_in_hand,
        bank=bank,
        explanation=explanation,
        signatories={"treasurer": _signatory(treasurer), "head": _signatory(head)},
    )
    work.change(closing)
    closed = of_month(work, fund.id, month)
    assert closed is not None
    details = {
        "month": f"{month:%Y-%m}",
        "closed_on": on.isoformat(),
        "balance": closed.balance,
        "cash_in_hand": cash_in_hand,
        "bank": bank,
    }
    audit.record(work, "funds.close", fund_code, reason=explanation, details=details)
    return closed


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
