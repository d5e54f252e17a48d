"""The distribution has tests of its own."""

import ast
from collections.abc import Iterator

from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "PKG010",
    "Beside the package lies tests/ with test functions.",
    why="Conformance says that a plugin is well-formed; only its author knows what it should answer.",
    fix="write tests/test_<what>.py; `guyub plugin new` shows how",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    if specimen.root is None:
        return
    functions = (
        node for source in specimen.tests for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)
    )
    if not any(node.name.startswith("test_") for node in functions):
        yield RULE.broken("there are no tests", Place(specimen.root / "tests"))
