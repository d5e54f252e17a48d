"""The package says that it is typed."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "PKG007",
    "The package holds a file py.typed.",
    why="Without it type checkers ignore its annotations, and with them those of the SDK around it.",
    fix="add an empty file py.typed beside __init__.py",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if not (specimen.package / "py.typed").is_file():
        yield RULE.broken("py.typed is missing", SourcePlace(specimen.package / "py.typed"))
