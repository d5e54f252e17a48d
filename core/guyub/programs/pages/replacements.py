"""Replacements of a month: who gives up a place, which reserve takes it, and the approver's one press."""

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import list_findings, queries, replacements
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, typed, word
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.replacements import STATES, WAITING
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()
SUGGESTED = 20
"""Households that are offered to be replaced without a search."""
CANNOT_RECEIVE = frozenset({"gone", "nobody", "served"})
"""Findings that keep a household from receiving: its place waits for a reserve, and a reserve with one cannot come in."""


@dataclass(frozen=True, slots=True)
class EmptyPlace:
    """A place of the list that nobody can take as things are, and why."""

    number: int
    name: str
    why: Text


@router.get(f"{CYCLE}/replacements")
def replacement_list(request: Request, address: AskedCycle) -> Response:
    """Shows the replacements of a month, and with ``?number=`` who would take that place."""
    return _page(request, address, number=request.query_params.get("number", ""))


@router.post(f"{CYCLE}/replacements")
@http.answers_repeats_itself
def propose(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            view = address.readable()
            goes, comes = _uuid(word(form, "goes")), _uuid(word(form, "comes"))
            replacements.propose(work, view.cycle, goes, word(form, "reason"), comes=comes)
    except Invalid as refusal:
        return _page(request, address, typed(form, "number", "reason"), refusal, 422)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.ANOTHER_RESERVE:
            raise
        return _page(request, address, typed(form, "number", "reason"), refusal, 409)
    proposed = Text(
        id="Penggantian diusulkan; penyetuju tinggal mengesahkannya.",
        en="The replacement is proposed; the approver confirms it.",
    )
    return http.redirect(request, f"{view.url}/replacements", proposed)


@router.post(f"{CYCLE}/replacements/{{replacement}}/confirm")
@http.answers_repeats_itself
def confirm(request: Request, address: AskedCycle, replacement: UUID) -> Response:
    view = address.readable()
    replacements.decide(address.work, view.cycle, replacement, confirmed=True)
    confirmed = Text(
        id="Penggantian disahkan; daftarnya diperbarui.", en="The replacement is confirmed; the list follows."
    )
    return http.redirect(request, f"{view.url}/replacements", confirmed)


@router.post(f"{CYCLE}/replacements/{{replacement}}/decline")
@http.answers_repeats_itself
def decline(request: Request, address: AskedCycle, replacement: UUID) -> Response:
    view = address.readable()
    replacements.decide(address.work, view.cycle, replacement, confirmed=False)
    declined = Text(id="Penggantian tidak jadi; daftarnya tetap.", en="The replacement was declined; the list stays.")
    return http.redirect(request, f"{view.url}/replacements", declined, "warning")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ProgramsRefusal.NOT_WAITING.refusal() from None


def _page(
    request: Request,
    address: CycleInAddress,
    sent: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
    *,
    number: str = "",
) -> Response:
    work = address.work
    work.require("registry.read")
    view = address.readable()
    number = sent["number"] if sent is not None else number.strip()
    place = _place(address, number)
    reserve = replacements.next_reserve(work, view.cycle, place.id) if place is not None else None
    lines = replacements.of_cycle(work, view.cycle)
    open_lines = [line for line in lines if line.confirmed is None]
    findings_of = {line.id: _findings(address, line.comes_entitlement) for line in open_lines}
    http.record_households_shown(request, [line.comes_household for line in lines])
    return http.render(
        request,
        work,
        "programs/replacements.html",
        status=status,
        month=view,
        can_change=view.cycle.state in STATES,
        number=number,
        place=place,
        reserve=reserve,
        findings_of=findings_of,
        cannot_come={line for line, findings in findings_of.items() if any(map(_keeps_away, findings))},
        findings=_findings(address, reserve.id if reserve else None),
        waiting=open_lines,
        decided=[line for line in lines if line.confirmed is not None],
        empty=_empty_places(address, {line.number for line in open_lines}),
        me=work.person_id,
        reason=sent["reason"] if sent is not None else "",
        problems=by_field([refusal]) if isinstance(refusal, Invalid) else {},
        refusal=None if isinstance(refusal, Invalid) else refusal,
    )


def _place(address: CycleInAddress, number: str) -> queries.Recipient | None:
    """Returns who waits at this number of the list."""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    cycle = address.readable().cycle
    found = queries.recipients(address.work, cycle, states=WAITING, name=number, limit=SUGGESTED)
    return next((row for row in found if row.number == int(number)), None)


def _empty_places(address: CycleInAddress, asked_for: Set[int]) -> list[EmptyPlace]:
    """Returns the places of those who were absent and of those who cannot receive any more, by number; not those for which a
    replacement waits already (``asked_for``). Three statements at most."""
    cycle = address.readable().cycle
    found = {
        finding.entitlement_id: finding
        for finding in list_findings.at_the_desk(list_findings.differences(address.work, cycle))
        if _keeps_away(finding)
    }
    absent = queries.recipients(address.work, cycle, states=("absent",), limit=SUGGESTED)
    listed = queries.recipients(address.work, cycle, states=("approved",)) if found else []
    empty = [EmptyPlace(row.number, row.name, found[row.id].text) for row in listed if row.id in found]
    empty += [EmptyPlace(row.number, row.name, found[row.id].text if row.id in found else _ABSENT) for row in absent]
    return sorted((place for place in empty if place.number not in asked_for), key=lambda place: place.number)[
        :SUGGESTED
    ]


def _keeps_away(finding: list_findings.ListFinding) -> bool:
    return finding.kind in CANNOT_RECEIVE


_ABSENT = Text(id="tidak hadir", en="absent")


def _findings(address: CycleInAddress, entitlement_id: UUID | None) -> list[list_findings.ListFinding]:
    """Returns how the household that comes in differs from the list as it was judged, and what else is known of it."""
    if entitlement_id is None:
        return []
    return list_findings.differences(address.work, address.readable().cycle, entitlement_id)
