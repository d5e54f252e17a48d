"""What handlers of the rooms above ask for."""

from fastapi import Request

from guyub.access import http
from guyub.plugins.plugin_registry import PluginRegistry


def host_of(request: Request) -> PluginRegistry:
    """The plugins of the application that answers the request."""
    host: PluginRegistry = http.state(request).host
    return host
