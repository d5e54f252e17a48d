"""What the package imports stands among its dependencies."""

import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import imports

RULE = ConformanceRule(
    "PKG009",
    "Every third-party module that the package imports is a dependency of the distribution.",
    why="It works on the author's machine and fails at the facility, where nobody installed the rest.",
    fix="add the distribution to the dependencies; pydantic, sqlalchemy, alembic and typer come with guyub",
)

_WITH_GUYUB = frozenset({"alembic", "guyub", "pydantic", "sqlalchemy", "typer"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    offered = packages_distributions()
    declared = {canonicalize_name(name) for name in _names(specimen.project.dependencies)}
    known = {*sys.stdlib_module_names, *_WITH_GUYUB, specimen.module}
    for source in specimen.sources:
        for node, name in imports(source.tree):
            top = name.partition(".")[0]
            if top in known or top.startswith("guyub_"):
                continue
            if not {canonicalize_name(item) for item in offered.get(top, (top,))} & declared:
                yield RULE.broken(f"it imports {top}, which no dependency brings", source.at(node))


def _names(dependencies: tuple[str, ...]) -> Iterator[str]:
    for line in dependencies:
        try:
            yield Requirement(line).name
        except InvalidRequirement:
            yield line
