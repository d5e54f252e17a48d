"""Holds what the parsers of typed text share: one plain form of the text, and the error that names what may have been meant."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from guyub.sdk.unseen import SPACES, without_unseen

_GAPS = re.compile(rf"[\t\n\r\f\v{SPACES}]+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u0060\u00b4\u02b9-\u02bc\u02be\u02bf\u02c8\u2018-\u201b\u2032\u2035\ua78c\uff07]")


class NotRead(ValueError):
    """Refuses a text that cannot be read.

    ``nearest`` is what it may stand for, in Indonesian and English, the likeliest first.
    """

    def __init__(self, message: str, nearest: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.nearest = tuple(nearest)


def plain(written: str) -> str:
    """Returns the text as parsers read it: without signs that nobody sees, single-spaced, with plain digits, hyphens and
    apostrophes, no space at its ends."""
    gaps_closed = _GAPS.sub(" ", normalize("NFKC", _APOSTROPHES.sub("'", _GAPS.sub(" ", written))))
    return without_unseen(_APOSTROPHES.sub("'", _DASHES.sub("-", gaps_closed))).strip(" ")
