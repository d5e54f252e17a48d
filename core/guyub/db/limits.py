"""Describes how long what people write may be, and which days can be meant: as the CHECK constraints have it, for every door.

A reason, a name and a place are one line to several on paper; longer ones are pasted in error and break lists and letters.
"""

from datetime import date

from guyub.sdk.text import Text

REASON = 500
"""Letters of a reason: a paragraph."""
NAME = 120
"""Of the name of a facility or an official, and of a title."""
LONG_NAME = 200
"""Of a facility's name as letters have it."""
PLACE = 100
"""Of a city, a province, a place of letters and a pattern of letter numbers."""
EVENT_PLACE = 120
"""Of where a distribution is held."""
WITNESS = 120
"""Of the name of a witness or proxy, and of what a letter of authority is known by."""
SUPPLIER = 120
NOTE_NUMBER = 80
"""Of the name of a shop, and the number of its note."""
REASON_OF_DAMAGE = 200
"""Of why goods that arrived are not accepted: a cell of a table."""
LETTERHEAD = 1000
"""Of all lines of a letterhead together."""

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""Every day that somebody records lies between them: the oldest relative of an inmate was born later, as were the offices and
their documents, and nobody plans beyond. A day outside is a slip of the keyboard: 202 for 2024."""

FIRST_MONTH, LAST_MONTH = date(2000, 1, 1), date(2100, 12, 1)
"""Every month of a programme, of a recap or of the books, by its first day: the books begin in 2000."""

TOO_LONG = Text(
    id="Isian ini terlalu panjang: {n} huruf.",
    en="This is too long: {n} letters.",
    en_one="This is too long: {n} letter.",
)
SHORTER = Text(id="Pakai paling banyak {most} huruf.", en="Use at most {most} letters.")
OUTSIDE = (
    Text(
        id="Tanggal ini di luar 1 Januari 1900 sampai 31 Desember 2100.",
        en="This date is outside 1 January 1900 to 31 December 2100.",
    ),
    Text(id="Periksa tahunnya; tulis dengan empat angka.", en="Check the year; write it with four digits."),
)

OUTSIDE_MONTH = (
    Text(
        id="Bulan ini di luar Januari 2000 sampai Desember 2100.",
        en="This month is outside January 2000 to December 2100.",
    ),
    Text(id="Periksa tahunnya; tulis seperti 2024-11.", en="Check the year; write it like 2024-11."),
)


def too_long(text: str, most: int) -> tuple[Text, Text] | None:
    """Returns what is said of a text of more than ``most`` letters, and how to fix it."""
    return (TOO_LONG.format(n=len(text)), SHORTER.format(most=most)) if len(text) > most else None


def is_plausible(day: date) -> bool:
    return FIRST_DAY <= day <= LAST_DAY


def is_month(day: date) -> bool:
    """Returns whether it is the first day of a month that the books know: as ``guyub.is_month`` in the database has it."""
    return FIRST_MONTH <= day <= LAST_MONTH and day.day == 1
