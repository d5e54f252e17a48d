"""Holds what plugins offer at a facility where they run: their entries of the menu, and their reports."""

from datetime import date

from guyub.db.unit_of_work import Work
from guyub.plugins import report_pages
from guyub.plugins.page_links import menu_of
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.ui.render import NavItem

__all__ = ["navigation", "router"]

router = report_pages.router


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    ready = plugins.ready()
    return [
        item
        for slug in plugins.active(work, work.here.id, today)
        if slug in ready
        for item in menu_of(work, ready[slug])
    ]
