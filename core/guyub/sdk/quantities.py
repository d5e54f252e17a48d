"""Quantities of goods: decimals with a comma in Indonesian and a point in English, as many places as they need."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from guyub.sdk.money import group


def format_quantity(quantity: Decimal | int, lang: str = "id") -> str:
    """``1.500`` or ``2,5`` in Indonesian; ``1,500`` or ``2.5`` in English. Trailing zeros are left out."""
    whole, _, rest = f"{Decimal(quantity):f}".partition(".")
    sign, whole, rest = ("-" if whole.startswith("-") else ""), whole.lstrip("-"), rest.rstrip("0")
    grouped = group(int(whole))
    if lang == "en":
        return sign + grouped.replace(".", ",") + (f".{rest}" if rest else "")
    return sign + grouped + (f",{rest}" if rest else "")


def parse_quantity(given: str) -> Decimal:
    """A decimal from ``1,5``, ``1.5``, ``1.500``, ``1.500,25``. Raises ``ValueError``.

    A comma is decimal; a point is one too unless exactly three digits follow it, as office Indonesian groups thousands.
    """
    text = given.strip()
    if "," in text or re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text):
        text = text.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII):
        raise ValueError(f"not a quantity: {given!r}")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a quantity: {given!r}") from error


def tidy_unit(given: str) -> str:
    """A unit as it is kept: without spaces around it, invisible signs and a point at its end."""
    visible = "".join(sign for sign in given if unicodedata.category(sign) != "Cf")
    return " ".join(visible.split()).rstrip(" .")


def same_unit(unit: str, other: str) -> bool:
    """``Kg`` and `` KG `` are kg; ``sak`` and ``karung`` are others, and nobody guesses how much one holds."""
    return _unit_key(unit) == _unit_key(other)


def _unit_key(unit: str) -> str:
    return unicodedata.normalize("NFKC", tidy_unit(unit)).lower()
