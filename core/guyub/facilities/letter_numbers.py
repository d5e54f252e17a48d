"""Letter numbers: free text with a few tokens, since no pattern holds even within one region."""

TOKENS = ("class", "seq", "year")
"""Classification (UM.01.01), running number (``{seq:04}`` pads it) and year."""


def letter_number(template: str, *, classification: str, sequence: int, year: int) -> str:
    """``W.13.PAS-UM.01.01-0006 TAHUN 2024``. Raises ``ValueError`` for a token that there is not, or a loose brace."""
    try:
        return template.format_map({"class": classification, "seq": sequence, "year": year})
    except (KeyError, IndexError, AttributeError, ValueError) as error:
        raise ValueError(f"not a template of letter numbers: {template!r}") from error
