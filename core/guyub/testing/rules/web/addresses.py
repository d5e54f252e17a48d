"""Addresses are well-formed and there once."""

import re
from collections.abc import Iterator

from guyub.testing.pages import routes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB015",
    "A route's path begins with “/”, has plain segments or {values}, and stands there once for its method.",
    why="The second of two is never reached.",
    fix="give each route a path of its own, as /collections/{number}",
)

_PATH = re.compile(r"/|(/([a-z0-9._-]+|{[a-z_]+}))+")


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    seen: set[tuple[str, str]] = set()
    for route in routes(specimen.plugin):
        shape = (route.method, re.sub(r"{\w+}", "{}", route.path))
        if not _PATH.fullmatch(route.path):
            yield RULE.broken(f"“{route.path}” is no address", specimen.function(route.handler))
        elif shape in seen:
            yield RULE.broken(
                f"{route.method} {route.path} is taken by an earlier route", specimen.function(route.handler)
            )
        seen.add(shape)
