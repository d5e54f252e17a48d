"""Holds what happened to a member: they left, died, came back or moved, and who receives from a day on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import labels, member_acts, queries
from guyub.registry.household_detail import HouseholdDetail, Person
from guyub.registry.pages import family_seen, forms
from guyub.registry.pages.forms import SentForm, field_text
from guyub.registry.pages.household import name_of, on_the_list
from guyub.registry.queries import HouseholdFilter, ListedHousehold
from guyub.registry.refusals import RegistryRefusal
from guyub.registry.schemas import FamilyAct, MemberAct, NewRecipient
from guyub.registry.service import unknown_household
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, seen_in

router = APIRouter(prefix="/f/{facility}/households/{household_id}/members/{member_id}")

Act = Literal["left", "died", "moved", "returned", "recipient"]
_MOST_TARGETS = 10


@dataclass(frozen=True, slots=True)
class _ActPage:
    """``done`` is said afterwards, with the {name} of the person."""

    title: Text
    hint: Text
    save: Text
    done: Text
    takes_band: bool = True


_PAGES = {
    "left": _ActPage(
        Text(id="Keluar dari keluarga", en="Left the household"),
        Text(
            id="Orang yang tidak lagi tinggal bersama keluarga ini. Catatannya tetap ada.",
            en="Someone who no longer lives with this household. The record of them stays.",
        ),
        Text(id="Catat keluar", en="Record the leaving"),
        Text(id="{name} tercatat keluar dari keluarga ini.", en="{name} is recorded as having left this household."),
    ),
    "died": _ActPage(
        Text(id="Meninggal dunia", en="Died"),
        Text(
            id="Orang ini tidak menerima lagi; bantuan yang pernah diterima tetap tercatat.",
            en="This person receives no more; what was received stays on record.",
        ),
        Text(id="Catat meninggal", en="Record the death"),
        Text(id="Meninggalnya {name} tercatat.", en="The death of {name} is recorded."),
    ),
    "moved": _ActPage(
        Text(id="Pindah ke keluarga lain", en="Move to another household"),
        Text(
            id="NIK ikut berpindah. Di keluarga tujuan orang ini belum menjadi penerima.",
            en="The NIK goes along. In the other household this person is not the recipient yet.",
        ),
        Text(id="Pindahkan", en="Move"),
        Text(id="{name} pindah ke keluarga ini.", en="{name} moved to this household."),
    ),
    "returned": _ActPage(
        Text(id="Kembali ke keluarga", en="Came back"),
        Text(
            id="Orang yang pernah keluar tinggal lagi bersama keluarga ini.",
            en="Someone who had left lives here again.",
        ),
        Text(id="Catat kembali", en="Record the return"),
        Text(id="{name} kembali menjadi anggota keluarga ini.", en="{name} belongs to this household again."),
    ),
    "recipient": _ActPage(
        Text(id="Jadikan penerima", en="Make the recipient"),
        Text(
            id="Hubungan dengan warga binaan dan persetujuan foto ditanyakan lagi: milik penerima lama tidak berlaku baginya.",
            en="The link to the inmate and the consent to photos are asked anew: those of the recipient before do not hold.",
        ),
        Text(id="Jadikan penerima", en="Make the recipient"),
        Text(id="{name} sekarang menerima untuk keluarga ini.", en="{name} now receives for this household."),
        takes_band=False,
    ),
}


@router.get("/{act}")
def blank(request: Request, work: FacilityWork, household_id: UUID, member_id: UUID, act: Act) -> Response:
    work.require("registry.write")
    household = on_the_list(work, household_id)
    return _form(request, work, household, _person(household, member_id, act), act, {})


@router.post("/{act}")
def record(
    request: Request, work: FacilityWork, clock: Clock, household_id: UUID, member_id: UUID, act: Act, form: FormInput
) -> Response:
    work.require("registry.write")
    household = family_seen.held(work, household_id)
    moved = family_seen.moved_since(seen_in(form), family_seen.seen_of_family(household))
    if moved is not None:
        return _form(request, work, household, _known(household, member_id), act, form, moved=moved)
    person = _person(household, member_id, act)
    targets = _targets(request, work, form) if act == "moved" else ()
    command, problems = _read(form, act, household)
    problems = [*_problems_of_target(form, act, targets), *problems]
    lands_on = targets[0].id if len(targets) == 1 else household_id
    if command and not problems:
        try:
            with work.attempt():
                _ACTS[act](work, http.state(request).protector, person.id, lands_on, command, clock.today(work))
        except Refusal as refusal:
            problems = [refusal if isinstance(refusal, Invalid) else _at_day(refusal)]
    if problems:
        return _form(request, work, household, person, act, form, problems, targets)
    return http.redirect(
        request, f"/f/{work.here.code}/households/{lands_on}", _PAGES[act].done.format(name=person.full_name)
    )


_Perform = Callable[[Work, Protector, UUID, UUID, Any, date], object]
_ACTS: dict[Act, _Perform] = {
    "left": lambda work, protector, member, _, act, on: member_acts.member_left(work, protector, member, act, on),
    "died": lambda work, protector, member, _, act, on: member_acts.member_died(work, protector, member, act, on),
    "returned": lambda work, protector, member, _, act, on: member_acts.member_returned(
        work, protector, member, act, on
    ),
    "recipient": lambda work, protector, member, _, act, on: member_acts.make_recipient(
        work, protector, member, act, on
    ),
    "moved": member_acts.member_moved,
}
"""Each act of a member; a move alone heeds the household that the person goes to."""


def _read(form: SentForm, act: Act, household: HouseholdDetail) -> tuple[FamilyAct | None, list[Invalid]]:
    """Returns the act as it was typed, or what is wrong with it."""
    values = _values(form, act, household)
    return forms.checked(NewRecipient, values) if act == "recipient" else forms.checked(MemberAct, values)


def _problems_of_target(form: SentForm, act: Act, targets: Sequence[ListedHousehold]) -> list[Invalid]:
    """Returns why it is not known to which household a person moves."""
    if act != "moved" or len(targets) == 1:
        return []
    if not field_text(form, "household"):
        return [RegistryRefusal.NO_TARGET.invalid("household")]
    if targets:
        return [RegistryRefusal.WHICH_TARGET.invalid("target")]
    return [RegistryRefusal.UNKNOWN_TARGET.invalid("household")]


def _values(form: SentForm, act: Act, household: HouseholdDetail) -> dict[str, Any]:
    values = forms.act(form)
    if act != "recipient":
        return values | ({} if household.people_served else forms.age_band(form))
    asked = {str(link.inmate_id): field_text(form, f"relationships.{link.inmate_id}") for link in household.links}
    return values | {"relationships": asked, "photo_consent": field_text(form, "photo_consent") == "yes"}


def _targets(request: Request, work: Work, form: SentForm) -> Sequence[ListedHousehold]:
    """Returns the households that were meant: the one that was selected, or those that the search finds."""
    if not field_text(form, "household"):
        return ()
    wanted = HouseholdFilter(field_text(form, "household"))
    listed = queries.page(work, http.state(request).protector, wanted, size=_MOST_TARGETS).rows
    selected = [row for row in listed if str(row.id) == field_text(form, "target")]
    return selected or listed


def _at_day(refusal: Refusal) -> Invalid:
    """Returns what the database refused, beside the day of the act."""
    return Invalid(refusal.code, refusal.what, refusal.remedy, "occurred_on")


def _person(household: HouseholdDetail, member_id: UUID, act: Act) -> Person:
    """Returns the member that the act is about: of those who left for a return, of those who are there otherwise."""
    there = household.gone if act == "returned" else household.members
    for person in there:
        if person.id == member_id and person.gone_as in ("", "left"):
            return person
    raise unknown_household()


def _known(household: HouseholdDetail, member_id: UUID) -> Person:
    """Returns a person of the household, gone or not: what happened to them meanwhile is shown."""
    for person in (*household.members, *household.gone):
        if person.id == member_id:
            return person
    raise unknown_household()


def _form(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    person: Person,
    act: Act,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    targets: Sequence[ListedHousehold] = (),
    moved: Sequence[Difference] | None = None,
) -> Response:
    return http.render(
        request,
        work,
        "registry/member_act.html",
        status=422 if problems else 200 if moved is None else 409,
        moved=moved,
        seen=family_seen.seen_of_family(household),
        household=household,
        name=name_of(household),
        person=person,
        act=act,
        shown=_PAGES[act],
        earliest=member_acts.earliest_day(work, person.id),
        targets=targets,
        typed=typed,
        problems=by_field(problems),
        uncounted=forms.UNCOUNTED,
        words=labels,
    )
