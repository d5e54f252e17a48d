"""Money of many funds, added up for each funding source."""

from collections.abc import Iterable
from dataclasses import dataclass

from guyub.funds import sources
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class SourceShare:
    """The share of one fund or of several: ``left`` is what is still there in money and goods; all in rupiah."""

    plugin: str
    source: str
    received: int
    left: int
    spent: int


@dataclass(frozen=True, slots=True)
class SourceTotal:
    title: Text
    received: int
    left: int
    spent: int


def by_source(plugins: PluginRegistry, parts: Iterable[SourceShare]) -> list[SourceTotal]:
    """Returns the shares in the order in which the sources first appear."""
    totals: dict[tuple[str, str], tuple[int, int, int]] = {}
    for part in parts:
        received, left, spent = totals.get((part.plugin, part.source), (0, 0, 0))
        totals[part.plugin, part.source] = received + part.received, left + part.left, spent + part.spent
    return [SourceTotal(sources.title_of(plugins, *source), *total) for source, total in totals.items()]
