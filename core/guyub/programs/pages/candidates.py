"""The candidates of a month: ranked, explained, selected by score or one by one with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.http import FormInput
from guyub.programs import cycle_facts, queries, selection, tables
from guyub.programs.labels import HOUSEHOLD_STATES
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, word
from guyub.programs.refusals import ProgramsRefusal
from guyub.registry.labels import CATEGORIES
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()

SHOWN = {
    "chosen": ("selected", "approved", "received", "absent", "cancelled"),
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
    try:
        with work.attempt():
            view = address.plannable()
            wanted = _number(word(form, "wanted"))
            selected = selection.select_top(work, view.cycle, wanted, word(form, "category") or None)
    except Invalid as refusal:
        return _list(request, address, by_field([refusal]), 422)
    return http.redirect(
        request,
        f"{view.url}/candidates",
        Text(id="Terpilih {count} dari kuota {quota} keluarga.", en="{count} selected; the quota is {quota}.").format(
            count=selected, quota=view.cycle.quota
        ),
        "success" if 0 < selected <= view.cycle.quota else "warning",
    )


@router.get(f"{CYCLE}/candidates/{{candidate}}")
def candidate(request: Request, address: AskedCycle, candidate: UUID) -> Response:
    return _one(request, address, candidate, {})


@router.post(f"{CYCLE}/candidates/{{candidate}}")
def choose(request: Request, address: AskedCycle, candidate: UUID, form: FormInput) -> Response:
    work = address.work
    wanted = word(form, "wanted") == "yes"
    try:
        with work.attempt():
            view = address.plannable()
            selection.choose(work, view.cycle, candidate, wanted, word(form, "reason"))
    except Invalid as refusal:
        return _one(request, address, candidate, by_field([refusal]), 422)
    return http.redirect(
        request,
        f"{view.url}/candidates",
        Text(id="Keluarga ini masuk daftar.", en="This household is on the list now.")
        if wanted
        else Text(id="Keluarga ini keluar dari daftar.", en="This household is off the list now."),
    )


def _list(request: Request, address: CycleInAddress, problems: Mapping[str, Text], status: int = 200) -> Response:
    work = address.work
    view = address.readable()
    table = tables.candidates(view.cycle)
    asked = table.query(request.query_params)
    counts = cycle_facts.counts(work, view.cycle)
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
        selected=_sizes(counts)["chosen"],
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
    request: Request, address: CycleInAddress, candidate: UUID, problems: Mapping[str, Text], status: int = 200
) -> Response:
    work = address.work
    view = address.readable()
    row = queries.candidate(work, view.cycle, candidate)
    http.record_households_shown(request, [row.household_id])
    return http.render(
        request,
        work,
        "programs/candidate.html",
        status=status,
        month=view,
        row=row,
        problems=problems,
        points=tables.POINTS.of(cycle_facts.points(view.cycle, row.reasons)),
        why_excluded=cycle_facts.why_excluded(view.cycle, row.state_reason),
        most=view.cycle.most_points,
        categories=CATEGORIES,
        states=HOUSEHOLD_STATES,
    )


def _number(text: str) -> int | None:
    """None for an empty field, which means the whole quota. Raises ``Invalid``."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1_000_000):
        raise ProgramsRefusal.WANTED.invalid("wanted")
    return int(text)
