"""The people of a household: adding one, changing one, and who receives for all."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import labels, member_acts, repeats, service
from guyub.registry.household_detail import HouseholdDetail, Person
from guyub.registry.pages import family_seen, forms
from guyub.registry.pages.forms import SentForm
from guyub.registry.pages.household import name_of, on_the_list
from guyub.registry.pages.moved import differences
from guyub.registry.pages.register import known_household
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import ChangeMember, MemberAct, NewMember, RegistrationWarning, member_warnings
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, Seen, seen_in, typed_anew

router = APIRouter(prefix="/f/{facility}/households/{household_id}/members")


@router.get("/new")
def blank(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _form(request, work, household, None, {})


@router.post("/new")
def add(request: Request, work: FacilityWork, clock: Clock, household_id: UUID, form: FormInput) -> Response:
    command, problems = forms.checked(NewMember, forms.new_member(form))
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    band = {} if household.people_served else forms.age_band(form)
    joining, invalid = forms.checked(MemberAct, forms.act(form) | band)
    problems += invalid
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    warnings = [*member_warnings(command), *repeats.of_member(work, household_id, command)] if command else []
    odd = forms.unconfirmed(form, warnings)
    if command and joining and not odd and moved is None:
        protector = http.state(request).protector
        try:
            with work.attempt():
                member_acts.member_joined(work, protector, household_id, command, joining, clock.today(work))
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "occurred_on")]
    if command is None or problems or odd or moved is not None:
        return _form(request, work, household, None, form, problems, odd, moved)
    added = Text(id="{name} ditambahkan sebagai anggota keluarga.", en="{name} was added to the household.")
    return http.redirect(
        request, f"/f/{work.here.code}/households/{household_id}", added.format(name=command.full_name)
    )


@router.get("/{member_id}")
def edit(request: Request, work: FacilityWork, household_id: UUID, member_id: UUID) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    person = _person(household, member_id)
    return _form(request, work, household, person, forms.of_member(person))


@router.post("/{member_id}")
def change(request: Request, work: FacilityWork, household_id: UUID, member_id: UUID, form: FormInput) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    person = _person(household, member_id)
    command, problems = forms.checked(ChangeMember, forms.changed_member(form, person.nik_masked))
    odd = forms.unconfirmed(form, member_warnings(command)) if command else []
    seen = seen_in(form)
    if seen.version != person.revision:
        return _moved(request, work, household, person, seen, form)
    if command and not odd:
        try:
            with work.attempt():
                service.update_member(work, http.state(request).protector, member_id, command, version=seen.version)
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            if refusal.code != RegistryRefusal.CHANGED:
                raise
            household = on_the_list(work, household_id)
            return _moved(request, work, household, _person(household, member_id), seen, form)
    if command is None or problems or odd:
        return _form(request, work, household, person, form, problems, odd)
    saved = Text(id="Data {name} tersimpan.", en="The details of {name} are saved.")
    return http.redirect(
        request, f"/f/{work.here.code}/households/{household_id}", saved.format(name=command.full_name)
    )


def _person(household: HouseholdDetail, member_id: UUID) -> Person:
    for person in household.members:
        if person.id == member_id:
            return person
    raise service.unknown_household()


def _moved(
    request: Request, work: Work, household: HouseholdDetail, person: Person, seen: Seen, typed: SentForm
) -> Response:
    """Shows what changed since the form was read, with all that was typed."""
    now = forms.seen_of_member(person).shown
    lines = differences(work, household, seen, now, person.revision, str(person.id))
    return _form(request, work, household, person, typed_anew(seen, typed, now), moved=lines)


def _form(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    person: Person | None,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    odd: Sequence[RegistrationWarning] = (),
    moved: Sequence[Difference] | None = None,
) -> Response:
    return http.render(
        request,
        work,
        "registry/member.html",
        status=409 if moved is not None else 422 if problems or odd else 200,
        moved=moved,
        seen=forms.seen_of_member(person) if person else family_seen.seen_of_family(household),
        household=household,
        name=name_of(household),
        person=person,
        typed=typed,
        problems=by_field(problems),
        odd=odd,
        odd_mark=forms.mark(odd),
        known=known_household(problems),
        words=labels,
        uncounted=forms.UNCOUNTED,
    )
