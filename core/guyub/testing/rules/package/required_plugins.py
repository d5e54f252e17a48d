"""What a plugin requires is installed with it."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG013",
    "Each slug in `requires` has its distribution among the dependencies, and none is the plugin itself.",
    why="pip installs what the dependencies name; a plugin whose required one is missing is quarantined.",
    fix="add guyub-<slug> to the dependencies, or take it out of `requires`",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    brought = " ".join(specimen.project.dependencies).lower().replace("_", "-")
    for slug in specimen.plugin.requires:
        if slug == specimen.plugin.slug:
            yield RULE.broken("it requires itself", specimen.attribute("requires"))
        elif f"guyub-{slug.replace('_', '-')}" not in brought:
            sentence = f"it requires the plugin “{slug}”, which no dependency brings"
            yield RULE.broken(sentence, specimen.attribute("requires"))
