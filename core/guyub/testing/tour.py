"""The tour of a plugin's pages: made once for all rules that look at it."""

from collections.abc import Iterator
from dataclasses import dataclass

from guyub.sdk.plugin import Plugin
from guyub.testing.pages import routes
from guyub.testing.rendered import Rendered, rendered
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen
from guyub.testing.visits import BASE, Visited, followed, visits
from guyub.testing.watching import Deed, watched


@dataclass(frozen=True)
class Tour:
    """``visits`` are all that were made with the default configuration; ``deeds`` what they did to the world outside."""

    visits: tuple[Visited, ...] = ()
    pages: tuple[Rendered, ...] = ()
    deeds: tuple[Deed, ...] = ()


def tour_of(specimen: Specimen) -> Tour:
    """Empty where there are no pages, or no tables for them to stand on."""
    kept: dict[str, Tour] = vars(specimen)
    if "tour" not in kept:
        kept["tour"] = _tour(specimen)
    return kept["tour"]


def _tour(specimen: Specimen) -> Tour:
    plugin = specimen.plugin
    configs = configurations(plugin.config)[:1]
    if not configs or not routes(plugin) or specimen.trial.refused:
        return Tour()
    with watched(specimen.package) as deeds:
        made = tuple(visits(specimen.trial, configs[0]))
        seen = tuple(rendered(plugin, specimen.package, iter(made)))
        further = tuple(followed(specimen.trial, configs[0], _addresses(plugin, seen)))
        made, seen = (*made, *further), (*seen, *rendered(plugin, specimen.package, iter(further)))
    return Tour(made, seen, tuple(deeds))


def _addresses(plugin: Plugin, pages: tuple[Rendered, ...]) -> Iterator[str]:
    """Where links and forms of the pages lead, below the plugin's own base."""
    base = f"{BASE}{plugin.slug}"
    for page in pages:
        for address in (*page.links, *(form.action for form in page.forms)):
            if address.startswith(f"{base}/"):
                yield address.removeprefix(base)
