"""Asks for more money from the list of purchases; the page on which it is approved in one press, or declined with a reason."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.funds import added_money, money_requests, promises, purchase_list, urls
from guyub.funds.money_requests import MoneyRequest
from guyub.funds.pages.common import amount_to_add, carried_on, typed, word
from guyub.funds.pages.purchase_view import LIST
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, CycleCode, FacilityWork, FormInput
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.typed_values import rupiah_at

router = APIRouter(prefix="/f/{facility}")
NEED = "need."
"""What the names of the hidden amounts begin with; the code of the item follows."""


@router.post(f"{LIST}/requests")
@http.answers_repeats_itself
def ask(request: Request, work: FacilityWork, cycle: CycleCode, form: FormInput) -> Response:
    holder = purchase_list.holder_of(work, cycle)
    amounts = {name.removeprefix(NEED): rupiah_at(word(form, name), name) for name in form if name.startswith(NEED)}
    list_url = urls.purchases_url(work.here.code, cycle)
    try:
        with work.attempt():
            supplier, evidence = word(form, "supplier"), word(form, "evidence")
            note = {name: value for name, value in carried_on(form).items() if not name.startswith(NEED)}
            money_requests.ask(work, holder.id, amounts, supplier=supplier, evidence=evidence, note=note)
    except Refusal as refusal:
        if refusal.code != FundsRefusal.ASKED_BEFORE:
            raise
        waiting = [asked for asked in money_requests.of_holder(work, holder.id) if asked.item in amounts]
        again = urls.note_of_request_url(work.here.code, cycle, waiting[-1].id) if waiting else list_url
        return http.redirect(request, again, refusal.what, "warning")
    message = Text(
        id="Tambahan dana {amount} diminta; permintaannya ada di beranda pejabat yang menyetujui.",
        en="{amount} more was asked for; the request stands on the home of who approves it.",
    ).format(amount=format_rupiah(sum(amounts.values())))
    newest = [asked for asked in money_requests.of_holder(work, holder.id) if asked.item in amounts][-1]
    return http.redirect(request, urls.note_of_request_url(work.here.code, cycle, newest.id), message)


@router.get(f"{LIST}/requests/{{asked_id}}")
def read(request: Request, work: FacilityWork, clock: Clock, cycle: CycleCode, asked_id: UUID) -> Response:
    return _page(request, work, clock, cycle, asked_id)


@router.post(f"{LIST}/requests/{{asked_id}}")
@http.answers_repeats_itself
def decide(
    request: Request, work: FacilityWork, clock: Clock, cycle: CycleCode, asked_id: UUID, form: FormInput
) -> Response:
    work.require("funds.topup")
    asked = money_requests.request_of(work, asked_id)
    declines, amount = word(form, "decision") == "declined", asked.amount
    is_done = True
    try:
        with work.attempt():
            if declines:
                money_requests.decline(work, asked, word(form, "reason"))
            else:
                amount = _amount(work, asked, form, clock.today(work))
                is_done = money_requests.approve(work, asked, clock.today(work), amount)
    except Invalid as refusal:
        return _page(request, work, clock, cycle, asked_id, status=422, problems=by_field([refusal]), typed=typed(form))
    except Refusal as refusal:
        return _page(request, work, clock, cycle, asked_id, status=409, refused=refusal)
    if not is_done:
        waits = Text(
            id="Persetujuan pertama tercatat; {amount} ditambahkan setelah pejabat lain juga menyetujui.",
            en="The first approval is recorded; {amount} is added once another official approves as well.",
        )
        return http.redirect(
            request, urls.purchases_url(work.here.code, cycle), waits.format(amount=format_rupiah(asked.amount))
        )
    done = (
        Text(id="Permintaan {amount} ditolak.", en="The request for {amount} was declined.")
        if declines
        else Text(id="{amount} ditambahkan untuk {name}.", en="{amount} was added for {name}.")
    )
    message = done.format(amount=format_rupiah(amount), name=asked.name)
    return http.redirect(request, urls.purchases_url(work.here.code, cycle), message)


def _amount(work: FacilityWork, asked: MoneyRequest, form: FormData, today: date) -> int:
    """Returns what the approver gives: what was asked for where the form says nothing else."""
    if "amount" not in form or asked.decision is not None:
        return asked.amount
    lines = promises.to_buy(work, asked.holder_id)
    return amount_to_add(work, lines, asked.item, word(form, "amount"), today)


def _page(
    request: Request, work: FacilityWork, clock: Clock, cycle: str, asked_id: UUID, *, status: int = 200, **shown: Any
) -> Response:
    work.require("funds.topup")
    asked = money_requests.request_of(work, asked_id)
    lines = [line for line in promises.to_buy(work, asked.holder_id) if line.item == asked.item]
    today = clock.today(work)
    free = promises.free_money(work, [line.fund_id for line in lines], today)
    adding = added_money.by_fund(added_money.divide(lines, asked.amount, free), free) if lines else []
    values: dict[str, Any] = {"problems": {}, "typed": {}, "refused": None, **shown}
    return http.render(
        request,
        work,
        "funds/money_request.html",
        status=status,
        asked=asked,
        payers=purchase_list.payers(work, lines, asked.item, today),
        adding={fund.fund: fund for fund in adding},
        shortages=added_money.shortages(adding) if any(fund.missing for fund in adding) else None,
        cycle=cycle,
        amount=group(asked.amount),
        at=urls,
        **values,
    )
