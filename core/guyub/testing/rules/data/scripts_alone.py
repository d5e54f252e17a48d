"""Scripts stand for themselves."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import imports

RULE = ConformanceRule(
    "DATA010",
    "A script in migrations/ imports nothing of the plugin.",
    why="The tables change later; the script must still make what it made on the day it was written.",
    fix="write the columns into the script with sa.Column(...)",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.migrations:
        for node, name in imports(source.tree):
            if name == specimen.module or name.startswith(f"{specimen.module}."):
                yield RULE.broken(f"it imports {name}", source.at(node))
