"""Describes where each key of a TOML text stands: a scanner of headers and keys, used only to report a finding.

The TOML libraries give values without line numbers. The text given here has been read by ``tomllib`` before, so the
scanner follows what is there and refuses nothing.
"""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r'"(?P<basic>(?:\\.|[^"\\])*)"|\'(?P<literal>[^\']*)\'|(?P<bare>[A-Za-z0-9_-]+)')
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """Returns the line of a key, or of the nearest thing around it that has one."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def scan(text: str) -> dict[Path, int]:
    """Returns the line, from 1, of every table, key and element of an array, by its path."""
    return _Scanner(text).lines


def first_duplicate(text: str) -> tuple[str, int] | None:
    """Returns the first key or table that stands a second time, with the line of its first; ``text`` may end right
    behind it."""
    scanned = _Scanner(text)
    path = scanned.twice
    return (".".join(map(str, path[-2:])), scanned.lines[path]) if path is not None else None


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.twice: Path | None = None
        self._table: Path = ()
        self._arrays: dict[Path, int] = {}
        self._implied: dict[Path, int] = {}
        self._skip(_BLANK)
        while self.at < len(text):
            if self._next("["):
                self._header()
            else:
                self._pair(self._table)
            self._skip(_BLANK)
        # A table without a header of its own stands where the first one below it does.
        for path, start in self._implied.items():
            self._note(path, start)

    def _header(self) -> None:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        names = self._dotted()
        self.at += 2 if is_array else 1
        path: Path = ()
        for name in names[:-1]:
            path = self._inside((*path, name))
            self._implied.setdefault(path, start)
        path = (*path, names[-1])
        if is_array:
            self._note(path, start)
            self._arrays[path] = self._arrays.get(path, -1) + 1
            path = self._inside(path)
        self._note_once(path, start)
        self._table = path

    def _inside(self, path: Path) -> Path:
        """Returns the path of a header; under an array of tables it means the last element."""
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _pair(self, table: Path) -> None:
        start = self.at
        path = table
        *stem, last = self._dotted()
        for name in stem:
            path = (*path, name)
            self._note(path, start)
        path = (*path, last)
        self._note_once(path, start)
        self.at += 1  # =
        self._skip(_SPACE)
        self._value(path)

    def _dotted(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            match = _KEY.match(self.text, self.at)
            assert match is not None
            names.append(match["basic"] or match["literal"] or match["bare"] or "")
            self.at = match.end()
            self._skip(_SPACE)
            if not self._next("."):
                return names
            self.at += 1

    def _value(self, path: Path) -> None:
        if self._next("["):
            self._list(path, "]")
        elif self._next("{"):
            self._list(path, "}")
        elif not self._skip(_STRING):
            self._skip(_SCALAR)

    def _list(self, path: Path, end: str) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while not self._next(end):
            if end == "]":
                self._note((*path, index), self.at)
                self._value((*path, index))
            else:
                self._pair(path)
            index += 1
            self._skip(_BLANK)
            if self._next(","):
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _note_once(self, path: Path, at: int) -> None:
        """Notes a key or table that may stand there only once."""
        if path in self.lines:
            self.twice = self.twice or path
        self._note(path, at)

    def _note(self, path: Path, at: int) -> None:
        self.lines.setdefault(path, self.text.count("\n", 0, at) + 1)

    def _next(self, expected: str) -> bool:
        return self.text.startswith(expected, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match is None:
            return False
        self.at = match.end()
        return True
