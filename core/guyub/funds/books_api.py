"""Closing the books of funds as JSON: what waits, what a book says of its months, and the closing itself."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict

from guyub.db.unit_of_work import Work
from guyub.funds import book_closing, ledger, queries
from guyub.funds.book_closing import ClosedBook
from guyub.http import Clock, FacilityWork
from guyub.http.matching import IfMatch, demand_match, etag_of
from guyub.http.problems import OF_MATCHED_WRITING
from guyub.ui.problems import CollectedRefusals
from guyub.ui.typed_values import month_at, rupiah_given

api = APIRouter(prefix="/f/{facility}/books")
FundCode = Annotated[str, Path(pattern=r"^[^/\x00-\x1f]{1,80}$", description="The fund, as its page calls it.")]


class WaitingBookOut(BaseModel):
    """A book that waits: ``month`` is closed next, of ``months`` that are over in all."""

    fund: str
    name: str
    month: str
    months: int


class ClosableMonthOut(BaseModel):
    """A month to which the book can be closed now: ``lines`` entries in it, its ``balance`` at the end in rupiah."""

    month: str
    lines: int
    balance: int


class ClosingIn(BaseModel):
    """``cash_in_hand`` and ``bank`` are counted: whole rupiah, or a text as people write them. With ``through`` all months to
    that one are closed: one of them has entries at most."""

    model_config = ConfigDict(extra="forbid")

    month: str
    cash_in_hand: int | str
    bank: int | str
    explanation: str = ""
    through: str | None = None


class ClosingOut(BaseModel):
    """The closing of a month, in whole rupiah."""

    month: str
    closed_on: date
    opening: int
    received: int
    paid: int
    balance: int
    cash_in_hand: int
    bank: int
    explanation: str


@api.get("")
def waiting(work: FacilityWork, clock: Clock) -> list[WaitingBookOut]:
    """Returns the books whose month is over and which are not closed."""
    work.require("funds.read")
    return [
        WaitingBookOut(fund=book.code, name=book.name, month=_code(book.month), months=book.months)
        for book in book_closing.waiting(work, clock.today(work))
    ]


@api.get("/{fund}/months")
def months_to_close(work: FacilityWork, clock: Clock, fund: FundCode, response: Response) -> list[ClosableMonthOut]:
    """Returns the months to which a book can be closed in one act; the `ETag` is what the closing names as `If-Match`."""
    work.require("funds.read")
    shown = _shown(work, fund, clock.today(work))
    response.headers["etag"] = etag_of(shown)
    return shown


@api.post("/{fund}/closings", status_code=201, responses=OF_MATCHED_WRITING)
def close(work: FacilityWork, clock: Clock, fund: FundCode, asked: ClosingIn, if_match: IfMatch = None) -> ClosingOut:
    """Closes a month, or all months to ``through``, for good; returns the closing of the last. 409 for a month out of order."""
    work.require("funds.close")
    month = month_at(asked.month, "month")
    through = None if asked.through is None else month_at(asked.through, "through")
    today = clock.today(work)
    refusals = CollectedRefusals()
    with refusals.collected():
        cash_in_hand = rupiah_given(asked.cash_in_hand, "cash_in_hand")
    with refusals.collected():
        bank = rupiah_given(asked.bank, "bank")
    refusals.demand_none()
    ledger.lock(work)
    demand_match(if_match, lambda: _shown(work, fund, today))
    closed = book_closing.close(
        work,
        fund,
        month,
        today,
        cash_in_hand=cash_in_hand,
        bank=bank,
        explanation=asked.explanation,
        through=through,
    )
    return _out(closed)


def _shown(work: Work, fund: str, today: date) -> list[ClosableMonthOut]:
    return [
        ClosableMonthOut(month=_code(month.month), lines=month.lines, balance=month.balance)
        for month in book_closing.closable(work, queries.fund(work, fund).id, today)
    ]


def _out(closed: ClosedBook) -> ClosingOut:
    return ClosingOut(
        month=_code(closed.month),
        closed_on=closed.closed_on,
        opening=closed.opening,
        received=closed.received,
        paid=closed.paid,
        balance=closed.balance,
        cash_in_hand=closed.cash_in_hand,
        bank=closed.bank,
        explanation=closed.explanation,
    )


def _code(month: date) -> str:
    return f"{month:%Y-%m}"
