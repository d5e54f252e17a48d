"""One plugin at a facility: its state, its configuration with the origin of every value, and its health."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.db.work import Work
from guyub.host import activations
from guyub.host.activations import NEVER
from guyub.host.pages import config_view
from guyub.host.pages.common import Managed, demand_known, host_of, plugin_url, title_of
from guyub.host.pages.config_view import ConfigView
from guyub.host.plugin_host import PluginHost
from guyub.sdk.errors import Refusal
from guyub.sdk.panels import HealthCheck
from guyub.sdk.plugin import Plugin

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")


@router.get("/")
def plugin(request: Request, facility: str, slug: str, check: str = "") -> Response:
    with http.open_work(request, facility) as work:
        work.require("facilities.configure")
        host, today = host_of(request), http.today(request, work)
        standing = activations.at_facility(work, today).get(slug, NEVER)
        demand_known(host, slug, standing is not NEVER)
        found = host.ready().get(slug)
        view, refusal = _view(request, work, found, today)
        checks = _health(host, work, slug, today) if check and standing.active and found is not None else None
        managed = Managed(work)
    return http.render(
        request, work, "host/plugin.html", it=host.status(slug), title=title_of(host, slug), plugin=found,
        standing=standing, view=view, refusal=refusal, checks=checks, managed=managed, url=plugin_url(work, slug),
    )  # fmt: skip


def _view(
    request: Request, work: Work, plugin: Plugin | None, on: date
) -> tuple[ConfigView | None, Refusal | None]:  # fmt: skip
    """The configuration to show, and why it cannot be used as it stands."""
    if plugin is None:
        return None, None
    try:
        view = config_view.view(work, plugin, on, http.state(request).protector)
    except Refusal as refusal:
        return None, refusal
    return view, view.refusal


def _health(host: PluginHost, work: Work, slug: str, on: date) -> list[HealthCheck]:
    return [one.item for one in host.health(work, on) if one.slug == slug]
