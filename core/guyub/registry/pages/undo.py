"""An act that was recorded in error is undone by another one, which names it."""

from collections.abc import Callable, Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import household_detail, inmates, member_acts, timeline
from guyub.registry.pages import family_seen, forms
from guyub.registry.pages.forms import SentForm
from guyub.registry.pages.household import name_of
from guyub.registry.schemas import FamilyAct
from guyub.registry.service import hold_household, unknown_household
from guyub.registry.timeline import TimelineEntry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, seen_in

router = APIRouter(prefix="/f/{facility}/households/{household_id}/undo")

Kind = Literal["acts", "statuses"]
_UNDO: dict[Kind, Callable[..., object]] = {"acts": member_acts.undo, "statuses": inmates.undo_status}


@router.get("/{kind}/{event_id}")
def ask(request: Request, work: FacilityWork, household_id: UUID, kind: Kind, event_id: UUID) -> Response:
    work.require("registry.write")
    return _form(request, work, household_id, _entry(work, household_id, kind, event_id), {})


@router.post("/{kind}/{event_id}")
def undo(
    request: Request, work: FacilityWork, clock: Clock, household_id: UUID, kind: Kind, event_id: UUID, form: FormInput
) -> Response:
    work.require("registry.write")
    hold_household(work, household_id)
    household = household_detail.detail(work, household_id)
    entry, today = _entry(work, household_id, kind, event_id), clock.today(work)
    correction, problems = forms.checked(FamilyAct, {"occurred_on": today, "reason": forms.act(form)["reason"]})
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if correction and moved is None:
        try:
            with work.attempt():
                _UNDO[kind](work, event_id, correction, today)
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "reason")]
    if correction is None or problems or moved is not None:
        return _form(request, work, household_id, entry, form, problems, moved)
    done = Text(id="Dibatalkan: {sentence}.", en="Undone: {sentence}.").format(sentence=entry.sentence)
    return http.redirect(request, f"/f/{work.here.code}/households/{household_id}", done)


def _entry(work: Work, household_id: UUID, kind: Kind, event_id: UUID) -> TimelineEntry:
    """Returns the entry that is to be undone. Raises ``NotFound`` for one that is not of this household, or undone."""
    for entry in timeline.page(work, household_id, 1, timeline.ALL).entries:
        if entry.undo == f"/undo/{kind}/{event_id}":
            return entry
    raise unknown_household()


def _form(
    request: Request,
    work: Work,
    household_id: UUID,
    entry: TimelineEntry,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    moved: Sequence[Difference] | None = None,
) -> Response:
    household = household_detail.detail(work, household_id)
    return http.render(
        request,
        work,
        "registry/undo.html",
        status=422 if problems else 200 if moved is None else 409,
        moved=moved,
        seen=family_seen.seen_of_family(household),
        household=household,
        name=name_of(household),
        entry=entry,
        typed=typed,
        problems=by_field(problems),
    )
