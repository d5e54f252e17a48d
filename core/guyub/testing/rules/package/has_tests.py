"""The distribution has tests of its own."""

import ast
from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "PKG010",
    "Beside the package lies tests/ with test functions, each of which does something.",
    why="Conformance says that a plugin is well-formed; only its author knows what it should answer.",
    fix="write tests/test_<what>.py; `guyub plugin new` shows how",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if specimen.root is None:
        return
    tests = [
        (source, node)
        for source in specimen.tests
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    if not tests:
        yield RULE.broken("there are no tests", SourcePlace(specimen.root / "tests"))
    for source, node in tests:
        if all(isinstance(item, ast.Pass) or _is_words(item) for item in node.body):
            yield RULE.broken(f"{node.name} does nothing", source.at(node))


def _is_words(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
