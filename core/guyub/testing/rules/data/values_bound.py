"""Values are bound, not written into SQL."""

import ast
from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls

RULE = ConformanceRule(
    "DATA012",
    "SQL in text() is written out: no f-string, no +, no %, no format().",
    why="What somebody typed would become part of the statement.",
    fix='write text("… WHERE code = :code") and give {"code": …} to execute, or build it with select()',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] in ("text", "literal_column") and node.args and _is_made(node.args[0]):
                yield RULE.broken(f"{name}() is given SQL that is put together", source.at(node))


def _is_made(given: ast.expr) -> bool:
    if isinstance(given, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in given.values)
    if isinstance(given, ast.BinOp):
        return not all(isinstance(item, ast.Constant) for item in (given.left, given.right))
    return isinstance(given, ast.Call) and isinstance(given.func, ast.Attribute) and given.func.attr == "format"
