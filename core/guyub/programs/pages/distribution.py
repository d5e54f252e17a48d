"""Distribution day: the list to call names from, the search, many hand-overs at once, and who did not come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.http import FormInput
from guyub.programs import cycle_facts, days, distribution, list_findings, queries
from guyub.programs.documents import outdated
from guyub.programs.labels import HOUSEHOLD_STATES, MARKS, NOT_MARKED
from guyub.programs.list_findings import AFTERWARDS, AT_THE_DESK, KindOfFinding
from guyub.programs.pages.common import (
    CYCLE,
    AskedCycle,
    CycleInAddress,
    CycleView,
    identity,
    page_at,
    pager,
    typed,
    word,
    words,
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
from guyub.programs.pages.moved import moved_page
from guyub.programs.queries import Recipient
from guyub.programs.refusals import ProgramsRefusal
from guyub.programs.tables import RECIPIENTS, note_of
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.page_tables import TableQuery
from guyub.sdk.text import Text
from guyub.sdk.web import Pager
from guyub.ui.problems import CollectedRefusals, by_field
from guyub.ui.seen import Difference, Seen, seen_in

router = APIRouter()
_START = Text(id="Mulai penyaluran", en="Begin the distribution")
_START_ANYWAY = Text(id="Mulai dari keadaan sekarang", en="Begin from what holds now")
_MARKED_IN_PART = Text(
    id="Ditandai tidak hadir: {count}. {others}.",
    en="Marked absent: {count}. {others}.",
)
WAITING = "_waiting"
"""What a form of many says beside its controls: who waited when it was shown."""

PAGE = 100
SHOWN = {"waiting": ("approved",), "received": ("received",), "absent": ("absent",)}


def _sizes(counts: Mapping[str, int]) -> dict[str, int]:
    """Returns how many households each filter shows."""
    sizes = {code: sum(counts.get(state, 0) for state in states) for code, states in SHOWN.items()}
    return {**sizes, "all": sum(sizes.values())}


@router.post(f"{CYCLE}/start")
def start(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.readable()
            distribution.start(work, view.cycle, address.clock.today(work), version=seen.version)
    except Invalid as refusal:
        # The one thing that may be missing has a page of its own.
        return http.redirect(request, request.url.path.removesuffix("start") + "day", refusal.what, "warning")
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return moved_page(request, address, seen, _START, _START_ANYWAY)
    return http.redirect(
        request, f"{view.url}/distribution", Text(id="Penyaluran dimulai.", en="The distribution has begun.")
    )


@router.get(f"{CYCLE}/distribution")
def day_list(request: Request, address: AskedCycle) -> Response:
    work = address.work
    asked = RECIPIENTS.query(request.query_params)
    name = asked["name"]
    view = address.readable()
    sizes = _sizes(cycle_facts.counts(work, view.cycle))
    matching = _sizes(queries.recipients_by_state(work, view.cycle, name)) if name else sizes
    states, total = SHOWN.get(asked["state"], ()), matching.get(asked["state"], matching["all"])
    start, order = RECIPIENTS.start(asked, total), queries.RowOrder(asked.sort, asked.descending)
    rows = queries.recipients(
        work, view.cycle, states=states, name=name, order=order, limit=RECIPIENTS.page_size, offset=start
    )
    http.record_households_shown(request, [row.id for row in rows])
    printed = _list_to_print(work, view)
    return http.render(
        request,
        work,
        "programs/distribution.html",
        month=view,
        recipients=RECIPIENTS.part(
            rows,
            lambda reading: queries.every_recipient(reading, view.cycle, states, name, order),
            total=total,
            first=start + 1,
        ),
        sizes=sizes,
        matching=matching,
        asked=asked,
        note_of=note_of,
        states=HOUSEHOLD_STATES,
        printed=printed,
        list_findings=_differing(request, address, view),
        hour_of=partial(hour_of, work),
    )


def _differing(request: Request, address: CycleInAddress, view: CycleView) -> list[KindOfFinding]:
    """Returns how those who still wait differ from the list: all that the approver would be shown, but for scores; of a closed
    month what came to light about those who received."""
    if view.cycle.state == "closed" and address.work.may("registry.read"):
        known = list_findings.differences(address.work, view.cycle)
        return list_findings.grouped([finding for finding in known if finding.kind in AFTERWARDS])
    if view.cycle.state not in ("approved", "distributing"):
        return []
    kinds = list_findings.of_list(
        address.work,
        address.plugins,
        view.cycle,
        judges=view.stopped is None,
        protector=http.state(request).protector,
    )
    return [
        replace(kind, findings=list_findings.at_the_desk(kind.findings)) for kind in kinds if kind.kind in AT_THE_DESK
    ]


@router.get(f"{CYCLE}/distribution/many")
def ask_for_many(request: Request, address: AskedCycle) -> Response:
    return _many(request, address, {}, {}, [])


@router.post(f"{CYCLE}/distribution/many")
@http.answers_repeats_itself
def hand_over_many(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            view = address.readable()
            refusals = CollectedRefusals()
            with refusals.collected():
                ids = _asked_for(work, view, form)
            _demand_the_same(work, view, form)
            at, proof = handed_over(work, address.clock, form, refusals)
            count = distribution.hand_over(
                work, view.cycle, ids, at, proof, late_on=late_on(form, address.clock.today(work))
            )
    except Invalid as refusal:
        return _many(request, address, by_field([refusal]), typed(form), words(form, "household"), 422)
    except Refusal as refusal:
        if refusal.code != distribution.ALREADY:
            raise
        return _some_were_served(request, address, form)
    except OthersWait:
        return _moved_many(request, address, form, [])
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(
            id="Diserahkan kepada {count} keluarga.",
            en="Handed over to {count} households.",
            en_one="Handed over to {count} household.",
        ).format(count=count),
    )


class OthersWait(Exception):
    """Refuses a form that means all who wait, when others wait now than it showed."""


def _some_were_served(request: Request, address: CycleInAddress, form: FormData) -> Response:
    """Answers that some were served already.

    Somebody else was faster, or the button was pressed twice: nothing of this list was recorded a second time. Who
    still waits of those who were asked for stays ticked, with all that was typed.
    """
    work = address.work
    view = address.readable()
    asked = {identity(value) for value in words(form, "household")}
    served = [row for row in queries.recipients(work, view.cycle, states=SHOWN["received"]) if row.id in asked]
    if len(served) < len(asked):
        return _moved_many(request, address, form, served)
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(
            id="{count} dari {asked} keluarga ini sudah tercatat menerima sebelumnya, jadi tidak ada yang dicatat lagi. "
            "Lihat daftar ini untuk yang belum.",
            en="Of these households ({asked}), {count} were recorded before, so nothing was recorded again. This list shows "
            "who still waits.",
            en_one="Of these households ({asked}), {count} was recorded before, so nothing was recorded again. "
            "This list shows who still waits.",
        ).format(count=len(served), asked=len(asked)),
        "warning",
    )


def _moved_many(request: Request, address: CycleInAddress, form: FormData, served: Sequence[Recipient]) -> Response:
    """Shows the form of many again: who of the ticked received meanwhile, from whom and when."""
    received = Text(id="menunggu", en="waiting"), Text(id="sudah menerima", en="received")
    lines = [Difference(Text.same(row.name), *received, row.given_by, row.handed_at) for row in served]
    gone = {str(row.id) for row in served}
    ticked = [value for value in words(form, "household") if value not in gone]
    return _many(request, address, {}, typed(form), ticked, 409, moved=lines)


@router.get(f"{CYCLE}/distribution/absent")
def ask_for_absent(request: Request, address: AskedCycle) -> Response:
    return _absent(request, address, {}, {}, [])


@router.post(f"{CYCLE}/distribution/absent")
@http.answers_repeats_itself
def mark_absent(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    try:
        with work.attempt():
            view = address.readable()
            refusals = CollectedRefusals()
            with refusals.collected():
                ids = _asked_for(work, view, form)
            _demand_the_same(work, view, form)
            with refusals.collected():
                reason = distribution.reason_of_absence(word(form, "reason"))
            with refusals.collected():
                on = day_of_absence(work, address.clock, view.cycle, form)
            refusals.demand_none()
            count = marked_absent(work, view.cycle, ids, reason, on)
    except Invalid as refusal:
        return _absent(request, address, by_field([refusal]), typed(form), words(form, "household"), 422)
    except OthersWait:
        return _absent(request, address, {}, typed(form), words(form, "household"), 409, moved=[])
    if others := len(set(ids)) - count:
        said = _MARKED_IN_PART.format(count=count, others=NOT_MARKED.format(count=others))
        return http.redirect(request, f"{view.url}/distribution", said, "warning")
    return http.redirect(
        request,
        f"{view.url}/distribution",
        Text(
            id="{count} keluarga ditandai tidak hadir.",
            en="{count} households were marked absent.",
            en_one="{count} household was marked absent.",
        ).format(count=count),
    )


def _asked_for(work: Work, view: CycleView, form: FormData) -> list[UUID]:
    """Returns those who were ticked, or everyone who still waits. Raises ``Invalid`` when that is nobody."""
    if word(form, "whom") == "all":
        ids = [recipient.id for recipient in queries.recipients(work, view.cycle, states=SHOWN["waiting"])]
    else:
        ids = [identity(value) for value in words(form, "household")]
    if not ids:
        raise ProgramsRefusal.NOBODY.invalid("household")
    return ids


def _demand_the_same(work: Work, view: CycleView, form: FormData) -> None:
    """Raises ``OthersWait`` where all who wait are meant, and they are not those of the form."""
    shown = seen_in(form).shown.get(WAITING)
    if word(form, "whom") == "all" and shown != queries.mark_of_waiting(work, view.cycle):
        raise OthersWait


def _seen(work: Work, view: CycleView) -> Seen:
    return Seen(view.cycle.version, {WAITING: queries.mark_of_waiting(work, view.cycle)})


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """Some of those who are to be ticked: a page of those who wait, or of those among them with a ``name``; ``count`` is how
    many wait in all. Ticks are of the page in view, which a refused form shows again."""

    rows: Sequence[Recipient]
    count: int
    name: str
    number: int
    pager: Pager | None


def _waiting(work: Work, request: Request, view: CycleView, url: str, typed_values: Mapping[str, str]) -> WaitingPage:
    """Shows who still waits. ``typed_values`` is a form that came back; without one the address says which page."""
    asked = typed_values or request.query_params
    name = asked.get("name", "").strip()
    count = cycle_facts.counts(work, view.cycle).get("approved", 0)
    total = _sizes(queries.recipients_by_state(work, view.cycle, name))["waiting"] if name else count
    number = page_at(asked.get("page", ""), PAGE, total)
    rows = queries.recipients(work, view.cycle, states=SHOWN["waiting"], name=name, limit=PAGE, offset=number * PAGE)
    return WaitingPage(rows, count, name, number, pager(number, PAGE, total, TableQuery({"name": name}), url))


def _many(
    request: Request,
    address: CycleInAddress,
    problems: Mapping[str, Text],
    typed_values: Mapping[str, str],
    ticked: Sequence[str],
    status: int = 200,
    *,
    moved: Sequence[Difference] | None = None,
) -> Response:
    work = address.work
    work.require("programs.handover")
    view = address.readable()
    waiting = _waiting(work, request, view, f"{view.url}/distribution/many", typed_values)
    witnesses, usual = offered_witnesses(work, address.clock, view.cycle)
    return http.render(
        request,
        work,
        "programs/handover_bulk.html",
        status=status,
        month=view,
        waiting=waiting,
        witnesses=witnesses,
        days=days.of_hand_over(work, view.cycle, address.clock.today(work)),
        typed=usual | dict(typed_values),
        ticked=ticked,
        moved=moved,
        seen=_seen(work, view),
        problems=problems,
        marks=MARKS,
    )


def _absent(
    request: Request,
    address: CycleInAddress,
    problems: Mapping[str, Text],
    typed_values: Mapping[str, str],
    ticked: Sequence[str],
    status: int = 200,
    *,
    moved: Sequence[Difference] | None = None,
) -> Response:
    work = address.work
    work.require("programs.handover")
    view = address.readable()
    waiting = _waiting(work, request, view, f"{view.url}/distribution/absent", typed_values)
    return http.render(
        request,
        work,
        "programs/absent.html",
        status=status,
        month=view,
        waiting=waiting,
        ticked=ticked,
        moved=moved,
        seen=_seen(work, view),
        problems=problems,
        days=days.of_absence(view.cycle, address.clock.today(work)),
        typed=usual_absence(work, address.clock, view.cycle) | dict(typed_values),
        whom=typed_values.get("whom", ""),
    )


def _list_to_print(work: Work, view: CycleView) -> UUID | None:
    """Returns the newest list to sign that was made for this month, when the reader may see it; none where it is outdated and the
    reader may make it anew."""
    if not work.may("documents.read"):
        return None
    newest = storage.newest(work, view.cycle.id)
    made = next((document.id for document in newest if document.kind == "recipient_list"), None)
    makes = work.may("documents.make") and work.may("registry.read")
    return None if makes and made in outdated.outdated(work, view.cycle) else made
