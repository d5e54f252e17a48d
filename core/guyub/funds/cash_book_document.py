"""The cash book (BKU) of one fund as a paper: a month with what was carried over, signed. It says whether it is closed, and names
no recipient."""

from collections.abc import Sequence
from datetime import date

from guyub.documents.blocks import (
    Document,
    DocumentColumn,
    DocumentPaper,
    DocumentTable,
    DocumentTitle,
    KeyValues,
    Letterhead,
    Paragraph,
    Signatures,
    Strong,
    Total,
)
from guyub.documents.signatories import signed_by
from guyub.facilities.queries import OfficialOnDay
from guyub.funds.book_closing import ClosedBook
from guyub.funds.queries import CashRow, FundBalance
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import date_in_words, format_date, period_name, rupiah_in_words

_COLUMNS = (
    DocumentColumn("Tanggal", 20, "center"),
    DocumentColumn("No. bukti", 25, "center"),
    DocumentColumn("Uraian"),
    DocumentColumn("Penerimaan (Rp)", 24, "right"),
    DocumentColumn("Pengeluaran (Rp)", 24, "right"),
    DocumentColumn("Saldo (Rp)", 24, "right"),
)


def cash_book_document(
    fund: FundBalance,
    rows: Sequence[CashRow],
    since: date,
    until: date,
    *,
    file_name: str,
    letterhead: Letterhead,
    paper: DocumentPaper,
    place: str,
    treasurer: OfficialOnDay,
    head: OfficialOnDay,
    closing: ClosedBook | None,
) -> Document:
    """Returns the cash book as a document.

    ``rows`` are all of the fund, in order; the document holds those from ``since`` to ``until``, both included.

    A book that is closed has the day and the signatories of its ``closing``, others are signed at ``place`` on ``until``.
    """
    carried = next((row.balance for row in reversed(rows) if row.on < since), 0)
    month = [row for row in rows if since <= row.on <= until]
    balance = month[-1].balance if month else carried
    received, paid = sum(row.receipt for row in month), sum(row.payment for row in month)
    table = DocumentTable(
        _COLUMNS,
        (
            (f"{since:%d-%m-%Y}", "", "Saldo dari bulan sebelumnya", "", "", group(carried)),
            *(
                (
                    f"{row.on:%d-%m-%Y}",
                    row.voucher,
                    _description(row),
                    group(row.receipt) if row.receipt else "",
                    group(row.payment) if row.payment else "",
                    group(row.balance),
                )
                for row in month
            ),
        ),
        (Total("Jumlah", (group(received), group(paid), group(balance))),),
        small=True,
    )
    signed_on = closing.closed_on if closing else until
    treasurer, head = (closing.treasurer, closing.head) if closing else (treasurer, head)
    return Document(
        kind="cash_book",
        title=f"Buku kas umum {fund.name}, {period_name(since)}",
        file_name=file_name,
        paper=paper,
        body=(
            letterhead,
            DocumentTitle(("BUKU KAS UMUM", f"BULAN {period_name(since).upper()}")),
            KeyValues(
                (
                    ("Dana", fund.name),
                    ("Kode dana", fund.code),
                    ("Masa", f"{format_date(since)} sampai dengan {format_date(until)}"),
                )
            ),
            table,
            *(_closed(closing) if closing else _open(balance, until)),
            Signatures(((signed_by(head, "Mengetahui,"), signed_by(treasurer, f"{place}, {format_date(signed_on)}")),)),
        ),
    )


def _description(row: CashRow) -> str:
    """Returns the words of a line, what was bought, its document, and the day for which it is late."""
    notes = [row.evidence] if row.evidence else []
    if row.late_for is not None:
        notes.append(f"susulan, bukti tanggal {row.late_for:%d-%m-%Y}")
    return f"{row.description}\n({'; '.join(notes)})" if notes else row.description


def _closed(closing: ClosedBook) -> list[Paragraph]:
    on = closing.closed_on
    balance = (
        f"Pada hari ini {date_in_words(on)} ({on:%d-%m-%Y}), Buku Kas Umum bulan {period_name(closing.month)} ditutup "
        "dengan saldo sebesar ",
        Strong(format_rupiah(closing.balance)),
        f" ({rupiah_in_words(closing.balance)}).",
    )
    counted = f"Uang yang dihitung: tunai {format_rupiah(closing.cash_in_hand)} dan bank {format_rupiah(closing.bank)}."
    if not closing.difference:
        return [Paragraph(balance), Paragraph((counted,))]
    which = "lebih" if closing.difference > 0 else "kurang"
    explained = (
        f"{counted} Selisih {which} {format_rupiah(abs(closing.difference))}, dengan penjelasan: {closing.explanation}",
    )
    return [Paragraph(balance), Paragraph(explained)]


def _open(balance: int, until: date) -> list[Paragraph]:
    return [
        Paragraph(
            (
                Strong("Buku kas bulan ini belum ditutup."),
                f" Saldo sampai dengan {format_date(until)} {format_rupiah(balance)} ({rupiah_in_words(balance)}). Nomor bukti "
                "masih sementara.",
            )
        )
    ]
