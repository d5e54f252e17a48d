"""A plugin with pages on the web, to be led astray."""

from tests.app.test_plugin_pages import application, calls, plugins, visitor

__all__ = ["application", "calls", "plugins", "visitor"]
