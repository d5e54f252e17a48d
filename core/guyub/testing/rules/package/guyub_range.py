"""The distribution depends on a range of guyub."""

from collections.abc import Iterator
from importlib.metadata import version

from packaging.requirements import InvalidRequirement, Requirement

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG004",
    "It depends on guyub from a version on, and below one; the installed version is among them.",
    why="pip then says before the installation what would otherwise fail after it.",
    fix='list it as "guyub>=0.1,<0.2" among the dependencies',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    place = specimen.project.line_with("dependencies", "[project]")
    ranges = [requirement.specifier for requirement in _requirements(specimen) if requirement.name.lower() == "guyub"]
    if not ranges:
        yield RULE.broken("the dependencies do not name guyub", place)
    elif not {">=", "~=", "=="} & {specifier.operator for specifier in ranges[0]}:
        yield RULE.broken(f"“guyub{ranges[0]}” names no lowest version", place)
    elif not {"<", "<=", "~=", "=="} & {specifier.operator for specifier in ranges[0]}:
        yield RULE.broken(f"“guyub{ranges[0]}” accepts every later version", place)
    elif not ranges[0].contains(installed := version("guyub"), prereleases=True):
        yield RULE.broken(f"“guyub{ranges[0]}” leaves out {installed}, for which it is checked here", place)


def _requirements(specimen: PluginUnderTest) -> Iterator[Requirement]:
    for line in specimen.project.dependencies:
        try:
            yield Requirement(line)
        except InvalidRequirement:
            yield Requirement("unreadable")
