"""A month of a programme: where it stands, whose turn it is, and the steps that belong to no page of their own."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.access import queries as staff
from guyub.access.http import Form
from guyub.db.work import Work
from guyub.documents import keeping
from guyub.funds import purchases
from guyub.programs import closing, cycle_funds, cycles, history_words, overview, proposal, queries, selection, standing
from guyub.programs.cycles import Cycle, following
from guyub.programs.pages.common import Month, day, host_of, hour, readable, typed, word, workable
from guyub.programs.pages.months import order_of
from guyub.programs.standing import Standing, Turn, Way
from guyub.programs.vocabulary import HOUSEHOLD_STATES, STATES, STEPS
from guyub.registry.vocabulary import CATEGORIES
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()
MONTH = "/f/{facility}/programs/{plugin}/{month}"

RECENT = 8
"""Lines of the history that stand open; the rest unfolds."""


@router.get(f"{MONTH}/")
def month_page(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        view = readable(work, request, plugin, month)
        data = _read(work, request, view)
    return http.render(request, work, "programs/month.html", month=view, **data)


@router.post(f"{MONTH}/score")
def score(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        view = workable(work, request, plugin, month)
        judged = selection.score(work, host_of(request), view.cycle)
    return http.redirect(
        request,
        f"{view.url}/candidates",
        Text(
            id="{count} keluarga dinilai. Pilihan sebelumnya dikosongkan.",
            en="{count} households were scored. Earlier choices were cleared.",
        ).format(count=judged),
    )


# --- day, hour and place -----------------------------------------------------------------------------------------


@router.get(f"{MONTH}/day")
def ask_for_day(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("programs.open")
        view = workable(work, request, plugin, month)
    cycle = view.cycle
    given = {
        "on": cycle.distribution_on.isoformat() if cycle.distribution_on else "",
        "at": f"{cycle.starts_at:%H:%M}" if cycle.starts_at else "",
        "place": cycle.place,
    }
    return http.render(request, work, "programs/day.html", month=view, given=given, problems={})


@router.post(f"{MONTH}/day")
def plan_day(request: Request, facility: str, plugin: str, month: str, form: Form) -> Response:
    try:
        with http.open_work(request, facility) as work:
            view = workable(work, request, plugin, month)
            on, place = day(word(form, "on"), "on"), word(form, "place")
            if on is None:
                raise _missing("on", Text(id="Tanggal belum diisi.", en="The date is missing."))
            if not place:
                raise _missing("place", Text(id="Tempat belum diisi.", en="The place is missing."))
            cycles.plan_distribution(work, view.cycle, on, hour(word(form, "at"), "at"), place)
    except Invalid as refusal:
        with http.open_work(request, facility) as work:
            view = workable(work, request, plugin, month)
        return http.render(
            request, work, "programs/day.html", status=422, month=view, given=typed(form), problems=by_field([refusal])
        )
    return http.redirect(
        request, f"{view.url}/", Text(id="Hari dan tempat disimpan.", en="Day and place were saved.")
    )  # fmt: skip


def _missing(field: str, what: Text) -> Invalid:
    return Invalid("programs.missing", what, Text(id="Isi dahulu.", en="Fill it in."), field)


# --- funds and their order ---------------------------------------------------------------------------------------


@router.get(f"{MONTH}/funds")
def ask_for_funds(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("programs.open")
        view = workable(work, request, plugin, month)
        offered = cycle_funds.choices(work, plugin, view.cycle.period)
        chosen = [one.code for one in cycle_funds.of_cycle(work, view.cycle)]
    return http.render(request, work, "programs/funds.html", month=view, offered=offered, chosen=chosen)


@router.post(f"{MONTH}/funds")
def choose_funds(request: Request, facility: str, plugin: str, month: str, form: Form) -> Response:
    with http.open_work(request, facility) as work:
        view = workable(work, request, plugin, month)
        cycles.choose_funds(work, view.cycle, order_of(form))
        names = [one.name for one in cycle_funds.of_cycle(work, view.cycle)]
    said = "; ".join(f"{place}. {name}" for place, name in enumerate(names, start=1))
    return http.redirect(
        request,
        f"{view.url}/",
        Text(id="Urutan dana: {said}", en="Order of the funds: {said}").format(said=said)
        if names
        else Text(id="Tidak ada dana yang dipilih.", en="No fund is chosen."),
        "success" if names else "warning",
    )


# --- to the approver, and out of the way -------------------------------------------------------------------------


@router.get(f"{MONTH}/propose")
def ask_to_propose(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("programs.propose")
        view = workable(work, request, plugin, month)
        counts = queries.counts(work, view.cycle)
        coverage = proposal.coverage(work, view.cycle)
        approvers = _names(work, request, "programs.approve")
    return http.render(
        request, work, "programs/propose.html", month=view, chosen=counts.get("selected", 0), coverage=coverage,
        approvers=approvers,
    )  # fmt: skip


@router.post(f"{MONTH}/propose")
def propose(request: Request, facility: str, plugin: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        view = workable(work, request, plugin, month)
        proposal.propose(work, view.cycle)
    return http.redirect(
        request, f"{view.url}/", Text(id="Usulan dikirim kepada penyetuju.", en="The proposal went to the approver.")
    )


@router.get(f"{MONTH}/cancel")
def ask_to_cancel(request: Request, facility: str, plugin: str, month: str) -> Response:
    return _cancel_page(request, facility, plugin, month, {})


@router.post(f"{MONTH}/cancel")
def cancel(request: Request, facility: str, plugin: str, month: str, form: Form) -> Response:
    try:
        with http.open_work(request, facility) as work:
            view = workable(work, request, plugin, month)
            closing.cancel(work, view.cycle, http.today(request, work), word(form, "reason"))
    except Invalid as refusal:
        return _cancel_page(request, facility, plugin, month, by_field([refusal]), 422)
    return http.redirect(
        request, f"{view.url}/", Text(id="Bulan ini dibatalkan.", en="This month was cancelled."), "warning"
    )


def _cancel_page(
    request: Request, facility: str, plugin: str, month: str, problems: Mapping[str, Text], status: int = 200
) -> Response:
    with http.open_work(request, facility) as work:
        work.require("programs.approve")
        view = workable(work, request, plugin, month)
        held = cycle_funds.held(work, view.cycle)
        counts = queries.counts(work, view.cycle)
    return http.render(
        request, work, "programs/cancel.html", status=status, month=view, held=held, problems=problems,
        households=counts.get("selected", 0) + counts.get("approved", 0),
    )  # fmt: skip


# --- what the month's page shows ---------------------------------------------------------------------------------


def _read(work: Work, request: Request, view: Month) -> dict[str, Any]:
    cycle, today = view.cycle, http.today(request, work)
    counts = queries.counts(work, cycle)
    funds = cycle_funds.of_cycle(work, cycle)
    coverage = proposal.coverage(work, cycle) if cycle.state in ("planned", "proposed") else None
    to_buy = purchases.to_buy(work, cycle.id) if cycle.state in ("approved", "distributing") else []
    months = overview.months(work, cycle.plugin)
    stands = Standing(
        cycle, counts, bool(funds), coverage, len({one.item for one in to_buy}), _papers(work, cycle),
        any(one.period == following(cycle.period) for one in months),
    )  # fmt: skip
    turn = standing.turn(stands, today)
    reader = standing.for_reader(turn, work.permissions, work.person_id)
    history = history_words.told(queries.history(work, cycle))
    return {
        "figures": queries.figures(work, cycle),
        "counts": counts,
        "package": queries.package(work, cycle),
        "funds": funds,
        "coverage": coverage,
        "to_buy": to_buy,
        "turn": reader,
        "main": _button(work, view, reader.main),
        "beside": [_button(work, view, way) for way in reader.beside],
        "others": _waited_for(work, request, turn) if reader.waits else [],
        "returned": next((step for step in history if step.action in _RETURNED_OR_PROPOSED), None),
        "recent": history[:RECENT],
        "earlier": history[RECENT:],
        "steps": [(STATES[state], name) for state, name in zip(STEPS, _actors(cycle), strict=True)],
        "step": STEPS.index(cycle.state) + (cycle.state == "closed") if cycle.state in STEPS else 0,
        "states": STATES,
        "household_states": HOUSEHOLD_STATES,
        "categories": CATEGORIES,
    }


_RETURNED_OR_PROPOSED = ("programs.return", "programs.propose")


def _papers(work: Work, cycle: Cycle) -> int:
    return len(keeping.newest(work, cycle.id)) if work.may("documents.read") else 0


def _actors(cycle: Cycle) -> tuple[str, ...]:
    return cycle.opened_by, cycle.proposed_by, cycle.approved_by, "", cycle.closed_by


def _button(work: Work, view: Month, way: Way | None) -> tuple[Way, str] | None:
    if way is None:
        return None
    begins = {"month": view.url, "program": view.program_url, "facility": f"/f/{work.here.code}"}
    return way, begins[way.below] + way.path


def _waited_for(work: Work, request: Request, turn: Turn) -> list[str]:
    return _names(work, request, turn.ways[0].permission, turn.not_by)


def _names(work: Work, request: Request, permission: str, except_for: object = None) -> list[str]:
    holders = staff.people_of(work, http.today(request, work), permission)
    return [f"{one.full_name} ({one.acting} {one.title})".replace("( ", "(") for one in holders if one.id != except_for]
