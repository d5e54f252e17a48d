"""What is installed: at a facility with what runs there, in a region with where each plugin runs."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.host import activations
from guyub.host.activations import NEVER, Place, Standing
from guyub.host.pages.common import Managed, demand_known, host_of, title_of
from guyub.host.plugin_host import PluginHost
from guyub.host.status import PluginStatus
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


@router.get("/f/{facility}/plugins")
def at_facility(request: Request, facility: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("facilities.configure")
        host, today = host_of(request), http.today(request, work)
        standings = activations.at_facility(work, today)
        lines = [
            Line(status, title_of(host, status.slug), host.ready().get(status.slug), standings.get(status.slug, NEVER))
            for status in _known(host, [slug for slug, one in standings.items() if one.active or one.next])
        ]
        managed = Managed(work)
    return http.render(request, work, "host/installed.html", lines=lines, managed=managed)


@router.get("/region/{region}/plugins")
def in_region(request: Request, region: str) -> Response:
    with http.open_region(request, region) as (work, office):
        work.require("facilities.configure")
        host = host_of(request)
        places = activations.in_region(work, office.id, http.today(request, work))
        lines = _lines_of(host, places)
    return http.render(request, work, "host/region.html", lines=lines, places=places, office=office)


@router.get("/region/{region}/plugins/{slug}/")
def one_in_region(request: Request, region: str, slug: str) -> Response:
    with http.open_region(request, region) as (work, office):
        work.require("facilities.configure")
        host = host_of(request)
        places = activations.in_region(work, office.id, http.today(request, work))
        demand_known(host, slug, any(slug in place.plugins for place in places))
        line = _line(host, host.status(slug), places)
    return http.render(request, work, "host/region_plugin.html", line=line, places=places, office=office)


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
