"""Signs that nobody sees: controls, format signs, fillers. The database has the same list (``guyub.without_unseen``)."""

import re
from unicodedata import normalize

UNSEEN = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u17b4-\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    r"\U000e0100-\U000e01ef"
)
"""Unicode's categories Cc and Cf, and the letters and marks that show nothing, as ranges of a regular expression."""
SPACES = r"\u0020\u00a0\u1680\u2000-\u200a\u2028-\u2029\u202f\u205f\u3000"
"""Every kind of space and separator that is no control."""

_UNSEEN, _SPACES = re.compile(f"[{UNSEEN}]"), re.compile(f"[{SPACES}]+")


def without_unseen(text: str) -> str:
    """Returns the text without the signs that nobody sees."""
    return _UNSEEN.sub("", text)


def single_spaced(text: str) -> str:
    """Returns the text with one plain space in place of any run of spaces; also at its ends."""
    return _SPACES.sub(" ", text)


def seen_length(text: str) -> int:
    """Returns how many letters of the text a reader sees, without the spaces around them."""
    return len(single_spaced(without_unseen(text)).strip(" "))


def is_blank(text: str) -> bool:
    """Returns whether a reader sees nothing of the text."""
    return seen_length(text) == 0


def trimmed(text: str) -> str:
    """Returns the text without the spaces around it, "" where a reader would see nothing of it."""
    return "" if is_blank(text) else text.strip()


def name_key(name: str) -> str:
    """Returns what two ways to write one name have in common, as ``guyub.name_key`` in the database has it."""
    return single_spaced(without_unseen(normalize("NFKC", name).casefold())).strip(" ")
