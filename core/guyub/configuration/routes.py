"""The pages of configuration: a plugin at a facility or for a region, and many facilities at once; their places in the menu."""

from datetime import date

from fastapi import APIRouter

from guyub.configuration.api import api
from guyub.configuration.pages import (
    activation,
    applied_plans,
    as_of,
    bulk_change,
    compare,
    config_templates,
    configure,
    detail,
    history,
    installed,
    managed_by,
    overview,
    region_managed_by,
)
from guyub.db.unit_of_work import CodeName, Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

# Fixed addresses before those with a plugin in them.
_OF_PLUGINS = (installed, managed_by, activation, configure, history, detail)
_OF_A_REGION = (overview, bulk_change, region_managed_by, applied_plans, compare, as_of, config_templates)

router = APIRouter(routes=[route for pages in (*_OF_PLUGINS, *_OF_A_REGION) for route in pages.router.routes])

_PLUGINS = Text(id="Plugin", en="Plugins")
_CONFIGURATION = Text(id="Konfigurasi", en="Configuration")


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    """Returns the entry for who may read the configuration of a facility; who configures it changes it there."""
    title = _PLUGINS if work.may("facilities.configure") else _CONFIGURATION
    return [NavItem(title, f"/f/{work.here.code}/plugins", "package")]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [
        NavItem(_CONFIGURATION, f"/region/{region.code}/configuration", "clipboard-check"),
        NavItem(_PLUGINS, f"/region/{region.code}/plugins", "package"),
    ]
