"""The funding sources of a facility: what they are called, what they take in, and why one of them takes nothing now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from guyub.db.unit_of_work import Work
from guyub.funds.refusals import FundsRefusal
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import as_read_by
from guyub.sdk.errors import Refusal
from guyub.sdk.funding import FundingSource
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class ReceiptKind:
    """A kind of receipt; ``summary`` are its plugin's own words about itself, ``page`` its own page for it, if it has one."""

    plugin: str
    source: str
    key: str
    title: Text
    source_title: Text
    summary: Text
    page: str


def kinds(work: Work, plugins: PluginRegistry, on: date) -> list[ReceiptKind]:
    """Returns the receipts that can be recorded at the facility of this work on that day, source by source."""
    kinds = []
    for slug in plugins.active(work, work.here.id, on):
        if plugins.status(slug).state != "ready":
            continue
        plugin = plugins.plugin(slug)
        kinds += [
            ReceiptKind(slug, source.key, receipt.key, receipt.title, source.title, plugin.summary, receipt.page)
            for source in plugin.funding_sources
            for receipt in source.receipts
        ]
    return kinds


@dataclass(frozen=True, slots=True)
class StoppedSource:
    """A plugin that is active at the facility and cannot work: why, and what mends it."""

    plugin: str
    refusal: Refusal


def not_ready(work: Work, plugins: PluginRegistry, on: date) -> list[StoppedSource]:
    """Plugins active here that are missing or quarantined; whether they are sources, nobody can tell."""
    missing = []
    for slug in plugins.active(work, work.here.id, on):
        refusal = why_stopped(work, plugins, slug, on)
        if refusal is not None:
            missing.append(StoppedSource(slug, refusal))
    return missing


def why_stopped(work: Work, plugins: PluginRegistry, plugin: str, on: date) -> Refusal | None:
    """Returns why nothing more comes into the funds of a plugin, by its name; None while it runs here."""
    try:
        plugins.plugin(plugin)
    except Refusal as refusal:
        readable = as_read_by(work, refusal)
        what = Text(id="{title}: {what}", en="{title}: {what}").format(title=plugins.title(plugin), what=readable.what)
        return Refusal(readable.code, what, readable.remedy)
    if plugin not in plugins.active(work, work.here.id, on):
        return FundsRefusal.SOURCE_OFF.not_found(title=plugins.plugin(plugin).title, place=work.here.name)
    return None


def title_of(plugins: PluginRegistry, plugin: str, source: str) -> Text:
    """Returns what the source calls itself, also while its plugin is out of service; its key where it never loaded."""
    for offered in _sources(plugins, plugin):
        if offered.key == source:
            return offered.title
    key = plugin if plugin == source else f"{plugin} / {source}"
    return Text.same(key)


def receipt_title(plugins: PluginRegistry, plugin: str, kind: str) -> Text:
    """Returns what a kind of receipt is called, also while its plugin is out of service; its key where it never loaded."""
    titles = [
        receipt.title for source in _sources(plugins, plugin) for receipt in source.receipts if receipt.key == kind
    ]
    return titles[0] if titles else Text.same(kind)


def _sources(plugins: PluginRegistry, plugin: str) -> Sequence[FundingSource[Any]]:
    loaded = plugins.loaded_well().get(plugin)
    return loaded.funding_sources if loaded is not None else ()
