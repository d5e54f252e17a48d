"""Types of facilities and their classes, and how people write a class."""

import re
from collections.abc import Mapping

from guyub.sdk.typed import plain

CLASSES: Mapping[str, tuple[str, ...]] = {
    "rutan": ("I", "IIA", "IIB"),
    "cabang_rutan": (),
    "lapas": ("I", "IIA", "IIB", "III"),
    "lpp": ("IIA", "IIB", "III"),
    "lpka": ("I", "II"),
    "lpas": (),
    "bapas": ("I", "II"),
    "rupbasan": ("I", "II"),
}
"""By type. The database holds the same list (``guyub.is_class_of``)."""

VARIANTS = ("narkotika", "khusus", "terbuka", "pemuda")
"""What a lapas may be beside its class."""

_WORD = re.compile(r"^\s*(?:kelas|klas|kls|kl)\b\.?", re.IGNORECASE)
_DIGITS = {"1": "I", "2": "II", "3": "III"}


def normal_class(text: str) -> str:
    """Returns ``IIA`` for "Kelas II A", "Klas IIa", "II – A" and "2a"; what is no class at all comes back as it was
    given."""
    bare = re.sub(r"[ .\-/'\"()]+", "", _WORD.sub("", plain(text))).upper()
    bare = _DIGITS.get(bare[:1], bare[:1]) + bare[1:]
    known = {name for classes in CLASSES.values() for name in classes}
    return bare if bare in known or not bare else text


def is_class_of(facility_type: str, facility_class: str) -> bool:
    """Returns whether facilities of this type come in this class; none is always allowed: it may not be known yet."""
    return not facility_class or facility_class in CLASSES.get(facility_type, ())
