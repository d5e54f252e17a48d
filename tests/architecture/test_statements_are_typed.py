"""Statements are typed: text of SQL is left to what no select, insert or update of a model says as well.

That are functions of the database, ``COPY``, ``unnest``, locks, and long operations on sets; each says its reason beside it.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture import rooms

CORE = rooms.CORE
NOT_OF_A_ROOM = ("migrations", "template")
"""Folders with SQL that is no statement of a room: the schema itself, and what a new plugin begins with."""
LEFT = {
    "configuration": 2,
    "db": 22,
    "documents": 1,
    "funds": 2,
    "jobs": 2,
    "plugins": 15,
    "programs": 10,
    "reports": 5,
}
"""How many texts stand in each room: a number is lowered with what becomes typed, and never raised."""
_STATEMENT = re.compile(
    r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH|LOCK|COPY|CALL|MERGE)\b[\s\S]*"
    r"\b(?:FROM|INTO|SET|AS|guyub|TABLE|SELECT|VALUES)\b"
)


def texts(nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """The statements that are written as text, f-strings among them."""
    parts = set[int]()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            parts.update(id(part) for part in node.values)
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            text = node.value
        else:
            continue
        if _STATEMENT.match(text):
            yield node


def without_a_reason(source: str) -> Iterator[int]:
    """The lines of statements as text without a comment above them, or above the call or the function that they stand in.

    A module whose statements have one reason says it at its beginning: "Statements are text: ..."
    """
    lines = source.splitlines()
    module = ast.parse(source)
    if "Statements are text: " in " ".join((ast.get_docstring(module) or "").split()):
        return
    parents = {child: node for node in ast.walk(module) for child in ast.iter_child_nodes(node)}
    for text in texts(parents):
        begins, node = text.lineno, text
        while not isinstance(node, ast.stmt):
            node = parents[node]
            begins = node.lineno if isinstance(node, ast.stmt) else begins
        if not any(line.lstrip().startswith("#") for line in lines[max(0, begins - 2) : text.lineno - 1]):
            yield text.lineno


def by_room(core: Path) -> Counter[str]:
    counted = Counter[str]()
    for path in core.rglob("*.py"):
        inside = path.relative_to(core).parts
        if not set(NOT_OF_A_ROOM) & set(inside):
            counted[inside[0]] += sum(1 for _ in texts(ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    return counted


def beyond(written: Counter[str], allowed: dict[str, int]) -> Iterator[str]:
    for room, number in sorted(written.items()):
        if number > allowed.get(room, 0):
            yield f"{room} writes {number} statements as text, {allowed.get(room, 0)} are left to it"


def test_no_room_writes_more_statements_as_text_than_are_left_to_it():
    """Take ``select(col(Model.column), ...)``, ``work.change(update(Model)...)``, or ``func.guyub.name(...)``."""
    assert list(beyond(by_room(CORE), LEFT)) == []


@pytest.mark.parametrize("room", sorted(LEFT))
def test_a_statement_as_text_says_its_reason_in_a_comment(room: str):
    for path in sorted((CORE / room).rglob("*.py")):
        if not set(NOT_OF_A_ROOM) & set(path.relative_to(CORE).parts):
            assert list(without_a_reason(path.read_text(encoding="utf-8"))) == [], path


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("work.run('SELECT id FROM guyub.cycle')", 1),
        ("work.run(f'''\n  WITH {places} SELECT 1''')", 1),
        ("a = 'UPDATE guyub.cycle SET place = 1'; b = 'DELETE FROM guyub.cycle'", 2),
        ("work.all(select(col(Cycle.id)))", 0),
        ("'SELECTED rows are shown FROM here'", 0),
        ("'Select a fund from the list'", 0),
    ],
)
def test_a_statement_as_text_is_counted(source: str, number: int):
    assert len(list(texts(ast.walk(ast.parse(source))))) == number


def test_the_question_can_fail():
    assert list(beyond(Counter(funds=3, jobs=1), {"funds": 2, "jobs": 1})) == [
        "funds writes 3 statements as text, 2 are left to it"
    ]
    assert list(beyond(Counter(funds=1), {})) == ["funds writes 1 statements as text, 0 are left to it"]


def test_a_missing_reason_is_found():
    text = "    work.run('SELECT id FROM guyub.cycle')\n"
    assert list(without_a_reason(f"def read(work):\n{text}")) == [2]
    assert list(without_a_reason(f"def read(work):\n    # A lock.\n{text}")) == []
    assert list(without_a_reason("# A long one.\n_ALL = 'SELECT id FROM guyub.cycle'\n")) == []
    assert list(without_a_reason(f'"""Reads. Statements are text: no models."""\ndef read(work):\n{text}')) == []
    assert list(without_a_reason(f'"""Reads statements."""\ndef read(work):\n{text}')) == [3]
