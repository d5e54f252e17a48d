"""Pages of what is installed: at a facility with what runs there, in a region with where each plugin runs."""

from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration import activations
from guyub.configuration.activations import NEVER, ActivationState, FacilityActivations
from guyub.configuration.health import config_faults, faults_here
from guyub.configuration.pages.common import (
    Managed,
    require_known,
    title_of,
)
from guyub.configuration.pages.config_view import ConfigView, with_later
from guyub.configuration.pages.scope import ConfigScope
from guyub.configuration.tables import AT_FACILITY, IN_REGION, REGION_VALUES, facilities, installed_plugins
from guyub.configuration.value_history import history
from guyub.http import Clock, FacilityWork, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import PluginStatus
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text

router = APIRouter()


@dataclass(frozen=True, slots=True)
class InstalledPluginLine:
    """One plugin. ``plugin`` is None while it is not ready."""

    status: PluginStatus
    title: Text
    plugin: Plugin | None
    standing: ActivationState = NEVER
    places: tuple[FacilityActivations, ...] = ()
    faults: tuple[Text, ...] = ()
    """Where it is stopped for a stored value that is not valid."""


@router.get("/f/{facility}/plugins")
def at_facility(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock) -> Response:
    """Shows the plugins of a facility to everybody who works there."""
    today = clock.today(work)
    standings = activations.at_facility(work, today)
    running = [slug for slug, activation in standings.items() if activation.active]
    faults = faults_here(work, plugins, running, today, http.state(request).protector)
    lines = [
        InstalledPluginLine(
            status,
            title_of(plugins, status.slug),
            plugins.ready().get(status.slug),
            standings.get(status.slug, NEVER),
            faults=faults.get(status.slug, ()),
        )
        for status in _known(
            plugins, [slug for slug, activation in standings.items() if activation.active or activation.next]
        )
    ]
    managed = Managed(work)
    return http.render(
        request,
        work,
        "configuration/installed.html",
        lines=lines,
        plugins=installed_plugins(0).of(lines, without=AT_FACILITY),
        managed=managed,
    )


@router.get("/region/{region}/plugins")
def in_region(request: Request, work: RegionWork, plugins: Plugins, clock: Clock) -> Response:
    office = work.office
    work.require("facilities.configure")
    today = clock.today(work)
    places = activations.in_region(work, office.id, today)
    faults = config_faults(work, plugins, today, http.state(request).protector, office.code)
    lines = [replace(line, faults=faults.get(line.status.slug, ())) for line in _lines_of(plugins, places)]
    return http.render(
        request,
        work,
        "configuration/region.html",
        lines=lines,
        plugins=installed_plugins(len(places)).of(lines, without=IN_REGION),
        places=places,
        office=office,
    )


@router.get("/region/{region}/plugins/{slug}/")
def one_in_region(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, slug: str) -> Response:
    office = work.office
    work.require("facilities.configure")
    today = clock.today(work)
    places = activations.in_region(work, office.id, today)
    require_known(plugins, slug, any(slug in place.plugins for place in places))
    faults = config_faults(work, plugins, today, http.state(request).protector, office.code)
    line = replace(_line(plugins, plugins.status(slug), places), faults=faults.get(slug, ()))
    config_scope = ConfigScope(work, "region", work.office.code, office.office_name, office, True)
    view, refusal = _region_view(request, clock, config_scope, line.plugin)
    by_web = config_scope.region_is_by_web
    return http.render(
        request,
        work,
        "configuration/region_plugin.html",
        line=line,
        places=places,
        office=office,
        facilities=facilities(slug).of(places),
        view=view,
        values=REGION_VALUES.of(view.fields if view else ()),
        refusal=refusal,
        by_web=by_web,
        url=config_scope.url(slug),
    )


def _region_view(
    request: Request, clock: Clock, config_scope: ConfigScope, plugin: Plugin | None
) -> tuple[ConfigView | None, Refusal | None]:
    """Returns what the region's values give to a facility without its own, and why that cannot be used as it stands."""
    if plugin is None:
        return None, None
    try:
        view = config_scope.view(request, plugin, clock.today(config_scope.work))
    except Refusal as refusal:
        return None, refusal
    entries = history(config_scope.work, plugin.slug, region=config_scope.code, model=plugin.config)
    return with_later(view, plugin, entries, clock.today(config_scope.work)), view.refusal


def _known(plugins: PluginRegistry, elsewhere: list[str]) -> list[PluginStatus]:
    """Returns what is installed, and what is active without being installed."""
    by_slug = {status.slug: status for status in plugins.statuses()}
    by_slug |= {slug: plugins.status(slug) for slug in elsewhere if slug not in by_slug}
    return [by_slug[slug] for slug in sorted(by_slug)]


def _lines_of(plugins: PluginRegistry, places: list[FacilityActivations]) -> list[InstalledPluginLine]:
    active = sorted({slug for place in places for slug in place.plugins})
    return [_line(plugins, status, places) for status in _known(plugins, active)]


def _line(plugins: PluginRegistry, status: PluginStatus, places: list[FacilityActivations]) -> InstalledPluginLine:
    slug = status.slug
    where = tuple(place for place in places if slug in place.plugins)
    return InstalledPluginLine(status, title_of(plugins, slug), plugins.ready().get(slug), places=where)
