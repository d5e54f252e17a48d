"""A document as PDF: tagged, archivable (PDF/A-2a, PDF/UA-1), made without network and system fonts.

Every word goes to the template as JSON and is set as it is: no sign in a name can become markup.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from guyub.documents.blocks import Document
from guyub.documents.signs import MISSING, OFFICE_FONT, displayable, font_folder, readable, unbroken
from guyub.sdk.words import format_moment

MEDIA_TYPE = "application/pdf"

_TEMPLATE = Path(__file__).parent / "template" / "document.typ"
_SIZES = {"F4": (215, 330), "A4": (210, 297)}
_EMBEDDED_FONT = "Libertinus Serif"
_LONGEST_PROPERTY = 200


@dataclass(frozen=True, slots=True)
class Printed:
    """By whom and when a document is printed; it stands at the foot of every page."""

    by: str
    at: datetime
    zone: str

    @property
    def line(self) -> str:
        return f"Dicetak oleh {self.by} pada {format_moment(self.at, self.zone)}"


def to_pdf(document: Document, printed: Printed) -> bytes:
    """The same document, printed by the same person at the same moment, gives the same bytes.

    A sign that the fonts lack shows as a box: a rare name keeps nobody's paper from being printed.
    """
    width, height = _SIZES[document.paper]
    data = {
        "title": _property(document.title),
        "author": _property(printed.by),
        "width": width,
        "height": height,
        "landscape": document.landscape,
        "footer": printed.line,
        "body": document.body,
    }
    at = printed.at.replace(microsecond=0)
    try:
        return _compile(_plain(data, readable), at)
    except BaseException as error:
        if not _is_of_the_typesetter(error):
            raise
    return _compile(_plain(data, displayable), at)


def _property(words: str) -> str:
    """A property of the file: it may not be empty, and the format keeps no string of any length."""
    return " ".join(unbroken(words).split())[:_LONGEST_PROPERTY] or MISSING


def _is_of_the_typesetter(error: BaseException) -> bool:
    """Its refusals, and its panics, which derive from ``BaseException`` and are told by their name alone."""
    return isinstance(error, typst.TypstError) or type(error).__name__ == "PanicException"


def _compile(data: dict[str, Any], at: datetime) -> bytes:
    families, fonts = _fonts()
    return typst.compile(
        _TEMPLATE,
        root=_TEMPLATE.parent,
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"document": json.dumps(data | {"fonts": families})},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=at.astimezone(UTC),
    )


@cache
def _fonts() -> tuple[list[str], typst.Fonts]:
    """Families in order, and where they are: Arimo (the measures of Arial) where its package is, else typst's own serif."""
    folder = font_folder()
    if folder is None:
        return [_EMBEDDED_FONT], typst.Fonts(include_system_fonts=False)
    return [OFFICE_FONT, _EMBEDDED_FONT], typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _plain(value: Any, words: Callable[[str], str]) -> Any:
    """Dataclasses as mappings that name their class, every string passed through ``words``."""
    if is_dataclass(value):
        parts = {field.name: _plain(getattr(value, field.name), words) for field in fields(value)}
        return {"block": type(value).__name__, **parts}
    if isinstance(value, Mapping):
        return {key: _plain(part, words) for key, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part, words) for part in value]
    return words(value) if isinstance(value, str) else value
