"""The distribution is named after the slug."""

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG002",
    "The distribution is named guyub-<slug>, with hyphens.",
    why="Staff are told to install guyub-<slug> where a plugin is missing.",
    fix='name it "guyub-<slug>" below [project]',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    wanted = f"guyub-{specimen.slug.replace('_', '-')}"
    if canonicalize_name(specimen.project.name) != wanted:
        sentence = f"the distribution is named “{specimen.project.name}”, not “{wanted}”"
        yield RULE.broken(sentence, specimen.project.line_with("name ="))
