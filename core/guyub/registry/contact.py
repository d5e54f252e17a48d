"""Names, phones and neighbourhood numbers as people write them, and as they are kept."""

import re

from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.typed import plain
from guyub.sdk.unseen import without_unseen

_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")


def check_name(text: str, field: str = "full_name") -> str:
    """Returns a whole name with single spaces, 80 characters at most (60 by Permendagri 73/2022, and room for titles).

    One word is legal, and so are apostrophes, full stops and hyphens: nothing is split and nothing is corrected.
    """
    name = one_line(text)
    if any(character.isalpha() for character in name) and len(name) <= 80 and name.isprintable():
        return name
    raise RegistryRefusal.NAME.invalid(field)


def normalise_phone(text: str, field: str = "phone") -> str:
    """Returns E.164 (``+6281…``) of an Indonesian mobile or landline number; empty stays empty.

    ``0812-3456-7890``, ``62812…``, ``+62 0812…`` and ``(0285) 421…`` are read; a number has no other way to begin.
    """
    digits = re.sub(r"[ .\-()']", "", plain(text))
    if not digits:
        return ""
    national = re.sub(r"^(\+62|0062|62)?0?", "", digits)
    mobile = r"8[1-9][0-9]{7,10}"
    landline = r"[2-7][0-9]{6,10}"
    if re.fullmatch(rf"{mobile}|{landline}", national, re.ASCII):
        return f"+62{national}"
    raise RegistryRefusal.PHONE.invalid(field, given=text.strip())


def normalise_neighbourhood(text: str, field: str = "rt") -> str:
    """Returns three digits of an RT or RW number ("RT 7", "RT-7", "07", "007", "0007" are one); empty and a dash stay empty."""
    number = re.sub(rf"^{field}[ .:\-/]*(no[ .:]*|ke[ \-])?", "", plain(text).lower())
    if number in ("", "-"):
        return ""
    if re.fullmatch(r"0*[0-9]{1,3}", number):
        return f"{int(number):03}"
    code = RegistryRefusal.RW if field == "rw" else RegistryRefusal.RT
    raise code.invalid(field, name=field.upper(), given=text.strip()[:40])


def split_neighbourhood(text: str) -> tuple[str, str] | None:
    """Returns what ``RT 007/RW 02`` says of RT and of RW, each as typed; None for a text that names one of them, or none."""
    both = re.fullmatch(
        r"(rt[ .:\-]*[0-9]{1,6}|rt[ ]?-)[ ,/]*(rw[ .:\-]*[0-9]{1,6}|rw[ ]?-)|([0-9]{1,6}) ?/ ?([0-9]{1,6})",
        plain(text).lower(),
    )
    return (both[1] or both[3], both[2] or both[4]) if both else None


def one_line(text: str) -> str:
    """Returns the text without line breaks, doubled spaces and signs that nobody sees; a control sign stays, to be refused."""
    line = " ".join(text.split())
    return line if _CONTROLS.search(line) else " ".join(without_unseen(line).split())
