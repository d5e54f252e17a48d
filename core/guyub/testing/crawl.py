"""``crawl_of`` visits the pages of a plugin once, for all rules that look at them."""

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
    """The visits that were made with the default configuration, and the ``deeds``: what they did to the world outside."""

    visits: tuple[Visited, ...] = ()
    pages: tuple[RenderedPage, ...] = ()
    deeds: tuple[SideEffect, ...] = ()


def crawl_of(specimen: PluginUnderTest) -> Crawl:
    """Returns the visits to the pages; none where there are no pages, or no tables for them to stand on."""
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
    """Yields the addresses of links and forms of the pages, below the plugin's own base."""
    base = f"{BASE}{plugin.slug}"
    for page in pages:
        for address in (*page.links, *(form.action for form in page.forms)):
            if address.startswith(f"{base}/"):
                yield address.removeprefix(base)
