"""Names, phones and neighbourhood numbers as people write them, and as they are kept."""

import re

from guyub.registry.refusals import RegistryRefusal


def check_name(text: str, field: str = "full_name") -> str:
    """Returns a whole name with single spaces, 80 characters at most (60 by Permendagri 73/2022, and room for titles).

    One word is legal, and so are apostrophes, full stops and hyphens: nothing is split and nothing is corrected.
    """
    name = " ".join(text.split())
    if any(character.isalpha() for character in name) and len(name) <= 80 and name.isprintable():
        return name
    raise RegistryRefusal.NAME.invalid(field)


def normalise_phone(text: str, field: str = "phone") -> str:
    """E.164 (``+6281…``) of an Indonesian mobile or landline number; empty stays empty."""
    digits = re.sub(r"[\s.\-()]", "", text)
    if not digits:
        return ""
    national = re.sub(r"^(\+62|62|0)", "", digits)
    mobile = r"8[1-9][0-9]{7,10}"
    landline = r"[2-7][0-9]{6,10}"
    if re.fullmatch(rf"{mobile}|{landline}", national, re.ASCII):
        return f"+62{national}"
    raise RegistryRefusal.PHONE.invalid(field, given=text.strip())


def normalise_neighbourhood(text: str, field: str = "rt") -> str:
    """Three digits of an RT or RW number ("RT 7", "07", "007" are one); empty and a dash stay empty."""
    number = re.sub(r"^r[tw][\s.:]*", "", text.strip(), flags=re.IGNORECASE)
    if number in ("", "-"):
        return ""
    if re.fullmatch(r"[0-9]{1,3}", number):
        return number.zfill(3)
    code = RegistryRefusal.RW if field == "rw" else RegistryRefusal.RT
    raise code.invalid(field, name=field.upper(), given=text.strip())


def one_line(text: str) -> str:
    """Text without line breaks and doubled spaces."""
    return " ".join(text.split())
