"""Holds what is installed: loaded one by one, each ready or quarantined with its reason; asked by slug."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint
from operator import itemgetter
from pathlib import Path
from threading import RLock
from typing import Any, Protocol, TypeVar

from guyub.plugins import status as words
from guyub.plugins.discovery import candidates, of_entries
from guyub.plugins.hook_arguments import function_of
from guyub.plugins.loading import load_all, new_manager, unmet
from guyub.plugins.plugin_proxies import GuardedProgram, GuardedSource
from guyub.plugins.refusals import PluginsRefusal
from guyub.plugins.status import Loaded, PluginNotReady, PluginStatus, QuarantineReason
from guyub.sdk.funding import FundingSource
from guyub.sdk.plugin import Plugin
from guyub.sdk.program import ProgramType
from guyub.sdk.text import Text


class Installed:
    """The plugins of this process. What does not load stays quarantined until a restart; what is set aside may come back.

    ``barred``: by slug those that must not be imported here, each with its reason.
    """

    def __init__(
        self, entries: Sequence[EntryPoint] | None = None, barred: Mapping[str, QuarantineReason] | None = None
    ) -> None:
        self._manager = new_manager()
        entry_candidates = candidates() if entries is None else of_entries(list(entries))
        self._found = load_all(entry_candidates, self._manager, barred or {})
        self._loaded = dict(self._found)
        self.installed = frozenset(self._found)
        """Slugs of all, whether they run or not; the schemas of their tables are called so."""
        self._aside: dict[str, QuarantineReason] = {}
        self._out_of_service: Mapping[str, QuarantineReason] = {}
        self._lock = RLock()

    def statuses(self) -> list[PluginStatus]:
        """Returns the statuses in the order of their slugs."""
        return [loaded.status for loaded in self._loaded.values()]

    def status(self, slug: str) -> PluginStatus:
        """Returns the status of an installed plugin, or "missing" with the remedy."""
        return self._loaded[slug].status if slug in self._loaded else words.missing(slug)

    def ready(self) -> dict[str, Plugin]:
        return {slug: entry.plugin for slug, entry in self._loaded.items() if entry.plugin is not None}

    def loaded_well(self) -> dict[str, Plugin]:
        """Returns the plugins that are ready, and those that were set aside since."""
        return {slug: entry.plugin for slug, entry in self._found.items() if entry.plugin is not None}

    def plugin(self, slug: str) -> Plugin:
        """Raises ``Refusal`` with the reason and the remedy when the plugin is not ready."""
        loaded = self._loaded.get(slug)
        if loaded is None or loaded.plugin is None:
            raise self.not_ready(slug)
        return loaded.plugin

    def not_ready(self, slug: str) -> PluginNotReady:
        return PluginNotReady(self.status(slug))

    def title(self, slug: str) -> Text:
        """Returns what a plugin calls itself, also while it is out of service; its slug where it never loaded."""
        plugin = self.loaded_well().get(slug)
        return plugin.title if plugin is not None else Text.same(slug)

    def package(self, slug: str) -> Path | None:
        """Returns the folder of a plugin's package that loaded well, where its templates, static files and migrations lie."""
        loaded = self._loaded.get(slug)
        return loaded.package if loaded is not None else None

    def program_type(self, slug: str, key: str) -> ProgramType[Any]:
        """Returns one of its programme types; what fails in it is reported as its fault. Raises ``Refusal`` where
        there is none."""
        plugin = self.plugin(slug)
        return GuardedProgram(plugin, _named(plugin.program_types, key, slug))

    def funding_source(self, slug: str, key: str) -> FundingSource[Any]:
        """Returns one of its sources; what fails in it is reported as its fault. Raises ``Refusal`` where there is none."""
        plugin = self.plugin(slug)
        return GuardedSource(plugin, _named(plugin.funding_sources, key, slug))

    def implementations(self, hook: str) -> list[tuple[str, Callable[..., Any]]]:
        """Returns the implementation of each plugin that is ready and has one, in the order of their slugs; each takes
        all arguments of the hook."""
        implementations_of_hook = getattr(self._manager.hook, hook).get_hookimpls()
        return sorted(
            ((item.plugin_name, function_of(item, hook)) for item in implementations_of_hook), key=itemgetter(0)
        )

    def set_aside(self, slug: str, reason: Text, remedy: Text) -> None:
        """Takes a plugin out of service in this process for as long as it runs, and with it those that require it."""
        with self._lock:
            self._aside[slug] = QuarantineReason("host.set_aside", reason, remedy)
            self._reconsider()

    def apply_disabled(self, out_of_service: Mapping[str, QuarantineReason]) -> None:
        """Takes exactly these out of service for what the installation says of them; others of before come back."""
        with self._lock:
            self._out_of_service = out_of_service
            self._reconsider()

    def _reconsider(self) -> None:
        now = dict(self._found)
        for slug, fault in {**self._out_of_service, **self._aside}.items():
            now[slug] = _stopped(now[slug], fault)
        for dependent, lacking in unmet({slug: entry.plugin.requires for slug, entry in now.items() if entry.plugin}):
            now[dependent] = _stopped(now[dependent], words.lacks_plugins(lacking))
        for slug, entry in now.items():
            before = self._loaded[slug].plugin
            if before is not None and entry.plugin is None:
                self._manager.unregister(before)
            elif before is None and entry.plugin is not None:
                self._manager.register(entry.plugin, slug)
        self._loaded = now


def _stopped(loaded: Loaded, fault: QuarantineReason) -> Loaded:
    return replace(loaded, status=words.quarantined(loaded.status, fault), plugin=None)


class _Keyed(Protocol):
    key: str


K = TypeVar("K", bound=_Keyed)


def _named(offered: Sequence[K], key: str, slug: str) -> K:
    for item in offered:
        if item.key == key:
            return item
    raise PluginsRefusal.UNKNOWN_KEY.not_found(slug=slug, key=key)
