"""The mark of a hook has no options."""

from collections.abc import Iterator

from guyub.testing.implementations import implementations
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK003",
    "@hookimpl stands bare: no specname, wrapper, tryfirst, trylast or optionalhook.",
    why="Every plugin is called by itself, in the order of slugs; a wrapper would stand between the core and another plugin.",
    fix="write @hookimpl without parentheses",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, function, options in implementations(specimen.plugin):
        chosen = [option for option, value in (options or {}).items() if value]
        if chosen:
            yield RULE.broken(f"{name} is marked with {', '.join(chosen)}", specimen.function(function))
