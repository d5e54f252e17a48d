"""A page of what applied on a day, and who set it: any value of any facility, or of the region itself."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration.activations import RegionFacility, region_facilities
from guyub.configuration.many_tables import VALUES_ON_DAY
from guyub.configuration.pages.common import (
    require_known,
)
from guyub.configuration.pages.config_view import FieldView, view_of
from guyub.configuration.pages.region_common import base_of, place_called
from guyub.configuration.store import rows_at, stored_at
from guyub.db.unit_of_work import Work
from guyub.http import Clock, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.problems import by_field
from guyub.ui.typed_values import day_if_any

router = APIRouter(prefix="/region/{region}/configuration")


@router.get("/values")
def values(
    request: Request,
    work: RegionWork,
    plugins: Plugins,
    clock: Clock,
    facility: str = "",
    plugin: str = "",
    on: str = "",
) -> Response:
    """Shows the values on a day: without ``facility`` what the region's own values gave; without ``on`` today.

    Of a facility that moved, the region under which it stood on that day counts. Raises ``NotFound`` for a code that is no
    facility of this region, or a plugin that is not there.
    """
    problems: dict[str, Text] = {}
    held: Sequence[FieldView] = ()
    refusal: Refusal | None = None
    office = work.office
    work.require("facilities.configure")
    day = clock.today(work)
    places = region_facilities(work, office.id, day)
    ready_plugin = plugins.ready().get(plugin)
    try:
        day = day_if_any(on, "on") or day
    except Invalid as refused_day:
        problems = by_field([refused_day])
    place = place_called(facility, places, office)
    if plugin and ready_plugin is None:
        require_known(plugins, plugin, ever_switched=False)
        refusal = plugins.not_ready(plugin)
    if ready_plugin is not None and not problems:
        try:
            held = _held(request, work, office, place, ready_plugin, day)
        except Refusal as refused:
            refusal = refused
    choices = [(plugin.slug, plugin.title) for plugin in plugins.ready().values()]
    return http.render(
        request,
        work,
        "configuration/values.html",
        status=422 if problems else 200,
        places=places,
        place=place,
        plugins=choices,
        shown_plugin=ready_plugin,
        held=held,
        values=VALUES_ON_DAY.of(held),
        day_shown=day,
        on=on or day,
        problems=problems,
        refusal=refusal,
        office=office,
        url=base_of(office.code),
        facility=facility,
        plugin=plugin,
    )


def _held(
    request: Request, work: Work, office: RegionInView, place: RegionFacility | None, plugin: Plugin, on: date
) -> Sequence[FieldView]:
    if place is not None:
        layers = stored_at(work, place.id, on).of(plugin.slug)
    else:
        stored = rows_at(work, plugin.slug, office.id)
        layers = (stored.get(None, ()), stored.get(office.id, ()))
    name = place.name if place is not None else office.office_name
    return view_of(plugin, name, layers, on, http.state(request).protector, decides=False).fields
