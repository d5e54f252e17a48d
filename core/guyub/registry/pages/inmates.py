"""The inmates behind a household: another one is linked to it, and what one became on a day."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import inmates, labels
from guyub.registry.household_detail import HouseholdDetail, InmateLinkDetail
from guyub.registry.pages import family_seen, forms
from guyub.registry.pages.forms import SentForm, field_text
from guyub.registry.pages.household import name_of, on_the_list
from guyub.registry.schemas import ChangeInmateLink, ChangeInmateStatus, FamilyAct, NewInmateLink
from guyub.registry.service import unknown_household
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, seen_in

router = APIRouter(prefix="/f/{facility}/households/{household_id}/inmates")

_INMATE = "registry/inmate.html"
_STATUS = "registry/inmate_status.html"
_END = "registry/inmate_link_end.html"


@router.get("/new")
def blank(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    return _form(request, work, _INMATE, on_the_list(work, household_id), {})


@router.post("/new")
def add(request: Request, work: FacilityWork, clock: Clock, household_id: UUID, form: FormInput) -> Response:
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    link, problems = forms.checked(NewInmateLink, forms.inmate(form))
    problems = [Invalid(each.code, each.what, each.remedy, f"inmate.{each.field}") for each in problems]
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if link and moved is None:
        try:
            with work.attempt():
                inmates.add_inmate(work, household_id, link, clock.today(work))
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "inmate.full_name")]
    if link is None or problems or moved is not None:
        return _form(request, work, _INMATE, household, form, problems, moved=moved)
    tied = Text(id="{name} ditautkan ke keluarga ini.", en="{name} is linked to this household.")
    return http.redirect(request, f"/f/{work.here.code}/households/{household_id}", tied.format(name=link.full_name))


@router.get("/{inmate_id}")
def edit(request: Request, work: FacilityWork, household_id: UUID, inmate_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    link = _link(household, inmate_id)
    return _form(request, work, _INMATE, household, forms.of_inmate(link), link=link)


@router.post("/{inmate_id}")
def change(
    request: Request, work: FacilityWork, clock: Clock, household_id: UUID, inmate_id: UUID, form: FormInput
) -> Response:
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    link = _link(household, inmate_id)
    values = {name: value for name, value in forms.inmate(form).items() if name != "status"}
    command, problems = forms.checked(ChangeInmateLink, values)
    if command is None:
        problems = [Invalid(each.code, each.what, each.remedy, f"inmate.{each.field}") for each in problems]
        return _form(request, work, _INMATE, household, form, problems, link)
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if moved is not None:
        return _form(request, work, _INMATE, household, form, link=link, moved=moved)
    inmates.change_link(work, household_id, inmate_id, command, clock.today(work))
    saved = Text(id="Data {name} tersimpan.", en="The details of {name} are saved.")
    return http.redirect(
        request, f"/f/{work.here.code}/households/{household_id}", saved.format(name=command.full_name)
    )


@router.get("/{inmate_id}/status")
def ask_for_status(request: Request, work: FacilityWork, household_id: UUID, inmate_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _form(request, work, _STATUS, household, {}, link=_link(household, inmate_id))


@router.post("/{inmate_id}/status")
def change_status(
    request: Request, work: FacilityWork, clock: Clock, household_id: UUID, inmate_id: UUID, form: FormInput
) -> Response:
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    link = _link(household, inmate_id)
    values: dict[str, Any] = forms.act(form) | {name: field_text(form, name) for name in ("status", "destination")}
    command, problems = forms.checked(ChangeInmateStatus, values)
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if command and moved is None:
        try:
            with work.attempt():
                inmates.change_status(work, inmate_id, command, clock.today(work))
                if command.status == "client" and field_text(form, "client_household") == "yes":
                    inmates.becomes_client_household(work, household_id)
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "status")]
    if command is None or problems or moved is not None:
        return _form(request, work, _STATUS, household, form, problems, link, moved)
    recorded = Text(id="Status {name} sekarang {status}.", en="The status of {name} is now {status}.")
    status = labels.INMATE_STATUSES[command.status]
    return http.redirect(
        request,
        f"/f/{work.here.code}/households/{household_id}",
        recorded.format(name=link.full_name, status=status),
    )


@router.get("/{inmate_id}/end")
def ask_to_end(request: Request, work: FacilityWork, household_id: UUID, inmate_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _form(request, work, _END, household, {}, link=_link(household, inmate_id))


@router.post("/{inmate_id}/end")
def end(
    request: Request, work: FacilityWork, clock: Clock, household_id: UUID, inmate_id: UUID, form: FormInput
) -> Response:
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    link = _link(household, inmate_id)
    command, problems = forms.checked(FamilyAct, forms.act(form))
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if command and moved is None:
        try:
            with work.attempt():
                inmates.end_link(work, household_id, inmate_id, command, clock.today(work))
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "reason")]
    if command is None or problems or moved is not None:
        return _form(request, work, _END, household, form, problems, link, moved)
    ended = Text(id="Tautan dengan {name} diakhiri.", en="The link to {name} has ended.")
    return http.redirect(request, f"/f/{work.here.code}/households/{household_id}", ended.format(name=link.full_name))


def _link(household: HouseholdDetail, inmate_id: UUID) -> InmateLinkDetail:
    for link in household.links:
        if link.inmate_id == inmate_id:
            return link
    raise unknown_household()


def _form(
    request: Request,
    work: Work,
    template: str,
    household: HouseholdDetail,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    link: InmateLinkDetail | None = None,
    moved: Sequence[Difference] | None = None,
) -> Response:
    """Shows a form about an inmate. ``link`` is the one that it changes or ends; none where another inmate is added."""
    return http.render(
        request,
        work,
        template,
        status=422 if problems else 200 if moved is None else 409,
        moved=moved,
        seen=family_seen.seen_of_family(household),
        household=household,
        name=name_of(household),
        link=link,
        typed=typed,
        problems=by_field(problems),
        words=labels,
    )
