"""Values written for an earlier version of a plugin's configuration, carried to the present one by its own migrations."""

import logging
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from guyub.configuration.refusals import ConfigurationRefusal
from guyub.sdk.errors import Refusal
from guyub.sdk.plugin import Plugin

log = logging.getLogger("guyub.plugins")

Carried = dict[str, tuple[Any, frozenset[str]]]
"""By field of the present version: its value, and the fields of the earlier one that it was made from."""


def carried(plugin: Plugin, version: int, values: Mapping[str, Any]) -> Carried:
    """Returns what the values of one layer are called and worth today. Raises ``Refusal`` when a migration fails or is
    missing.

    Migrations are pure and know only what the layer overrides, so leaving a field out shows what is made from it: a value
    keeps its origin and its lock through a rename, a split or a merge.
    """
    now = _migrated(plugin, version, values)
    without = {name: _probed(plugin, version, {k: v for k, v in values.items() if k != name}) for name in values}
    return {field: (value, _sources(field, value, now, values, without)) for field, value in now.items()}


def _sources(
    field: str, value: Any, now: Mapping[str, Any], values: Mapping[str, Any], without: Mapping[str, Mapping[str, Any]]
) -> frozenset[str]:
    changed_fields = {name for name, other in without.items() if field not in other or other[field] != value}
    if not changed_fields:
        # A constant, or the same as the migration's own fallback: it stands for what it replaces.
        changed_fields = {field} & set(values) or set(values) - set(now) or set(values)
    return frozenset(changed_fields)


def _migrated(plugin: Plugin, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    if version > plugin.config_version:
        raise ConfigurationRefusal.CONFIG_NEWER.refusal(
            plugin=plugin.title, version=version, known=plugin.config_version
        )
    result = deepcopy(dict(values))
    for step in range(version, plugin.config_version):
        try:
            result = dict(plugin.config_migrations[step](result))
        except Exception as error:  # other people's code: whatever it raises, the plugin is out of service here
            log.exception("plugin %s failed to migrate its configuration from version %s", plugin.slug, step)
            raise ConfigurationRefusal.CONFIG_MIGRATION.refusal(
                plugin=plugin.title, step=step, next=step + 1, error=type(error).__name__
            ) from error
    return result


def _probed(plugin: Plugin, version: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return _migrated(plugin, version, values)
    except Refusal:
        return {}
