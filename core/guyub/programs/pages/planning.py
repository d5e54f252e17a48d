"""The steps of planning: scoring, the day, the funds, the proposal and its return, and the cancelling of a month."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.plugins.plugin_session import undone
from guyub.programs import closing, cycle_facts, cycle_funds, cycles, days, list_findings, proposal, selection
from guyub.programs.coverage import coverage_of, funds_of
from guyub.programs.cycles import Cycle
from guyub.programs.labels import STATES
from guyub.programs.pages.common import (
    CYCLE,
    AskedCycle,
    CycleInAddress,
    colleagues,
    day,
    hour,
    order_of,
    typed,
    version_asked,
    version_of,
    version_shown,
    word,
)
from guyub.programs.pages.moved import month_moved, moved_page, seen_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Seen, seen_in, typed_anew

router = APIRouter()

_SCORE = Text(id="Nilai ulang semua keluarga", en="Score all households again")
_SCORE_AND_KEEP = Text(id="Nilai ulang, pilihan tetap", en="Score again, keep the selection")
_KEPT = Text(
    id="Dinilai ulang. {kept} keluarga tetap terpilih; {lost} tidak lagi memenuhi syarat dan keluar dari daftar.",
    en="Scored again. Still selected: {kept}; no longer eligible and off the list: {lost}.",
)
_CLEARED = Text(
    id="{count} keluarga dinilai. Pilihan sebelumnya dikosongkan.",
    en="{count} households were scored. Earlier choices were cleared.",
    en_one="{count} household was scored. Earlier choices were cleared.",
)
_SCORE_ANYWAY = Text(id="Nilai ulang dari keadaan sekarang", en="Score again from what holds now")


@router.post(f"{CYCLE}/score")
def score(request: Request, address: AskedCycle, form: FormInput) -> Response:
    """Scores all households again; with ``keep`` the selection stays."""
    work = address.work
    seen, is_kept = seen_in(form), bool(word(form, "keep"))
    try:
        with work.attempt():
            view = address.plannable()
            if is_kept:
                again = selection.score_again(work, address.plugins, view.cycle, version=seen.version)
                message = _KEPT.format(kept=again.kept, lost=again.lost)
            else:
                judged = selection.score(work, address.plugins, view.cycle, version=seen.version)
                message = _CLEARED.format(count=judged)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        sent = {"keep": "yes"} if is_kept else {}
        return moved_page(request, address, seen, _SCORE_AND_KEEP if is_kept else _SCORE, _SCORE_ANYWAY, sent)
    return http.redirect(request, f"{view.url}/candidates", message)


# --- day, hour and place -----------------------------------------------------------------------------------------


@router.get(f"{CYCLE}/day")
def ask_for_day(request: Request, address: AskedCycle) -> Response:
    work = address.work
    work.require("programs.open")
    view = address.readable()
    planned = view.cycle
    usual = _usual_day(planned)
    return http.render(
        request,
        work,
        "programs/schedule.html",
        month=view,
        typed=usual,
        days=days.of_plan(planned.period),
        problems={},
        seen=seen_of(planned, usual),
        moved=None,
    )


def _usual_day(planned: Cycle) -> dict[str, str]:
    return {
        "on": planned.distribution_on.isoformat() if planned.distribution_on else "",
        "at": f"{planned.starts_at:%H.%M}" if planned.starts_at else "",
        "place": planned.place,
    }


@router.post(f"{CYCLE}/day")
def plan_day(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.readable()
            on, place = day(word(form, "on"), "on"), word(form, "place")
            if on is None:
                raise ProgramsRefusal.NO_DAY_YET.invalid("on")
            if not place:
                raise ProgramsRefusal.NO_PLACE_YET.invalid("place")
            cycles.plan_distribution(work, view.cycle, on, hour(word(form, "at"), "at"), place, version=seen.version)
    except Invalid as refusal:
        view = address.readable()
        return http.render(
            request,
            work,
            "programs/schedule.html",
            status=422,
            month=view,
            typed=typed(form, "on", "at", "place"),
            days=days.of_plan(view.cycle.period),
            problems=by_field([refusal]),
            seen=seen,
            moved=None,
        )
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        view = address.readable()
        now = _usual_day(view.cycle)
        return http.render(
            request,
            work,
            "programs/schedule.html",
            status=409,
            month=view,
            typed=typed_anew(seen, typed(form, "on", "at", "place"), now),
            days=days.of_plan(view.cycle.period),
            problems={},
            seen=seen_of(view.cycle, now),
            moved=month_moved(work, view.cycle, seen, now),
        )
    return http.redirect(request, f"{view.url}/", Text(id="Hari dan tempat disimpan.", en="Day and place were saved."))


# --- funds and their order ---------------------------------------------------------------------------------------


@router.get(f"{CYCLE}/funds")
def ask_for_funds(request: Request, address: AskedCycle) -> Response:
    return _funds_page(request, address, None, None)


@router.post(f"{CYCLE}/funds")
def choose_funds(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.plannable()
            cycles.choose_funds(work, view.cycle, order_of(form), version=seen.version)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _funds_page(request, address, seen, form)
    names = [fund_of_cycle.name for fund_of_cycle in cycle_funds.of_cycle(work, view.cycle)]
    names_in_order = "; ".join(f"{place}. {name}" for place, name in enumerate(names, start=1))
    return http.redirect(
        request,
        f"{view.url}/",
        Text(id="Urutan dana: {names}", en="Order of the funds: {names}").format(names=names_in_order)
        if names
        else Text(id="Tidak ada dana yang dipilih.", en="No fund is selected."),
        "success" if names else "warning",
    )


def _funds_page(request: Request, address: CycleInAddress, seen: Seen | None, form: FormData | None) -> Response:
    """Shows the page of funds. ``seen`` and ``form`` are of one that was made of an older version."""
    work = address.work
    work.require("programs.open")
    view = address.plannable()
    offered = cycle_funds.choices(work, view.cycle.plugin, *cycles.possible_days(view.cycle))
    selected = [fund_of_cycle.code for fund_of_cycle in cycle_funds.of_cycle(work, view.cycle)]
    now = {f"fund.{code}": str(place) for place, code in enumerate(selected, start=1)}
    moved = None
    if seen is not None and form is not None:
        titles = {f"fund.{fund.code}": fund.name for fund in offered}
        moved = month_moved(work, view.cycle, seen, dict.fromkeys(titles, "") | now, titles)
        places = typed_anew(seen, typed(form), now)
        selected = order_of(FormData([(name, str(value)) for name, value in places.items()]))
    return http.render(
        request,
        work,
        "programs/funds.html",
        status=200 if moved is None else 409,
        month=view,
        offered=offered,
        selected=selected,
        seen=seen_of(view.cycle, now),
        moved=moved,
    )


# --- to the approver, and out of the way -------------------------------------------------------------------------


@router.get(f"{CYCLE}/propose")
def ask_to_propose(request: Request, address: AskedCycle) -> Response:
    return _propose_page(request, address, None, {}, {})


def _propose_page(
    request: Request,
    address: CycleInAddress,
    seen: Seen | None,
    problems: Mapping[str, Text],
    typed_values: Mapping[str, str],
) -> Response:
    """Shows the page of the proposal. ``seen`` is what an older form had shown."""
    work = address.work
    work.require("programs.propose")
    view = address.plannable()
    counts, packages = cycle_facts.households_and_packages(work, view.cycle)
    today = address.clock.today(work)
    coverage = coverage_of(work, view.cycle, today)
    approvers = colleagues(work, address.clock, "programs.approve", work.person_id)
    spending = {share.fund_id: share.total for share in coverage.shares}
    with undone(work.session):
        findings = proposal.review(work, address.plugins, view.cycle, spending, today) if counts.get("selected") else ()
    return http.render(
        request,
        work,
        "programs/propose.html",
        status=409 if seen is not None else 422 if problems else 200,
        month=view,
        days=days.of_proposal(work, view.cycle, today),
        typed={"on": today.isoformat(), **typed_values},
        problems=problems,
        selected=counts.get("selected", 0),
        places=packages.get("selected", 0),
        has_funds=bool(funds_of(work, view.cycle)),
        coverage=coverage,
        approvers=approvers,
        findings=findings,
        plugin_titles=address.plugins.titles(),
        named_households=list_findings.names_of(work, findings),
        list_findings=list_findings.of_list(
            work, address.plugins, view.cycle, judges=True, protector=http.state(request).protector
        ),
        returned=cycle_facts.returned(work, view.cycle),
        seen=seen_of(view.cycle),
        moved=None if seen is None else month_moved(work, view.cycle, seen),
    )


@router.post(f"{CYCLE}/propose")
@http.answers_repeats_itself
def propose(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.plannable()
            proposal.demand_proposable(work, view.cycle, seen.version)
            possible = days.of_proposal(work, view.cycle, address.clock.today(work))
            on = days.demand_day_of_proposal(day(word(form, "on"), "on"), possible)
            findings = proposal.propose(work, address.plugins, view.cycle, on, version=seen.version)
    except Invalid as refusal:
        if refusal.field != "on":
            raise
        return _propose_page(request, address, None, by_field([refusal]), typed(form, "on"))
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _propose_page(request, address, seen, {}, typed(form, "on"))
    proposed = Text(id="Usulan dikirim kepada penyetuju.", en="The proposal went to the approver.")
    flash = Text.join(" ", (proposed, *(finding.text for finding in findings)))
    return http.redirect(request, f"{view.url}/", flash, "warning" if findings else "success")


@router.get(f"{CYCLE}/return")
def ask_to_return(request: Request, address: AskedCycle) -> Response:
    return _return_page(request, address, {}, {}, read=version_asked(request))


@router.post(f"{CYCLE}/return")
def return_proposal(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            view = address.readable()
            proposal.return_proposal(work, view.cycle, word(form, "reason"), version=version_of(form))
    except Invalid as refusal:
        return _return_page(request, address, by_field([refusal]), typed(form), 422, read=version_of(form))
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _return_page(request, address, {}, typed(form), 409, read=version_of(form))
    return http.redirect(
        request,
        f"{view.url}/",
        Text(id="Usulan kembali ke tahap rencana.", en="The proposal is back in planning."),
        "warning",
    )


def _return_page(
    request: Request,
    address: CycleInAddress,
    problems: Mapping[str, Text],
    typed_values: Mapping[str, str],
    status: int = 200,
    *,
    read: int | None,
) -> Response:
    """Shows the page of a return.

    ``read`` is the version that the reader knows, to show what changed since; the form keeps it until they pressed and
    were shown the changes (409).
    """
    work = address.work
    view = address.readable()
    return http.render(
        request,
        work,
        "programs/return.html",
        status=status,
        month=view,
        problems=problems,
        **version_shown(request, work, view.cycle, read, pressed=status == 409),
        reason=typed_values.get("reason", ""),
    )


@router.get(f"{CYCLE}/cancel")
def ask_to_cancel(request: Request, address: AskedCycle) -> Response:
    return _cancel_page(request, address, {}, "", read=version_asked(request))


@router.post(f"{CYCLE}/cancel")
def cancel(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    read, reason = version_of(form), word(form, "reason")
    try:
        with work.attempt():
            view = address.readable()
            closing.cancel(work, view.cycle, address.clock.today(work), reason, version=read)
    except Invalid as refusal:
        return _cancel_page(request, address, by_field([refusal]), reason, 422, read=read)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _cancel_page(request, address, {}, reason, 409, read=read)
    return http.redirect(
        request, f"{view.url}/", Text(id="Bulan ini dibatalkan.", en="This month was cancelled."), "warning"
    )


def _cancel_page(
    request: Request,
    address: CycleInAddress,
    problems: Mapping[str, Text],
    reason: str,
    status: int = 200,
    *,
    read: int | None,
) -> Response:
    """Shows the page of a cancellation; ``read`` as for ``_return_page``."""
    work = address.work
    work.require("programs.approve")
    view = address.readable()
    held = cycle_funds.held(work, view.cycle)
    counts = cycle_facts.counts(work, view.cycle)
    return http.render(
        request,
        work,
        "programs/cancel.html",
        status=status,
        month=view,
        held=held,
        problems=problems,
        households=counts.get("selected", 0) + counts.get("approved", 0),
        **version_shown(request, work, view.cycle, read, pressed=status == 409),
        reason=reason,
        state=STATES[view.cycle.state],
    )
