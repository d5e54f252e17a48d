"""Quantities of goods: decimals with a comma in Indonesian and a point in English, as many places as they need."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from unicodedata import normalize

from guyub.sdk.money import group
from guyub.sdk.unseen import single_spaced, without_unseen


def format_quantity(quantity: Decimal | int, lang: str = "id") -> str:
    """Writes ``1.500`` or ``2,5`` in Indonesian; ``1,500`` or ``2.5`` in English. It leaves trailing zeros out."""
    whole, _, rest = f"{Decimal(quantity):f}".partition(".")
    sign, whole, rest = ("-" if whole.startswith("-") else ""), whole.lstrip("-"), rest.rstrip("0")
    grouped = group(int(whole))
    if lang == "en":
        return sign + grouped.replace(".", ",") + (f".{rest}" if rest else "")
    return sign + grouped + (f",{rest}" if rest else "")


def parse_quantity(written: str) -> Decimal:
    """Reads a decimal from ``1,5``, ``1.5``, ``1.500``, ``1.500,25``. Raises ``ValueError``.

    A comma is decimal; a point is one too unless exactly three digits follow it, as office Indonesian groups thousands.
    """
    text = written.strip()
    if "," in text or re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text):
        text = text.replace(".", "").replace(",", ".")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text, re.ASCII):
        raise ValueError(f"not a quantity: {written!r}")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"not a quantity: {written!r}") from error


SAME_UNITS: Mapping[str, str] = {
    synonym: unit
    for unit, synonyms in {
        "kg": "kgs kilo kilos kilogram kilograms kilogramme kilogrammes",
        "g": "gr grm gram grams gramme grammes",
        "l": "lt ltr liter liters litre litres",
        "ml": "mililiter milliliter milliliters millilitre millilitres",
        "buah": "bh",
        "bungkus": "bks bgks",
        "botol": "btl",
        "butir": "btr",
        "kaleng": "klg",
        "lembar": "lbr",
        "lusin": "lsn",
        "pak": "pack packs",
        "sachet": "sachets saset",
    }.items()
    for synonym in synonyms.split()
}
"""Other ways to write a unit, each with the usual one: abbreviations and languages, nothing that needs a conversion.

``guyub.unit_key`` in the database knows the same words: a change here is one there, in the repeatable file of the funds.
"""


MOST_LETTERS_OF_UNIT = 20


def tidy_unit(text: str) -> str:
    """Returns a unit as it is kept: without signs that nobody sees, single-spaced, no spaces and points at its ends."""
    return single_spaced(without_unseen(normalize("NFC", text))).strip(" .")


def is_unit(text: str) -> bool:
    """Returns whether it can be kept as a unit: tidy and of 1 to 20 letters, as ``guyub.is_unit`` in the database has it."""
    return text == tidy_unit(text) and 1 <= len(text) <= MOST_LETTERS_OF_UNIT


def unit_key(text: str) -> str:
    """Returns what two ways to write one unit have in common, as ``guyub.unit_key`` in the database has it."""
    key = tidy_unit(normalize("NFKC", tidy_unit(text)).casefold())
    return SAME_UNITS.get(key, key)


def same_unit(unit: str, other: str) -> bool:
    """``Kg``, `` KG `` and ``kilogram`` are kg; ``sak`` and ``karung`` are others, and nobody guesses how much one holds."""
    return unit_key(unit) == unit_key(other)
