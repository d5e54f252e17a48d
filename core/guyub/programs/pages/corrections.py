"""Corrects a closed month: what was corrected so far, and the acts, each with its reason, its day and what it brings about."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.funds import cancelled_purchases
from guyub.http import FormInput
from guyub.programs import corrections, cycle_facts, days, queries
from guyub.programs.labels import HOUSEHOLD_STATES, MARKS
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, CycleView, day, typed, word
from guyub.programs.pages.handover_proof import handed_over, offered_witnesses
from guyub.programs.refusals import ProgramsRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import as_version

router = APIRouter()
CORRECTIONS = f"{CYCLE}/corrections"
OF_HOUSEHOLD = f"{CORRECTIONS}/household/{{household}}"
OF_NOTE = f"{CORRECTIONS}/note/{{year:int}}/{{number:int}}"


@router.get(CORRECTIONS)
def read(request: Request, address: AskedCycle) -> Response:
    work = address.work
    view = address.readable()
    return http.render(
        request,
        work,
        "programs/corrections.html",
        month=view,
        corrections=corrections.of_cycle(work, view.cycle),
        notes=corrections.notes(work, view.cycle) if work.may("funds.spend") else [],
    )


@router.get(OF_HOUSEHOLD)
def ask_of_household(request: Request, address: AskedCycle, household: UUID) -> Response:
    return _household(request, address, household)


@router.post(OF_HOUSEHOLD)
@http.answers_repeats_itself
def of_household(request: Request, address: AskedCycle, household: UUID, form: FormInput) -> Response:
    work = address.work
    read, reason = as_version(word(form, "version")), word(form, "reason")
    today = address.clock.today(work)
    try:
        with work.attempt():
            view = address.readable()
            recipient = queries.recipient(work, view.cycle, household)
            if word(form, "kind") == "taken_back":
                corrections.take_back(work, view.cycle, recipient.id, today, reason, version=read)
                done = Text(
                    id="{name}: penyerahan ditarik kembali; bantuannya kembali ke sumbernya.",
                    en="{name}: the hand-over was taken back; the aid went back to where it came from.",
                )
            else:
                at, proof = handed_over(work, address.clock, form, CollectedRefusals())
                corrections.hand_over_late(work, view.cycle, recipient.id, at, today, proof, reason, version=read)
                done = Text(id="{name}: diserahkan menyusul.", en="{name}: handed over late.")
    except Invalid as refusal:
        return _household(request, address, household, by_field([refusal]), typed(form), 422)
    except Refusal as refusal:
        return _household(request, address, household, {}, typed(form), 409, refused=_fresh(refusal))
    return http.redirect(request, f"{view.url}/corrections", done.format(name=recipient.name), "warning")


@router.get(OF_NOTE)
def ask_of_note(request: Request, address: AskedCycle, year: int, number: int) -> Response:
    return _note(request, address, year, number)


@router.post(OF_NOTE)
@http.answers_repeats_itself
def of_note(request: Request, address: AskedCycle, year: int, number: int, form: FormInput) -> Response:
    work = address.work
    today = address.clock.today(work)
    try:
        with work.attempt():
            view = address.readable()
            on = day(word(form, "on"), "on") or today
            note = corrections.cancel_note(
                work,
                view.cycle,
                year,
                number,
                on,
                today,
                word(form, "reason"),
                version=as_version(word(form, "version")),
            )
    except Invalid as refusal:
        return _note(request, address, year, number, by_field([refusal]), typed(form), 422)
    except Refusal as refusal:
        return _note(request, address, year, number, {}, typed(form), 409, refused=_fresh(refusal))
    done = Text(
        id="Nota {evidence} dibatalkan; uangnya kembali ke dananya.",
        en="The note {evidence} was cancelled; its money went back to its fund.",
    )
    return http.redirect(request, f"{view.url}/corrections", done.format(evidence=note.evidence), "warning")


def _fresh(refusal: Refusal) -> Refusal:
    """Returns what is said where somebody else corrected the month in between: what stands below is as it is now."""
    return (
        ProgramsRefusal.CORRECTED_MEANWHILE.refusal() if refusal.code == ProgramsRefusal.PROPOSAL_CHANGED else refusal
    )


def _household(
    request: Request,
    address: CycleInAddress,
    household: UUID,
    problems: Mapping[str, Text] | None = None,
    typed_values: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    refused: Refusal | None = None,
) -> Response:
    work = address.work
    for permission in ("programs.close", "programs.handover", "registry.read"):
        work.require(permission)
    view = _closed(address)
    recipient = queries.recipient(work, view.cycle, household)
    witnesses, usual = offered_witnesses(work, address.clock, view.cycle)
    return http.render(
        request,
        work,
        "programs/correction_household.html",
        status=status,
        month=view,
        recipient=recipient,
        package=cycle_facts.package_of(work, view.cycle, household),
        states=HOUSEHOLD_STATES,
        marks=MARKS,
        days=days.of_hand_over(work, view.cycle, address.clock.today(work)),
        witnesses=witnesses,
        problems=problems or {},
        refused=refused,
        **_shown(address, view, {**usual, **(typed_values or {})}),
    )


def _note(
    request: Request,
    address: CycleInAddress,
    year: int,
    number: int,
    problems: Mapping[str, Text] | None = None,
    typed_values: Mapping[str, str] | None = None,
    status: int = 200,
    *,
    refused: Refusal | None = None,
) -> Response:
    work = address.work
    work.require("funds.spend")
    view = _closed(address)
    note = cancelled_purchases.note_of(work, view.cycle.id, year, number)
    return http.render(
        request,
        work,
        "programs/correction_note.html",
        status=status,
        month=view,
        note=note,
        days=cancelled_purchases.possible_days(work, note, address.clock.today(work)),
        problems=problems or {},
        refused=refused,
        **_shown(address, view, {"on": address.clock.today(work).isoformat(), **(typed_values or {})}),
    )


def _closed(address: CycleInAddress) -> CycleView:
    """Raises ``Refusal`` for a month that is not closed: its own acts correct it."""
    view = address.readable()
    if view.cycle.state != "closed":
        raise ProgramsRefusal.NOT_CLOSED.refusal()
    return view


def _shown(address: CycleInAddress, view: CycleView, typed_values: Mapping[str, str] | None) -> dict[str, Any]:
    return {
        "version": corrections.version_of(address.work, view.cycle),
        "typed": {"reason": "", **(typed_values or {})},
    }
