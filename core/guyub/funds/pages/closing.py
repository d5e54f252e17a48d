"""The page where the book of a fund is closed for the month that comes next: what it says, what was counted, who signs."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities.queries import OfficialOnDay
from guyub.funds import book_closing, ledger, queries, urls
from guyub.funds.pages.common import month_of, typed, word
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text
from guyub.ui.months import following
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Moved, Seen, demand_shown, in_words, seen_in
from guyub.ui.typed_values import rupiah_at

router = APIRouter(prefix="/f/{facility}")
CLOSE = "/funds/fund/{code}/close"
_TITLES = {
    "month": Text(id="Bulan yang ditutup", en="Month to close"),
    "opening": Text(id="Saldo sebelumnya", en="Balance before"),
    "received": Text(id="Penerimaan", en="Received"),
    "paid": Text(id="Pengeluaran", en="Paid"),
    "balance": Text(id="Saldo akhir bulan", en="Balance at its end"),
}


@router.get(CLOSE)
def ask_to_close(request: Request, work: FacilityWork, clock: Clock, code: str) -> Response:
    return _page(request, work, code, clock.today(work), {})


@router.post(CLOSE)
def close(request: Request, work: FacilityWork, clock: Clock, code: str, form: FormInput) -> Response:
    today, seen = clock.today(work), seen_in(form)
    try:
        with work.attempt():
            work.require("funds.close")
            ledger.lock(work)
            demand_shown(seen, _shown(work, queries.fund(work, code).id).shown)
            refusals = CollectedRefusals()
            with refusals.collected():
                cash_in_hand = rupiah_at(word(form, "cash_in_hand"), "cash_in_hand")
            with refusals.collected():
                bank = rupiah_at(word(form, "bank"), "bank")
            refusals.demand_none()
            closed = book_closing.close(
                work,
                code,
                month_of(word(form, "month")),
                today,
                cash_in_hand=cash_in_hand,
                bank=bank,
                explanation=word(form, "explanation"),
            )
    except Invalid as refusal:
        return _page(request, work, code, today, typed(form), problems=by_field([refusal]))
    except Moved:
        return _page(request, work, code, today, typed(form), seen=seen)
    except Refusal as refusal:
        return _page(request, work, code, today, typed(form), refused=refusal)
    message = Text(
        id="Buku {month} ditutup dengan saldo {balance}. Cetak dan tandatangani bukunya.",
        en="The book of {month} is closed with a balance of {balance}. Print and sign it.",
    ).format(month=Period(closed.month), balance=format_rupiah(closed.balance))
    return http.redirect(request, urls.fund_url(work.here.code, code), message)


def _shown(work: Work, fund_id: UUID) -> Seen:
    """Returns what the page says of the month that is closed next; its version is how many lines that has."""
    month = book_closing.month_to_close(work, fund_id)
    if month is None:
        return Seen(0)
    book = book_closing.book_of_month(work, fund_id, month)
    figures = {"opening": book.opening, "received": book.received, "paid": book.paid, "balance": book.balance}
    return Seen(
        book.lines,
        {"month": f"{month:%Y-%m}", **{name: format_rupiah(amount) for name, amount in figures.items()}},
    )


def _named(official: OfficialOnDay) -> str:
    return f"{official.heading} {official.name}".rstrip()


def _page(
    request: Request,
    work: Work,
    code: str,
    today: date,
    typed_values: Mapping[str, str],
    *,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    work.require("funds.close")
    fund = queries.fund(work, code)
    month = book_closing.month_to_close(work, fund.id)
    now = _shown(work, fund.id)
    treasurer, head = book_closing.signatories(work, today)
    return http.render(
        request,
        work,
        "funds/close.html",
        status=422 if problems else 409 if refused or seen else 200,
        fund=fund,
        month=month,
        is_over=month is not None and month < today.replace(day=1),
        possible_from=following(month) if month else None,
        book=book_closing.book_of_month(work, fund.id, month) if month else None,
        closed=book_closing.closed_books(work, fund.id)[:1],
        signatories=[_named(official) for official in (treasurer, head)],
        today=today,
        typed=typed_values,
        seen=now,
        moved=None if seen is None else in_words(seen, now.shown, _TITLES),
        problems=problems or {},
        refused=refused,
        at=urls,
    )
