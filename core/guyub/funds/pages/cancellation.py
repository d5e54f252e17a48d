"""Takes a note back: what it would give back is shown first, then a reason and a day are asked for."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import cancelled_purchases, purchase_list, urls
from guyub.funds.pages.common import is_ticked, typed, word
from guyub.funds.pages.purchase_view import LIST
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, CycleCode, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.typed_values import day_at

router = APIRouter(prefix="/f/{facility}")
NOTE = f"{LIST}/notes/{{year:int}}/{{number:int}}/cancel"


@router.get(NOTE)
def ask_to_cancel(
    request: Request, work: FacilityWork, clock: Clock, cycle: CycleCode, year: int, number: int
) -> Response:
    return _page(request, work, clock, cycle, year, number, {})


@router.post(NOTE)
def cancel(
    request: Request, work: FacilityWork, clock: Clock, cycle: CycleCode, year: int, number: int, form: FormInput
) -> Response:
    work.require("funds.spend")
    today = clock.today(work)
    try:
        with work.attempt():
            holder = purchase_list.holder_of(work, cycle)
            note = cancelled_purchases.note_of(work, holder.id, year, number)
            on = day_at(word(form, "on"), "on")
            late_on = today if is_ticked(form, "late") else None
            cancelled_purchases.cancel(work, holder.id, note, reason=word(form, "reason"), on=on, late_on=late_on)
    except Invalid as refusal:
        return _page(request, work, clock, cycle, year, number, typed(form), problems=by_field([refusal]))
    except Refusal as refusal:
        if refusal.code == FundsRefusal.BELOW_ZERO:
            refusal = FundsRefusal.SAVINGS_USED.refusal()
        elif refusal.code not in (FundsRefusal.PURCHASE_USED, FundsRefusal.CANCELLED_BEFORE):
            raise
        return _page(request, work, clock, cycle, year, number, typed(form), refused=refusal)
    message = Text(
        id="Nota {evidence} senilai {amount} dibatalkan; uangnya dicadangkan lagi.",
        en="The note {evidence} of {amount} was cancelled; its money is reserved again.",
    ).format(evidence=note.evidence, amount=format_rupiah(note.cost))
    return http.redirect(request, urls.purchases_url(work.here.code, cycle), message, "warning")


def _page(
    request: Request,
    work: Work,
    clock: Clock,
    cycle: str,
    year: int,
    number: int,
    typed: Mapping[str, str],
    *,
    problems: Mapping[str, Text] | None = None,
    refused: Refusal | None = None,
) -> Response:
    work.require("funds.spend")
    holder = purchase_list.holder_of(work, cycle)
    note = cancelled_purchases.note_of(work, holder.id, year, number)
    today = clock.today(work)
    return http.render(
        request,
        work,
        "funds/cancel_purchase.html",
        status=422 if problems else 409 if refused else 200,
        note=note,
        used=cancelled_purchases.purchase_used(note) if note.used and not note.reversed_on else None,
        period_of_cycle=holder.period,
        cycle=cycle,
        days=cancelled_purchases.possible_days(work, note, today),
        typed={"on": cancelled_purchases.usual_day(work, note, today).isoformat(), **typed},
        problems=problems or {},
        refused=refused,
        at=urls,
    )
