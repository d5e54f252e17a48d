"""Showing what is kept encrypted: a reason is asked first, and the value stands on a page that nothing keeps."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import FacilityWork, FormInput
from guyub.registry import household_detail, labels
from guyub.registry.household_detail import HouseholdDetail
from guyub.registry.pages.forms import field_text
from guyub.registry.pages.household import name_of
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.reveal import Revealed, reveal
from guyub.sdk.errors import Invalid
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/households/{household_id}/reveal/{what}")


@router.get("")
def ask(request: Request, work: FacilityWork, household_id: UUID, what: str) -> Response:
    work.require("registry.reveal")
    household = _with(work, household_id, what)
    return _asking(request, work, household, what, None)


@router.post("")
def show(request: Request, work: FacilityWork, household_id: UUID, what: str, form: FormInput) -> Response:
    values: list[Revealed] = []
    refused = None
    work.require("registry.reveal")
    household = _with(work, household_id, what)
    try:
        with work.attempt():
            values = reveal(work, http.state(request).protector, household_id, what, field_text(form, "reason"))
    except Invalid as refusal:
        refused = refusal
    if refused:
        return _asking(request, work, household, what, refused)
    answer = http.render(
        request,
        work,
        "registry/revealed.html",
        household=household,
        name=name_of(household),
        what=what,
        label=labels.SECRETS[what],
        values=values,
    )
    answer.headers["cache-control"] = "no-store"
    return answer


def _with(work: Work, household_id: UUID, what: str) -> HouseholdDetail:
    household = household_detail.detail(work, household_id)
    if what not in household.kept:
        raise RegistryRefusal.NOTHING_KEPT.not_found()
    return household


def _asking(request: Request, work: Work, household: HouseholdDetail, what: str, refusal: Invalid | None) -> Response:
    return http.render(
        request,
        work,
        "registry/reveal.html",
        status=refusal.status if refusal else 200,
        household=household,
        name=name_of(household),
        what=what,
        label=labels.SECRETS[what],
        problems=by_field([refusal] if refusal else []),
    )
