"""One household on distribution day: hand over, note the absence, take a mistaken hand-over back."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import FacilityWork, FormInput
from guyub.programs import distribution, queries
from guyub.programs.labels import HOUSEHOLD_STATES, MARKS
from guyub.programs.pages.common import CYCLE, CycleView, cycle_or_404, identity, typed, word
from guyub.programs.pages.handover_proof import hour_of, moment_of, offered_witnesses, proof_of
from guyub.programs.queries import Recipient
from guyub.registry.labels import CATEGORIES, RELATIONSHIPS
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.sdk.words import format_time
from guyub.ui.problems import by_field

router = APIRouter()
HOUSEHOLD = f"{CYCLE}/distribution/{{household}}"


@router.get(HOUSEHOLD)
def household_page(request: Request, work: FacilityWork, cycle: str, household: str) -> Response:
    return _page(request, work, cycle, household, {}, {})


@router.post(HOUSEHOLD)
def hand_over(request: Request, work: FacilityWork, cycle: str, household: str, form: FormInput) -> Response:
    try:
        with work.attempt():
            view = cycle_or_404(work, request, cycle)
            recipient = queries.recipient(work, view.cycle, identity(household))
            at = moment_of(form, http.now(request, work))
            proof = proof_of(work, request, form)
            distribution.hand_over(work, view.cycle, [recipient.id], at, proof)
    except Invalid as refusal:
        return _page(request, work, cycle, household, by_field([refusal]), typed(form), 422)
    except Refusal as refusal:
        if refusal.code != distribution.ALREADY:
            raise
        return _was_served_before(request, work, cycle, household)
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(id="{name}: diserahkan pukul {hour}.", en="{name}: handed over at {hour}.").format(
            name=recipient.name, hour=format_time(at.time(), work.here.zone)
        ),
    )


@router.post(f"{HOUSEHOLD}/absent")
def mark_absent(request: Request, work: FacilityWork, cycle: str, household: str, form: FormInput) -> Response:
    try:
        with work.attempt():
            view = cycle_or_404(work, request, cycle)
            recipient = queries.recipient(work, view.cycle, identity(household))
            marked = distribution.mark_absent(
                work, view.cycle, [recipient.id], word(form, "absence"), http.today(request, work)
            )
    except Invalid as refusal:
        problems = {"absence": by_field([refusal])[refusal.field]}
        return _page(request, work, cycle, household, problems, typed(form), 422)
    if not marked:
        return http.redirect(request, f"{view.url}/distribution/{recipient.id}", _as_it_is(recipient, work), "warning")
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(id="{name} ditandai tidak hadir.", en="{name} was marked absent.").format(name=recipient.name),
    )


@router.get(f"{HOUSEHOLD}/undo")
def ask_to_undo(request: Request, work: FacilityWork, cycle: str, household: str) -> Response:
    return _undo_page(request, work, cycle, household, {})


@router.post(f"{HOUSEHOLD}/undo")
def undo(request: Request, work: FacilityWork, cycle: str, household: str, form: FormInput) -> Response:
    try:
        with work.attempt():
            view = cycle_or_404(work, request, cycle)
            recipient = queries.recipient(work, view.cycle, identity(household))
            distribution.undo(work, view.cycle, recipient.id, word(form, "reason"), http.today(request, work))
    except Invalid as refusal:
        return _undo_page(request, work, cycle, household, by_field([refusal]), 422)
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(id="Penyerahan kepada {name} dibatalkan.", en="The hand-over to {name} was undone.").format(
            name=recipient.name
        ),
        "warning",
    )


def _page(
    request: Request,
    work: Work,
    cycle: str,
    household: str,
    problems: Mapping[str, Text],
    given: Mapping[str, str],
    status: int = 200,
) -> Response:
    view, recipient = _view(work, request, cycle, household)
    package = queries.package_of(work, view.cycle, recipient.id)
    witnesses, usual = offered_witnesses(work, request, view.cycle)
    return http.render(
        request,
        work,
        "programs/household.html",
        status=status,
        month=view,
        one=recipient,
        package=package,
        witnesses=witnesses,
        given=usual | dict(given),
        problems=problems,
        marks=MARKS,
        states=HOUSEHOLD_STATES,
        categories=CATEGORIES,
        relationships=RELATIONSHIPS,
    )


def _undo_page(
    request: Request,
    work: Work,
    cycle: str,
    household: str,
    problems: Mapping[str, Text],
    status: int = 200,
) -> Response:
    work.require("programs.handover")
    view, recipient = _view(work, request, cycle, household)
    package = queries.package_of(work, view.cycle, recipient.id)
    return http.render(
        request,
        work,
        "programs/undo.html",
        status=status,
        month=view,
        one=recipient,
        package=package,
        problems=problems,
    )


def _view(work: Work, request: Request, cycle: str, household: str) -> tuple[CycleView, Recipient]:
    view = cycle_or_404(work, request, cycle)
    found = queries.recipient(work, view.cycle, identity(household))
    http.record_households_shown(request, [found.id])
    return view, found


def _was_served_before(request: Request, work: Work, cycle: str, household: str) -> Response:
    """The button was pressed twice, or somebody else was faster: said plainly, and nothing was recorded again."""
    view, recipient = _view(work, request, cycle, household)
    return http.redirect(request, f"{view.url}/distribution", _as_it_is(recipient, work), "warning")


def _as_it_is(recipient: Recipient, work: Work) -> Text:
    if recipient.handed_at is None:
        return Text(id="{name}: {state}.", en="{name}: {state}.").format(
            name=recipient.name, state=HOUSEHOLD_STATES[recipient.state]
        )
    return Text(
        id="{name} sudah menerima pukul {hour}, diserahkan oleh {by}. Tidak dicatat dua kali.",
        en="{name} was served at {hour} by {by}. It was not recorded twice.",
    ).format(name=recipient.name, hour=hour_of(work, recipient), by=recipient.given_by)
