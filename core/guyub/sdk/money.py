"""Rupiah: whole numbers, printed as EYD writes them and read as people write them."""

import re
from decimal import Decimal

from guyub.sdk.typed import NotRead, plain

_WORDS = {
    "ribu": 10**3,
    "rb": 10**3,
    "juta": 10**6,
    "jt": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "triliun": 10**12,
}
_IN_WORDS = re.compile(rf"([0-9.,]+) ?({'|'.join(_WORDS)})")
_GROUPED = re.compile(r"[0-9]+|[0-9]{1,3}((\.[0-9]{3})+|(,[0-9]{3})+)")
_SEN = re.compile(r"([0-9.]+),[0-9]{1,2}|([0-9,]+)\.[0-9]{1,2}")
_MOST_DIGITS = 30


def format_rupiah(amount: int) -> str:
    """Writes ``Rp1.500.000``: no space, dots for thousands, no decimals (EYD); negative ``-Rp50.000``."""
    return f"{'-' if amount < 0 else ''}Rp{group(abs(amount))}"


def group(number: int) -> str:
    """Writes a whole number with dots for thousands, in both languages: rupiah are Indonesian."""
    return f"{number:,}".replace(",", ".")


def parse_rupiah(written: str) -> int:
    """Reads whole rupiah as people write them. Raises ``ValueError`` (``guyub.sdk.typed.NotRead``, with what may be meant).

    ============================================== ==========================================================
    ``Rp1.500.000``, ``Rp. 1.500.000,-``           1500000, as are ``1500000`` and ``1.500.000,00``
    ``1,500,000``, ``1,500,000.00``                1500000: three digits behind a comma are no sen
    ``1500000.00``                                 1500000: four digits in a row are not grouped
    ``Rp150 ribu``, ``1,5 juta``, ``1,5jt``        150000, 1500000; also rb, miliar, triliun
    ``1.5``, ``1.500,50``, ``15.00``, ``1 500``    refused: half a rupiah, or thousands that are not grouped
    ============================================== ==========================================================
    """
    text = re.sub(r"^(-?) ?(?:rp|idr)\.? ?", r"\1", plain(written).lower())
    is_negative, text = text.startswith("-"), text.removeprefix("-").strip()
    text = re.sub(r"(,|\.)-+$|,=$", "", text).strip()
    amount = _in_words(text) if text[-1:].isalpha() else _whole(text)
    if amount is None:
        raise NotRead(f"not an amount in rupiah: {written!r}", [(amount, amount) for amount in _nearest(text)])
    return -amount if is_negative else amount


def _whole(text: str) -> int | None:
    whole = re.sub(r"(?<=[0-9]),0{1,2}$", "", text)
    whole = re.sub(r"^([0-9]{4,})\.0{1,2}$", r"\1", whole)
    if "," in whole:
        whole = re.sub(r"(?<=,[0-9]{3})\.0{1,2}$", "", whole)
    if len(whole) > _MOST_DIGITS or not _GROUPED.fullmatch(whole):
        return None
    return int(re.sub("[.,]", "", whole))


def _in_words(text: str) -> int | None:
    """Returns ``1,5 juta`` and ``1.500 ribu``; None where the number before the word leaves a part of a rupiah."""
    match = _IN_WORDS.fullmatch(text)
    if match is None or len(text) > _MOST_DIGITS:
        return None
    number = match[1]
    if _GROUPED.fullmatch(number) and "," not in number:
        return _whole_of(Decimal(number.replace(".", "")) * _WORDS[match[2]])
    if re.fullmatch(r"[0-9]+[.,][0-9]+", number):
        return _whole_of(Decimal(number.replace(",", ".")) * _WORDS[match[2]])
    return None


def _whole_of(amount: Decimal) -> int | None:
    return int(amount) if amount == int(amount) else None


def _nearest(text: str) -> list[str]:
    """Returns the amounts that may be meant: millions or thousands of ``1,5``, without the sen, without spaces."""
    if re.fullmatch(r"[0-9]{1,3}[.,][0-9]", text):
        number = Decimal(text.replace(",", "."))
        amounts = [int(number * 10**6), int(number * 10**3)]
    elif sen := _SEN.fullmatch(text):
        amounts = [int(re.sub("[.,]", "", sen[1] or sen[2]) or 0)]
    elif re.fullmatch(r"[0-9., ]+", text):
        amounts = [int(re.sub("[., ]", "", text) or 0)]
    else:
        amounts = []
    return [format_rupiah(amount) for amount in amounts if 0 < amount < 10**_MOST_DIGITS]
