"""Long documents are typeset in parts and joined: every page, row and bookmark once, still tagged and archivable."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from guyub.documents import joining
from guyub.documents.blocks import (
    Block,
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Halves,
    Heading,
    PageBreak,
    Paragraph,
    Total,
)
from guyub.documents.parts import parts_of
from guyub.documents.rendering import Printed, to_pdf

Reading = Callable[[Document], PdfReader]


def slips(count: int) -> Document:
    each = tuple(
        (DocumentTitle((f"TANDA TERIMA {n}",), f"Nomor: {n}"), Paragraph("berupa (beras) 1 0 R"))
        for n in range(1, count + 1)
    )
    return Document("receipts", "Tanda terima (1 0 R)", "t.pdf", (Halves(each),))


def table(rows: int, *after: Block, landscape: bool = True) -> Document:
    cells = tuple((str(n), f"Contoh {n}") for n in range(1, rows + 1))
    ruled = DocumentTable(
        (DocumentColumn("No.", 12), DocumentColumn("Nama lengkap")), cells, (Total("Jumlah", (f"{rows} orang",)),)
    )
    return Document("list", "Daftar", "d.pdf", (DocumentTitle(("DAFTAR",)), ruled, *after), landscape=landscape)


def structure(reader: PdfReader) -> tuple[list[DictionaryObject], int]:
    """Every element that hangs on the tree of the structure, and how many pages the other direction knows."""
    root: Any = reader.root_object["/StructTreeRoot"]
    elements: list[DictionaryObject] = []
    waiting = [(root, kid) for kid in root["/K"]]
    while waiting:
        parent, kid = waiting.pop()
        element = kid.get_object()
        if isinstance(element, DictionaryObject) and element.get("/Type") == "/StructElem":
            assert element["/P"] == parent
            elements.append(element)
            waiting += [(element, item) for item in element.get("/K", [])]
    return elements, len(root["/ParentTree"]["/Nums"]) // 2


@pytest.fixture(scope="module")
def receipts() -> PdfReader:
    printed = Printed("Ratna Contoh", datetime(2024, 11, 16, 4, 30, tzinfo=UTC), "Asia/Jakarta")
    return PdfReader(BytesIO(to_pdf(slips(230), printed)), strict=True)


def test_every_page_knows_its_number_among_all(receipts: PdfReader):
    feet = [re.findall(r"Halaman (\d+) dari (\d+)", page.extract_text()) for page in receipts.pages]
    assert feet == [[(str(n), "115")] for n in range(1, 116)]


def test_every_slip_stands_there_once_and_has_its_bookmark(receipts: PdfReader):
    words = " ".join(page.extract_text() for page in receipts.pages)
    assert re.findall(r"TANDA TERIMA (\d+)", words) == [str(n) for n in range(1, 231)]
    bookmarks: Any = receipts.outline
    assert [bookmark.title for bookmark in bookmarks] == [f"TANDA TERIMA {n}" for n in range(1, 231)]
    assert [receipts.get_destination_page_number(bookmark) for bookmark in bookmarks] == [n // 2 for n in range(230)]


def test_the_whole_is_tagged_and_archivable_as_its_parts_are(receipts: PdfReader):
    elements, pages = structure(receipts)
    assert pages == len(receipts.pages) == 115
    assert sum(element["/S"] == "/H1" for element in elements) == 230
    assert sum(element["/S"] == "/Document" for element in elements) == 1
    assert [page["/StructParents"] for page in receipts.pages] == list(range(115))
    assert {page.get("/Tabs") for page in receipts.pages} == {"/S"}
    root = receipts.root_object
    assert root["/Lang"] == "id-ID"
    assert root["/MarkInfo"]["/Marked"]
    properties = root["/Metadata"].get_object().get_data()
    for said in (b"part>2</pdfaid:part", b"conformance>A<", b"<pdfuaid:part>1<", b"NPages>115<"):
        assert said in properties
    assert receipts.metadata is not None
    assert receipts.metadata.title == "Tanda terima (1 0 R)"


def test_the_same_print_of_a_long_document_gives_the_same_bytes(printed: Printed):
    later = Printed(printed.by, printed.at + timedelta(minutes=1), printed.zone)
    assert to_pdf(slips(104), printed) == to_pdf(slips(104), printed)
    assert to_pdf(slips(104), printed) != to_pdf(slips(104), later)


def test_a_long_table_loses_no_row_and_repeats_its_header(pdf_of: Reading):
    reader = pdf_of(table(500, Heading("PENUTUP", 2), Paragraph("selesai"), PageBreak(), Paragraph("tegak")))
    pages = [page.extract_text() for page in reader.pages]
    assert re.findall(r"Contoh (\d+)", " ".join(pages)) == [str(n) for n in range(1, 501)]
    assert all("Nama lengkap" in page for page in pages[:-1])
    assert " ".join(pages).count("Jumlah") == 1
    assert re.findall(r"Halaman (\d+) dari (\d+)", " ".join(pages)) == [
        (str(n), str(len(pages))) for n in range(1, len(pages) + 1)
    ]
    assert [float(page.mediabox.width) > float(page.mediabox.height) for page in reader.pages] == [
        *[True] * (len(pages) - 1),
        False,
    ]


def test_the_cells_of_a_long_table_are_told_apart_and_found(pdf_of: Reading):
    reader = pdf_of(table(500))
    elements, _ = structure(reader)
    heads = [element["/ID"] for element in elements if element["/S"] == "/TH"]
    assert len(set(heads)) == len(heads) == 6
    tree: Any = reader.root_object["/StructTreeRoot"]
    names = tree["/IDTree"]["/Names"][::2]
    assert sorted(names) == names
    assert set(names) == set(heads)
    cells: list[Any] = [element for element in elements if element["/S"] == "/TD"]
    assert {head for cell in cells for entry in cell["/A"] for head in entry.get("/Headers", [])} <= set(heads)


def test_what_fits_a_part_stays_whole():
    assert len(parts_of(slips(100))) == 1
    assert [part.pages for part in parts_of(slips(250))] == [50, 50, 25]
    assert [part.begins for part in parts_of(table(500))] == [True, False, False]


def test_a_file_of_another_kind_is_not_joined():
    with pytest.raises((joining.NotJoinable, ValueError)):
        joining.join([b"%PDF-1.7 startxref\n0\n%%EOF"])
