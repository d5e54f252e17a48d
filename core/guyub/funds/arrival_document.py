"""The minutes of goods that were received: what was promised, what arrived, what was damaged, and what was accepted."""

from collections.abc import Sequence
from datetime import UTC, datetime

from guyub.db.unit_of_work import Work
from guyub.documents.blocks import (
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    KeyValues,
    Letterhead,
    Paragraph,
    Signature,
    Signatures,
    Strong,
)
from guyub.documents.numbering import ROMAN
from guyub.documents.rendering import MEDIA_TYPE, Printed, to_pdf
from guyub.documents.signatories import holder_of, signed_by
from guyub.documents.storage import MadeDocument
from guyub.facilities import queries as facilities
from guyub.funds import book_closing
from guyub.funds.arrivals import ArrivedGoods
from guyub.funds.fund_page import ReceivedEntry
from guyub.funds.queries import FundBalance
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.sdk.words import date_in_words, format_date

TITLE = Text(id="Berita acara penerimaan barang", en="Minutes of goods received")
_COLUMNS = (
    DocumentColumn("No.", 10, "center"),
    DocumentColumn("Barang"),
    DocumentColumn("Satuan", 18, "center"),
    DocumentColumn("Dijanjikan", 22, "right"),
    DocumentColumn("Tiba", 22, "right"),
    DocumentColumn("Rusak", 22, "right"),
    DocumentColumn("Diterima", 22, "right"),
    DocumentColumn("Keterangan", 36),
)


def number_of(receipt: ReceivedEntry) -> str:
    """Returns "003/BA-TB/XI/2024", after the number of the receipt in its year."""
    return f"{receipt.number:03}/BA-TB/{ROMAN[receipt.booked_on.month - 1]}/{receipt.booked_on.year}"


def print_minutes(
    work: Work, fund: FundBalance, receipt: ReceivedEntry, goods: Sequence[ArrivedGoods], at: datetime
) -> MadeDocument:
    """Returns the PDF. It is of the day on which the goods came, and signed by who held the posts then."""
    here = facilities.facility(work, receipt.on)
    officials = facilities.officials(work, receipt.on)
    _, head = book_closing.signatories(work, receipt.on)
    number = number_of(receipt)
    name = f"{here.code}-{receipt.on:%Y-%m-%d}-ba-tb-{receipt.number:03}.pdf"
    document = Document(
        kind="goods_received",
        title=f"Berita acara penerimaan barang {format_date(receipt.on)}",
        file_name=name,
        paper="A4" if here.paper == "A4" else "F4",
        number=number,
        body=(
            Letterhead.of(here.letterhead, here.long_name.upper()),
            DocumentTitle(("BERITA ACARA", "PEMERIKSAAN DAN PENERIMAAN BARANG"), f"NOMOR: {number}"),
            Paragraph(
                (
                    f"Pada hari ini {date_in_words(receipt.on)} ({receipt.on:%d-%m-%Y}), bertempat di {here.long_name}, "
                    "telah diterima dan diperiksa barang sebagai berikut:",
                )
            ),
            KeyValues((("Dana", fund.name), ("Bukti pemberi", receipt.evidence or "-"), ("Uraian", receipt.memo))),
            DocumentTable(_COLUMNS, tuple(_row(place, line) for place, line in enumerate(goods, start=1)), small=True),
            *_damaged(goods),
            *_notes(receipt),
            Paragraph(("Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",)),
            Signatures(
                (
                    (
                        Signature(("Yang menyerahkan,",)),
                        signed_by(
                            holder_of(officials, "management", "Yang menerima"),
                            f"{here.letter_place}, {format_date(receipt.on)}",
                            "Yang menerima,",
                        ),
                    ),
                    (None, signed_by(head, "Mengetahui,")),
                )
            ),
        ),
    )
    content = to_pdf(document, Printed(work.person_name, at.astimezone(UTC), here.zone))
    return MadeDocument(document.kind, document.title, name, MEDIA_TYPE, content, False, number, receipt.on)


def _row(place: int, line: ArrivedGoods) -> tuple[str, ...]:
    quantities = (line.promised, line.arrived, line.damaged, line.accepted)
    counted = ("-" if quantity is None else format_quantity(quantity) for quantity in quantities)
    written = f"tertulis {format_quantity(line.written)} {line.written_unit}" if line.written is not None else ""
    return (f"{place}", line.item, line.unit, *counted, "; ".join(filter(None, (written, line.reason))))


def _damaged(goods: Sequence[ArrivedGoods]) -> list[Paragraph]:
    damaged = [
        f"{line.item} {format_quantity(line.damaged)} {line.unit} ({line.reason})" for line in goods if line.damaged
    ]
    if not damaged:
        return []
    return [Paragraph((f"Barang yang rusak tidak diterima dan tidak masuk persediaan: {'; '.join(damaged)}.",))]


def _notes(receipt: ReceivedEntry) -> list[Paragraph]:
    if receipt.reversed_on is None:
        return []
    return [Paragraph((Strong(f"Penerimaan ini dibatalkan pada {format_date(receipt.reversed_on)}."),))]
