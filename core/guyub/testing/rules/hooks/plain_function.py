"""Hooks are plain functions."""

import inspect
from collections.abc import Iterator

from guyub.testing.implementations import implementations
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK004",
    "A hook is neither async nor a generator.",
    why="The core calls it inside its own transaction and takes its answer at once.",
    fix="write `def`, and return a list",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, function, _options in implementations(specimen.plugin):
        if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            yield RULE.broken(f"{name} is async", specimen.function(function))
        elif inspect.isgeneratorfunction(function):
            yield RULE.broken(f"{name} is a generator", specimen.function(function))
