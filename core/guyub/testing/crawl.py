"""The tour of a plugin's pages: made once for all rules that look at it."""

from collections.abc import Iterator
from dataclasses import dataclass

from guyub.sdk.plugin import Plugin
from guyub.testing.page_visits import BASE, Visited, followed, visits
from guyub.testing.pages import routes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rendered_pages import RenderedPage, rendered
from guyub.testing.samples import configurations
from guyub.testing.side_effects import SideEffect, watched


@dataclass(frozen=True)
class Crawl:
    """``visits`` are all that were made with the default configuration; ``deeds`` what they did to the world outside."""

    visits: tuple[Visited, ...] = ()
    pages: tuple[RenderedPage, ...] = ()
    deeds: tuple[SideEffect, ...] = ()


def crawl_of(specimen: PluginUnderTest) -> Crawl:
    """Empty where there are no pages, or no tables for them to stand on."""
    kept: dict[str, Crawl] = vars(specimen)
    if "tour" not in kept:
        kept["tour"] = _tour(specimen)
    return kept["tour"]


def _tour(specimen: PluginUnderTest) -> Crawl:
    plugin = specimen.plugin
    configs = configurations(plugin.config)[:1]
    if not configs or not routes(plugin) or specimen.sandbox.refused:
        return Crawl()
    with watched(specimen.package) as deeds:
        made = tuple(visits(specimen.sandbox, configs[0]))
        seen = tuple(rendered(plugin, specimen.package, iter(made)))
        further = tuple(followed(specimen.sandbox, configs[0], _addresses(plugin, seen)))
        made, seen = (*made, *further), (*seen, *rendered(plugin, specimen.package, iter(further)))
    return Crawl(made, seen, tuple(deeds))


def _addresses(plugin: Plugin, pages: tuple[RenderedPage, ...]) -> Iterator[str]:
    """Where links and forms of the pages lead, below the plugin's own base."""
    base = f"{BASE}{plugin.slug}"
    for page in pages:
        for address in (*page.links, *(form.action for form in page.forms)):
            if address.startswith(f"{base}/"):
                yield address.removeprefix(base)
