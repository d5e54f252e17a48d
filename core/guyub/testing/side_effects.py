"""Notes what code does to the world outside while it is watched: files written, connections, other programs.

Python tells through audit events, which cannot be taken back once they are asked for; so they are asked for once, and
heard only while somebody watches. In a process that only checks a plugin (``refuse_the_outside``) connections and other
programs are refused as well.
"""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

from guyub.testing.finding import SourcePlace

_NETWORK = {
    "socket.__new__": "opens a socket",
    "socket.connect": "connects to a server",
    "socket.bind": "opens a port",
    "socket.sendto": "sends to a server",
    "socket.getaddrinfo": "looks up a host",
    "socket.gethostbyname": "looks up a host",
    "socket.gethostbyaddr": "looks up a host",
}
_PROGRAMS = {
    "subprocess.Popen": "starts another program",
    "os.system": "starts another program",
    "os.posix_spawn": "starts another program",
    "os.exec": "becomes another program",
    "os.fork": "starts another process",
    "os.forkpty": "starts another process",
    "os.kill": "ends a process",
    "os.killpg": "ends a process",
}
_OUTSIDE = {
    **_NETWORK,
    **_PROGRAMS,
    "os.remove": "removes a file",
    "os.rename": "renames a file",
    "os.mkdir": "makes a folder",
    "os.rmdir": "removes a folder",
    "os.truncate": "cuts a file",
    "sqlite3.connect": "opens a database",
}
MAY_CALL_OUTSIDE = frozenset({"guyub_on_event", "guyub_health"})
"""Hooks that may: the one comes after the commit, the other asks whether what the plugin depends on is well."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class SideEffect:
    """Something that was done to the world outside ("connects to a server"), and the line of the plugin that did it."""

    what: str
    place: SourcePlace


class OutsideRefused(PermissionError, ConnectionError):
    """The error of a plugin that reaches for the world outside while it is only checked."""

    def __init__(self, what: str) -> None:
        super().__init__(f"nothing outside can be reached inside the check: it {what}")


@dataclass(slots=True)
class _Watch:
    package: Path
    deeds: list[SideEffect]


_watches: list[_Watch] = []
_refusing: list[_Watch] = []


@contextmanager
def watched(package: Path) -> Iterator[list[SideEffect]]:
    """Notes what the code below the folder does while the block runs; what others do by themselves is not noted."""
    _listen()
    watch = _Watch(package, [])
    _watches.append(watch)
    try:
        yield watch.deeds
    finally:
        _watches.remove(watch)


def refuse_the_outside(package: Path) -> list[SideEffect]:
    """Refuses connections and programs to the code below the folder from now on in this process. The returned list holds
    what it tried, except in a hook that may call outside."""
    _listen()
    watch = _Watch(package, [])
    _refusing.append(watch)
    return watch.deeds


@cache
def _listen() -> None:
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watches and not _refusing:
        return
    what = _OUTSIDE.get(event) or ("writes a file" if event == "open" and _writes(arguments) else "")
    if not what or "__pycache__" in str(arguments[0] if arguments else "") or _stays_inside(event, arguments):
        return
    for watch in _watches:
        place = line_in(watch.package, sys._getframe(1))
        if place is not None:
            watch.deeds.append(SideEffect(what, place))
    if event in _NETWORK or event in _PROGRAMS:
        for watch in _refusing:
            _refuse(watch, what, sys._getframe(1))


def _refuse(watch: _Watch, what: str, frame: FrameType) -> None:
    place = line_in(watch.package, frame)
    if place is None and threading.current_thread() is threading.main_thread():
        return
    if not MAY_CALL_OUTSIDE & set(_functions(frame)):
        # A thread that the plugin started may run code of others alone.
        watch.deeds.append(SideEffect(what, place or SourcePlace(watch.package / "__init__.py")))
    raise OutsideRefused(what)


def _functions(frame: FrameType | None) -> Iterator[str]:
    while frame is not None:
        yield frame.f_code.co_name
        frame = frame.f_back


def _stays_inside(event: str, arguments: tuple[Any, ...]) -> bool:
    """Returns whether nothing outside is reached: a socket between processes of this machine is no connection, and signal 0
    only looks whether a process is there."""
    if event == "socket.__new__":
        return arguments[1] not in (socket.AF_INET, socket.AF_INET6, -1)
    if event in ("socket.connect", "socket.bind", "socket.sendto"):
        return getattr(arguments[0], "family", None) == getattr(socket, "AF_UNIX", object())
    return event in ("os.kill", "os.killpg") and arguments[1] == 0


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        # A descriptor: its path was heard when it was opened.
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return bool(isinstance(flags, int) and flags & _WRITING)


def line_in(package: Path, frame: FrameType | None) -> SourcePlace | None:
    """Returns the innermost line below the folder that a call came through."""
    while frame is not None:
        if frame.f_code.co_filename.startswith(f"{package}{os.sep}"):
            return SourcePlace(Path(frame.f_code.co_filename), frame.f_lineno)
        frame = frame.f_back
    return None
