"""Holds what stands in files and cannot be meant: signs that no paper prints, days of another age."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from guyub.db.limits import LETTERHEAD, LONG_NAME, OUTSIDE, is_plausible
from guyub.provisioning.files import SourceFile
from guyub.provisioning.toml_positions import Path
from guyub.sdk.text import Text

_LINES = "\n\r\t"
_BREAKS = f"{_LINES}\u2028\u2029"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def check_values(source: SourceFile) -> None:
    """Checks for control characters anywhere, line breaks but where a plugin's value may have several lines, and days
    that are a slip of the keyboard, but for values of plugins, which have their own bounds."""
    for path, value in _values((), source.data or {}):
        of_plugin = path[0] == "plugins" and "config" in path[2:]
        if isinstance(value, str):
            fault = _of_text(value, allowed=_LINES if of_plugin else "")
        else:
            fault = None if of_plugin or is_plausible(value) else _OUTSIDE.format(day=str(value))
        if fault is not None:
            source.fault(path, fault)


def _values(path: Path, value: Any) -> Iterator[tuple[Path, str | date]]:
    """Yields every text and day with its place; names of keys are texts as well."""
    if isinstance(value, str) or type(value) is date:
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield (*path, name), name
            yield from _values((*path, name), item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _values((*path, number), item)


def _of_text(text: str, allowed: str) -> Text | None:
    wrong = [match for match in _CONTROLS.findall(text) if match not in allowed]
    if not wrong:
        return None
    return _LINE_BREAK if wrong[0] in _BREAKS else _CONTROL


def check_letterheads(national: SourceFile, regions: Sequence[SourceFile], facilities: Sequence[SourceFile]) -> None:
    """Checks that a letterhead is not longer than a letter has room for, all its lines together."""
    above = _length(national)
    for source in (national, *regions, *facilities):
        inherited = above if source in regions else 0
        most = LETTERHEAD if source.kind == "facility" else LETTERHEAD - LONG_NAME
        length = _length(source) + inherited
        if length > most and (source is national or above <= most):
            source.fault(("letterhead",), _TOO_LONG.format(length=length, most=most))


def _length(source: SourceFile) -> int:
    lines = (source.data or {}).get("letterhead")
    return sum(len(line) for line in lines if isinstance(line, str)) if isinstance(lines, list) else 0


_CONTROL = Text(
    id="Teks ini berisi tanda yang tidak terlihat; hapus dan tulis ulang.",
    en="This text holds an invisible control character; delete it and write it again.",
)
_LINE_BREAK = Text(
    id="Teks ini berisi ganti baris atau tab; tulis dalam satu baris.",
    en="This text holds a line break or a tab; write it on one line.",
)
_OUTSIDE = Text(id="{day}: {what} {remedy}", en="{day}: {what} {remedy}").format(
    day="{day}", what=OUTSIDE[0], remedy=OUTSIDE[1]
)
_TOO_LONG = Text(
    id="Kepala surat sepanjang {length} huruf bersama baris di atasnya; paling banyak {most}. Pendekkan.",
    en="The letterhead has {length} letters with the lines above it; at most {most}. Shorten it.",
)
