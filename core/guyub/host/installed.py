"""What is installed: loaded one by one, each ready or quarantined with its reason; asked by slug."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, Protocol, TypeVar

from guyub.host import status as words
from guyub.host.discovery import candidates, of_entries
from guyub.host.loading import load_all, new_manager, unmet
from guyub.host.status import Fault, PluginStatus
from guyub.sdk.errors import NotFound, Refusal
from guyub.sdk.funding import FundingSource
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.text import Text


class Installed:
    """The plugins of this process. Quarantine is a state of the process: a restart looks at everything anew."""

    def __init__(self, entries: Sequence[EntryPoint] | None = None) -> None:
        self._manager = new_manager()
        self._loaded = load_all(candidates() if entries is None else of_entries(list(entries)), self._manager)

    def statuses(self) -> list[PluginStatus]:
        """In the order of their slugs."""
        return [one.status for one in self._loaded.values()]

    def status(self, slug: str) -> PluginStatus:
        """The status of an installed plugin, or "missing" with the remedy."""
        return self._loaded[slug].status if slug in self._loaded else words.missing(slug)

    def ready(self) -> dict[str, Plugin]:
        return {slug: one.plugin for slug, one in self._loaded.items() if one.plugin is not None}

    def plugin(self, slug: str) -> Plugin:
        """Raises ``Refusal`` with the reason and the remedy when the plugin is not ready."""
        loaded = self._loaded.get(slug)
        if loaded is None or loaded.plugin is None:
            raise self.not_ready(slug)
        return loaded.plugin

    def not_ready(self, slug: str) -> Refusal:
        status = self.status(slug)
        assert status.reason is not None
        assert status.remedy is not None
        return Refusal("host.plugin_not_ready", status.reason, status.remedy)

    def package(self, slug: str) -> Path | None:
        """The folder of a ready plugin's package, where its templates, static files and migrations lie."""
        loaded = self._loaded.get(slug)
        return loaded.package if loaded is not None else None

    def program_type(self, slug: str, key: str) -> ProgramType[Any]:
        return _named(self.plugin(slug).program_types, key, slug)

    def funding_source(self, slug: str, key: str) -> FundingSource[Any]:
        return _named(self.plugin(slug).funding_sources, key, slug)

    def set_aside(self, slug: str, reason: Text, remedy: Text) -> None:
        """Takes a plugin out of service in this process, and with it those that require it."""
        self._quarantine(slug, Fault("host.set_aside", reason, remedy))
        for dependent, lacking in unmet({one: plugin.requires for one, plugin in self.ready().items()}):
            self._quarantine(dependent, words.lacks_plugins(lacking))

    def _quarantine(self, slug: str, fault: Fault) -> None:
        loaded = self._loaded[slug]
        if loaded.plugin is not None:
            self._manager.unregister(loaded.plugin)
        self._loaded[slug] = replace(loaded, status=words.quarantined(loaded.status, fault), plugin=None)


class _Keyed(Protocol):
    key: str


K = TypeVar("K", bound=_Keyed)


def _named(offered: Sequence[K], key: str, slug: str) -> K:
    for one in offered:
        if one.key == key:
            return one
    raise NotFound(
        "host.unknown_key",
        Text(id="Plugin “{slug}” tidak memiliki “{key}”.", en="Plugin “{slug}” has no “{key}”.").format(
            slug=slug, key=key
        ),
        Text(id="Periksa versi plugin yang terpasang.", en="Check which version of the plugin is installed."),
    )
