"""Of Guyub a plugin imports the SDK alone."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest, SourceModule
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import imports

RULE = ConformanceRule(
    "PKG005",
    "The package imports guyub.sdk and nothing else of guyub; its tests may import guyub.testing too.",
    why="All else of the core changes without notice; what is not documented is not API.",
    fix="use what guyub.sdk offers, and ask for what it lacks",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        yield from _strangers(source, ("guyub.sdk",))
    for source in specimen.tests:
        yield from _strangers(source, ("guyub.sdk", "guyub.testing"))


def _strangers(source: SourceModule, allowed: tuple[str, ...]) -> Iterator[RuleFinding]:
    for node, name in imports(source.tree):
        is_of_guyub = name == "guyub" or name.startswith("guyub.")
        if is_of_guyub and not any(name == item or name.startswith(f"{item}.") for item in allowed):
            yield RULE.broken(f"it imports {name}", source.at(node))
