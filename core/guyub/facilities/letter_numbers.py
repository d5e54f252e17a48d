"""Letter numbers: free text with a few tokens, since no pattern holds even within one region."""

import re

TOKENS = ("class", "seq", "year")
"""Classification (UM.01.01), running number (``{seq:04}`` pads it) and year."""

_TEMPLATE = re.compile(r"(?:[^{}]|\{(?:class|seq|year)(?::0?[0-9]{1,2})?\})*")
"""Nothing else of what Python's own templates can do: attributes, and widths that fill the memory."""


def letter_number(template: str, *, classification: str, sequence: int, year: int) -> str:
    """Returns ``W.13.PAS-UM.01.01-0006 TAHUN 2024``. Raises ``ValueError`` for a token that there is not, or a loose
    brace."""
    if not _TEMPLATE.fullmatch(template):
        raise ValueError(f"not a template of letter numbers: {template!r}")
    try:
        return template.format_map({"class": classification, "seq": sequence, "year": year})
    except ValueError as error:
        raise ValueError(f"not a template of letter numbers: {template!r}") from error
