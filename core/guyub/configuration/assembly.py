"""The one place where a registry of plugins is made: with the answers of this room."""

from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint

from guyub.configuration.cache import ConfigurationCache
from guyub.db.keys import Protector
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.status import QuarantineReason


def plugin_registry(
    entries: Sequence[EntryPoint] | None = None,
    protector: Protector | None = None,
    barred: Mapping[str, QuarantineReason] | None = None,
) -> PluginRegistry:
    """Returns the registry of what is installed; tests give their own ``entries``. ``protector`` opens plugins'
    secrets."""
    return PluginRegistry(ConfigurationCache(protector), entries, barred)
