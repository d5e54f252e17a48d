"""Pages of one household: its details, its change, and its way out of the list and back."""

from collections.abc import Callable, Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.plugins.dependencies import Plugins
from guyub.registry import household_detail, labels, service, timeline
from guyub.registry.household_detail import HouseholdDetail
from guyub.registry.pages import forms
from guyub.registry.pages.forms import SentForm, field_text
from guyub.registry.pages.moved import differences
from guyub.registry.pages.register import known_household
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeHousehold
from guyub.registry.tables import MEMBERS, SECRETS, TIMELINE, secrets
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, Seen, seen_in, typed_anew

router = APIRouter(prefix="/f/{facility}/households/{household_id}")


@router.get("")
def household(
    request: Request,
    work: FacilityWork,
    plugins: Plugins,
    clock: Clock,
    household_id: UUID,
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    work.require("registry.read")
    household = household_detail.detail(work, household_id)
    part = timeline.page(work, household_id, page)
    panels = plugins.hooks.household_panels(work, household_id, clock.today(work))
    http.record_households_shown(request, [household.id])
    masked = {
        "nik": next((person.nik_masked for person in household.members), ""),
        "family_card": household.family_card_masked,
    }
    return http.render(
        request,
        work,
        "registry/household.html",
        household=household,
        members=MEMBERS.of(household.members),
        secrets=SECRETS.of(secrets(labels.SECRETS, household.kept, masked)),
        words=labels,
        panels=panels,
        history=TIMELINE.part(
            part.entries,
            lambda reading: timeline.page(reading, household_id, 1, timeline.ALL).entries,
            more=part.has_more,
            first=(page - 1) * timeline.PAGE + 1,
        ),
    )


@router.get("/edit")
def edit(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _form(request, work, household, forms.of_household(household))


@router.post("/edit")
def change(request: Request, work: FacilityWork, clock: Clock, household_id: UUID, form: FormInput) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    seen = seen_in(form)
    if seen.version != household.revision:
        return _moved(request, work, household, seen, form)
    command, problems = forms.checked(ChangeHousehold, forms.change(form, household))
    if command:
        protector, today = http.state(request).protector, clock.today(work)
        try:
            with work.attempt():
                service.update_household(work, protector, household_id, command, today, version=seen.version)
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            if refusal.code != RegistryRefusal.CHANGED:
                raise
            return _moved(request, work, on_the_list(work, household_id), seen, form)
    if problems:
        return _form(request, work, household, form, problems)
    return http.redirect(
        request,
        f"/f/{work.here.code}/households/{household_id}",
        Text(
            id="Perubahan data keluarga {name} tersimpan.", en="The changes to the household of {name} are saved."
        ).format(name=name_of(household)),
    )


@router.get("/archive")
def ask_to_archive(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _confirmation(request, work, household, None)


@router.post("/archive")
def archive(request: Request, work: FacilityWork, household_id: UUID, form: FormInput) -> Response:
    archived = Text(
        id="Keluarga {name} diarsipkan. Datanya masih dapat dilihat dan dikembalikan.",
        en="The household of {name} is archived. It can still be seen and restored.",
    )
    return _move(request, work, household_id, form, service.archive, archived)


@router.get("/restore")
def ask_to_restore(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    household = household_detail.detail(work, household_id)
    if household.active:
        return http.redirect(request, f"/f/{work.here.code}/households/{household_id}")
    return _confirmation(request, work, household, None)


@router.post("/restore")
def restore(request: Request, work: FacilityWork, household_id: UUID, form: FormInput) -> Response:
    restored = Text(id="Keluarga {name} kembali ke daftar.", en="The household of {name} is on the list again.")
    return _move(request, work, household_id, form, service.restore, restored)


def on_the_list(work: Work, household_id: UUID) -> HouseholdDetail:
    """Returns a household that can be changed. Raises ``NotFound`` for one that is archived, too."""
    household = household_detail.detail(work, household_id)
    if not household.active:
        raise service.unknown_household()
    return household


def name_of(household: HouseholdDetail) -> str:
    """Returns the name by which an officer knows a household."""
    return household.name


def _moved(request: Request, work: Work, household: HouseholdDetail, seen: Seen, typed: SentForm) -> Response:
    """Shows what changed since the form was read, with all that was typed."""
    now = forms.of_household(household)
    lines = differences(work, household, seen, now, household.revision)
    return _form(request, work, household, typed_anew(seen, typed, now), (), lines)


def _form(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    moved: Sequence[Difference] | None = None,
) -> Response:
    return http.render(
        request,
        work,
        "registry/edit.html",
        status=409 if moved is not None else 422 if problems else 200,
        moved=moved,
        seen=forms.seen_of_household(household),
        household=household,
        name=name_of(household),
        typed=typed,
        problems=by_field(problems),
        known=known_household(problems),
        words=labels,
    )


def _move(
    request: Request,
    work: Work,
    household_id: UUID,
    form: SentForm,
    moving: Callable[..., None],
    done: Text,
) -> Response:
    work.require("registry.write")
    household = household_detail.detail(work, household_id)
    seen, reason = seen_in(form), field_text(form, "reason")
    try:
        with work.attempt():
            moving(work, household_id, reason, version=seen.version)
    except Invalid as refusal:
        return _confirmation(request, work, household, refusal, reason)
    except Refusal as refusal:
        if refusal.code != RegistryRefusal.CHANGED:
            raise
        household = household_detail.detail(work, household_id)
        now = forms.of_household(household)
        lines = differences(work, household, seen, now, household.revision)
        return _confirmation(request, work, household, None, reason, lines)
    return http.redirect(
        request, f"/f/{work.here.code}/households/{household_id}", done.format(name=name_of(household))
    )


def _confirmation(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    refusal: Invalid | None,
    reason: str = "",
    moved: Sequence[Difference] | None = None,
) -> Response:
    return http.render(
        request,
        work,
        "registry/archive.html" if household.active else "registry/restore.html",
        status=409 if moved is not None else refusal.status if refusal else 200,
        reason=reason,
        moved=moved,
        seen=forms.seen_of_household(household),
        household=household,
        name=name_of(household),
        problems=by_field([refusal] if refusal else []),
    )
