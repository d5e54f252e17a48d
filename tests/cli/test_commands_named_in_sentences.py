"""A sentence or a page of the documentation names only commands and options that ``guyub --help`` knows."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from guyub.cli.main import app

ROOT = Path(__file__).parents[2]
COMMANDS = typer.main.get_command(app)
FILES = [
    *sorted((ROOT / "core" / "guyub").rglob("*.py")),
    *sorted((ROOT / "core" / "guyub").rglob("*.html")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "README.md",
]


def unknown_parts(line: str) -> Iterator[str]:
    """Yields each "guyub …" of the line that names a command, or an option of one, that does not exist."""
    for match in re.finditer(r"\bguyub ((?:[a-z]+ ?)+)((?:[^`.;|#]*? )?--[a-z-]+)?", line):
        words: list[str] = match[1].split()
        command: Any = COMMANDS
        while words and words[0] in getattr(command, "commands", ()):
            command = command.commands[words.pop(0)]
        if command is COMMANDS:
            continue  # "guyub" as a name within prose
        if words and hasattr(command, "commands"):
            yield match[0]
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        if match[2] and match[2].split()[-1] not in options and command.name != "run":
            yield match[0]


def test_every_command_that_is_named_exists():
    unknown = {
        str(path.relative_to(ROOT)): parts
        for path in FILES
        if (parts := [part for line in path.read_text().splitlines() for part in unknown_parts(line)])
    }
    assert unknown == {}


def test_a_command_or_option_that_does_not_exist_is_found():
    assert list(unknown_parts("jalankan `guyub events deliver ID`"))
    assert list(unknown_parts("run guyub events list --stuck"))
    assert not list(unknown_parts("run guyub events retry --plugin bansos, then guyub doctor"))
