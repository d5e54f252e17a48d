"""One plugin at a time, in a fixed order: what cannot be loaded is quarantined with a reason and a remedy; the rest starts."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Literal

import pluggy

from guyub.sdk.hookspecs import Hooks
from guyub.sdk.plugin import API_LEVEL, Plugin
from guyub.sdk.text import Text

ENTRY_POINT_GROUP = "guyub"
ACCEPTED_API_LEVELS = (API_LEVEL,)
_REPAIR = Text(
    id="Pasang ulang atau perbarui {distribution} (pip install --force-reinstall {distribution}), lalu mulai ulang Guyub.",
    en="Re-install or update {distribution} (pip install --force-reinstall {distribution}), then restart Guyub.",
)


@dataclass(frozen=True, slots=True)
class PluginStatus:
    """What is known of one plugin; ``reason`` and ``remedy`` are there when it is not ready."""

    slug: str
    distribution: str
    version: str
    state: Literal["ready", "quarantined", "missing"]
    reason: Text | None = None
    remedy: Text | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    status: PluginStatus
    plugin: Plugin | None


def installed() -> list[EntryPoint]:
    return sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name)


def new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("guyub")
    manager.add_hookspecs(Hooks)
    return manager


def load_all(entries: Iterable[EntryPoint], manager: pluggy.PluginManager) -> dict[str, Loaded]:
    loaded: dict[str, Loaded] = {}
    for entry in entries:
        loaded.setdefault(entry.name, _load(entry, manager))
    ready = {slug for slug, one in loaded.items() if one.plugin is not None}
    for slug, one in list(loaded.items()):
        missing = [needed for needed in one.plugin.requires if needed not in ready] if one.plugin else []
        if missing:
            manager.unregister(one.plugin)
            loaded[slug] = _quarantine(
                one.status,
                Text(id="Memerlukan plugin {names}.", en="It needs the plugin {names}.").format(
                    names=", ".join(missing)
                ),
                Text(
                    id="Pasang plugin tersebut, lalu mulai ulang Guyub.", en="Install that plugin, then restart Guyub."
                ),
            )
    return loaded


def _load(entry: EntryPoint, manager: pluggy.PluginManager) -> Loaded:
    distribution = entry.dist.name if entry.dist else "?"
    version = entry.dist.version if entry.dist else "?"
    status = PluginStatus(entry.name, distribution, version, "ready")
    repair = _REPAIR.format(distribution=distribution)
    try:
        plugin = entry.load()
    except (Exception, SystemExit) as error:
        # Anything may go wrong while other people's code is imported; none of it may stop the others.
        return _quarantine(
            status,
            Text(id="Gagal dimuat: {error}.", en="It failed to load: {error}.").format(
                error=f"{type(error).__name__}: {error}"
            ),
            repair,
        )
    fault = _fault(entry.name, plugin)
    if fault:
        return _quarantine(status, fault, repair)
    manager.register(plugin, entry.name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        manager.unregister(plugin)
        return _quarantine(
            status, Text(id="Hook tidak dikenal: {error}.", en="Unknown hook: {error}.").format(error=error), repair
        )
    return Loaded(status, plugin)


def _fault(name: str, plugin: object) -> Text | None:
    if not isinstance(plugin, Plugin):
        return Text(
            id="Entry point “{name}” bukan turunan guyub.sdk.Plugin.", en="Entry point “{name}” is no guyub.sdk.Plugin."
        ).format(name=name)
    if plugin.slug != name:
        return Text(
            id="Slug “{slug}” berbeda dari entry point “{name}”.", en="Slug “{slug}” differs from entry point “{name}”."
        ).format(slug=plugin.slug, name=name)
    if plugin.api not in ACCEPTED_API_LEVELS:
        return Text(
            id="Dibuat untuk API tingkat {api}; yang diterima {accepted}.",
            en="Made for API level {api}; accepted is {accepted}.",
        ).format(api=plugin.api, accepted=", ".join(map(str, ACCEPTED_API_LEVELS)))
    return None


def _quarantine(status: PluginStatus, reason: Text, remedy: Text) -> Loaded:
    return Loaded(PluginStatus(status.slug, status.distribution, status.version, "quarantined", reason, remedy), None)
