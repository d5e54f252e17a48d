"""Quantities of goods: decimals with a comma in Indonesian and a point in English, as many places as they need."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from guyub.sdk.money import group
from guyub.sdk.typed import NotRead, plain
from guyub.sdk.unseen import single_spaced, without_unseen


def format_quantity(quantity: Decimal | int, lang: str = "id") -> str:
    """Writes ``1.500`` or ``2,5`` in Indonesian; ``1,500`` or ``2.5`` in English. It leaves trailing zeros out."""
    whole, _, rest = f"{Decimal(quantity):f}".partition(".")
    sign, whole, rest = ("-" if whole.startswith("-") else ""), whole.lstrip("-"), rest.rstrip("0")
    grouped = group(int(whole))
    if lang == "en":
        return sign + grouped.replace(".", ",") + (f".{rest}" if rest else "")
    return sign + grouped + (f",{rest}" if rest else "")


def parse_quantity(written: str, lang: str = "id") -> Decimal:
    """Reads a quantity as pages in ``lang`` show it and as people write it; never below zero.

    Raises ``ValueError`` (``guyub.sdk.typed.NotRead``, with what may be meant). A sign that stands before exactly three digits
    groups thousands or is decimal; any other place of it has one meaning in both languages.

    ================================================ ============== ==================
    written                                          Indonesian     English
    ================================================ ============== ==================
    ``1,5``, ``1.5``, ``12.50``, ``,5``              decimal        decimal
    ``0.500``, ``0,125``, ``1234.500``               decimal        decimal
    ``1.500.000``, ``1,500,000``                     thousands      thousands
    ``1.500,25``, ``1,500.25``, ``1,000.5``          the last sign is decimal, in both
    ``1.500``                                        1500           refused: 1500 or 1.5
    ``1.125``                                        1125           1.125
    ``1,500``                                        1.5            1500
    ``12.5,5``, ``1.50.000``, ``1 500``, ``5 kg``    refused        refused
    ================================================ ============== ==================
    """
    text = plain(written)
    number = None if len(text) > _MOST_SIGNS else _plain_number(text, lang)
    if number is None:
        nearest = [Decimal(each) for each in _nearest(text)]
        raise NotRead(f"not a quantity: {written!r}", [(format_quantity(n), format_quantity(n, "en")) for n in nearest])
    return Decimal(number)


def split_unit(written: str) -> tuple[str, str]:
    """Returns the number and the unit behind it, as they are written: "80 sak" is "80" and "sak"; no unit is ""."""
    parts = _NUMBER_AND_UNIT.fullmatch(plain(written))
    return (parts["number"].rstrip(), parts["unit"].strip(" .")) if parts else (written, "")


def _plain_number(text: str, lang: str) -> str | None:
    """Returns the number with a point for its decimals and no thousands; None for what cannot be read."""
    if both := _BOTH_SIGNS.fullmatch(text):
        return f"{re.sub('[.,]', '', both['whole'])}.{both['rest']}"
    if _SEVERAL_GROUPS.fullmatch(text):
        return re.sub("[.,]", "", text)
    if grouped := _ONE_GROUP.fullmatch(text):
        groups = "," if lang == "en" else "."
        if grouped["sign"] == groups:
            return grouped["whole"] + grouped["rest"]
        if lang == "en" and text.endswith("0"):
            return None
    decimal = _DECIMAL.fullmatch(text)
    return text.replace(",", ".") if decimal else None


def _nearest(text: str) -> list[str]:
    """Returns what the digits may stand for: without their signs, or with the last or the first sign as the decimal one."""
    behind = text.lstrip("0123456789., ")
    number = text[: len(text) - len(behind)]
    parts = re.split("[.,]", number.replace(" ", "").strip(".,"))
    if not parts[-1] or len(number) > _MOST_SIGNS or (behind and not behind.isalpha()):
        return []
    joined = "".join(parts)
    if len(parts) == 1:
        return [joined]
    if len(parts) == 2:
        return [joined, ".".join(parts)]
    if len(set(re.findall("[.,]", number))) == 1:
        return [joined]
    return [f"{''.join(parts[:-1])}.{parts[-1]}", f"{parts[0]}.{''.join(parts[1:])}"]


_MOST_SIGNS = 40
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[0-9.,][0-9., ]*)(?P<unit>[^\W\d_].*)")
_BOTH_SIGNS = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:\.[0-9]{3})+(?=,)|[0-9]{1,3}(?:,[0-9]{3})+(?=\.))[.,](?P<rest>[0-9]+)"
)
_SEVERAL_GROUPS = re.compile(r"[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})")
_ONE_GROUP = re.compile(r"(?P<whole>[1-9][0-9]{0,2})(?P<sign>[.,])(?P<rest>[0-9]{3})")
_DECIMAL = re.compile(r"[0-9]*[.,]?[0-9]+")


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
    """Returns whether two units are one: ``Kg``, `` KG `` and ``kilogram`` are kg; ``sak`` and ``karung`` are others,
    and nobody guesses how much one holds.
    """
    return unit_key(unit) == unit_key(other)


@dataclass(frozen=True, slots=True)
class QuantityAsWritten:
    """A quantity as its paper has it: 80 ``sak``, where the books count in kg."""

    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class DeclaredUnit:
    """Another unit in which goods are read: one of it holds ``factor`` of the unit in which they are counted."""

    name: str
    factor: Decimal


def factor_of(unit: str, own: str, declared: Iterable[DeclaredUnit]) -> Decimal | None:
    """Returns how much of their ``own`` unit goods have in one ``unit``; None where it is not declared for them."""
    if same_unit(unit, own):
        return Decimal(1)
    return next((other.factor for other in declared if same_unit(other.name, unit)), None)
