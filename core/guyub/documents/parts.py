"""Cuts a long document into parts that are typeset apart: about a hundred slips, or a few hundred rows of a table, in each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from guyub.documents.blocks import Block, Document, DocumentTable, Halves, PageBreak

SLIPS = 100
"""An even number: two of them stand on a page."""
ROWS = 240


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document: ``begins`` says that it is the first; ``pages`` is a guess at how many it has."""

    body: tuple[Block, ...]
    landscape: bool
    begins: bool
    pages: int


def parts_of(document: Document) -> list[Part]:
    """Returns one part, unless the document has a block longer than a part; every part begins a page."""
    parts: list[Part] = []
    body: list[Block] = []
    landscape = document.landscape
    began_as = landscape
    for block in document.body:
        if isinstance(block, PageBreak):
            landscape = block.landscape
            if not body:
                began_as = landscape
                continue
        *whole, rest = _pieces(block)
        for piece in whole:
            parts.append(_part([*body, piece], began_as, begins=not parts))
            body, began_as = [], landscape
        body.append(rest)
    if body or not parts:
        parts.append(_part(body, began_as, begins=not parts))
    return parts


def _part(body: list[Block], landscape: bool, *, begins: bool) -> Part:
    slips = sum(len(block.slips) for block in body if isinstance(block, Halves))
    return Part(tuple(body), landscape, begins, max(1, (slips + 1) // 2))


def _pieces(block: Block) -> Iterator[Block]:
    match block:
        case Halves(slips) if len(slips) > SLIPS:
            for start in range(0, len(slips), SLIPS):
                yield Halves(slips[start : start + SLIPS])
        case DocumentTable(rows=rows) if len(rows) > ROWS:
            for start in range(0, len(rows), ROWS):
                is_last = start + ROWS >= len(rows)
                yield replace(block, rows=rows[start : start + ROWS], totals=block.totals if is_last else ())
        case _:
            yield block
