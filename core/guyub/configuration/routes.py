"""The administrators' pages about plugins, and their places in the menu."""

from datetime import date

from fastapi import APIRouter

from guyub.configuration.api import api
from guyub.configuration.pages import activation, configure, detail, history, installed, managed_by
from guyub.db.unit_of_work import CodeName, Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

# Fixed addresses before those with a plugin in them.
_PAGES = (installed, managed_by, activation, configure, history, detail)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])

_PLUGINS = Text(id="Plugin", en="Plugins")


def navigation(work: Work, host: PluginRegistry, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [NavItem(_PLUGINS, f"/f/{work.here.code}/plugins", "package")]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [NavItem(_PLUGINS, f"/region/{region.code}/plugins", "package")]
