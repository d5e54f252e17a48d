"""What handlers of the rooms above ask for."""

from fastapi import Request

from guyub.access import http
from guyub.plugins.plugin_host import PluginHost


def host_of(request: Request) -> PluginHost:
    """The plugins of the application that answers the request."""
    host: PluginHost = http.state(request).host
    return host
