"""Handing a facility from its files to the web, or back."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import management
from guyub.configuration.management import ManagedBy
from guyub.configuration.pages import common
from guyub.configuration.pages.common import plugins_url
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.facilities import queries as facilities
from guyub.http import FacilityWork, FormInput
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/f/{facility}/plugins/managed-by")

_SAID: Mapping[ManagedBy, Text] = {
    "web": Text(id="{name} kini dikelola melalui web.", en="{name} is now managed through the web."),
    "files": Text(id="{name} kini dikelola melalui berkas.", en="{name} is now managed through files."),
}


@router.get("")
def ask(request: Request, work: FacilityWork) -> Response:
    door = _other_door(work)
    return _page(request, work, door)


@router.post("")
def hand_over(request: Request, work: FacilityWork, form: FormInput) -> Response:
    refused: Invalid | None = None
    door = _other_door(work)
    try:
        management.change_managed_by(work, door, common.reason(form))
    except Invalid as refusal:
        refused = refusal
    if refused is not None:
        return _page(request, work, door, form, refused)
    return http.redirect(request, plugins_url(work), _SAID[door].format(name=work.here.name))


def _other_door(work: Work) -> ManagedBy:
    """Raises ``Forbidden`` for a reader without a role over the region."""
    work.require("facilities.configure")
    if not management.is_decided_by(work):
        raise ConfigurationRefusal.NOT_DECIDED_HERE.forbidden()
    return "web" if facilities.facility(work).managed_by == "files" else "files"


def _page(
    request: Request, work: Work, door: ManagedBy, form: FormData | None = None, refused: Invalid | None = None
) -> Response:
    return http.render(
        request,
        work,
        "configuration/management.html",
        status=refused.status if refused else 200,
        door=door,
        typed=form or {},
        problems=by_field([refused] if refused else []),
        url=plugins_url(work),
    )
