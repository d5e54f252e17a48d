"""Reading TOML: the data, or one sentence about what is wrong and the line on which it stands."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from guyub.provisioning.toml_positions import first_duplicate
from guyub.sdk.text import Text

DEEPEST = 30
"""Brackets and tables within one another; no file of ours goes beyond six."""

_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_TOO_MUCH_IN_ONE = re.compile(r"\d[\d_]{1000,}|[\[{]{100,}")
_DATE = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")


class NotRead(Exception):
    """The text is not TOML that can be used: ``line`` counts from 1."""

    def __init__(self, line: int, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.line = line
        self.sentence = sentence


def read(text: str) -> dict[str, Any]:
    """Raises ``NotRead``."""
    text = text.replace("\r\n", "\n")
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _explained(text, str(error)) from error
    except (RecursionError, ValueError) as error:  # brackets without end, or more digits than Python reads
        raise NotRead(_line_of_too_much(text), _TOO_MUCH) from error
    if _depth(data) > DEEPEST:
        raise NotRead(1, _TOO_MUCH)
    return data


def _line_of_too_much(text: str) -> int:
    """Returns the line with the long number or the many brackets, the first of the file where they stand on several."""
    match = _TOO_MUCH_IN_ONE.search(text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _depth(data: Mapping[str, Any]) -> int:
    """Returns the depth of tables within tables, as dotted keys make them without a bracket."""
    deepest, level = 0, [data]
    while level:
        deepest += 1
        level = [inner for table in level for inner in _tables(table)]
    return deepest


def _tables(value: Any) -> Iterator[Any]:
    inner = value.values() if isinstance(value, Mapping) else value
    return (item for item in inner if isinstance(item, Mapping | list))


def _explained(text: str, message: str) -> NotRead:
    place = _PLACE.search(message)
    if place is not None and place["line"]:
        line, column = int(place["line"]), int(place["column"])
    else:  # at the end of the document
        line, column = text.rstrip().count("\n") + 1, 0
    start = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    if message.startswith(("Cannot overwrite", "Cannot declare", "Duplicate inline")):
        twice = first_duplicate(text[: start + max(column - 1, 0)])
        if twice is not None:
            key, first = twice
            return NotRead(line, _TWICE.format(key=key, first=first))
    if message.startswith(("Invalid date", "Invalid value", "Expected newline")):
        for match in _DATE.finditer(text.split("\n")[line - 1]):
            if not _is_a_day(*match.groups()):
                return NotRead(line, _NO_SUCH_DAY.format(day=match[0]))
    return NotRead(line, _WRONG.format(at=_AT.format(column=column) if column else "", reason=_reason(message)))


def _is_a_day(year: str, month: str, day: str) -> bool:
    try:
        return bool(date.fromisoformat(f"{year}-{month}-{day}"))
    except ValueError:
        return False


def _reason(message: str) -> Text:
    english = _PLACE.sub("", message)
    known = next((indonesian for start, indonesian in _REASONS if english.startswith(start)), _ANY)
    return Text(id=known, en=english)


_REASONS = (
    ("Invalid value", 'nilainya tidak dikenal; tulis teks dalam tanda kutip “"”, tanggal sebagai 2024-11-01'),
    ("Unterminated string", 'tanda kutip penutup “"” belum ada'),
    ("Unclosed", "kurung penutupnya belum ada, atau koma di antara isinya"),
    ("Unescaped", "tanda “\\” dalam teks ditulis dua kali, “\\\\”"),
    ("Expected newline", "ada tulisan lebih sesudah nilainya; satu baris berisi satu kunci dan satu nilai"),
)
"""By how the parser begins: what it means to who wrote the file."""
_ANY = "periksa tanda kutip, kurung dan tanda “=”"

_WRONG = Text(id="Penulisan TOML salah{at}: {reason}.", en="This is no TOML{at}: {reason}.")
_AT = Text(id=" pada kolom {column}", en=" at column {column}")
_TWICE = Text(
    id="“{key}” ditulis dua kali, pertama pada baris {first}; hapus salah satunya.",
    en="“{key}” stands there twice, first at line {first}; remove one of them.",
)
_NO_SUCH_DAY = Text(
    id="Tanggal {day} tidak ada; tulis tahun-bulan-hari dengan dua angka, misalnya 2024-11-01.",
    en="There is no day {day}; write year-month-day with two digits each, as 2024-11-01.",
)
_TOO_MUCH = Text(
    id="Sebuah bilangan terlalu panjang, atau kurung dan tabel bersusun terlalu dalam; periksa angka dan kurung penutupnya.",
    en="A number is too long, or brackets and tables are nested too deeply; check the digits and the closing brackets.",
)
