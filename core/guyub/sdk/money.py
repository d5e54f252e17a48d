"""Rupiah: whole numbers, printed as EYD writes them and read as people write them."""

import re

_PARTS = re.compile(r"-?[0-9]{1,3}(\.[0-9]{3})+|-?[0-9]+")
_THOUSANDS = {"ribu": 1_000, "rb": 1_000, "juta": 1_000_000, "jt": 1_000_000}


def format_rupiah(amount: int) -> str:
    """Writes ``Rp1.500.000``: no space, dots for thousands, no decimals (EYD); negative ``-Rp50.000``."""
    return f"{'-' if amount < 0 else ''}Rp{group(abs(amount))}"


def group(number: int) -> str:
    """Writes a whole number with dots for thousands, in both languages: rupiah are Indonesian."""
    return f"{number:,}".replace(",", ".")


def parse_rupiah(written: str) -> int:
    """Reads whole rupiah from ``Rp1.500.000``, ``Rp. 1.500.000,-``, ``1500000``, ``Rp150 ribu``. Raises ``ValueError``."""
    text = written.strip().lower().replace("\N{NO-BREAK SPACE}", " ")
    text = re.sub(r"^(-?)\s*rp\.?\s*", r"\1", text)
    text = re.sub(r",(-|=|0{1,2})\s*$", "", text).strip()
    word = re.fullmatch(r"(-?[0-9]+)\s*(ribu|rb|juta|jt)", text)
    if word:
        return int(word[1]) * _THOUSANDS[word[2]]
    if not _PARTS.fullmatch(text) or not text.isascii():
        raise ValueError(f"not an amount in rupiah: {written!r}")
    return int(text.replace(".", ""))
