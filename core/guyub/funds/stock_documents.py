"""The documents of a stock take: minutes of the count, and of goods that were destroyed, returned to the donor, or lost."""

from collections.abc import Sequence
from dataclasses import dataclass
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
    Total,
)
from guyub.documents.numbering import ROMAN
from guyub.documents.rendering import MEDIA_TYPE, Printed, to_pdf
from guyub.documents.signatories import signed_by
from guyub.documents.storage import MadeDocument
from guyub.facilities import queries as facilities
from guyub.funds import book_closing, stock_take_records
from guyub.funds.labels import REASONS
from guyub.funds.stock_take_records import BookedTake, ItemCount, ItemDifference
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.quantities import format_quantity
from guyub.sdk.text import Text
from guyub.sdk.words import date_in_words, format_date, rupiah_in_words


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of minutes: ``code`` stands in its number and address, ``reasons`` are those of the goods that it names."""

    code: str
    series: str
    title: Text
    heading: str
    reasons: tuple[str, ...]
    said: str


COUNT = DocumentKind(
    "count",
    "BA-SO",
    Text(id="Berita acara stok opname", en="Minutes of the count"),
    "BERITA ACARA STOK OPNAME",
    (),
    "telah dilakukan penghitungan fisik barang di gudang dengan hasil sebagai berikut:",
)
_OF_GOODS = (
    DocumentKind(
        "disposal",
        "BA-PB",
        Text(id="Berita acara pemusnahan barang", en="Minutes of destroyed goods"),
        "BERITA ACARA PEMUSNAHAN BARANG",
        ("spoiled", "expired"),
        "telah dikeluarkan dari gudang untuk dimusnahkan barang yang tidak layak lagi sebagai berikut:",
    ),
    DocumentKind(
        "return",
        "BA-PG",
        Text(id="Berita acara pengembalian barang", en="Minutes of returned goods"),
        "BERITA ACARA PENGEMBALIAN BARANG",
        ("returned",),
        "telah dikembalikan kepada pemberinya barang sebagai berikut:",
    ),
    DocumentKind(
        "loss",
        "BA-KB",
        Text(id="Berita acara kehilangan barang", en="Minutes of lost goods"),
        "BERITA ACARA KEHILANGAN BARANG",
        ("lost",),
        "telah diketahui hilang dari gudang barang sebagai berikut:",
    ),
)
KINDS = {kind.code: kind for kind in (COUNT, *_OF_GOODS)}

_COUNTED = (
    DocumentColumn("No.", 10, "center"),
    DocumentColumn("Barang"),
    DocumentColumn("Satuan", 18, "center"),
    DocumentColumn("Menurut buku", 24, "right"),
    DocumentColumn("Dihitung", 24, "right"),
    DocumentColumn("Selisih", 22, "right"),
)
_GOODS = (
    DocumentColumn("No.", 10, "center"),
    DocumentColumn("Barang"),
    DocumentColumn("Jumlah", 26, "right"),
    DocumentColumn("Sebab", 34),
    DocumentColumn("Dana", 44),
    DocumentColumn("Nilai (Rp)", 26, "right"),
)


def kinds_of(take: BookedTake, differences: Sequence[ItemDifference]) -> list[DocumentKind]:
    """Returns the documents that a stock take has."""
    reasons = {difference.reason for difference in differences}
    own = [COUNT] if take.is_count else []
    return own + [kind for kind in _OF_GOODS if reasons & set(kind.reasons)]


def number_of(work: Work, take: BookedTake, kind: DocumentKind) -> str:
    """Returns "002/BA-PB/XI/2024": its place among the documents of its kind that were booked in the year, without gaps."""
    place = stock_take_records.places_in_year(work, take, kind.reasons)
    return f"{place:03}/{kind.series}/{ROMAN[take.booked_on.month - 1]}/{take.booked_on.year}"


def print_document(
    work: Work,
    take: BookedTake,
    kind: DocumentKind,
    counts: Sequence[ItemCount],
    differences: Sequence[ItemDifference],
    at: datetime,
) -> MadeDocument:
    """Returns the PDF. It is of the day of the act, and signed by who held the posts then."""
    here = facilities.facility(work, take.on)
    _, head = book_closing.signatories(work, take.on)
    number = number_of(work, take, kind)
    name = f"{here.code}-{take.on:%Y-%m-%d}-{kind.series.lower()}-{take.number:03}.pdf"
    document = Document(
        kind=f"stock_{kind.code}",
        title=f"{kind.title.id} {format_date(take.on)}",
        file_name=name,
        paper="A4" if here.paper == "A4" else "F4",
        number=number,
        body=(
            Letterhead.of(here.letterhead, here.long_name.upper()),
            DocumentTitle((kind.heading,), f"NOMOR: {number}"),
            Paragraph(
                (
                    f"Pada hari ini {date_in_words(take.on)} ({take.on:%d-%m-%Y}), bertempat di {here.long_name}, {kind.said}",
                )
            ),
            *_tables(kind, counts, differences),
            *_notes(take),
            KeyValues((("Dihitung oleh", take.counted_by), ("Disaksikan oleh", take.witness))),
            Paragraph(("Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya.",)),
            Signatures(
                (
                    (
                        Signature(("Saksi,",), take.witness),
                        Signature(
                            (f"{here.letter_place}, {format_date(take.on)}", "Yang menghitung,"), take.counted_by
                        ),
                    ),
                    (
                        Signature(("Yang menerima kembali,",)) if kind.code == "return" else None,
                        signed_by(head, "Mengetahui,"),
                    ),
                )
            ),
        ),
    )
    content = to_pdf(document, Printed(work.person_name, at.astimezone(UTC), here.zone))
    return MadeDocument(document.kind, document.title, name, MEDIA_TYPE, content, False, number, take.on)


def _tables(
    kind: DocumentKind, counts: Sequence[ItemCount], differences: Sequence[ItemDifference]
) -> list[DocumentTable | Paragraph]:
    if kind is not COUNT:
        return _goods([difference for difference in differences if difference.reason in kind.reasons])
    rows = tuple(
        (
            f"{place}",
            _item(count),
            count.unit,
            format_quantity(count.book),
            format_quantity(count.counted if count.recounted is None else count.recounted),
            format_quantity(count.difference),
        )
        for place, count in enumerate(counts, start=1)
    )
    if not differences:
        return [DocumentTable(_COUNTED, rows), Paragraph(("Hasil penghitungan sama dengan buku.",))]
    return [
        DocumentTable(_COUNTED, rows),
        Paragraph(("Selisihnya dijelaskan dan dibukukan sebagai berikut:",)),
        *_goods(differences),
    ]


def _item(count: ItemCount) -> str:
    if count.recounted is None:
        return count.item
    return f"{count.item} (hitungan pertama {format_quantity(count.counted)}, keliru; dihitung ulang)"


def _goods(differences: Sequence[ItemDifference]) -> list[DocumentTable | Paragraph]:
    rows = tuple(
        (
            f"{place}",
            row.item,
            f"{format_quantity(row.quantity)} {row.unit}",
            f"{REASONS[row.reason].id}; {row.remark}" if row.remark else REASONS[row.reason].id,
            row.fund,
            group(row.rupiah),
        )
        for place, row in enumerate(differences, start=1)
    )
    gone = sum(row.rupiah for row in differences if row.reason != "found")
    found = sum(row.rupiah for row in differences if row.reason == "found")
    totals = [
        Total(label, (group(value),))
        for label, value in (("Jumlah keluar", gone), ("Jumlah ditemukan", found))
        if value
    ]
    words = [f"Nilai barang yang keluar {format_rupiah(gone)} ({rupiah_in_words(gone)})."] if gone else []
    return [DocumentTable(_GOODS, rows, tuple(totals), small=True), *(Paragraph((line,)) for line in words)]


def _notes(take: BookedTake) -> list[Paragraph]:
    notes = [Paragraph((f"Catatan: {take.note}",))] if take.note else []
    if take.booked_on != take.on:
        notes.append(Paragraph((f"Dibukukan susulan pada {format_date(take.booked_on)}.",)))
    if take.reversed_on:
        notes.append(Paragraph((Strong(f"Catatan ini dibatalkan pada {format_date(take.reversed_on)}."),)))
    return notes
