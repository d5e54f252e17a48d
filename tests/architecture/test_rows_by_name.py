"""No row of the database fills a class by position: a column in another place would swap two values."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture import rooms

CORE = rooms.CORE


def by_position(source: str) -> Iterator[int]:
    """The lines on which a class is made from all columns of a row, in their order."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2][:1].isupper():
            for argument in node.args:
                if isinstance(argument, ast.Starred) and ast.unparse(argument.value).partition("[")[0] in (
                    "row",
                    "rows[0]",
                ):
                    yield node.lineno


def test_no_row_fills_a_class_by_position():
    for path in CORE.rglob("*.py"):
        if "template" not in path.parts:
            assert list(by_position(path.read_text(encoding="utf-8"))) == [], path


@pytest.mark.parametrize("specimen", ["[Cycle(*row) for row in rows]", "queries.Cycle(*row, 1)", "Switch(*row[1:])"])
def test_a_class_that_is_filled_by_position_is_found(specimen: str):
    assert list(by_position(specimen))
    assert not list(by_position("Cycle(*values)"))
    assert not list(by_position("work.rows(Cycle, statement)"))
