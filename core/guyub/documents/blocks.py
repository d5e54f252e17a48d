"""Blocks that a document is made of: data that one template turns into paper. A block knows no font and no page."""

from dataclasses import dataclass
from typing import Literal

DocumentPaper = Literal["F4", "A4"]
"""F4 is 215 mm by 330 mm, the paper of most Indonesian offices; A4 the national standard."""
Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Strong:
    """Words in bold within a paragraph or cell."""

    text: str


Rich = str | tuple[str | Strong, ...]
"""Words as they are: no sign in them means anything to the template."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The kop: offices above, the facility itself in bold, its address in small letters, a double rule."""

    offices: tuple[str, ...]
    facility: str
    address: tuple[str, ...]
    compact: bool = False

    @classmethod
    def of(cls, lines: tuple[str, ...], facility: str, *, compact: bool = False) -> "Letterhead":
        """Makes a letterhead from lines: those in capitals are offices, those with small letters the address; ``facility``
        is named once, between them."""
        offices = tuple(line for line in lines if line == line.upper() and line != facility)
        address = tuple(line for line in lines if line != line.upper())
        return cls(() if compact else offices, facility, address, compact)


@dataclass(frozen=True, slots=True)
class DocumentTitle:
    """The name of the document, centred, over its number; ``number`` is printed as it is ("NOMOR: ……")."""

    lines: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """``level`` 1 is "I. PENDAHULUAN", 2 is "A. Latar Belakang"."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Justified unless ``align`` says otherwise; ``indent`` sets its first line in."""

    text: Rich
    align: Align | Literal["justify"] = "justify"
    indent: bool = False


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Labels and values with their colons below one another; ``label_width`` in mm."""

    rows: tuple[tuple[str, Rich], ...]
    label_width: int = 38


@dataclass(frozen=True, slots=True)
class Party:
    """One of those who sign: numbered, described, and called ``role`` from there on."""

    number: str
    rows: tuple[tuple[str, Rich], ...]
    role: str


@dataclass(frozen=True, slots=True)
class NumberedList:
    """``numbering`` as the template counts: "1.", "a." or "•"."""

    items: tuple[Rich, ...]
    numbering: Literal["1.", "a.", "•"] = "1."


@dataclass(frozen=True, slots=True)
class Clause:
    """A word of a decree ("Menimbang", "KESATU") and what it says: several points are lettered or numbered."""

    word: str
    points: tuple[Rich, ...]
    numbering: Literal["1.", "a."] = "a."


@dataclass(frozen=True, slots=True)
class Clauses:
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class DocumentColumn:
    """``width`` in mm; 0 takes an equal part of what the others leave."""

    title: str
    width: float = 0
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Ink:
    """A place to sign: its number and a dotted line, left for odd numbers and right for even ones."""

    number: int


DocumentCell = Rich | Ink


@dataclass(frozen=True, slots=True)
class Total:
    """A last row: ``label`` spans the columns that ``values`` leave."""

    label: str
    values: tuple[Rich, ...]


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A ruled table whose header is repeated on every page; no row is torn apart.

    ``row_height`` is the least height of a row in mm, for ink; ``small`` sets it in small letters.
    """

    columns: tuple[DocumentColumn, ...]
    rows: tuple[tuple[DocumentCell, ...], ...]
    totals: tuple[Total, ...] = ()
    row_height: float = 0
    small: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """``above`` the place for ink (place and date, office), below it the name or a blank line, and ``below`` (NIP)."""

    above: tuple[str, ...]
    name: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signatures:
    """Rows of signatures side by side, with None for an empty place; never torn apart."""

    rows: tuple[tuple[Signature | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Names with a line to sign each; an empty name is a blank one."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Halves:
    """Slips, two on a page with a line to cut along; slips that do not fit half a page get one each."""

    slips: tuple[tuple["Block", ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Begins a page for what follows, upright or ``landscape``."""

    landscape: bool = False


Block = (
    Letterhead
    | DocumentTitle
    | Heading
    | Paragraph
    | KeyValues
    | Party
    | NumberedList
    | Clauses
    | DocumentTable
    | Signatures
    | Witnesses
    | Halves
    | PageBreak
)


@dataclass(frozen=True, slots=True)
class Document:
    """A document before it is printed.

    ``kind`` is its code ("recipient_list"), ``title`` what lists and the file's properties call it, ``file_name`` ends
    in ".pdf", ``number`` is its letter number or empty, ``personal`` says that it names people who receive something.
    """

    kind: str
    title: str
    file_name: str
    body: tuple[Block, ...]
    paper: DocumentPaper = "F4"
    landscape: bool = False
    number: str = ""
    personal: bool = False
