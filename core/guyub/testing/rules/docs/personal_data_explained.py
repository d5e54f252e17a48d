"""The README says what is kept about people."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DOC004",
    "A plugin that declares personal_data has a section “## Personal data” in its README.",
    why="Who switches it on answers for what it keeps.",
    fix="add the section: what is kept, why, and for how long",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if specimen.plugin.personal_data and "\n## Personal data" not in specimen.project.readme:
        yield RULE.broken(
            "the README does not say what is kept about people", SourcePlace(specimen.project.readme_file)
        )
