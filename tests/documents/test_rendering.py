"""Blocks become paper: its size, its words as they are, its tables over pages, its properties for archives and readers."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PageObject, PdfReader

from guyub.documents.blocks import (
    Document,
    DocumentColumn,
    DocumentPaper,
    DocumentTable,
    DocumentTitle,
    Halves,
    Heading,
    Ink,
    KeyValues,
    Letterhead,
    NumberedList,
    PageBreak,
    Paragraph,
    Party,
    Signature,
    Signatures,
    Strong,
    Total,
    Witnesses,
)
from guyub.documents.rendering import Printed, to_pdf

Reading = Callable[[Document], PdfReader]
Words = Callable[[Document], str]


def paper_of(*body: object, paper: DocumentPaper = "F4", landscape: bool = False) -> Document:
    return Document("try", "Contoh", "contoh.pdf", (DocumentTitle(("CONTOH",)), *body), paper, landscape)  # type: ignore[arg-type]  # its fields in order


def size_of(page: PageObject) -> tuple[int, int]:
    """Width and height in whole millimetres."""
    return round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)


@pytest.mark.parametrize(
    ("paper", "landscape", "size"),
    [("F4", False, (215, 330)), ("F4", True, (330, 215)), ("A4", False, (210, 297)), ("A4", True, (297, 210))],
)
def test_a_page_is_the_paper_of_the_facility(
    pdf_of: Reading, paper: DocumentPaper, landscape: bool, size: tuple[int, int]
):
    assert size_of(pdf_of(paper_of(paper=paper, landscape=landscape)).pages[0]) == size


def test_an_attachment_may_lie_across(pdf_of: Reading):
    pages = pdf_of(paper_of(PageBreak(landscape=True), Paragraph("lampiran"), PageBreak(), Paragraph("tegak"))).pages
    assert [size_of(page) for page in pages] == [(215, 330), (330, 215), (215, 330)]


@pytest.mark.parametrize(
    "name",
    [
        '#eval("1+1") Contoh',
        "*tebal* _miring_ $x^2$",
        "= Judul",
        '#include "x.typ"',
        "\\ [x] {y} <z> @w // k",
        "Nur'aini -- Contoh...",
    ],
)
def test_no_sign_in_a_name_is_read_as_markup(words_of: Words, name: str):
    document = paper_of(
        Letterhead((), name, ()),
        DocumentTitle((name,), name),
        Heading(name),
        Paragraph((name, Strong(name))),
        KeyValues(((name, name),)),
        Party("I.", (("Nama", name),), name),
        NumberedList((name,)),
        DocumentTable((DocumentColumn(name), DocumentColumn("")), ((name, ""),), (Total(name, (name,)),)),
        Signatures(((Signature((name,), name, (name,)),),)),
        Witnesses((name,)),
    )
    assert words_of(document).count(" ".join(name.split())) == 19


def test_signs_that_hide_or_turn_a_name_are_left_out(words_of: Words):
    assert "Siti abc Contoh" in words_of(paper_of(Paragraph("Siti\u202eabc\x07Contoh")))


def test_a_sign_that_the_fonts_lack_shows_as_a_box_and_the_rest_prints(words_of: Words):
    assert "Siti \u25a1 Contoh Rp1.500" in words_of(paper_of(Paragraph("Siti \U0001f600 Contoh Rp1.500")))


def test_the_header_of_a_table_stands_on_every_page_and_no_row_is_lost(pdf_of: Reading):
    table = DocumentTable(
        (DocumentColumn("No.", 10), DocumentColumn("Nama"), DocumentColumn("Tanda tangan", 60)),
        tuple((str(n), f"Contoh {n}", Ink(n)) for n in range(1, 61)),
        row_height=13,
    )
    pages = [page.extract_text() for page in pdf_of(paper_of(table, landscape=True)).pages]
    assert len(pages) > 3
    assert all("Tanda tangan" in page for page in pages)
    assert re.findall(r"Contoh (\d+)", " ".join(pages)) == [str(n) for n in range(1, 61)]


def test_signatures_stay_together(pdf_of: Reading):
    for lines in range(28, 46):
        paper = paper_of(
            *(Paragraph("baris", "left") for _ in range(lines)),
            Paragraph("Demikian dibuat."),
            Signatures(((Signature(("Mengetahui,",), "Bagus Contoh", ("NIP 1",)), Signature(("Pelapor,",), "Ratna")),)),
        )
        pages = [page.extract_text() for page in pdf_of(paper).pages]
        with_closing = next(page for page in pages if "Demikian" in page)
        assert "Mengetahui," in with_closing
        assert "Bagus Contoh" in with_closing


def test_two_slips_stand_on_a_page_with_a_line_to_cut(pdf_of: Reading):
    slips = Halves(tuple((DocumentTitle((f"TANDA TERIMA {n}",)), Paragraph("berupa beras")) for n in range(1, 6)))
    document = Document("receipts", "Tanda terima", "t.pdf", (slips,))
    pages = [page.extract_text() for page in pdf_of(document).pages]
    assert [page.count("TANDA TERIMA") for page in pages] == [2, 2, 1]
    assert all("gunting di sini" in page for page in pages)


def test_slips_longer_than_half_a_page_get_one_each(pdf_of: Reading):
    long = tuple(Paragraph(f"barang {n}", "left") for n in range(30))
    document = Document(
        "receipts",
        "Tanda terima",
        "t.pdf",
        (Halves(((DocumentTitle(("SATU",)), *long), (DocumentTitle(("DUA",)), *long))),),
    )
    pages = [page.extract_text() for page in pdf_of(document).pages]
    assert ["SATU" in page for page in pages] == [True, False]
    assert all("barang 29" in page for page in pages)


def test_every_page_says_who_printed_it_when_and_how_many_there_are(pdf_of: Reading):
    pages = [page.extract_text() for page in pdf_of(paper_of(PageBreak(), Paragraph("dua"))).pages]
    assert "Dicetak oleh Ratna Contoh pada 16 November 2024 pukul 11.30 WIB" in pages[0]
    assert "Halaman 1 dari 2" in pages[0]
    assert "Halaman 2 dari 2" in pages[1]


def test_the_file_is_tagged_archivable_and_in_indonesian(pdf_of: Reading):
    reader = pdf_of(paper_of())
    root = reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == "Contoh"
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]
    properties = root["/Metadata"].get_object().get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in properties
    assert b"<pdfuaid:part>1</pdfuaid:part>" in properties


def test_the_same_print_gives_the_same_bytes_and_another_moment_others(printed: Printed):
    later = Printed(printed.by, printed.at + timedelta(minutes=1), printed.zone)
    assert to_pdf(paper_of(), printed) == to_pdf(paper_of(), printed)
    assert to_pdf(paper_of(), printed) != to_pdf(paper_of(), later)


def test_a_letterhead_knows_the_facility_from_its_address(words_of: Words):
    head = Letterhead.of(("KEMENTERIAN CONTOH", "RUTAN CONTOH", "Jalan Contoh Nomor 1"), "RUTAN CONTOH")
    assert head == Letterhead(("KEMENTERIAN CONTOH",), "RUTAN CONTOH", ("Jalan Contoh Nomor 1",))
    assert "KEMENTERIAN CONTOH RUTAN CONTOH Jalan Contoh Nomor 1" in words_of(paper_of(head))
