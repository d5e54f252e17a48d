"""The list of recipients, to sign and as it went, and the receipt of each household."""

from dataclasses import replace
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
GOODS_ONE_BY_ONE = 3
"""So many goods of a package are named in the row of a household; of more, their number."""
STAMP_DUTY_ABOVE = 5_000_000
"""Rupiah: receipts for more money than this bear a duty stamp of Rp10.000 (UU 10/2020)."""


def to_sign(facts: Facts) -> Document:
    """Returns the sheet that lies on the table: everyone who signs reads it, so it shows no link to an inmate."""
    # Goods that are the same for all stand above the list; money stands beside each name.
    differs = not _same_for_all(facts)
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (
            str(recipient.number),
            recipient.name,
            recipient.nik_masked,
            recipient.address,
            *((_share(facts, recipient),) if differs else ()),
            Ink(recipient.number),
            _joined(wording.packages_of(recipient), f"Diwakili {recipient.proxy_name}" if recipient.proxy_name else ""),
        )
        for recipient in facts.recipients
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Nama penerima"),
        DocumentColumn("NIK", 36, "center"),
        DocumentColumn("Alamat"),
        *((DocumentColumn("Bantuan", 32, "center"),) if differs else ()),
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
            *_head(
                facts,
                f"DAFTAR PENERIMA {wording.subject(facts)}",
                wording.day_of_list(facts),
                wording.hour_of_list(facts),
            ),
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
            *_head(
                facts,
                f"DAFTAR PENYALURAN {wording.subject(facts)}",
                wording.day(facts),
                wording.hour(facts),
                "Salinan internal: tidak untuk diedarkan",
            ),
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
    """Returns the slip of one household: of what it got, on the day of its hand-over; before that of what is planned."""
    received = recipient.state == "received"
    value = recipient.value if received else facts.planned(recipient)
    stamp = ("(meterai Rp10.000)",) if facts.gives_money and value > STAMP_DUTY_ABOVE else ()
    on = facts.day_of(recipient) if received else None
    dated = facts if on is None else replace(facts, officials=facts.officials_on.get(on, facts.officials))
    label = "Senilai" if received else "Nilai rencana"
    return (
        wording.letterhead(facts, compact=True),
        DocumentTitle(("TANDA TERIMA",), f"Nomor: {numbering.slip_number(series, recipient.number)}"),
        KeyValues(
            (
                ("Telah terima dari", facts.facility.long_name),
                ("Berupa", _contents(facts, recipient)),
                (label, (Strong(format_rupiah(value)), wording.in_full(value).removeprefix(format_rupiah(value)))),
                ("Untuk", f"{facts.cycle.title.id} periode {wording.period(facts)}"),
            )
        ),
        Signatures(
            (
                (
                    _receiver(facts, recipient, stamp),
                    _who_gave(dated, recipient, wording.dated(facts, on or facts.on)),
                ),
            )
        ),
    )


def _contents(facts: Facts, recipient: Recipient) -> str:
    """Returns what a household gets, with the number of its packages where it is more than one."""
    contents, packages = wording.contents(wording.given(facts, recipient)), wording.packages_of(recipient)
    return f"{packages}, seluruhnya {contents}" if packages else contents


def _receiver(facts: Facts, recipient: Recipient, stamp: tuple[str, ...]) -> Signature:
    """Returns who signs a slip: the recipient, or who collected for them."""
    nik = (f"NIK {recipient.nik_masked}",) if recipient.nik_masked else ()
    if not recipient.proxy_name:
        return Signature(("Yang menerima,", *stamp), recipient.name, nik)
    handed = facts.given.get(recipient.id)
    letter = (f"surat kuasa {handed.proxy_letter}",) if handed and handed.proxy_letter else ()
    on_behalf = (f"atas nama {recipient.name}", *(f"({line})" for line in nik))
    return Signature(("Yang menerima,", *on_behalf, *stamp), recipient.proxy_name, letter)


def _who_gave(facts: Facts, recipient: Recipient, dated: str) -> Signature:
    """Returns who handed over as it was recorded; before the hand-over the official in charge."""
    official = wording.services(facts)
    if not recipient.given_by or official.name == recipient.given_by:
        return signed_by(official, dated, "Yang menyerahkan,")
    known = next((post for post in facts.officials.values() if post.name == recipient.given_by), None)
    if known is not None:
        return signed_by(known, dated, "Yang menyerahkan,")
    return Signature((dated, "Yang menyerahkan,"), recipient.given_by)


def _head(facts: Facts, title: str, day: str, hour: str, note: str = "") -> tuple[Block, ...]:
    return (
        wording.letterhead(facts),
        DocumentTitle((title, f"PERIODE {wording.period(facts).upper()}"), note),
        KeyValues(
            (
                ("Hari, tanggal", day),
                ("Pukul", hour),
                ("Tempat", wording.place(facts)),
                *_same_for_all(facts),
            )
        ),
    )


def _same_for_all(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Returns the goods that everyone on the list gets, where they are the same."""
    packages = {facts.packages[recipient.id] for recipient in facts.recipients}
    if len(packages) != 1 or not all(line.unit for package in packages for line in package):
        return ()
    return (("Bantuan", wording.contents(*packages)),)


def _share(facts: Facts, recipient: Recipient) -> str:
    lines = facts.packages[recipient.id]
    money = [line for line in lines if not line.unit]
    goods = [f"{wording.within(line.item)} {wording.amount(line.quantity, line.unit)}" for line in lines if line.unit]
    parts = goods if len(goods) <= GOODS_ONE_BY_ONE else [f"{len(goods)} jenis barang"]
    sums = [
        format_rupiah(line.value) if len(money) == 1 else f"{line.item} {format_rupiah(line.value)}" for line in money
    ]
    return "\n".join([*parts, *sums])


def _handed_at(facts: Facts, recipient: Recipient) -> str:
    """Returns the hour, with its day where there were several."""
    if recipient.handed_at is None:
        return "–"
    shape = "%H.%M" if len(facts.handed_days) == 1 else "%d-%m-%Y\n%H.%M"
    return f"{recipient.handed_at.astimezone(ZoneInfo(facts.facility.zone)):{shape}}"


def _mark(recipient: Recipient) -> str:
    return {"signature": "tanda tangan", "thumbprint": "cap jempol"}.get(recipient.proof, "–")


def _remark(recipient: Recipient) -> str:
    packages = wording.packages_of(recipient)
    if recipient.state == "absent":
        return _joined(packages, f"Tidak hadir: {recipient.absence}" if recipient.absence else "Tidak hadir")
    return _joined(packages, f"Diwakili {recipient.proxy_name}" if recipient.proxy_name else "")


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _giver(facts: Facts) -> Signature:
    """Returns who handed over as recorded, when that was one person other than the official in charge."""
    official = wording.services(facts)
    givers = {recipient.given_by for recipient in facts.received}
    if len(givers) == 1 and official.name not in givers:
        return Signature(("Petugas penyerah,",), givers.pop())
    return signed_by(official, "Petugas penyerah,")


def _signatures(facts: Facts, giver: Signature) -> Signatures:
    dated = Signature((wording.dated(facts, facts.on), *giver.above), giver.name, giver.below)
    return Signatures(((signed_by(wording.head(facts), "Mengetahui,"), dated),))
