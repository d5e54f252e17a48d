"""Any text in any field can be printed: every paper, workbook and message, whatever people, places and things are called."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from pypdf import PdfReader

from guyub.documents.blocks import (
    Clause,
    Clauses,
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Halves,
    Heading,
    KeyValues,
    Letterhead,
    NumberedList,
    Paragraph,
    Party,
    Signature,
    Signatures,
    Strong,
    Total,
    Witnesses,
)
from guyub.documents.rendering import Printed, to_pdf
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents import recipient_list as lists
from guyub.programs.documents.activity_report import activity_report
from guyub.programs.documents.decree import decree
from guyub.programs.documents.facts import Facts
from guyub.programs.documents.minutes import handover_record
from guyub.programs.documents.recap_workbook import recap
from guyub.programs.documents.whatsapp import chat_report
from guyub.reports.workbook import Sheet, book_of
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Text
from guyub.ui import cells
from guyub.ui.table_files import table_file, written

CODES = {
    "state",
    "category",
    "kind",
    "proof",
    "paper",
    "zone",
    "role",
    "plugin",
    "program_type",
    "exclusion_group",
    "code",
    "letter_template",
    "facility_type",
    "managed_by",
    "benefit",
}
"""Fields that hold a word of ours, which nobody types."""
NASTY = [
    "",
    " ",
    "\n",
    "\r\n\t",
    "Saksi \U0001f600",
    "\ua997\ua9ae\ua9c0",
    "漢字仮名",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u202eabc\u202c",
    "\u2066x\u2069",
    "שלום 1.500",
    "بسم الله Rp1.500",
    "e\u0301\u0323\u0308" * 20,
    "\u0308",
    "a\u200bb\u200dc\ufeff",
    "\ue000\U0010ffff\ufffe",
    "\U000e0041\U000e007f",
    "\ud800",
    "\x00\x07\x1b\x7f\x85",
    "\u2028\u2029",
    "\U0001f600" * 50,
    "#eval(1) $x^2$ [a] \\ {b} <c> @d // = - + *e* _f_ `g`",
    "=cmd|' /C calc'!A0",
    "{nama} %s {0}",
    "\u3164\u115f\u034f",
    "\u0378",
    "ﷺ\ufdfa",
    "𝕾𝖎𝖙𝖎",
    "\u1b05\u1b04\u1b44",
    "\u0e01\u0e33\u0e4d",
    "\u06d2\u06d3\u06d4\u06de\u06df ",
]
WORDS = some.one_of(
    some.text(max_size=60), some.text(some.characters(categories=["L", "M", "S", "Zs", "Cf", "Co", "Cs"]))
)
BOUNDED = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def filled(value: Any, words: str) -> Any:
    """The same with ``words`` in every field that people type."""
    if isinstance(value, str):
        return words
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                field.name: filled(getattr(value, field.name), words)
                for field in fields(value)
                if field.name not in CODES
            },
        )
    if isinstance(value, Mapping):
        return {key: part if key in CODES else filled(part, words) for key, part in value.items()}
    if isinstance(value, Sequence):
        return type(value)(filled(part, words) for part in value)  # type: ignore[call-arg]  # a list or a tuple
    return value


def with_examples(test: Any) -> Any:
    for words in NASTY:
        test = example(words=words)(test)
    return test


@with_examples
@BOUNDED
@given(words=WORDS)
@pytest.mark.deep
def test_every_document_of_a_month_is_printed(november: Facts, words: str):
    facts = filled(november, words)
    printed = Printed(words, datetime(2024, 11, 16, 4, 30, 1, 234_567, tzinfo=UTC), "Asia/Jakarta")
    papers = [
        decree(facts),
        lists.to_sign(facts),
        lists.as_it_went(facts),
        lists.receipts(facts, "001/TT/XI/2024"),
        handover_record(facts),
        activity_report(facts),
        *document_bundle.cash_books(facts),
    ]
    for paper in papers:
        assert PdfReader(BytesIO(to_pdf(paper, printed))).pages
    assert cells.plain(chat_report(facts)).encode()
    assert openpyxl.load_workbook(BytesIO(recap(facts, printed.at))).sheetnames


@with_examples
@example(words="x" * 8_000)
@BOUNDED
@given(words=WORDS)
def test_every_kind_of_block_is_printed(words: str):
    body = (
        Letterhead((words,), words, (words,)),
        DocumentTitle((words, words), words),
        Heading(words),
        Heading(words, 2),
        Paragraph((words, Strong(words))),
        Paragraph(words, "left", indent=True),
        KeyValues(((words, words),)),
        Party(words, ((words, words),), words),
        NumberedList((words,)),
        Clauses((Clause(words, (words, words)),)),
        DocumentTable(
            (DocumentColumn(words, 12), DocumentColumn(words)), ((words, (Strong(words),)),), (Total(words, (words,)),)
        ),
        Signatures(((Signature((words,), words, (words,)), None),)),
        Witnesses((words,)),
        Halves(((DocumentTitle((words,)), Paragraph(words)),)),
    )
    printed = Printed(words, datetime(2024, 11, 16, 4, 30, 1, 234_567, tzinfo=UTC), "Asia/Jakarta")
    assert PdfReader(BytesIO(to_pdf(Document("try", words, "t.pdf", body), printed))).pages


@with_examples
@example(words="x" * 33_000)
@BOUNDED
@given(words=WORDS)
def test_every_table_file_holds_what_was_typed_and_computes_nothing(words: str):
    said = Text(id=words, en=words)
    table: Table[str] = Table(name="sample", caption=said, columns=(Column("name", said, lambda row: row),))
    made_at = datetime(2024, 11, 16, 4, 30)
    listed = table_file(table.of([words]), [words], "id", "Asia/Jakarta", made_at)
    files = {}
    for shape in ("csv", "xlsx"):
        with written(listed, shape)[0] as file:
            files[shape] = file.read()
    for row in csv.reader(StringIO(files["csv"].decode("utf-8-sig")), delimiter=";"):
        assert not any(cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)
    books = [
        files["xlsx"],
        book_of(words, words, made_at, [Sheet("Contoh", ((words, 20),), ((words, 1),))]),
    ]
    for book in books:
        values = [cell for sheet in openpyxl.load_workbook(BytesIO(book)) for row in sheet.iter_rows() for cell in row]
        held = [cell for cell in values if cell.data_type == "f" and not str(cell.value).startswith("=SUM(")]
        assert held == []


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("x" * 40_000, 32_767),
        ("\U0001f600" * 20_000, 16_384),
        ("\x07abc", 4),
    ],
)
def test_a_cell_is_cut_where_a_workbook_would_leave_it_out(words: str, kept: int):
    assert len(cells.cell(words)) == kept


@pytest.mark.parametrize("words", ["x" * 40_000, "kata " * 20_000, "\U0001f600" * 10_000])
def test_one_field_of_any_length_is_printed(words: str):
    printed = Printed("Contoh", datetime(2024, 11, 16, tzinfo=UTC), "Asia/Jakarta")
    for block in (Paragraph(words), Heading(words)):
        paper = Document("try", words, "t.pdf", (DocumentTitle(("CONTOH",)), block))
        assert len(PdfReader(BytesIO(to_pdf(paper, printed))).pages) > 1


def test_a_long_word_stays_on_the_paper():
    printed = Printed("Contoh", datetime(2024, 11, 16, tzinfo=UTC), "Asia/Jakarta")
    paper = Document("try", "Contoh", "t.pdf", (DocumentTitle(("CONTOH",)), Paragraph("x" * 500)))
    lines = PdfReader(BytesIO(to_pdf(paper, printed))).pages[0].extract_text().splitlines()
    assert max(len(line) for line in lines) < 150


def test_signs_of_the_font_stay_beside_those_that_it_lacks():
    printed = Printed("Contoh", datetime(2024, 11, 16, tzinfo=UTC), "Asia/Jakarta")
    paper = Document("try", "Contoh", "t.pdf", (DocumentTitle(("CONTOH",)), Paragraph("Đặng Ωмега שם → \U0001f600")))
    assert "Đặng Ωмега" in PdfReader(BytesIO(to_pdf(paper, printed))).pages[0].extract_text()
