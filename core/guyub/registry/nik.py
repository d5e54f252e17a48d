"""National identity numbers (NIK) and family card numbers: soft checks, as the numbers of real people are not tidy.

A NIK is ``PPKKCC DDMMYY SSSS``: place of first registration, birth date (day + 40 for a woman), serial. It is
permanent, even where birth date or address were corrected later, and has no check digit: so only its length is wrong,
and what looks odd is said with both values for a person to judge.
"""

import re
from dataclasses import dataclass
from datetime import date

from guyub.registry.labels import SEXES
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.text import Text
from guyub.sdk.typed import plain

PROVINCES = frozenset(
    str(code)
    for island in (
        range(11, 20),
        (21,),
        range(31, 37),
        range(51, 54),
        range(61, 66),
        range(71, 77),
        (81, 82),
        range(91, 97),
    )
    for code in island
)
"""The 38 provinces of the Ministry of Home Affairs; older codes live on in the numbers of older people."""


@dataclass(frozen=True, slots=True)
class NikCheck:
    """Sixteen digits, and what looks odd about them."""

    normalised: str
    warnings: tuple[Text, ...] = ()


def check_nik(text: str, sex: str = "", field: str = "nik") -> NikCheck:
    """Normalises a NIK; ``sex`` ("female", "male" or unknown) is compared with the number.

    Raises ``Invalid`` naming ``field`` where it is not sixteen digits; nothing else is an error.
    """
    nik = _sixteen_digits(text, RegistryRefusal.NIK, "NIK", field)
    return NikCheck(nik, tuple(_warnings(nik, sex)))


def check_family_card(text: str, nik: str = "", field: str = "family_card") -> NikCheck:
    """Normalises a family card number (No. KK); ``nik`` is the recipient's, which slips into the wrong box."""
    number = _sixteen_digits(text, RegistryRefusal.FAMILY_CARD, "No. KK", field)
    if number != nik:
        return NikCheck(number)
    same = Text(
        id="No. KK sama dengan NIK ({number}). Biasanya NIK terketik di kolom No. KK.",
        en="The family card number equals the NIK ({number}). Usually the NIK was typed into the wrong box.",
    )
    return NikCheck(number, (same.format(number=mask(number)),))


def mask(number: str) -> str:
    """Returns ``3375••••••••9901``: the district of registration and the serial; neither names a person."""
    return f"{number[:4]}{'•' * (len(number) - 8)}{number[-4:]}" if number else ""


def _sixteen_digits(text: str, code: RegistryRefusal, name: str, field: str) -> str:
    digits = re.sub(r"[ .\-']", "", plain(text))
    if re.fullmatch(r"[0-9]{16}", digits):
        return digits
    if re.fullmatch(r"[0-9]*", digits):
        content = Text(id="{count} angka", en="{count} digits", en_one="{count} digit").format(count=len(digits))
    else:
        content = Text(id="tanda selain angka", en="something other than digits")
    raise code.invalid(field, name=name, found=content)


def _warnings(nik: str, sex: str) -> list[Text]:
    if nik.startswith("0"):
        return [
            Text(
                id="NIK berawalan 0 adalah NIK sementara: ganti setelah KTP-el terbit.",
                en="A NIK that begins with 0 is temporary: replace it once the identity card is issued.",
            )
        ]
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    odd: list[Text] = []
    if nik[:2] not in PROVINCES:
        odd.append(
            Text(
                id="Kode provinsi {code} tidak ada pada daftar 38 provinsi.",
                en="Province code {code} is not among the 38 provinces.",
            ).format(code=nik[:2])
        )
    if not (1 <= day <= 31 or 41 <= day <= 71):
        odd.append(
            Text(
                id="Tanggal lahir pada NIK tertulis {day}; seharusnya 01–31, atau 41–71 untuk perempuan.",
                en="The day of birth in the NIK is {day}; it should be 01–31, or 41–71 for a woman.",
            ).format(day=nik[6:8])
        )
    elif not 1 <= month <= 12:
        odd.append(
            Text(
                id="Bulan lahir pada NIK tertulis {month}; seharusnya 01–12.",
                en="The month of birth in the NIK is {month}; it should be 01–12.",
            ).format(month=nik[8:10])
        )
    elif not _exists(day % 40, month, year):
        odd.append(
            Text(id="Tanggal {date} pada NIK tidak ada.", en="There is no {date} as the NIK has it.").format(
                date=f"{day % 40:02}-{month:02}-{year:02}"
            )
        )
    if nik.endswith("0000"):
        odd.append(
            Text(id="Nomor urut NIK 0000; seharusnya mulai 0001.", en="The NIK's serial is 0000; it starts at 0001.")
        )
    decoded = "female" if day > 40 else "male"
    if sex in SEXES and sex != decoded:
        odd.append(
            Text(
                id="Jenis kelamin diisi “{given}”, sedangkan menurut NIK “{decoded}”.",
                en="The sex entered is “{given}”; by the NIK it is “{decoded}”.",
            ).format(given=SEXES[sex], decoded=SEXES[decoded])
        )
    return odd


def _exists(day: int, month: int, year: int) -> bool:
    """Returns whether the day exists in some century, since the century is unknown; 2000 + yy is a leap year wherever 1900
    + yy is."""
    try:
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def earliest_birth(nik: str, today: date) -> date:
    """Returns the first day on which the person may have been born by the number, which leaves the century open and may be
    that of a corrected birth date: its year alone counts."""
    year = int(nik[10:12])
    return date(1900 + year, 1, 1) if 1900 + year <= today.year else date.min
