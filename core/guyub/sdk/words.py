"""Writes dates, months and amounts in words, as Indonesian documents have them; day names always come from the date."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
"""The three times of Indonesia; none has daylight saving."""

_UNITS = (
    "",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def period_name(period: date, lang: str = "id") -> str:
    """Writes ``November 2024``."""
    return f"{MONTHS[lang][period.month - 1]} {period.year}"


def day_name(day: date, lang: str = "id") -> str:
    return DAYS[lang][day.weekday()]


def format_date(day: date, lang: str = "id") -> str:
    """Writes ``16 November 2024``."""
    return f"{day.day} {MONTHS[lang][day.month - 1]} {day.year}"


def format_day(day: date, lang: str = "id") -> str:
    """Writes ``Sabtu, 16 November 2024``."""
    return f"{day_name(day, lang)}, {format_date(day, lang)}"


def format_time(hour: time, zone: str) -> str:
    """Writes ``09.00 WIB``: the official form has a dot."""
    return f"{hour:%H.%M} {ZONES[zone]}"


def format_moment(moment: datetime, zone: str, lang: str = "id") -> str:
    """Writes ``16 November 2024 pukul 09.00 WIB``, in the facility's zone."""
    local = moment.astimezone(ZoneInfo(zone))
    at = "pukul" if lang == "id" else "at"
    return f"{format_date(local.date(), lang)} {at} {format_time(local.time(), zone)}"


def in_words(number: int) -> str:
    """Writes a number as terbilang, in lower case: ``seratus lima puluh ribu``; 0 is ``nol``. Defined below a quadrillion.

    "se-" stands for one only before puluh, belas, ratus and ribu; it is "satu juta" and "miliar" in formal texts.
    Raises ``ValueError`` beyond.
    """
    if abs(number) >= 10**15:
        raise ValueError(f"{number} is beyond what documents write in words")
    if number < 0:
        return f"minus {in_words(-number)}"
    if number == 0:
        return "nol"
    words = []
    for scale, name in _SCALES:
        count, number = divmod(number, scale)
        if count == 1 and scale == 10**3:
            words.append("seribu")
        elif count:
            words.append(f"{_below_thousand(count)} {name}")
    if number:
        words.append(_below_thousand(number))
    return " ".join(words)


def rupiah_in_words(amount: int) -> str:
    """Writes ``seratus lima puluh ribu rupiah``."""
    return f"{in_words(amount)} rupiah"


def date_in_words(day: date) -> str:
    """Writes ``Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat``, as minutes (berita acara) begin."""
    return f"{day_name(day)} tanggal {in_words(day.day)} bulan {MONTHS['id'][day.month - 1]} tahun {in_words(day.year)}"


def _below_thousand(number: int) -> str:
    words = []
    hundreds, rest = divmod(number, 100)
    if hundreds:
        words.append("seratus" if hundreds == 1 else f"{_UNITS[hundreds]} ratus")
    if rest >= 20:
        tens, rest = divmod(rest, 10)
        words.append(f"{_UNITS[tens]} puluh")
    elif rest > 11:
        words.append(f"{_UNITS[rest - 10]} belas")
        rest = 0
    if rest:
        words.append(_UNITS[rest])
    return " ".join(words)
