"""Plugins do not know one another."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import imports

RULE = ConformanceRule(
    "PKG006",
    "The package imports no other plugin.",
    why="Each is installed, switched on and taken away by itself.",
    fix="react to the core's events and batches instead; they name programmes and sources by slug",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in (*specimen.sources, *specimen.tests):
        for node, name in imports(source.tree):
            top = name.partition(".")[0]
            if top.startswith("guyub_") and top != specimen.module:
                yield RULE.broken(f"it imports {name}", source.at(node))
