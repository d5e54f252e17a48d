"""One plugin at a facility: its state, its configuration with the origin of every value, and its health."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.configuration import activations
from guyub.configuration.activations import NEVER
from guyub.configuration.pages import config_view
from guyub.configuration.pages.common import (
    Managed,
    plugin_url,
    require_known,
    title_of,
)
from guyub.configuration.pages.config_view import ConfigView
from guyub.configuration.tables import PERSONAL_DATA, VALUES
from guyub.configuration.value_history import history
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Refusal
from guyub.sdk.panels import HealthCheck
from guyub.sdk.plugin import Plugin

router = APIRouter(prefix="/f/{facility}/plugins/{slug}")


@router.get("/")
def plugin(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: str, check: str = ""
) -> Response:
    """Shows a plugin at a facility to everybody who works there; who configures it asks for its health, and changes it."""
    today = clock.today(work)
    standing = activations.at_facility(work, today).get(slug, NEVER)
    require_known(plugins, slug, standing is not NEVER)
    ready_plugin = plugins.ready().get(slug)
    view, refusal = _view(request, work, ready_plugin, today)
    managed = Managed(work)
    asks = check and managed.configures and standing.active and ready_plugin is not None
    checks = _health(plugins, work, slug, today) if asks else None
    return http.render(
        request,
        work,
        "configuration/plugin.html",
        it=plugins.status(slug),
        title=title_of(plugins, slug),
        plugin=ready_plugin,
        standing=standing,
        view=view,
        values=VALUES.of(view.fields if view else ()),
        personal_data=PERSONAL_DATA.of(ready_plugin.personal_data if ready_plugin else ()),
        refusal=refusal,
        checks=checks,
        managed=managed,
        url=plugin_url(work, slug),
    )


def _view(request: Request, work: Work, plugin: Plugin | None, on: date) -> tuple[ConfigView | None, Refusal | None]:
    """Returns the configuration to show, and why it cannot be used as it stands."""
    if plugin is None:
        return None, None
    try:
        view = config_view.view(work, plugin, on, http.state(request).protector)
    except Refusal as refusal:
        return None, refusal
    entries = history(work, plugin.slug, facility=work.here.code, model=plugin.config)
    return config_view.with_later(view, plugin, entries, on), view.refusal


def _health(plugins: PluginRegistry, work: Work, slug: str, on: date) -> list[HealthCheck]:
    return [attributed.item for attributed in plugins.hooks.health(work, on) if attributed.slug == slug]
