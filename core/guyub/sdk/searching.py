"""Describes how names are compared: what people search for, and whether two names are one person's.

The database has the same functions (``guyub.folded``, ``guyub.search_key``, ``guyub.person_key``).
"""

import re
from unicodedata import normalize

from guyub.sdk.unseen import without_unseen

_APOSTROPHES = re.compile("[\u0027\u0060\u00b4\u02b9-\u02bc\u02be\u02bf\u02c8\u2018-\u201b\u2032\u2035\ua78c\uff07]")
_BETWEEN_WORDS = re.compile(
    r"[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u2bff\u3000-\u303f\ufe10-\ufe6f\ufff0-\uffff"
    r"\U0001f000-\U0001faff]+"
)
"""Spaces, punctuation and symbols; marks of scripts that write their vowels with them are parts of words."""
_ACCENTS = re.compile("[\u0300-\u036f]")
_BEFORE_NAMES = "(?:h|hj|hjh|k|kh|dr|drg|drs|dra|ir|prof|bpk|bapak|ibu|sdr|sdri|tn|ny) "


def folded(text: str) -> str:
    """Returns the text without accents, apostrophes, signs that nobody sees and the difference of large and small letters."""
    return _ACCENTS.sub("", normalize("NFKD", without_unseen(_APOSTROPHES.sub("", text)))).casefold()


def search_words(text: str) -> list[str]:
    """Returns the words of a name as they are searched for: letters and digits only."""
    return [word for word in _BETWEEN_WORDS.split(folded(text)) if word]


def search_key(text: str) -> str:
    """Returns the text as it is searched for, without its spaces: ``nuraini`` for ``Nur Aini`` and ``Nur'aini``."""
    return "".join(search_words(text))


def holds(text: str, asked: str) -> bool:
    """Returns whether a text has every word that is asked for; signs that are no letters are taken as they are."""
    key = search_key(text)
    return all(
        (search_key(word) or folded(word)) in (key if search_key(word) else folded(text)) for word in asked.split()
    )


def person_key(name: str) -> str:
    """Returns what two ways to write the name of one person have in common: titles before it and degrees behind a comma do
    not count."""
    words = " ".join(search_words(name.partition(",")[0]))
    return re.sub(f"^(?:{_BEFORE_NAMES})+", "", words).replace(" ", "")
