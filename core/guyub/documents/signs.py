"""Turns any text into signs that can be printed: others show as a box, so no name keeps a document from being made.

Signs that are no letters never reach the typesetter: control signs, those that turn the direction of writing, and code
points that nobody assigned. Everything else is tried as it is typed. Where the fonts lack a sign, or the typesetter gives
up on a mixture of scripts, the text is set again with nothing but the signs of the office's font.
"""

import re
import struct
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

MISSING = "\N{WHITE SQUARE}"

_FONT_PACKAGE, OFFICE_FONT = "fontpkg_arimo", "Arimo"
_INVISIBLE = frozenset("\u00ad\u034f\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff")
"""Joiners, soft hyphens and the like: they take no room, so leaving them out changes nothing that is read."""
_TOO_LONG = re.compile(r"\S{41,}")
_TEN = re.compile(r"\S{1,10}")
_BREAK = "\N{ZERO WIDTH SPACE}"
_NO_LETTER = ("Co", "Cn", "Cs")
_CONTROL = ("Cc", "Cf")


def font_folder() -> Path | None:
    """Returns the folder of the office's font, None where its package is not installed."""
    spec = find_spec(_FONT_PACKAGE)
    return Path(spec.origin).parent / "files" if spec is not None and spec.origin is not None else None


def unbroken(words: str) -> str:
    """Returns the text without control signs, and without those that turn the direction of writing to show one name as
    another."""
    return "".join(map(_readable, unicodedata.normalize("NFC", words.replace("\r\n", "\n"))))


def readable(words: str) -> str:
    """Returns the text as ``unbroken`` does, with places to break a word so long that it would run off the paper."""
    return _TOO_LONG.sub(lambda word: _BREAK.join(_TEN.findall(word[0])), unbroken(words))


def displayable(words: str) -> str:
    """Returns the text as ``readable`` does, with a box for each sign that the office's font lacks."""
    shown = _shown()
    return "".join(sign if sign in shown or sign == _BREAK else MISSING for sign in readable(words))


def _readable(sign: str) -> str:
    if (sign < "\x7f" and sign >= " ") or sign == "\n":
        return sign
    if sign in _INVISIBLE or "\U000e0000" <= sign <= "\U000e007f" or "\U000e0100" <= sign <= "\U000e01ef":
        return ""
    category = unicodedata.category(sign)
    if category in _NO_LETTER:
        return MISSING
    return " " if category in _CONTROL else sign


@cache
def _shown() -> frozenset[str]:
    """Returns the signs of the office's font; without it, those of Latin writing that every font has."""
    folder = font_folder()
    latin = {*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x17F)), *"\n–—‘’“”•…", MISSING}
    if folder is None:
        return frozenset(latin)
    (file,) = folder.glob(f"{OFFICE_FONT}?wght?.ttf")
    return frozenset(latin | {chr(code) for code in _characters(file.read_bytes()) if not 0xE000 <= code <= 0xF8FF})


def _characters(font: bytes) -> set[int]:
    """Returns the code points for which an OpenType font has a glyph, from the segments of its character map (format 4)."""
    (count,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4s4xI", font, 12 + 16 * place) for place in range(count))
    table = dict(records)[b"cmap"]
    (count,) = struct.unpack_from(">H", font, table + 2)
    maps = [table + struct.unpack_from(">4xI", font, table + 4 + 8 * place)[0] for place in range(count)]
    missing: set[int] = set()
    for start in maps:
        kind, doubled = struct.unpack_from(">H4xH", font, start)
        if kind == 4:
            ends = struct.unpack_from(f">{doubled // 2}H", font, start + 14)
            starts = struct.unpack_from(f">{doubled // 2}H", font, start + 16 + doubled)
            for first, last in zip(starts, ends, strict=True):
                missing.update(range(max(first, 0x20), min(last, 0xFFFE) + 1))
    return missing
