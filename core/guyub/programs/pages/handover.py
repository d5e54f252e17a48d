"""One household on distribution day: hand over, note the absence, take a mistaken hand-over back."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.funds import ledger
from guyub.http import FormInput
from guyub.programs import cycle_facts, days, distribution, list_findings, queries
from guyub.programs.labels import HOUSEHOLD_STATES, MARKS
from guyub.programs.list_findings import ListFinding
from guyub.programs.pages.common import (
    CYCLE,
    AskedCycle,
    CycleInAddress,
    CycleView,
    typed,
    word,
)
from guyub.programs.pages.handover_proof import (
    day_of_absence,
    handed_over,
    hour_of,
    late_on,
    marked_absent,
    offered_witnesses,
    usual_absence,
)
from guyub.programs.queries import Recipient
from guyub.registry.labels import CATEGORIES, RELATIONSHIPS
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.sdk.words import format_time
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Difference, Moved, Seen, Shown, demand_shown, moved, seen_in

router = APIRouter()
HOUSEHOLD = f"{CYCLE}/distribution/{{household}}"


@router.get(HOUSEHOLD)
def household_page(request: Request, address: AskedCycle, household: UUID) -> Response:
    return _page(request, address, household, {}, {})


@router.post(HOUSEHOLD)
@http.answers_repeats_itself
def hand_over(request: Request, address: AskedCycle, household: UUID, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            work.require("programs.handover")
            ledger.lock(work)
            view = address.readable()
            recipient = queries.recipient(work, view.cycle, household)
            if recipient.state != "received":  # who was served is answered with by whom and when
                demand_shown(seen_in(form), _shown(work, view, recipient))
            at, proof = handed_over(work, address.clock, form, CollectedRefusals())
            distribution.hand_over(
                work, view.cycle, [recipient.id], at, proof, late_on=late_on(form, address.clock.today(work))
            )
    except Moved:
        return _page(request, address, household, {}, typed(form), 409, older=seen_in(form))
    except Invalid as refusal:
        return _page(request, address, household, by_field([refusal]), typed(form), 422)
    except Refusal as refusal:
        if refusal.code != distribution.ALREADY:
            raise
        return _was_served_before(request, address, household)
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(id="{name}: diserahkan pukul {hour}.", en="{name}: handed over at {hour}.").format(
            name=recipient.name, hour=format_time(at.time(), work.here.zone)
        ),
    )


@router.post(f"{HOUSEHOLD}/absent")
@http.answers_repeats_itself
def mark_absent(request: Request, address: AskedCycle, household: UUID, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            work.require("programs.handover")
            ledger.lock(work)
            view = address.readable()
            recipient = queries.recipient(work, view.cycle, household)
            if recipient.state == "approved":
                demand_shown(seen_in(form), _shown(work, view, recipient))
            refusals = CollectedRefusals()
            with refusals.collected():
                distribution.reason_of_absence(word(form, "absence"), "absence")
            with refusals.collected():
                on = day_of_absence(work, address.clock, view.cycle, form)
            refusals.demand_none()
            marked = marked_absent(work, view.cycle, [recipient.id], word(form, "absence"), on)
    except Moved:
        return _page(request, address, household, {}, typed(form), 409, older=seen_in(form))
    except Invalid as refusal:
        return _page(request, address, household, by_field([refusal]), typed(form), 422)
    if not marked:
        return http.redirect(request, f"{view.url}/distribution/{recipient.id}", _as_it_is(recipient, work), "warning")
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(id="{name} ditandai tidak hadir.", en="{name} was marked absent.").format(name=recipient.name),
    )


@router.get(f"{HOUSEHOLD}/undo")
def ask_to_undo(request: Request, address: AskedCycle, household: UUID) -> Response:
    return _undo_page(request, address, household, {})


@router.post(f"{HOUSEHOLD}/undo")
def undo(request: Request, address: AskedCycle, household: UUID, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            work.require("programs.handover")
            ledger.lock(work)
            view = address.readable()
            recipient = queries.recipient(work, view.cycle, household)
            demand_shown(seen_in(form), _shown(work, view, recipient))
            distribution.undo(work, view.cycle, recipient.id, word(form, "reason"), address.clock.today(work))
    except Moved:
        return _undo_page(request, address, household, {}, 409, reason=word(form, "reason"), older=seen_in(form))
    except Invalid as refusal:
        return _undo_page(request, address, household, by_field([refusal]), 422, reason=word(form, "reason"))
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
    address: CycleInAddress,
    household: UUID,
    problems: Mapping[str, Text],
    typed_values: Mapping[str, str],
    status: int = 200,
    *,
    older: Seen | None = None,
) -> Response:
    """``older`` is what a form had shown that does not hold any more."""
    work = address.work
    view, recipient = _view(address, request, household)
    package = cycle_facts.package_of(work, view.cycle, recipient.id)
    witnesses, usual = offered_witnesses(work, address.clock, view.cycle)
    return http.render(
        request,
        work,
        "programs/household.html",
        status=status,
        month=view,
        recipient=recipient,
        found=_found(work, view, recipient),
        seen=Seen(0, _shown(work, view, recipient)),
        moved=None if older is None else _moved(older, _shown(work, view, recipient)),
        package=package,
        witnesses=witnesses,
        days=days.of_hand_over(work, view.cycle, address.clock.today(work)),
        absence_days=days.of_absence(view.cycle, address.clock.today(work)),
        typed=usual_absence(work, address.clock, view.cycle) | usual | dict(typed_values),
        problems=problems,
        marks=MARKS,
        states=HOUSEHOLD_STATES,
        categories=CATEGORIES,
        relationships=RELATIONSHIPS,
    )


def _found(work: Work, view: CycleView, recipient: Recipient) -> list[ListFinding]:
    """Returns what is not as the list has it, while this household still waits."""
    if recipient.state not in ("approved", "absent"):
        return []
    return list_findings.at_the_desk(list_findings.differences(work, view.cycle, recipient.id))


_TITLES = {
    "name": Text(id="Penerima", en="Recipient"),
    "package": Text(id="Bantuan", en="Aid"),
    "found": Text(id="Yang diketahui tentang keluarga ini", en="What is known of this household"),
    "state": Text(id="Keadaan", en="State"),
    "handed": Text(id="Diserahkan", en="Handed over"),
}


def _shown(work: Work, view: CycleView, recipient: Recipient) -> Shown:
    """Returns what the page says that matters to whoever hands over, notes an absence or takes a hand-over back."""
    handed = f"{recipient.handed_at.isoformat()} {recipient.given_by}" if recipient.handed_at else ""
    package = cycle_facts.package_of(work, view.cycle, recipient.id)
    return {
        "name": recipient.name,
        "state": recipient.state,
        "package": ", ".join(
            f"{line.item.id} {format_quantity(line.quantity)} {line.unit}".strip() for line in package
        ),
        "found": "; ".join(finding.text.id for finding in _found(work, view, recipient)),
        "handed": handed,
    }


def _moved(older: Seen, now: Shown) -> list[Difference]:
    """Returns what changed since a form was read; states in words."""
    changed = {name: (older.shown.get(name, ""), now.get(name, "")) for name in moved(older, now)}
    return [Difference(_TITLES[name], _word(before), _word(after)) for name, (before, after) in changed.items()]


def _word(value: str) -> Text:
    return HOUSEHOLD_STATES.get(value, Text.same(value or "–"))


def _undo_page(
    request: Request,
    address: CycleInAddress,
    household: UUID,
    problems: Mapping[str, Text],
    status: int = 200,
    *,
    reason: str = "",
    older: Seen | None = None,
) -> Response:
    work = address.work
    work.require("programs.handover")
    view, recipient = _view(address, request, household)
    package = cycle_facts.package_of(work, view.cycle, recipient.id)
    return http.render(
        request,
        work,
        "programs/undo.html",
        status=status,
        month=view,
        recipient=recipient,
        package=package,
        seen=Seen(0, _shown(work, view, recipient)),
        moved=None if older is None else _moved(older, _shown(work, view, recipient)),
        reason=reason,
        problems=problems,
    )


def _view(address: CycleInAddress, request: Request, household: UUID) -> tuple[CycleView, Recipient]:
    work = address.work
    view = address.readable()
    recipient = queries.recipient(work, view.cycle, household)
    http.record_households_shown(request, [recipient.id])
    return view, recipient


def _was_served_before(request: Request, address: CycleInAddress, household: UUID) -> Response:
    """Returns the message for a button that was pressed twice, or where somebody else was faster: nothing was recorded again."""
    work = address.work
    view, recipient = _view(address, request, household)
    return http.redirect(request, f"{view.url}/distribution", _as_it_is(recipient, work), "warning")


def _as_it_is(recipient: Recipient, work: Work) -> Text:
    if recipient.handed_at is None:
        return Text(id="{name}: {state}.", en="{name}: {state}.").format(
            name=recipient.name, state=HOUSEHOLD_STATES[recipient.state]
        )
    return Text(
        id="{name} sudah menerima pukul {hour}, diserahkan oleh {by}. Tidak dicatat dua kali.",
        en="{name} received at {hour} from {by}. It was not recorded twice.",
    ).format(name=recipient.name, hour=hour_of(work, recipient), by=recipient.given_by)
