"""What handlers of the rooms above ask for."""

from fastapi import FastAPI, Request

from guyub.http import AppState
from guyub.plugins.plugin_registry import PluginRegistry


def host_of(request: Request) -> PluginRegistry:
    """The plugins of the application that answers the request."""
    return host_of_application(request.app)


def host_of_application(app: FastAPI) -> PluginRegistry:
    """Raises ``TypeError`` for an application that was put together without a plugin registry."""
    state: AppState = app.state.guyub
    if not isinstance(state.host, PluginRegistry):
        raise TypeError(f"the plugins of this application are a {type(state.host).__name__}, not a PluginRegistry")
    return state.host
