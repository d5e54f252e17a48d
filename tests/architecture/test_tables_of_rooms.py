"""No statement names a table of a higher room: the lower one asks, and the higher answers."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture import rooms

CORE = rooms.CORE
DEPTH = {room: depth for depth, layer in enumerate(rooms.layers()) for room in layer}
OWNED = {
    table: models.relative_to(CORE).parts[0]
    for models in CORE.rglob("models.py")
    for table in re.findall(r'__tablename__ = "(\w+)"', models.read_text(encoding="utf-8"))
}


def named_tables(source: str) -> Iterator[str]:
    """The tables of the core that the statements of a text name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\bguyub\.(\w+)\b(?!\()", node.value)


def named_above() -> set[tuple[str, str]]:
    """Room and table, for each table of a room that is not below."""
    return {
        (room, table)
        for room, depth in DEPTH.items()
        if room != "sdk"  # it runs no statement; a plugin's tables refer to what it names
        for path in (CORE / room).rglob("*.py")
        if "template" not in path.parts and "migrations" not in path.parts
        for table in named_tables(path.read_text(encoding="utf-8"))
        if table in OWNED and OWNED[table] != room and DEPTH[OWNED[table]] <= depth
    }


def test_every_table_is_owned_by_a_room():
    assert len(OWNED) > 60
    assert set(OWNED.values()) <= set(DEPTH)


def test_no_statement_names_a_table_of_a_higher_room():
    assert named_above() == set()


@pytest.mark.parametrize("sql", ["SELECT 1 FROM guyub.cycle c", "UPDATE guyub.cycle SET state = :state"])
def test_a_table_in_a_statement_is_found(sql: str):
    assert list(named_tables(f"work.run({sql!r})")) == ["cycle"]
    assert list(named_tables("work.run('SELECT guyub.cycle(1)')")) == []
