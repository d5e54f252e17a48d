"""The README names every permission."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DOC005",
    "README.md names every permission that the plugin adds.",
    why="Whoever gives roles must know what a permission allows.",
    fix="name the key in the README, and say what it allows",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for permission in specimen.plugin.permissions:
        if permission.key not in specimen.project.readme:
            yield RULE.broken(f"the README does not name “{permission.key}”", SourcePlace(specimen.project.readme_file))
