"""Hooks have names that the core calls."""

from collections.abc import Iterator
from difflib import get_close_matches

from guyub.sdk.hookspecs import HOOKS
from guyub.testing.implementations import implementations
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK001",
    "Every method marked @hookimpl, and every one that begins with guyub_, is a hook of the API.",
    why="A misspelt hook is never called; the host quarantines its plugin.",
    fix="take a name from the reference of hooks, or one without guyub_ for a method of your own",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, function, _options in implementations(specimen.plugin):
        if name not in HOOKS:
            near = get_close_matches(name, HOOKS, 1)
            meant = f"; {near[0]} is meant?" if near else ""
            yield RULE.broken(f"there is no hook {name}{meant}", specimen.function(function))
