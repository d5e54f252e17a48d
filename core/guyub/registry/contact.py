"""Names, phones and neighbourhood numbers as people write them, and as they are kept."""

import re

from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text


def check_name(given: str, field: str = "full_name") -> str:
    """Returns a whole name with single spaces, 80 characters at most (60 by Permendagri 73/2022, and room for titles).

    One word is legal, and so are apostrophes, full stops and hyphens: nothing is split and nothing is corrected.
    """
    name = " ".join(given.split())
    if any(character.isalpha() for character in name) and len(name) <= 80 and name.isprintable():
        return name
    raise Invalid(
        "registry.name",
        Text(
            id="Nama wajib diisi dengan huruf, paling panjang 80 karakter.",
            en="A name needs letters and has 80 characters at most.",
        ),
        Text(id="Tulis nama lengkap seperti pada KTP.", en="Write the whole name as on the identity card."),
        field,
    )


def normalise_phone(given: str, field: str = "phone") -> str:
    """E.164 (``+6281…``) of an Indonesian mobile or landline number; empty stays empty."""
    digits = re.sub(r"[\s.\-()]", "", given)
    if not digits:
        return ""
    national = re.sub(r"^(\+62|62|0)", "", digits)
    mobile = r"8[1-9][0-9]{7,10}"
    landline = r"[2-7][0-9]{6,10}"
    if re.fullmatch(rf"{mobile}|{landline}", national, re.ASCII):
        return f"+62{national}"
    raise Invalid(
        "registry.phone",
        Text(id="Nomor telepon “{given}” tidak dikenali.", en="The phone number “{given}” is not understood.").format(
            given=given.strip()
        ),
        Text(
            id="Tulis seperti 0812 3456 7890 (10–13 angka) atau +62 812 3456 7890, atau kosongkan.",
            en="Write it like 0812 3456 7890 (10–13 digits) or +62 812 3456 7890, or leave it empty.",
        ),
        field,
    )


def normalise_neighbourhood(given: str, field: str = "rt") -> str:
    """Three digits of an RT or RW number ("RT 7", "07", "007" are one); empty and a dash stay empty."""
    number = re.sub(r"^r[tw][\s.:]*", "", given.strip(), flags=re.IGNORECASE)
    if number in ("", "-"):
        return ""
    if re.fullmatch(r"[0-9]{1,3}", number):
        return number.zfill(3)
    raise Invalid(
        f"registry.{field}",
        Text(id="{name} “{given}” bukan nomor.", en="{name} “{given}” is no number.").format(
            name=field.upper(), given=given.strip()
        ),
        Text(id="Tulis angkanya saja, misalnya 007.", en="Write the number only, for example 007."),
        field,
    )


def one_line(given: str) -> str:
    """Text without line breaks and doubled spaces."""
    return " ".join(given.split())
