"""Hooks are marked."""

from collections.abc import Iterator

from guyub.sdk.hookspecs import HOOKS
from guyub.testing.implementations import implementations
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK002",
    "A method with the name of a hook is marked @hookimpl.",
    why="Without the mark it is never called, and nobody is told.",
    fix="write @hookimpl above it",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, function, options in implementations(specimen.plugin):
        if name in HOOKS and options is None:
            yield RULE.broken(f"{name} is not marked", specimen.function(function))
