"""The pages about plugins and their places in the menu: of each plugin that runs here, and the administrators' own."""

from datetime import date

from fastapi import APIRouter

from guyub.configuration.api import api
from guyub.configuration.pages import activation, configure, detail, history, installed, managed_by
from guyub.db.unit_of_work import CodeName, Work
from guyub.plugins import report_pages
from guyub.plugins.page_links import menu_of
from guyub.plugins.plugin_host import PluginHost
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

# Fixed addresses before those with a plugin in them.
_PAGES = (installed, managed_by, report_pages, activation, configure, history, detail)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])

_PLUGINS = Text(id="Plugin", en="Plugins")


def navigation(work: Work, host: PluginHost, today: date) -> list[NavItem]:
    ready = host.ready()
    items = [
        item for slug in host.active(work, work.here.id, today) if slug in ready for item in menu_of(work, ready[slug])
    ]
    if work.may("facilities.configure"):
        items.append(NavItem(_PLUGINS, f"/f/{work.here.code}/plugins", "package"))
    return items


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [NavItem(_PLUGINS, f"/region/{region.code}/plugins", "package")]
