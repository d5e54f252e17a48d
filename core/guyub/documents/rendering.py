"""Renders a document as PDF: tagged, archivable (PDF/A-2a, PDF/UA-1), made without network and system fonts.

Every word goes to the template as JSON and is set as it is: no sign in a name can become markup. The work is done by other
processes, a long document in parts (see ``parts``), so that this one stays small.
"""

import zlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from guyub.documents.blocks import Document
from guyub.documents.parts import Part, parts_of
from guyub.documents.signs import MISSING, unbroken
from guyub.documents.typesetters import MOST, Answer, typesetters
from guyub.sdk.words import format_moment

MEDIA_TYPE = "application/pdf"

_SIZES = {"F4": (215, 330), "A4": (210, 297)}
_LONGEST_PROPERTY = 200
_STANDARDS = ["a-2a", "ua-1"]


@dataclass(frozen=True, slots=True)
class Printed:
    """Holds who prints a document and when; it stands at the foot of every page."""

    by: str
    at: datetime
    zone: str

    @property
    def line(self) -> str:
        return f"Dicetak oleh {self.by} pada {format_moment(self.at, self.zone)}"


def to_pdf(document: Document, printed: Printed) -> bytes:
    """Returns the document as a file; the same document, printed by the same person at the same moment, gives the same
    bytes.

    A sign that the fonts lack shows as a box: a rare name keeps no document from being printed. Raises ``Unprinted``
    when the typesetter gave up or took too long.
    """
    parts = parts_of(document)
    if len(parts) == 1:
        return zlib.decompress(_typeset(document, printed, parts[0], 1, None).content)
    return _joined(document, printed, parts)


def _joined(document: Document, printed: Printed, parts: list[Part]) -> bytes:
    """Joins the parts. Every page says how many there are, which is guessed first; the parts that guessed wrong are set
    once more."""
    counts = [part.pages for part in parts]
    made: dict[int, tuple[tuple[int, int], bytes]] = {}
    with ThreadPoolExecutor(MOST) as threads:
        while True:
            firsts = list(accumulate(counts, initial=1))[:-1]
            wanted = {place: (first, sum(counts)) for place, first in enumerate(firsts)}
            wrong = [place for place in wanted if place not in made or made[place][0] != wanted[place]]
            if not wrong:
                break
            jobs = [(document, printed, parts[place], *wanted[place]) for place in wrong]
            for place, answer in zip(wrong, threads.map(_typeset, *zip(*jobs, strict=True)), strict=True):
                counts[place] = answer.about["pages"]
                made[place] = wanted[place], answer.content
    job = {"do": "join", "parts": len(parts)}
    return typesetters.ask(document.title, job, [made[place][1] for place in range(len(parts))]).content


def _typeset(document: Document, printed: Printed, part: Part, first: int, pages: int | None) -> Answer:
    """Returns the compressed file of a part whose first page is the ``first`` of all ``pages``; None stands for the number
    of its own."""
    width, height = _SIZES[document.paper]
    data = {
        "title": _property(document.title),
        "author": _property(printed.by),
        "width": width,
        "height": height,
        "landscape": part.landscape,
        "first": first,
        "pages": pages,
        "footer": printed.line,
        "body": _plain(part.body),
    }
    # A part that begins below a heading of the one before cannot vouch for the whole; the first part does.
    standards = _STANDARDS if part.begins else _STANDARDS[:1]
    at = int(printed.at.astimezone(UTC).timestamp())
    return typesetters.ask(document.title, {"do": "typeset", "document": data, "at": at, "standards": standards})


def _property(words: str) -> str:
    """Returns a property of the file: it may not be empty, and the format keeps no string of any length."""
    return " ".join(unbroken(words).split())[:_LONGEST_PROPERTY] or MISSING


def _plain(value: Any) -> Any:
    """Turns dataclasses into mappings that name their class."""
    if is_dataclass(value):
        parts = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {"block": type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value
