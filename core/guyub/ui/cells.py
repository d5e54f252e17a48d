"""Any text as a cell of a file: what a workbook cannot hold is replaced, and no text begins like a formula."""

import re

LONGEST = 32_767
"""Signs of one cell of a workbook, counted as UTF-16 does."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MISSING = "\N{WHITE SQUARE}"
_CUT = "\N{HORIZONTAL ELLIPSIS}"


def plain(words: str) -> str:
    """Returns the text with a box for each sign that no file of text may hold: control signs, halves of signs, and
    those that are none."""
    return _NO_XML.sub(_MISSING, words)


def cell(words: str, longest: int = LONGEST) -> str:
    """Returns ``plain``, cut with an ellipsis where the workbook would leave the whole cell out."""
    words = plain(words)
    units = words.encode("utf-16-le")
    if len(units) <= 2 * longest:
        return words
    return units[: 2 * (longest - 1)].decode("utf-16-le", errors="ignore") + _CUT


def harmless(words: str) -> str:
    """Returns the text, behind an apostrophe where a spreadsheet would compute what somebody typed as a name."""
    words = plain(words)
    return f"'{words}" if words.lstrip(" ").startswith(_FORMULA) else words


def plain_name(words: str) -> str:
    """Returns the words in letters, digits and hyphens, in lower case, as the name of a file has them."""
    return "-".join("".join(sign if sign.isalnum() and sign.isascii() else " " for sign in words.lower()).split())
