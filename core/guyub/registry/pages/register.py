"""Registers a household: invalid fields are named, warnings are confirmed, nobody is registered twice."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.http import Clock, FacilityWork, FormInput
from guyub.registry import labels, repeats, service
from guyub.registry.duplicates import AlreadyRegistered
from guyub.registry.pages import forms
from guyub.registry.pages.forms import SentForm
from guyub.registry.schemas import RegisterHousehold, RegistrationWarning, registration_warnings
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/households")


@router.get("/new")
def blank(request: Request, work: FacilityWork) -> Response:
    work.require("registry.write")
    city = facilities.facility(work).city
    return _form(request, work, {"city": city, "adults": "1"})


@router.post("/new")
def register(request: Request, work: FacilityWork, clock: Clock, form: FormInput) -> Response:
    command, problems = forms.checked(RegisterHousehold, forms.registration(form))
    household_id = None
    work.require("registry.write")
    warnings = [*registration_warnings(command), *repeats.of_household(work, command)] if command else []
    odd = forms.unconfirmed(form, warnings)
    if command and not odd:
        protector, today = http.state(request).protector, clock.today(work)
        try:
            with work.attempt():
                household_id = service.register_household(work, protector, command, today)
        except Invalid as refusal:
            problems = [refusal]
    if command is None or household_id is None:
        return _form(request, work, form, problems, odd)
    return http.redirect(
        request,
        f"/f/{work.here.code}/households/{household_id}",
        Text(id="Keluarga {name} terdaftar.", en="The household of {name} is registered.").format(
            name=command.recipient.full_name
        ),
    )


def _form(
    request: Request,
    work: Work,
    typed: SentForm,
    problems: Sequence[Invalid] = (),
    odd: Sequence[RegistrationWarning] = (),
) -> Response:
    return http.render(
        request,
        work,
        "registry/register.html",
        status=422 if problems or odd else 200,
        typed=typed,
        problems=by_field(problems),
        odd=odd,
        odd_mark=forms.mark(odd),
        known=known_household(problems),
        words=labels,
    )


def known_household(problems: Sequence[Invalid]) -> str:
    """Returns the household that has a number already, for the link to it."""
    known = next((problem.household_id for problem in problems if isinstance(problem, AlreadyRegistered)), None)
    return str(known) if known else ""
