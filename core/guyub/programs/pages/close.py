"""The end of a month: who was served, what goes back to which fund, and the closing note."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import FormInput
from guyub.programs import closing, cycle_facts, cycle_funds, cycles, queries, tables
from guyub.programs.cycles import Cycle
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleView, word
from guyub.programs.pages.moved import month_moved, seen_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Moved, Seen, demand_shown, seen_in

router = APIRouter()
_TITLES = {
    "waiting": Text(id="Belum tercatat", en="Not accounted for"),
    "received": Text(id="Sudah menerima", en="Received"),
    "absent": Text(id="Tidak hadir", en="Absent"),
    "kept": Text(id="Kembali ke sumbernya", en="Goes back to its source"),
}

NAMED = 20
"""How many of those who still wait are named; their list is one click away."""


@router.get(f"{CYCLE}/close")
def ask_to_close(request: Request, address: AskedCycle) -> Response:
    address.work.require("programs.close")
    return _page(request, address, address.readable())


def _shown(work: Work, cycle: Cycle) -> dict[str, str]:
    """Returns what the page says of the month, and closing depends on."""
    counts = cycle_facts.counts(work, cycle)
    return {
        "waiting": str(counts.get("approved", 0)),
        "received": str(counts.get("received", 0)),
        "absent": str(counts.get("absent", 0)),
        "kept": format_rupiah(sum(line.rupiah for line in cycle_funds.held(work, cycle))),
    }


def _page(
    request: Request,
    address: AskedCycle,
    view: CycleView,
    note: str = "",
    refusal: Invalid | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    work = address.work
    counts = cycle_facts.counts(work, view.cycle)
    now = _shown(work, view.cycle)
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
        status=422 if refusal else 409 if seen else 200,
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
        seen=seen_of(view.cycle, now),
        moved=None if seen is None else month_moved(work, view.cycle, seen, now, _TITLES),
        problems=by_field([refusal] if refusal else []),
    )


@router.post(f"{CYCLE}/close")
def close(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen, note = seen_in(form), word(form, "note")
    try:
        with work.attempt():
            view = address.readable()
            cycles.lock_in_state(work, view.cycle, "distributing")
            demand_shown(seen, _shown(work, view.cycle))
            closing.close(work, view.cycle, address.clock.today(work), note, version=seen.version)
    except Invalid as refusal:
        return _page(request, address, address.readable(), note, refusal)
    except Moved:
        return _page(request, address, address.readable(), note, seen=seen)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _page(request, address, address.readable(), note, seen=seen)
    return http.redirect(
        request,
        f"{view.url}/",
        Text(
            id="Bulan ini ditutup. Sisanya kembali ke sumbernya.", en="This month is closed; what was left went back."
        ),
    )
