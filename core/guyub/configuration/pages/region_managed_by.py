"""Handing facilities from their files to the web, many at once, and the values of the region itself."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.configuration import management
from guyub.configuration.activations import RegionFacility
from guyub.configuration.management import ManagedBy
from guyub.configuration.pages import common as forms_of_plugins
from guyub.configuration.pages.region_common import base_of, selected_facilities
from guyub.configuration.refusals import ConfigurationRefusal
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FormInput, OfficeWork, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter(prefix="/region/{region}/configuration")

_DONE = Text(id="{n} UPT kini dikelola melalui web.", en="Facilities that are now managed through the web: {n}.")
_REGION: dict[ManagedBy, Text] = {
    "web": Text(
        id="Nilai wilayah kini dikelola melalui web.", en="The region's values are now managed through the web."
    ),
    "files": Text(
        id="Nilai wilayah kini dikelola melalui berkas.", en="The region's values are now managed through files."
    ),
}


def ask(request: Request, work: OfficeWork, plugins: PluginRegistry, clock: Clock, form: FormData) -> Response:
    """Returns the page that asks before the selected facilities are handed over. Raises ``Invalid`` where none can
    be."""
    office = work.office
    places = _web_managed(request, work, plugins, clock, office, form)
    return _page(request, work, work.office.code, places, form, None)


@router.post("/managed-by/facilities")
def hand_over(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    refused: Invalid | None = None
    office = work.office
    places = _web_managed(request, work, plugins, clock, office, form)
    try:
        codes = [place.code for place in places]
        management.change_managed_by_of_many(work, codes, "web", forms_of_plugins.reason(form))
    except Invalid as refusal:
        refused = refusal
    if refused is not None:
        return _page(request, work, work.office.code, places, form, refused)
    return http.redirect(request, base_of(work.office.code), _DONE.format(n=len(places)))


@router.get("/managed-by")
def ask_for_region(request: Request, work: RegionWork) -> Response:
    office = work.office
    work.require("facilities.configure")
    door = _other_door(work, office)
    return _region_page(request, work, office, door, None, None)


@router.post("/managed-by")
def hand_region_over(request: Request, work: RegionWork, form: FormInput) -> Response:
    refused: Invalid | None = None
    office = work.office
    work.require("facilities.configure")
    door = _other_door(work, office)
    try:
        management.change_region_managed_by(work, work.office.code, door, forms_of_plugins.reason(form))
    except Invalid as refusal:
        refused = refusal
    if refused is not None:
        return _region_page(request, work, office, door, form, refused)
    return http.redirect(request, f"/region/{work.office.code}/plugins", _REGION[door])


def _web_managed(
    request: Request, work: Work, plugins: PluginRegistry, clock: Clock, office: RegionInView, form: FormData
) -> list[RegionFacility]:
    """Returns those that files manage still. Raises ``Invalid`` where there is none."""
    work.require("facilities.configure")
    places = selected_facilities(request, work, plugins, clock, office, form)
    by_files = [place for place in places if place.managed_by == "files" and place.closed_on is None]
    if not by_files:
        raise ConfigurationRefusal.NONE_BY_FILES.invalid("facility")
    return by_files


def _other_door(work: Work, office: RegionInView) -> ManagedBy:
    return "files" if management.region_is_by_web(work, office.code) else "web"


def _page(
    request: Request, work: Work, region: str, places: Sequence[RegionFacility], form: FormData, refused: Invalid | None
) -> Response:
    return http.render(
        request,
        work,
        "configuration/hand_over.html",
        status=422 if refused else 200,
        places=places,
        typed=form,
        problems=by_field([refused] if refused else []),
        url=base_of(region),
    )


def _region_page(
    request: Request, work: Work, office: RegionInView, door: ManagedBy, form: FormData | None, refused: Invalid | None
) -> Response:
    return http.render(
        request,
        work,
        "configuration/region_managed_by.html",
        status=422 if refused else 200,
        office=office,
        door=door,
        typed=form or {},
        problems=by_field([refused] if refused else []),
        url=f"/region/{office.code}/plugins",
    )
