"""Checks that refuse what an author wrote wrongly, in one way."""

from unicodedata import category

MOST_RUPIAH = 9_000_000_000_000_000
"""More than any fund holds, and exact wherever it is counted."""


def require(holds: bool, otherwise: str) -> None:
    """Raises ``TypeError`` where the condition does not hold: the error is the author's, and the host shows it as a failure
    of the plugin."""
    if not holds:
        raise TypeError(otherwise)


def is_line(words: object, longest: int) -> bool:
    """Returns whether a value is text of one printable line: not blank, not longer than ``longest``, no line break or
    control sign."""
    if not isinstance(words, str) or not words.strip() or len(words) > longest:
        return False
    return not any(category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in words)


def is_said(words: object, longest: int) -> bool:
    """Returns whether a value is text that can be read and kept: not blank, not longer than ``longest``, no NUL."""
    if not isinstance(words, str) or not words.strip() or len(words) > longest:
        return False
    return not any(sign == "\0" or category(sign) == "Cs" for sign in words)


def is_rupiah(amount: object) -> bool:
    """Returns whether a value is a whole amount that is not negative: an ``int``, never a float or a truth value."""
    return type(amount) is int and 0 <= amount <= MOST_RUPIAH
