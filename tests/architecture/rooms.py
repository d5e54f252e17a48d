"""``python -m tests.architecture.rooms`` draws the rooms of ``core/guyub`` from their imports: ``docs/rooms.svg``."""

import ast
import tomllib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "guyub"
PICTURE = ROOT / "docs" / "rooms.svg"
_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 120, 30, 30, 34, 20


def layers() -> list[list[str]]:
    """Returns the rooms from the top to the bottom as the contract of ``pyproject.toml`` has them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (contract for contract in contracts if contract["type"] == "layers")
    return [
        [room.strip(" ()") for part in layer.split("|") for room in part.split(":")] for layer in contract["layers"]
    ]


def imported_rooms(room: str) -> set[str]:
    """Returns the other rooms that the modules of a room import."""
    rooms: set[str] = set()
    for path in (CORE / room).rglob("*.py"):
        if "template" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
            rooms |= {name.split(".")[1] for name in names if name.startswith("guyub.")}
    return {name for name in rooms if (CORE / name).is_dir()} - {room}


def without_detours(arrows: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Returns the arrows that no chain of others implies."""

    def reach(room: str, seen: set[str]) -> set[str]:
        for below in arrows[room] - seen:
            seen.add(below)
            reach(below, seen)
        return seen

    return {
        room: {
            below
            for below in rooms
            if not any(below in reach(other, set()) for other in rooms - {below} if room not in reach(other, set()))
        }
        for room, rooms in arrows.items()
    }


def places(rooms: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Returns the upper left corner of each room."""
    widest = max(len(layer) for layer in rooms)
    return {
        room: (
            _MARGIN + (_WIDTH + _ACROSS) * across + (_WIDTH + _ACROSS) * (widest - len(layer)) // 2,
            _MARGIN + (_HEIGHT + _DOWN) * down,
        )
        for down, layer in enumerate(rooms)
        for across, room in enumerate(layer)
    }


def drawing() -> str:
    """Returns the picture: a box for each room, an arrow for each import that no longer way implies."""
    rooms = layers()
    corners = places(rooms)
    arrows = without_detours({room: imported_rooms(room) & set(corners) for room in corners})
    right = max(x for x, _ in corners.values()) + _WIDTH + _MARGIN
    bottom = max(y for _, y in corners.values()) + _HEIGHT + _MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right} {bottom}" font-family="sans-serif" font-size="13">',
        "<title>The rooms of Guyub and what they import</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>',
        f'<rect width="{right}" height="{bottom}" fill="#ffffff"/>',
    ]
    for room, (x, y) in corners.items():
        for below in sorted(arrows[room]):
            end_x, end_y = corners[below]
            is_beside = end_y == y
            start = (x + _WIDTH // 2, y if is_beside else y + _HEIGHT)
            end = (end_x + _WIDTH // 2, end_y)
            bend = y - _DOWN // 2 if is_beside else (start[1] + end[1]) // 2
            lines.append(
                f'<path d="M{start[0]} {start[1]}C{start[0]} {bend} {end[0]} {bend} {end[0]} {end[1]}" fill="none" '
                'stroke="#64748b" marker-end="url(#tip)"/>'
            )
    for room, (x, y) in corners.items():
        lines.append(
            f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="4" fill="#f1f5f9" stroke="#334155"/>'
            f'<text x="{x + _WIDTH // 2}" y="{y + 20}" text-anchor="middle" fill="#0f172a">{escape(room)}/</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
