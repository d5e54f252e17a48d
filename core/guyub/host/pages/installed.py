"""What is installed: at a facility with what runs there, in a region with where each plugin runs."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.host import activations
from guyub.host.activations import NEVER, Place, Standing
from guyub.host.pages import standing_still
from guyub.host.pages.common import Managed, demand_known, host_of, title_of
from guyub.host.pages.config_view import ConfigView
from guyub.host.pages.spots import Spot
from guyub.host.plugin_host import PluginHost
from guyub.host.status import PluginStatus
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """One plugin. ``plugin`` is None while it is not ready."""

    status: PluginStatus
    title: Text
    plugin: Plugin | None
    standing: Standing = NEVER
    places: tuple[Place, ...] = ()
    faults: tuple[Text, ...] = ()
    """Where it stands still for a stored value that is not valid."""


@router.get("/f/{facility}/plugins")
def at_facility(request: Request, facility: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("facilities.configure")
        host, today = host_of(request), http.today(request, work)
        standings = activations.at_facility(work, today)
        running = [slug for slug, one in standings.items() if one.active]
        faults = standing_still.here(work, host, running, today, http.state(request).protector)
        lines = [
            Line(
                status,
                title_of(host, status.slug),
                host.ready().get(status.slug),
                standings.get(status.slug, NEVER),
                faults=faults.get(status.slug, ()),
            )
            for status in _known(host, [slug for slug, one in standings.items() if one.active or one.next])
        ]
        managed = Managed(work)
    return http.render(request, work, "host/installed.html", lines=lines, managed=managed)


@router.get("/region/{region}/plugins")
def in_region(request: Request, region: str) -> Response:
    with http.open_region(request, region) as (work, office):
        work.require("facilities.configure")
        host, today = host_of(request), http.today(request, work)
        places = activations.in_region(work, office.id, today)
        faults = standing_still.in_region(work, host, office.id, places, today, http.state(request).protector)
        lines = [replace(line, faults=faults.get(line.status.slug, ())) for line in _lines_of(host, places)]
    return http.render(request, work, "host/region.html", lines=lines, places=places, office=office)


@router.get("/region/{region}/plugins/{slug}/")
def one_in_region(request: Request, region: str, slug: str) -> Response:
    with http.open_region(request, region) as (work, office):
        work.require("facilities.configure")
        host, today = host_of(request), http.today(request, work)
        places = activations.in_region(work, office.id, today)
        demand_known(host, slug, any(slug in place.plugins for place in places))
        faults = standing_still.in_region(work, host, office.id, places, today, http.state(request).protector)
        line = replace(_line(host, host.status(slug), places), faults=faults.get(slug, ()))
        spot = Spot(work, "region", region, office.office_name, office, True)
        view, refusal = _region_view(request, spot, line.plugin)
        by_web = spot.region_is_by_web
    return http.render(
        request, work, "host/region_plugin.html", line=line, places=places, office=office, view=view, refusal=refusal,
        by_web=by_web, url=spot.url(slug),
    )  # fmt: skip


def _region_view(request: Request, spot: Spot, plugin: Plugin | None) -> tuple[ConfigView | None, Refusal | None]:
    """What the region's values give to a facility without its own, and why that cannot be used as it stands."""
    if plugin is None:
        return None, None
    try:
        view = spot.view(request, plugin, http.today(request, spot.work))
    except Refusal as refusal:
        return None, refusal
    return view, view.refusal


def _known(host: PluginHost, elsewhere: list[str]) -> list[PluginStatus]:
    """What is installed, and what is switched on without being installed."""
    found = {status.slug: status for status in host.statuses()}
    found |= {slug: host.status(slug) for slug in elsewhere if slug not in found}
    return [found[slug] for slug in sorted(found)]


def _lines_of(host: PluginHost, places: list[Place]) -> list[Line]:
    switched_on = sorted({slug for place in places for slug in place.plugins})
    return [_line(host, status, places) for status in _known(host, switched_on)]


def _line(host: PluginHost, status: PluginStatus, places: list[Place]) -> Line:
    slug = status.slug
    where = tuple(place for place in places if slug in place.plugins)
    return Line(status, title_of(host, slug), host.ready().get(slug), places=where)
