"""The end of a month: who was served, what goes back to which fund, and the closing note."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import closing, cycle_facts, cycle_funds, queries, tables
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleView, word
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()

NAMED = 20
"""How many of those who still wait are named; their list is one click away."""


@router.get(f"{CYCLE}/close")
def ask_to_close(request: Request, address: AskedCycle) -> Response:
    address.work.require("programs.close")
    return _page(request, address, address.readable())


def _page(
    request: Request, address: AskedCycle, view: CycleView, note: str = "", refusal: Invalid | None = None
) -> Response:
    work = address.work
    counts = cycle_facts.counts(work, view.cycle)
    figures = cycle_facts.figures(work, view.cycle)
    goods = cycle_facts.goods_given(work, view.cycle)
    funds = cycle_funds.of_cycle(work, view.cycle)
    held = cycle_funds.held(work, view.cycle)
    waiting = queries.recipients(work, view.cycle, states=("approved",), limit=NAMED)
    absent = queries.recipients(work, view.cycle, states=("absent",), limit=NAMED)
    return http.render(
        request,
        work,
        "programs/close.html",
        status=422 if refusal else 200,
        month=view,
        counts=counts,
        figures=figures,
        goods=goods,
        handed_over=tables.handed_over_by_fund(funds),
        held=tables.HELD.of(held),
        kept_value=sum(line.rupiah for line in held),
        waiting=waiting,
        absent=absent,
        note=note,
        problems=by_field([refusal] if refusal else []),
    )


@router.post(f"{CYCLE}/close")
def close(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    view = address.readable()
    note = word(form, "note")
    try:
        with work.attempt():
            closing.close(work, view.cycle, address.clock.today(work), note)
    except Invalid as refusal:
        return _page(request, address, view, note, refusal)
    return http.redirect(
        request,
        f"{view.url}/",
        Text(
            id="Bulan ini ditutup. Sisanya kembali ke sumbernya.", en="This month is closed; what was left went back."
        ),
    )
