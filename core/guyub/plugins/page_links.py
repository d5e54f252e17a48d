"""Addresses of a plugin's pages and reports, as far as a reader may see them: for menus and for its first page."""

from dataclasses import dataclass

from guyub.db.unit_of_work import Work
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

REPORTS = Text(id="Laporan {title}", en="Reports: {title}")


@dataclass(frozen=True, slots=True)
class PluginLink:
    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class PluginLinks:
    pages: tuple[PluginLink, ...]
    reports: tuple[PluginLink, ...]


def plugin_base(facility: str, slug: str) -> str:
    """Returns where the plugin's own pages begin."""
    return f"/f/{facility}/p/{slug}"


def reports_url(facility: str, slug: str) -> str:
    return f"/f/{facility}/plugins/{slug}/reports"


def links_of(work: Work, plugin: Plugin) -> PluginLinks:
    """Returns the links of a plugin that runs at the facility of this work. A report without a permission is shown to
    nobody."""
    here = work.here.code
    base = plugin_base(here, plugin.slug)
    return PluginLinks(
        tuple(PluginLink(entry.title, base + entry.path) for entry in plugin.nav if work.may(entry.permission)),
        tuple(
            PluginLink(report.title, f"{reports_url(here, plugin.slug)}/{report.key}")
            for report in plugin.reports
            if report.permission and work.may(report.permission)
        ),
    )


def menu_of(work: Work, plugin: Plugin) -> list[NavItem]:
    """Returns the plugin's own entries, and one for its reports."""
    here = work.here.code
    links = links_of(work, plugin)
    icons = {plugin_base(here, plugin.slug) + entry.path: entry.icon for entry in plugin.nav}
    items = [NavItem(link.title, link.url, icons[link.url]) for link in links.pages]
    if links.reports:
        items.append(NavItem(REPORTS.format(title=plugin.title), f"{reports_url(here, plugin.slug)}/", "file-text"))
    return items
