"""The methods of a plugin that are hooks, or look like ones."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from guyub.sdk.plugin import Plugin

_MARK = "guyub_impl"
"""The attribute that ``guyub.sdk.hookimpl`` leaves on what it marks."""

Options = Mapping[str, Any]


def implementations(plugin: Plugin) -> Iterator[tuple[str, Callable[..., Any], Options | None]]:
    """Name, function and options of the mark (None where there is none), in the order of names."""
    for name in dir(type(plugin)):
        function = getattr(type(plugin), name)
        options = getattr(function, _MARK, None)
        if callable(function) and (name.startswith("guyub_") or options is not None):
            yield name, function, options
