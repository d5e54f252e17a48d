"""A wrong receipt is taken back: asked once, with a reason."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import ledger, queries, reversals, urls
from guyub.funds.fund_page import ReceivedEntry
from guyub.funds.pages.common import typed, word
from guyub.funds.pages.minutes import receipt_minutes
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.problems import by_field
from guyub.ui.seen import Moved, Seen, demand_shown, in_words, seen_in

router = APIRouter(prefix="/f/{facility}")
RECEIPT = "/funds/fund/{code}/receipts/{year:int}/{number:int}/reverse"


@router.get("/funds/fund/{code}/receipts/{year:int}/{number:int}/goods.pdf")
def minutes(work: FacilityWork, clock: Clock, code: str, year: int, number: int) -> Response:
    """Returns the minutes of the goods of a receipt."""
    work.require("funds.read")
    made = receipt_minutes(work, clock, code, year, number)
    return http.download(made.content, made.file_name, made.media_type, inline=True)


@router.get(RECEIPT)
def ask_to_reverse(request: Request, work: FacilityWork, code: str, year: int, number: int) -> Response:
    return _page(request, work, code, year, number, {})


@router.post(RECEIPT)
def reverse(
    request: Request, work: FacilityWork, clock: Clock, code: str, year: int, number: int, form: FormInput
) -> Response:
    seen = seen_in(form)
    try:
        with work.attempt():
            work.require("funds.receive")
            ledger.lock(work)
            fund = queries.fund(work, code)
            receipt = reversals.receipt_of(work, fund, year, number)
            demand_shown(seen, _shown(receipt).shown)
            reversals.reverse(work, fund, receipt, word(form, "reason"), clock.today(work))
    except Invalid as refusal:
        return _page(request, work, code, year, number, typed(form), problems=by_field([refusal]))
    except Moved:
        return _page(request, work, code, year, number, typed(form), seen=seen)
    except Refusal as refusal:
        if refusal.code != FundsRefusal.BELOW_ZERO:
            raise
        return _page(request, work, code, year, number, typed(form), refused=FundsRefusal.RECEIPT_USED.refusal())
    message = Text(
        id="Penerimaan {amount} dibatalkan; catatan lamanya tetap tersimpan.",
        en="The receipt of {amount} was taken back; its old entry stays in the books.",
    ).format(amount=format_rupiah(receipt.total))
    return http.redirect(request, urls.fund_url(work.here.code, code), message, "warning")


_TITLES = {"total": Text(id="Nilai", en="Value"), "reversed": Text(id="Dibatalkan", en="Taken back")}


def _shown(receipt: ReceivedEntry) -> Seen:
    """Returns what the page says of the receipt."""
    reversed_on = format_date(receipt.reversed_on) if receipt.reversed_on else ""
    return Seen(receipt.number, {"total": format_rupiah(receipt.total), "reversed": reversed_on})


def _page(
    request: Request,
    work: Work,
    code: str,
    year: int,
    number: int,
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    work.require("funds.receive")
    fund = queries.fund(work, code)
    receipt = reversals.receipt_of(work, fund, year, number)
    now = _shown(receipt)
    return http.render(
        request,
        work,
        "funds/reverse.html",
        status=422 if problems else 409 if refused or seen else 200,
        fund=fund,
        receipt=receipt,
        typed=typed,
        seen=now,
        moved=None if seen is None else in_words(seen, now.shown, _TITLES),
        problems=problems or {},
        refused=refused,
        at=urls,
    )
