"""The funding sources of a facility: what they are called, what they take in, and why one of them takes nothing now."""

from dataclasses import dataclass
from datetime import date

from guyub.db.work import Work
from guyub.host.plugin_host import PluginHost
from guyub.sdk.errors import NotFound, Refusal
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of receipt; ``summary`` are the titles of its plugin's own words about itself."""

    plugin: str
    source: str
    key: str
    title: Text
    source_title: Text
    summary: Text


def kinds(work: Work, host: PluginHost, on: date) -> list[Kind]:
    """The receipts that can be recorded at the facility of this work on that day, source by source."""
    found = []
    for slug in host.active(work, work.here.id, on):
        if host.status(slug).state != "ready":
            continue
        plugin = host.plugin(slug)
        found += [
            Kind(slug, source.key, receipt.key, receipt.title, source.title, plugin.summary)
            for source in plugin.funding_sources
            for receipt in source.receipts
        ]
    return found


@dataclass(frozen=True, slots=True)
class Stopped:
    """A plugin that is active at the facility and cannot work: why, and what mends it."""

    plugin: str
    refusal: Refusal


def not_ready(work: Work, host: PluginHost, on: date) -> list[Stopped]:
    """Plugins switched on here that are missing or quarantined; whether they are sources, nobody can tell."""
    found = []
    for slug in host.active(work, work.here.id, on):
        refusal = why_stopped(work, host, slug, on)
        if refusal is not None:
            found.append(Stopped(slug, refusal))
    return found


def why_stopped(work: Work, host: PluginHost, plugin: str, on: date) -> Refusal | None:
    """Why nothing more comes into the funds of a plugin; None while it runs here."""
    try:
        host.plugin(plugin)
    except Refusal as refusal:
        return refusal
    if plugin not in host.active(work, work.here.id, on):
        return NotFound(
            "funds.source_off",
            Text(
                id="Sumber dana “{title}” tidak aktif di {place}.", en="Funding source “{title}” is not active at {place}."
            ).format(title=host.plugin(plugin).title, place=work.here.name),
            Text(
                id="Pembukuannya tetap dapat dibaca dan sisanya tetap dapat dipakai. Minta kantor wilayah mengaktifkannya "
                "bila akan menerima dana lagi.",
                en="Its books stay readable and what is left can still be used. Ask the regional office to activate it "
                "before more comes in.",
            ),
        )  # fmt: skip
    return None


def title_of(host: PluginHost, plugin: str, source: str) -> Text:
    """What the source calls itself; its key where its plugin is not there to say."""
    try:
        return host.funding_source(plugin, source).title
    except Refusal:
        return Text(id=f"{plugin} / {source}", en=f"{plugin} / {source}")


def receipt_title(host: PluginHost, plugin: str, kind: str) -> Text:
    """What a kind of receipt is called; its key where its plugin is not there to say."""
    try:
        sources = host.plugin(plugin).funding_sources
    except Refusal:
        return Text(id=kind, en=kind)
    titles = [receipt.title for source in sources for receipt in source.receipts if receipt.key == kind]
    return titles[0] if titles else Text(id=kind, en=kind)
