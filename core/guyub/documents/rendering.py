"""A document as PDF: tagged, archivable (PDF/A-2a, PDF/UA-1), made without network and system fonts.

Every word goes to the template as JSON and is set as it is: no sign in a name can become markup.
"""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from guyub.documents.blocks import Document
from guyub.sdk.words import format_moment

MEDIA_TYPE = "application/pdf"

_TEMPLATE = Path(__file__).parent / "template" / "document.typ"
_SIZES = {"F4": (215, 330), "A4": (210, 297)}
_OFFICE_FONT = ("fontpkg_arimo", "Arimo")
_EMBEDDED_FONT = "Libertinus Serif"
_MISSING = "\N{WHITE SQUARE}"


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

    A sign that the font lacks shows as a box: a rare name keeps nobody's paper from being printed.
    """
    width, height = _SIZES[document.paper]
    data = {
        "title": document.title,
        "author": printed.by,
        "width": width,
        "height": height,
        "landscape": document.landscape,
        "footer": printed.line,
        "body": document.body,
    }
    try:
        return _compile(_plain(data, _readable), printed.at.replace(microsecond=0))
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
    return _compile(_plain(data, _displayable), printed.at)


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
    package, family = _OFFICE_FONT
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return [_EMBEDDED_FONT], typst.Fonts(include_system_fonts=False)
    folder = Path(spec.origin).parent / "files"
    return [family, _EMBEDDED_FONT], typst.Fonts(include_system_fonts=False, font_paths=[folder])


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


def _readable(words: str) -> str:
    """Without control signs, and without those that turn the direction of writing to show one name as another."""
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn") else " "
        for sign in unicodedata.normalize("NFC", words)
    )


def _displayable(words: str) -> str:
    return "".join(sign if sign < "\u0250" or "\u2000" <= sign < "\u2100" else _MISSING for sign in _readable(words))
