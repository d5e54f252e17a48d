"""What applied on a day, and who set it: any value of any facility, or of the region itself."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration.effective import shown
from guyub.configuration.many_tables import VALUES_ON_DAY
from guyub.configuration.matrix import MatrixFacility, places_of
from guyub.configuration.merge import ValueOrigin, merged
from guyub.configuration.pages.common import (
    require_known,
)
from guyub.configuration.pages.region_common import base_of, place_called
from guyub.configuration.pages.value_text import said
from guyub.configuration.store import rows_at, stored_at
from guyub.db.unit_of_work import Work
from guyub.http import Clock, RegionInView, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.model_fields import fields_of
from guyub.ui.parsing import parse_date
from guyub.ui.problems import NO_DATE, by_field

router = APIRouter(prefix="/region/{region}/configuration")


@dataclass(frozen=True, slots=True)
class ValueOnDay:
    """A field as it held on the day."""

    name: str
    title: Text
    value: tuple[Text, ...]
    origin: ValueOrigin


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
    """Without ``facility`` what the region's own values gave; without ``on`` today.

    Of a facility that moved, the region under which it stood on that day counts. Raises ``NotFound`` for a code that is no
    facility of this region, or a plugin that is not there.
    """
    problems: dict[str, Text] = {}
    held: list[ValueOnDay] = []
    refusal: Refusal | None = None
    office = work.office
    work.require("facilities.configure")
    day = clock.today(work)
    places = places_of(work, office.id, day)
    found = plugins.ready().get(plugin)
    try:
        day = parse_date(on) if on else day
    except ValueError:
        problems = by_field([Invalid("configuration.day", *NO_DATE, "on")])
    place = place_called(facility, places, office)
    if plugin and found is None:
        require_known(plugins, plugin, ever_switched=False)
        refusal = plugins.not_ready(plugin)
    if found is not None and not problems:
        try:
            held = _held(work, office, place, found, day)
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
        found=found,
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


def _held(work: Work, office: RegionInView, place: MatrixFacility | None, plugin: Plugin, on: date) -> list[ValueOnDay]:
    if place is not None:
        layers = stored_at(work, place.id, on).of(plugin.slug)
    else:
        stored = rows_at(work, plugin.slug, office.id)
        layers = (stored.get(None, ()), stored.get(office.id, ()))
    state = merged(plugin, layers, on)
    found = []
    for field in fields_of(plugin.config):
        text = shown(plugin, state, field.name)
        found.append(ValueOnDay(field.name, field.title, said(field, text.value), text.origin))
    return found
