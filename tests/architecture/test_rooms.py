"""The picture of the rooms is drawn from their imports, and a file of the same name is the same thing in each room."""

import ast
from collections.abc import Callable

import pytest

from tests.architecture import rooms

CORE = rooms.CORE
KITS = ("sdk", "testing", "scaffold", "cli")
"""Rooms whose modules are named after what others import from them, or type on the command line."""
_WRITING = ("INSERT INTO guyub.", "UPDATE guyub.", "DELETE FROM guyub.")


def test_the_picture_is_up_to_date():
    """Draw it again with ``python -m tests.architecture.rooms``."""
    assert rooms.PICTURE.read_text(encoding="utf-8") == rooms.drawing()


def test_no_arrow_leads_back():
    corners = rooms.places(rooms.layers())
    for room, (_, height) in corners.items():
        for below in rooms.imported_rooms(room):
            assert corners[below][1] >= height, (room, below)


def test_every_room_is_in_the_picture():
    folders = {path.parent.name for path in CORE.glob("*/__init__.py")}
    assert folders == {room for layer in rooms.layers() for room in layer}


def test_an_arrow_that_a_longer_way_implies_is_left_out():
    arrows = {"a": {"b", "c"}, "b": {"c"}, "c": set()}
    assert rooms.without_detours(arrows) == {"a": {"b"}, "b": {"c"}, "c": set()}


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.ClassDef)]


def _names(tree: ast.Module) -> set[str]:
    targets = [node.targets for node in tree.body if isinstance(node, ast.Assign)]
    return {target.id for group in targets for target in group if isinstance(target, ast.Name)}


def _texts(tree: ast.Module) -> list[str]:
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def models(tree: ast.Module) -> bool:
    """Every class is a table."""
    return bool(_classes(tree)) and all("__tablename__" in ast.unparse(kind) for kind in _classes(tree))


def refusals(tree: ast.Module) -> bool:
    """One enumeration of codes."""
    return sum("RefusalCode" in ast.unparse(base) for kind in _classes(tree) for base in kind.bases) == 1


def routes(tree: ast.Module) -> bool:
    """The pages of the room as one router."""
    return "router" in _names(tree)


def api(tree: ast.Module) -> bool:
    """What is mounted under /api."""
    return "APIRouter(" in ast.unparse(tree)


def queries(tree: ast.Module) -> bool:
    """Reads: it writes nothing."""
    return not any(word in text for text in _texts(tree) for word in _WRITING)


def labels(tree: ast.Module) -> bool:
    """Words for codes: sentences, and nothing that asks the database."""
    return "Work" not in ast.unparse(tree) and "Text(" in ast.unparse(tree)


FURNITURE: dict[str, Callable[[ast.Module], bool]] = {
    f"{kind.__name__}.py": kind for kind in (models, refusals, routes, api, queries, labels)
}


@pytest.mark.parametrize("name", FURNITURE)
def test_a_file_name_means_the_same_in_every_room(name: str):
    files = [path for path in CORE.rglob(name) if not {*KITS, "template"} & {*path.parts} or name == "refusals.py"]
    assert files
    for path in files:
        if "template" not in path.parts:
            assert FURNITURE[name](ast.parse(path.read_text(encoding="utf-8"))), path


def test_architecture_says_which_names_there_are():
    said = (rooms.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert "docs/rooms.svg" in said
    for name in (*FURNITURE, "schemas.py", "service.py", "tables.py", "pages/", "templates/"):
        assert f"`{name}`" in said, name


def test_a_file_that_is_something_else_is_found():
    assert not models(ast.parse("class A:\n    x: int"))
    assert not queries(ast.parse('def f(work):\n    work.run("DELETE FROM guyub.fund")'))
    assert not refusals(ast.parse("class A(RefusalCode): ...\nclass B(RefusalCode): ..."))
