"""The cash book (BKU) of one fund as a paper: a month with what was carried over, closed and signed. It names no recipient."""

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
    Signature,
    Signatures,
    Strong,
    Total,
)
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
    treasurer: Signature,
    head: Signature,
) -> Document:
    """``rows`` are all of the fund, in order; the document holds those from ``since`` to ``until``, both included."""
    carried = next((row.balance for row in reversed(rows) if row.on < since), 0)
    month = [row for row in rows if since <= row.on <= until]
    closing = month[-1].balance if month else carried
    received, paid = sum(row.receipt for row in month), sum(row.payment for row in month)
    table = DocumentTable(
        _COLUMNS,
        (
            (f"{since:%d-%m-%Y}", "", "Saldo dari bulan sebelumnya", "", "", group(carried)),
            *(
                (
                    f"{row.on:%d-%m-%Y}",
                    row.voucher,
                    f"{row.memo}\n({row.evidence})" if row.evidence else row.memo,
                    group(row.receipt) if row.receipt else "",
                    group(row.payment) if row.payment else "",
                    group(row.balance),
                )
                for row in month
            ),
        ),
        (Total("Jumlah", (group(received), group(paid), group(closing))),),
        small=True,
    )
    closed = (
        f"Pada hari ini {date_in_words(until)} ({until:%d-%m-%Y}), Buku Kas Umum ini ditutup dengan saldo sebesar ",
        Strong(format_rupiah(closing)),
        f" ({rupiah_in_words(closing)}).",
    )
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
            Paragraph(closed),
            Signatures(((head, treasurer),)),
        ),
    )
