"""What a role in the files may be allowed: a permission of the core, or one that an installed plugin declares."""

from difflib import get_close_matches

from guyub.access.roles import PERMISSIONS
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning.plugin_values import in_one_line
from guyub.sdk.text import Text
from guyub.ui.validation_messages import unknown

_ROOMS = {permission.partition(".")[0] for permission in PERMISSIONS}


def known_permissions(plugins: PluginRegistry) -> list[str]:
    return [*PERMISSIONS, *(permission.key for plugin in plugins.ready().values() for permission in plugin.permissions)]


def fault_of(permission: str, plugins: PluginRegistry) -> Text | None:
    """None where it is known; else the plugin that is missing, or the nearest permission that is known."""
    known = known_permissions(plugins)
    if permission in known:
        return None
    slug, point, _ = permission.partition(".")
    is_of_a_plugin = point and slug not in _ROOMS and slug not in plugins.ready()
    if is_of_a_plugin and not get_close_matches(slug, _ROOMS | plugins.ready().keys(), 1):
        return Text(id="“{permission}”: {why}", en="“{permission}”: {why}").format(
            permission=permission, why=in_one_line(plugins.not_ready(slug))
        )
    return unknown(permission, known)
