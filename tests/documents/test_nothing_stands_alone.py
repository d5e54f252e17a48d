"""No heading and no signature is separated from its text, whatever the number of recipients and the length of what is before."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from guyub.documents.blocks import (
    Clause,
    Clauses,
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Heading,
    KeyValues,
    NumberedList,
    Paragraph,
    Signature,
    Signatures,
    Witnesses,
)
from guyub.programs.documents import recipient_list as lists
from guyub.programs.documents.decree import decree
from guyub.programs.documents.facts import Facts
from tests.documents.conftest import NAMES, PACKAGE, _recipient

Reading = Callable[[Document], PdfReader]


def of_size(facts: Facts, count: int) -> Facts:
    rows = [_recipient(number, f"{NAMES[number % len(NAMES)]} {number}") for number in range(1, count + 1)]
    figures = replace(facts.figures, listed=count, received=count)
    return replace(facts, recipients=rows, packages={row.id: PACKAGE for row in rows}, figures=figures)


@pytest.mark.parametrize("count", [*range(17, 22), 44, 45, 46, 241, 250])
@pytest.mark.parametrize("draw", [lists.to_sign, lists.as_it_went, decree], ids=["to_sign", "as_it_went", "decree"])
def test_the_signatures_of_a_list_stand_below_its_last_rows(
    pdf_of: Reading, november: Facts, draw: Callable[[Facts], Document], count: int
):
    if draw is not lists.to_sign and count > 48:
        pytest.skip("the parts of a long list are cut in one place for all")
    last = pdf_of(draw(of_size(november, count))).pages[-1].extract_text()
    words = " ".join(last.split())
    assert "Bagus Contoh" in words
    assert f" {count} " in f" {words} ".replace(f"{count}3375", f"{count} 3375")
    assert "No." in words  # the header of the table is above its rows


_LINE = "Baris pengisi halaman."
_SIGNED = Signatures(((None, Signature(("Mengetahui,",), "Penanda Contoh")),))
_TABLE = DocumentTable((DocumentColumn("Kolom"),), (("Isi tabel",), ("Isi kedua",), ("Isi ketiga",)))


@pytest.mark.parametrize("lines", range(43, 51))
@pytest.mark.parametrize(
    "follows",
    [
        Paragraph("Isi paragraf " * 30),
        _TABLE,
        KeyValues((("Isi label", "Isi nilai"),)),
        NumberedList(("Isi pertama", "Isi kedua")),
        Paragraph("Isi sebelum tabel:"),
    ],
    ids=["paragraph", "table", "values", "list", "words before a table"],
)
def test_a_heading_never_ends_a_page(pdf_of: Reading, lines: int, follows: object):
    body = (DocumentTitle(("DOKUMEN",)), *[Paragraph(_LINE)] * lines, Heading("JUDUL BAGIAN"), follows, _TABLE)
    pages = pdf_of(Document("x", "x", "x.pdf", body)).pages
    for page in pages:
        said = [line for line in page.extract_text().splitlines() if not line.startswith(("Dicetak", "Halaman"))]
        assert said[-1] != "JUDUL BAGIAN"
        assert said[-1] != "Isi sebelum tabel:"
        assert said[-1] != "Kolom"  # nor does the header of a table


@pytest.mark.parametrize("lines", range(34, 50, 2))
@pytest.mark.parametrize(
    "text",
    [
        Paragraph("Demikian isi terakhir."),
        _TABLE,
        Clauses((Clause("KESATU", ("Isi pertama.",)), Clause("KEDUA", ("Isi terakhir.",)))),
    ],
    ids=["paragraph", "table", "clauses"],
)
def test_a_signature_is_on_the_page_of_its_text(pdf_of: Reading, lines: int, text: object):
    body = (
        DocumentTitle(("DOKUMEN",)),
        *[Paragraph(_LINE)] * lines,
        text,
        _SIGNED,
        Witnesses(("Saksi Contoh", "")),
        _SIGNED,
    )
    pages = pdf_of(Document("x", "x", "x.pdf", body)).pages
    for page in pages:
        said = page.extract_text()
        if "Mengetahui" in said or "Saksi-saksi" in said:
            assert "Isi" in said or "isi terakhir" in said
