"""Money of many funds, added up for each funding source."""

from collections.abc import Iterable
from dataclasses import dataclass

from guyub.funds import sources
from guyub.host.plugin_host import PluginHost
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Part:
    """Of one fund or of several: ``left`` is what is still there in money and goods; all in rupiah."""

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


def by_source(host: PluginHost, parts: Iterable[Part]) -> list[SourceTotal]:
    """In the order in which the sources first appear."""
    totals: dict[tuple[str, str], tuple[int, int, int]] = {}
    for one in parts:
        received, left, spent = totals.get((one.plugin, one.source), (0, 0, 0))
        totals[one.plugin, one.source] = received + one.received, left + one.left, spent + one.spent
    return [SourceTotal(sources.title_of(host, *source), *total) for source, total in totals.items()]
