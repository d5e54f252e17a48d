"""One plugin at a time, in a fixed order: what cannot be loaded is quarantined with a reason and a remedy; the rest starts."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pluggy

from guyub.plugins import declaration
from guyub.plugins import status as words
from guyub.plugins.discovery import DiscoveredPlugin
from guyub.plugins.status import Loaded, PluginStatus, QuarantineReason
from guyub.sdk.hookspecs import Hooks
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text


def new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("guyub")
    manager.add_hookspecs(Hooks)
    return manager


def load_all(
    candidates: Iterable[DiscoveredPlugin], manager: pluggy.PluginManager, barred: Mapping[str, QuarantineReason]
) -> dict[str, Loaded]:
    """Loads plugins and returns them by slug. A plugin whose required plugins are not ready is quarantined as well, and so
    on from one to the next.

    Nothing of those that are ``barred`` is imported.
    """
    loaded = {
        candidate.status.slug: Loaded(words.quarantined(candidate.status, barred[candidate.status.slug]), None)
        if candidate.status.slug in barred
        else load(candidate, manager)
        for candidate in candidates
    }
    needs = {slug: entry.plugin.requires for slug, entry in loaded.items() if entry.plugin is not None}
    for slug, lacking in unmet(needs):
        entry = loaded[slug]
        manager.unregister(entry.plugin)
        loaded[slug] = Loaded(words.quarantined(entry.status, words.lacks_plugins(lacking)), None)
    return loaded


def unmet(needs: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
    """Returns the plugins that are ready by themselves but lack plugins that they require, with those. One that waits for
    itself, alone or in a circle, is never ready."""
    ready: set[str] = set()
    while more := {slug for slug, required in needs.items() if slug not in ready and ready.issuperset(required)}:
        ready |= more
    return [
        (slug, [item for item in required if item not in ready])
        for slug, required in needs.items()
        if slug not in ready
    ]


def load(candidate: DiscoveredPlugin, manager: pluggy.PluginManager) -> Loaded:
    """Imports and checks one plugin, and registers it when nothing speaks against it."""
    status = candidate.status
    if candidate.fault is not None or candidate.entry is None:
        return Loaded(status, None)
    plugin: object = None
    fault, plugin = _guarded(status, lambda: _import(status, candidate.entry))
    if fault is not None or not isinstance(plugin, Plugin):
        return Loaded(words.quarantined(status, fault or _no_plugin(status)), None)
    package = _package_of(plugin)
    fault, _ = _guarded(status, lambda: (_check(status, plugin, package), None))
    if fault is None:
        fault, _ = _guarded(status, lambda: (_register(status, plugin, manager), None))
    if fault is not None:
        return Loaded(words.quarantined(status, fault), None)
    notes = tuple(declaration.warnings(plugin))
    return Loaded(
        PluginStatus(status.slug, status.distribution, status.version, "ready", warnings=notes), plugin, package
    )


def _guarded(
    status: PluginStatus, step: Callable[[], tuple[QuarantineReason | None, object]]
) -> tuple[QuarantineReason | None, object]:
    """Runs a step and returns its error instead of raising it.

    Anything may go wrong while other people's code runs, and none of it may stop the others: not even an exit.
    """
    try:
        return step()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return words.import_failed(status, error), None


def _import(status: PluginStatus, entry: EntryPoint | None) -> tuple[QuarantineReason | None, object]:
    assert entry is not None
    try:
        return None, entry.load()
    except ModuleNotFoundError as error:
        # Its own module that is not there is a broken distribution; any other is one that it depends on.
        top = (error.name or "").partition(".")[0]
        if top and top != entry.module.partition(".")[0] and top != "guyub":
            return words.lacks_module(status, top), None
        raise


def _check(status: PluginStatus, plugin: Plugin, package: Path | None) -> QuarantineReason | None:
    slug = getattr(plugin, "slug", None)
    if slug != status.slug:
        return words.wrong_declaration(
            status,
            Text(
                id="Slug “{slug}” berbeda dari entry point “{name}”.",
                en="Slug “{slug}” differs from entry point “{name}”.",
            ).format(slug=slug, name=status.slug),
        )
    for fault in declaration.faults(plugin, package):
        return words.refused(status, fault)
    return None


def _register(status: PluginStatus, plugin: Plugin, manager: pluggy.PluginManager) -> QuarantineReason | None:
    manager.register(plugin, status.slug)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        manager.unregister(plugin)
        return words.wrong_hook(
            status, Text(id="Hook tidak dikenal: {error}.", en="Unknown hook: {error}.").format(error=error)
        )
    return None


def _no_plugin(status: PluginStatus) -> QuarantineReason:
    return words.wrong_declaration(
        status,
        Text(
            id="Entry point “{name}” bukan turunan guyub.sdk.Plugin.", en="Entry point “{name}” is no guyub.sdk.Plugin."
        ).format(name=status.slug),
    )


def _package_of(plugin: Plugin) -> Path | None:
    module = sys.modules.get(type(plugin).__module__.partition(".")[0])
    folders = list(getattr(module, "__path__", ()))
    return Path(folders[0]) if folders else None
