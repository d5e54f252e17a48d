"""Holds what handlers of the rooms above name in their signatures."""

from typing import Annotated

from fastapi import Depends, FastAPI, Path, Request

from guyub.http import AppState
from guyub.plugins.plugin_registry import PluginRegistry

PluginSlug = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{1,39}$", description="The slug of a plugin.")]


async def plugin_registry(request: Request) -> PluginRegistry:
    """Returns the plugin registry; asynchronous, as it waits for nothing and so costs no thread."""
    return registry_of(request.app)


Plugins = Annotated[PluginRegistry, Depends(plugin_registry)]
"""The plugins of the application, in the signature of a handler."""


def registry_of(app: FastAPI) -> PluginRegistry:
    """Raises ``TypeError`` for an application that was put together without a plugin registry."""
    state: AppState = app.state.guyub
    if not isinstance(state.plugins, PluginRegistry):
        raise TypeError(f"the plugins of this application are a {type(state.plugins).__name__}, not a PluginRegistry")
    return state.plugins
