"""The distribution says which Python it needs."""

from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG003",
    "requires-python is there, accepts Python 3.11, and nothing older.",
    why="Installers choose a version by it; Guyub runs on Python 3.11 and later.",
    fix='write `requires-python = ">=3.11"` below [project]',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    said = specimen.project.requires_python
    try:
        accepted = SpecifierSet(said)
    except InvalidSpecifier:
        accepted = SpecifierSet("<0")
    if not said or not accepted.contains("3.11.0") or accepted.contains("3.10.99"):
        sentence = f"requires-python is “{said}”" if said else "requires-python is missing"
        yield RULE.broken(sentence, specimen.project.line_with("requires-python", "[project]"))
