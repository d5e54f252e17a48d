"""What code does to the world outside while it is watched: files written, connections, other programs.

Python tells through audit events, which cannot be taken back once they are asked for; so they are asked for once, and
heard only while somebody watches.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from guyub.testing.rule import SourcePlace

_OUTSIDE = {
    "socket.connect": "connects to a server",
    "socket.bind": "opens a port",
    "socket.getaddrinfo": "looks up a host",
    "socket.gethostbyname": "looks up a host",
    "subprocess.Popen": "starts another program",
    "os.system": "starts another program",
    "os.posix_spawn": "starts another program",
    "os.exec": "becomes another program",
    "os.fork": "starts another process",
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.mkdir": "makes a folder",
    "os.rmdir": "removes a folder",
    "os.truncate": "cuts a file",
    "sqlite3.connect": "opens a database",
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class SideEffect:
    """``what`` was done ("connects to a server"), and the line of the plugin that did it."""

    what: str
    place: SourcePlace


@dataclass(slots=True)
class _Watch:
    package: Path
    deeds: list[SideEffect]


_watches: list[_Watch] = []


@contextmanager
def watched(package: Path) -> Iterator[list[SideEffect]]:
    """What the code below the folder does while the block runs; what others do by themselves is not noted."""
    _listen()
    watch = _Watch(package, [])
    _watches.append(watch)
    try:
        yield watch.deeds
    finally:
        _watches.remove(watch)


@cache
def _listen() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches:
        return
    what = _OUTSIDE.get(event) or ("writes a file" if event == "open" and _writes(arguments) else "")
    if not what or "__pycache__" in str(arguments[0] if arguments else ""):
        return
    for watch in _watches:
        place = _line_in(watch.package, sys._getframe(1))
        if place is not None:
            watch.deeds.append(SideEffect(what, place))


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        # A descriptor: its path was heard when it was opened.
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & _WRITING)


def _line_in(package: Path, frame: FrameType | None) -> SourcePlace | None:
    while frame is not None:
        if frame.f_code.co_filename.startswith(f"{package}{os.sep}"):
            return SourcePlace(Path(frame.f_code.co_filename), frame.f_lineno)
        frame = frame.f_back
    return None
