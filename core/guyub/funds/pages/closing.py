"""The page where the book of a fund is closed for the month that comes next: what it says, what was counted, who signs."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities.queries import OfficialOnDay
from guyub.funds import book_closing, queries, urls
from guyub.funds.pages.common import month_of, typed, word
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text
from guyub.ui.months import following
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.typed_values import rupiah_at

router = APIRouter(prefix="/f/{facility}")
CLOSE = "/funds/fund/{code}/close"


@router.get(CLOSE)
def ask_to_close(request: Request, work: FacilityWork, clock: Clock, code: str) -> Response:
    return _page(request, work, code, clock.today(work), {})


@router.post(CLOSE)
def close(request: Request, work: FacilityWork, clock: Clock, code: str, form: FormInput) -> Response:
    today = clock.today(work)
    try:
        with work.attempt():
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
    except Refusal as refusal:
        return _page(request, work, code, today, {}, refused=refusal)
    message = Text(
        id="Buku {month} ditutup dengan saldo {balance}. Cetak dan tandatangani bukunya.",
        en="The book of {month} is closed with a balance of {balance}. Print and sign it.",
    ).format(month=Period(closed.month), balance=format_rupiah(closed.balance))
    return http.redirect(request, urls.fund_url(work.here.code, code), message)


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
) -> Response:
    work.require("funds.close")
    fund = queries.fund(work, code)
    month = book_closing.month_to_close(work, fund.id)
    treasurer, head = book_closing.signatories(work, today)
    return http.render(
        request,
        work,
        "funds/close.html",
        status=422 if problems else 409 if refused else 200,
        fund=fund,
        month=month,
        is_over=month is not None and month < today.replace(day=1),
        possible_from=following(month) if month else None,
        book=book_closing.book_of_month(work, fund.id, month) if month else None,
        closed=book_closing.closed_books(work, fund.id)[:1],
        signatories=[_named(official) for official in (treasurer, head)],
        today=today,
        typed=typed_values,
        problems=problems or {},
        refused=refused,
        at=urls,
    )
