"""The tutorial's plugins, made from the page's own text: the commands that write them, then every file that it shows."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from guyub.scaffold import names_of, write

PAGE = Path(__file__).parents[1] / "docs/plugins/tutorial.md"
PLUGINS = ("infak", "uang_sekolah")
_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def build(folder: Path) -> dict[str, Path]:
    """Writes both into the folder as a reader would who follows the page to its end; by slug."""
    for command in commands():
        if command[:3] == ["guyub", "plugin", "new"]:
            _, _, _, name, kind = command
            write(names_of(name), "funding" if kind == "--funding" else "program", folder / name)
    for path, text in files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return {slug: folder / slug for slug in PLUGINS}


def commands() -> list[list[str]]:
    """What the page tells the reader to type, in its order."""
    lines = (line for kind, _, text in _blocks() if kind == "console" for line in text.splitlines())
    return [shlex.split(line.removeprefix("$ ")) for line in lines if line.startswith("$ ")]


def files() -> Iterator[tuple[str, str]]:
    """The files of the plugins that the page shows whole."""
    yield from ((path, text) for _, path, text in _blocks() if path.startswith(PLUGINS))


def facility_file() -> str:
    """What the page writes into the file of the facility."""
    (text,) = (text for kind, _, text in _blocks() if kind == "toml")
    return text


@cache
def _blocks() -> tuple[tuple[str, str, str], ...]:
    return tuple(_BLOCK.findall(PAGE.read_text(encoding="utf-8")))
