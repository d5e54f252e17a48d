"""The list of recipients, to sign and as it went, and the receipt of each household."""

from zoneinfo import ZoneInfo

from guyub.documents import numbering
from guyub.documents.blocks import (
    Block,
    Document,
    DocumentCell,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Halves,
    Ink,
    KeyValues,
    Paragraph,
    Signature,
    Signatures,
    Strong,
    Total,
)
from guyub.documents.signatories import signed_by
from guyub.programs.documents import wording as wording
from guyub.programs.documents.facts import Facts
from guyub.programs.queries import Recipient
from guyub.sdk.money import format_rupiah, group

ROOM_FOR_INK = 13
"""Millimetres of a row that people sign or put a thumb on."""
STAMP_DUTY_ABOVE = 5_000_000
"""Rupiah: receipts for more money than this bear a duty stamp of Rp10.000 (UU 10/2020)."""


def to_sign(facts: Facts) -> Document:
    """Returns the sheet that lies on the table: everyone who signs reads it, so it shows no link to an inmate."""
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (
            str(recipient.number),
            recipient.name,
            recipient.nik_masked,
            recipient.address,
            _share(facts, recipient),
            Ink(recipient.number),
            "",
        )
        for recipient in facts.recipients
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Nama penerima"),
        DocumentColumn("NIK", 36, "center"),
        DocumentColumn("Alamat"),
        DocumentColumn("Bantuan", 22, "center"),
        DocumentColumn("Tanda tangan / cap jempol", 64),
        DocumentColumn("Ket.", 34),
    )
    return Document(
        kind="recipient_list",
        title=f"Daftar penerima {wording.aid(facts)} {wording.period(facts)} (untuk ditandatangani)",
        file_name=wording.file_name(facts, "daftar-penerima"),
        paper=wording.paper(facts),
        landscape=True,
        personal=True,
        body=(
            *_head(facts, f"DAFTAR PENERIMA {wording.subject(facts)}"),
            DocumentTable(columns, rows, row_height=ROOM_FOR_INK),
            Paragraph((wording.MASK_NOTE,), "left"),
            _signatures(facts, signed_by(wording.services(facts), "Petugas penyerah,")),
        ),
    )


def as_it_went(facts: Facts) -> Document:
    """Returns the facility's own copy after the hand-over: links to inmates, hour, proxy and absence. It does not
    leave the office."""
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (
            str(recipient.number),
            recipient.name,
            recipient.nik_masked,
            recipient.address,
            wording.category(recipient.category),
            "\n".join(
                part
                for part in (
                    recipient.inmate,
                    f"({wording.relationship(recipient.relationship)})" if recipient.relationship else "",
                )
                if part
            ),
            _handed_at(facts, recipient),
            _mark(recipient),
            group(recipient.value) if recipient.state == "received" else "",
            _remark(recipient),
        )
        for recipient in facts.recipients
    )
    columns = (
        DocumentColumn("No.", 9, "center"),
        DocumentColumn("Nama penerima"),
        DocumentColumn("NIK", 33, "center"),
        DocumentColumn("Alamat"),
        DocumentColumn("Kategori", 27),
        DocumentColumn("Nama WBP (hubungan)", 36),
        DocumentColumn("Diterima", 19, "center"),
        DocumentColumn("Bukti", 24, "center"),
        DocumentColumn("Nilai (Rp)", 21, "right"),
        DocumentColumn("Ket.", 34),
    )
    total = Total("Jumlah", (group(facts.figures.value), f"{facts.figures.received} menerima"))
    return Document(
        kind="recipient_list_filled",
        title=f"Daftar penyaluran {wording.aid(facts)} {wording.period(facts)} (salinan internal)",
        file_name=wording.file_name(facts, "daftar-penyaluran-internal"),
        paper=wording.paper(facts),
        landscape=True,
        personal=True,
        body=(
            *_head(facts, f"DAFTAR PENYALURAN {wording.subject(facts)}", "Salinan internal: tidak untuk diedarkan"),
            DocumentTable(columns, rows, (total,), small=True),
            _signatures(facts, _giver(facts)),
        ),
    )


def receipts(facts: Facts, series: str) -> Document:
    """Returns a slip for everyone on the list who is not marked absent, two on a page; ``series`` numbers them."""
    return Document(
        kind="receipts",
        title=f"Tanda terima {wording.aid(facts)} {wording.period(facts)}",
        file_name=wording.file_name(facts, "tanda-terima"),
        paper=wording.paper(facts),
        number=series,
        personal=True,
        body=(
            Halves(
                tuple(_slip(facts, series, recipient) for recipient in facts.recipients if recipient.state != "absent")
            ),
        ),
    )


def _slip(facts: Facts, series: str, recipient: Recipient) -> tuple[Block, ...]:
    value = recipient.value if recipient.state == "received" else facts.planned(recipient)
    stamp = ("(meterai Rp10.000)",) if facts.gives_money and value > STAMP_DUTY_ABOVE else ()
    return (
        wording.letterhead(facts, compact=True),
        DocumentTitle(("TANDA TERIMA",), f"Nomor: {numbering.slip_number(series, recipient.number)}"),
        KeyValues(
            (
                ("Telah terima dari", facts.facility.long_name),
                ("Berupa", wording.contents(facts, facts.packages[recipient.id])),
                ("Senilai", (Strong(format_rupiah(value)), wording.in_full(value).removeprefix(format_rupiah(value)))),
                ("Untuk", f"{facts.cycle.title.id} periode {wording.period(facts)}"),
            )
        ),
        Signatures(
            (
                (
                    Signature(("Yang menerima,", *stamp), recipient.name, (f"NIK {recipient.nik_masked}",)),
                    signed_by(
                        wording.services(facts),
                        wording.dated(facts, facts.cycle.distribution_on),
                        "Yang menyerahkan,",
                    ),
                ),
            )
        ),
    )


def _head(facts: Facts, title: str, note: str = "") -> tuple[Block, ...]:
    return (
        wording.letterhead(facts),
        DocumentTitle((title, f"PERIODE {wording.period(facts).upper()}"), note),
        KeyValues(
            (
                ("Hari, tanggal", wording.day(facts)),
                ("Pukul", wording.hour(facts)),
                ("Tempat", wording.place(facts)),
            )
        ),
    )


def _share(facts: Facts, recipient: Recipient) -> str:
    lines = facts.packages[recipient.id]
    money = [line for line in lines if not line.unit]
    parts = ["1 paket"] if any(line.unit for line in lines) else []
    sums = [
        format_rupiah(line.value) if len(money) == 1 else f"{line.item} {format_rupiah(line.value)}" for line in money
    ]
    return "\n".join([*parts, *sums])


def _handed_at(facts: Facts, recipient: Recipient) -> str:
    return f"{recipient.handed_at.astimezone(ZoneInfo(facts.facility.zone)):%H.%M}" if recipient.handed_at else "–"


def _mark(recipient: Recipient) -> str:
    return {"signature": "tanda tangan", "thumbprint": "cap jempol"}.get(recipient.proof, "–")


def _remark(recipient: Recipient) -> str:
    if recipient.state == "absent":
        return f"Tidak hadir: {recipient.absence}" if recipient.absence else "Tidak hadir"
    return f"Diwakili {recipient.proxy_name}" if recipient.proxy_name else ""


def _giver(facts: Facts) -> Signature:
    """Returns who handed over as recorded, when that was one person other than the official in charge."""
    official = wording.services(facts)
    givers = {recipient.given_by for recipient in facts.received}
    if len(givers) == 1 and official.name not in givers:
        return Signature(("Petugas penyerah,",), givers.pop())
    return signed_by(official, "Petugas penyerah,")


def _signatures(facts: Facts, giver: Signature) -> Signatures:
    dated = Signature((wording.dated(facts, facts.cycle.distribution_on), *giver.above), giver.name, giver.below)
    return Signatures(((signed_by(wording.head(facts), "Mengetahui,"), dated),))
