"""The candidates of a month: ranked, explained, selected by score or one by one with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import cycle_facts, list_findings, queries, selection, tables
from guyub.programs.labels import HOUSEHOLD_STATES
from guyub.programs.list_findings import ListFinding
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, CycleView, word
from guyub.programs.pages.moved import month_moved, moved_page, seen_of
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.labels import CATEGORIES
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.parsing import parse_whole_number
from guyub.ui.problems import by_field
from guyub.ui.seen import Seen, as_version, seen_in

router = APIRouter()

_SELECT = Text(id="Pilih skor tertinggi", en="Choose the highest scores")
_SELECT_ANYWAY = Text(id="Pilih dari keadaan sekarang", en="Choose from what holds now")

_SELECTED = Text(id="Terpilih {count} keluarga; kuota {quota} paket.", en="{count} selected; the quota is {quota}.")
_PACKAGES_SELECTED = Text(
    id="Terpilih {count} paket dari kuota {quota}.",
    en="{count} packages selected; the quota is {quota}.",
    en_one="{count} package selected; the quota is {quota}.",
)

SHOWN = {
    "chosen": ("selected", "approved", "received", "absent", "returned", "cancelled"),
    "not": ("candidate",),
    "excluded": ("excluded",),
}
"""What can be filtered for, and the states that belong to it."""


@router.get(f"{CYCLE}/candidates")
def candidates(request: Request, address: AskedCycle) -> Response:
    return _list(request, address, {})


@router.post(f"{CYCLE}/candidates/select")
def select_by_score(request: Request, address: AskedCycle, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.plannable()
            wanted = _number(word(form, "wanted"))
            category = word(form, "category") or None
            households = selection.select_top(work, view.cycle, wanted, category, version=seen.version)
            selected = selection.places(work, view.cycle)
    except Invalid as refusal:
        return _list(request, address, by_field([refusal]), 422)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        sent = {name: word(form, name) for name in ("wanted", "category")}
        return moved_page(request, address, seen, _SELECT, _SELECT_ANYWAY, sent)
    return http.redirect(
        request,
        f"{view.url}/candidates",
        (_SELECTED if selected == households else _PACKAGES_SELECTED).format(count=selected, quota=view.cycle.quota),
        "success" if 0 < selected <= view.cycle.quota else "warning",
    )


@router.get(f"{CYCLE}/candidates/{{candidate}}")
def candidate(request: Request, address: AskedCycle, candidate: UUID) -> Response:
    return _one(request, address, candidate, {}, because=request.query_params.get("because", ""))


@router.post(f"{CYCLE}/candidates/{{candidate}}")
def choose(request: Request, address: AskedCycle, candidate: UUID, form: FormInput) -> Response:
    work = address.work
    wanted, reason = word(form, "wanted") == "yes", word(form, "reason")
    seen = seen_in(form)
    try:
        with work.attempt():
            view = address.plannable()
            selection.choose(work, view.cycle, candidate, wanted, reason, read=seen.shown.get("state", ""))
            taken = selection.take_next(work, view.cycle, candidate, reason) if word(form, "take_next") else None
    except Invalid as refusal:
        return _one(request, address, candidate, by_field([refusal]), 422, reason=reason)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _one(request, address, candidate, {}, 409, reason=reason, seen=seen)
    if taken is not None:
        replaced = Text(
            id="Keluarga ini keluar dari daftar; {name} menggantikannya.",
            en="This household is off the list; {name} takes its place.",
        ).format(name=queries.candidate(work, view.cycle, taken).name or "–")
        return http.redirect(request, f"{view.url}/candidates", replaced)
    return http.redirect(
        request,
        f"{view.url}/candidates",
        Text(id="Keluarga ini masuk daftar.", en="This household is on the list now.")
        if wanted
        else Text(id="Keluarga ini keluar dari daftar.", en="This household is off the list now."),
    )


@router.post(f"{CYCLE}/candidates/{{candidate}}/packages")
def set_packages(request: Request, address: AskedCycle, candidate: UUID, form: FormInput) -> Response:
    work = address.work
    seen = seen_in(form)
    typed = {"packages": word(form, "packages"), "why": word(form, "why")}
    try:
        with work.attempt():
            view = address.plannable()
            read = as_version(seen.shown.get("packages", ""))
            selection.set_packages(work, view.cycle, candidate, _packages(form), typed["why"], read=read)
    except Invalid as refusal:
        field = "packages" if refusal.field == "packages" else "why"
        at_field = Invalid(refusal.code, refusal.what, refusal.remedy, field)
        return _one(request, address, candidate, by_field([at_field]), 422, typed=typed)
    except Refusal as refusal:
        if refusal.code != ProgramsRefusal.PROPOSAL_CHANGED:
            raise
        return _one(request, address, candidate, {}, 409, seen=seen, typed=typed)
    done = Text(
        id="Bulan ini lembaga ini menerima {count} paket.",
        en="This month the institution receives {count} packages.",
        en_one="This month the institution receives {count} package.",
    )
    return http.redirect(request, f"{view.url}/candidates/{candidate}", done.format(count=_packages(form)))


def _packages(form: FormData) -> int:
    try:
        return parse_whole_number(word(form, "packages"))
    except ValueError:
        raise RegistryRefusal.PACKAGES.invalid("packages") from None


def _list(request: Request, address: CycleInAddress, problems: Mapping[str, Text], status: int = 200) -> Response:
    work = address.work
    view = address.readable()
    table = tables.candidates(view.cycle)
    asked = table.query(request.query_params)
    counts, packages = cycle_facts.households_and_packages(work, view.cycle)
    searched = {"name": asked["name"], "category": asked["category"]}
    is_searched = any(searched.values())
    matching = queries.candidates_by_state(work, view.cycle, **searched) if is_searched else counts
    sizes = _sizes(matching)
    total = sizes.get(asked["state"], sizes["all"])
    wanted: dict[str, Any] = {"states": SHOWN.get(asked["state"], ()), **searched}
    order, start = queries.RowOrder(asked.sort, asked.descending), table.start(asked, total)
    rows = queries.candidates(work, view.cycle, **wanted, order=order, limit=table.page_size, offset=start)
    http.record_households_shown(request, [row.household_id for row in rows])
    return http.render(
        request,
        work,
        "programs/candidates.html",
        status=status,
        month=view,
        sizes=sizes,
        selected=_sizes(packages)["chosen"],
        listed=table.part(
            rows,
            lambda reading: queries.every_candidate(reading, view.cycle, **wanted, order=order),
            total=total,
            first=start + 1,
            address="" if request.method == "GET" else f"{view.url}/candidates",
        ),
        judged=sum(counts.values()),
        asked=asked,
        problems=problems,
        seen=seen_of(view.cycle),
        list_findings=[]
        if view.cycle.state not in ("planned", "proposed")
        else list_findings.of_list(work, address.plugins, view.cycle, judges=view.stopped is None),
        most=view.cycle.most_points,
        points=cycle_facts.points,
        why_excluded=cycle_facts.why_excluded,
        categories=CATEGORIES,
        states=HOUSEHOLD_STATES,
    )


def _sizes(counts: Mapping[str, int]) -> dict[str, int]:
    """Returns how many households each filter shows."""
    sizes = {code: sum(counts.get(state, 0) for state in states) for code, states in SHOWN.items()}
    return {**sizes, "all": sum(counts.values())}


def _one(
    request: Request,
    address: CycleInAddress,
    candidate: UUID,
    problems: Mapping[str, Text],
    status: int = 200,
    *,
    reason: str = "",
    seen: Seen | None = None,
    because: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Shows the page of one household.

    ``seen`` is what an older form had shown; ``because`` is the kind of a finding that the reader came from.
    """
    work = address.work
    view = address.readable()
    row = queries.candidate(work, view.cycle, candidate)
    found = _found(address, view, candidate) if row.state == "selected" else []
    if because and not reason:
        reason = next((finding.text.id for finding in found if finding.kind == because), "")
    http.record_households_shown(request, [row.household_id])
    return http.render(
        request,
        work,
        "programs/candidate.html",
        status=status,
        month=view,
        row=row,
        problems=problems,
        reason=reason,
        found=list_findings.grouped(found),
        typed=typed or {"packages": str(row.packages)},
        seen=seen_of(view.cycle, {"state": row.state, "packages": str(row.packages)}),
        moved=None if seen is None else month_moved(work, view.cycle, seen),
        points=tables.POINTS.of(cycle_facts.points(view.cycle, row.reasons)),
        why_excluded=cycle_facts.why_excluded(view.cycle, row.state_reason),
        most=view.cycle.most_points,
        categories=CATEGORIES,
        states=HOUSEHOLD_STATES,
    )


def _found(address: CycleInAddress, view: CycleView, candidate: UUID) -> list[ListFinding]:
    """Returns how this household differs from what the list has of it."""
    kinds = list_findings.of_list(address.work, address.plugins, view.cycle, judges=view.stopped is None)
    return [finding for kind in kinds for finding in kind.findings if finding.entitlement_id == candidate]


def _number(text: str) -> int | None:
    """Reads a number; None for an empty field, which means the whole quota. Raises ``Invalid``."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise ProgramsRefusal.WANTED.invalid("wanted")
    return int(text)
