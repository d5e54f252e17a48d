"""The act by which an institution receives another number of packages."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import packages
from guyub.registry.household_detail import HouseholdDetail
from guyub.registry.pages import family_seen, forms
from guyub.registry.pages.forms import SentForm
from guyub.registry.pages.household import name_of, on_the_list
from guyub.registry.schemas import NewPackageNumber
from guyub.registry.service import unknown_household
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.seen import Difference, Seen, in_words, moved, seen_in

router = APIRouter(prefix="/f/{facility}/households/{household_id}/packages")

_MORE_THAN_PEOPLE = Text(
    id="Itu lebih banyak daripada orang yang dilayaninya ({people}); periksa angkanya.",
    en="That is more than the people whom it cares for ({people}); check the figure.",
)
_TITLES = {"packages": Text(id="Jumlah paket", en="Packages")}


@router.get("")
def ask(request: Request, work: FacilityWork, household_id: UUID) -> Response:
    work.require("registry.write")
    household = _institution(on_the_list(work, household_id))
    return _form(request, work, household, {"packages": str(household.packages)})


@router.post("")
def change(request: Request, work: FacilityWork, clock: Clock, household_id: UUID, form: FormInput) -> Response:
    work.require("registry.write")
    household = _institution(family_seen.held(work, household_id))
    seen, shown = seen_in(form), _shown(household)
    if seen.version != household.revision and (seen.version < 0 or moved(seen, shown)):
        return _form(request, work, household, form, (), in_words(seen, shown, _TITLES))
    command, problems = forms.checked(NewPackageNumber, forms.act(form) | {"packages": forms.whole(form, "packages")})
    if command:
        try:
            with work.attempt():
                packages.set_packages(work, household_id, command, clock.today(work))
        except Invalid as refusal:
            problems = [refusal]
        except Refusal as refusal:
            problems = [Invalid(refusal.code, refusal.what, refusal.remedy, "packages")]
    if command is None or problems:
        return _form(request, work, household, form, problems)
    done = Text(
        id="{name} sekarang menerima {count} paket.",
        en="{name} now receives {count} packages.",
        en_one="{name} now receives {count} package.",
    )
    said = done.format(name=name_of(household), count=command.packages)
    is_more = command.packages > household.people
    if is_more:
        said = Text.join(" ", (said, _MORE_THAN_PEOPLE.format(people=household.people)))
    url = f"/f/{work.here.code}/households/{household_id}"
    return http.redirect(request, url, said, "warning" if is_more else "success")


def _institution(household: HouseholdDetail) -> HouseholdDetail:
    """Returns the household. Raises ``NotFound`` where it is none of an institution, whose one package is no number to change."""
    if household.category != "institution":
        raise unknown_household()
    return household


def _shown(household: HouseholdDetail) -> dict[str, str]:
    return {"packages": str(household.packages)}


def _form(
    request: Request,
    work: Work,
    household: HouseholdDetail,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    differences: Sequence[Difference] | None = None,
) -> Response:
    return http.render(
        request,
        work,
        "registry/packages.html",
        status=422 if problems else 200 if differences is None else 409,
        moved=differences,
        seen=Seen(household.revision, _shown(household)),
        household=household,
        name=name_of(household),
        earliest=packages.earliest_day(work, household.id),
        typed=typed,
        problems=by_field(problems),
    )
