"""The minutes of the hand-over (BAST) from the facility to the recipients as a group; it names none of them."""

from decimal import Decimal

from guyub.documents.blocks import (
    Block,
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Paragraph,
    Party,
    Rich,
    Signature,
    Signatures,
    Strong,
    Total,
    Witnesses,
)
from guyub.documents.signatories import signed_by
from guyub.programs.documents import wording as wording
from guyub.programs.documents.facts import Facts
from guyub.sdk.money import group
from guyub.sdk.quantities import format_quantity
from guyub.sdk.words import date_in_words, rupiah_in_words

CLASSIFICATION = "PB.02.01"
FIRST, SECOND = Strong("PIHAK PERTAMA"), Strong("PIHAK KEDUA")
WITNESSES = 2


def handover_record(facts: Facts) -> Document:
    number = wording.number(facts, CLASSIFICATION)
    return Document(
        kind="handover_record",
        title=f"Berita acara serah terima {wording.aid(facts)} {wording.period(facts)}",
        file_name=wording.file_name(facts, "bast"),
        paper=wording.paper(facts),
        number=number,
        body=(
            wording.letterhead(facts),
            DocumentTitle(("BERITA ACARA SERAH TERIMA", wording.subject(facts)), f"NOMOR: {number}"),
            Paragraph(opening(facts)),
            *_parties(facts),
            Paragraph(
                (
                    FIRST,
                    " menyerahkan kepada ",
                    SECOND,
                    ", dan ",
                    SECOND,
                    " menerima dari ",
                    FIRST,
                    f" dalam keadaan baik dan cukup, {wording.aid(facts)} periode {wording.period(facts)} untuk ",
                    f"{wording.with_packages(facts, facts.figures.received, facts.figures.packages)}{_when(facts)} ",
                    "dengan rincian sebagai berikut:",
                )
            ),
            goods_table(facts),
            Paragraph(("Terbilang: ", Strong(f"{rupiah_in_words(facts.figures.value)}.")), "left"),
            Paragraph(
                "Demikian Berita Acara Serah Terima ini dibuat dengan sebenarnya dalam rangkap 2 (dua) dan ditandatangani "
                "oleh para pihak pada hari dan tanggal tersebut di atas, untuk dipergunakan sebagaimana mestinya.",
                indent=True,
            ),
            Signatures(
                (
                    (
                        Signature(("PIHAK KEDUA,", "wakil para penerima,")),
                        signed_by(wording.services(facts), "PIHAK PERTAMA,"),
                    ),
                )
            ),
            Witnesses(_witnesses(facts)),
            Signatures(((signed_by(wording.head(facts), "Mengetahui,"),),)),
        ),
    )


def opening(facts: Facts) -> str:
    """Returns the opening: "Pada hari ini Sabtu tanggal enam belas bulan November tahun dua ribu dua puluh empat
    (16-11-2024), bertempat di …"
    """
    day = f"{date_in_words(facts.on)} ({facts.on:%d-%m-%Y})"
    return f"Pada hari ini {day}, bertempat di {wording.place(facts)}, kami yang bertanda tangan di bawah ini:"


def _when(facts: Facts) -> str:
    """Returns when it was handed over, where that was not on the one day of these minutes; and the plan, where it differs."""
    if not facts.handed_days:
        return ""
    plan = wording.plan_that_differs(facts)
    planned = f" (semula direncanakan {plan})" if plan else ""
    if facts.handed_days == [facts.on]:
        return planned
    return f", yang diserahkan pada {wording.days_said(facts.handed_days)}{planned},"


def goods_table(facts: Facts) -> DocumentTable:
    """Returns what reached the households, in the quantities and at the cost of the books."""
    rows: list[tuple[Rich, ...]] = []
    for place, goods in enumerate(facts.goods, start=1):
        quantity, unit = (
            (goods.quantity, goods.unit) if goods.unit else (Decimal(facts.figures.received), wording.noun(facts))
        )
        rows.append(
            (str(place), goods.item, format_quantity(quantity), unit, each(goods.cost, quantity), group(goods.cost))
        )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Uraian"),
        DocumentColumn("Jumlah", 20, "right"),
        DocumentColumn("Satuan", 20, "center"),
        DocumentColumn("Harga satuan (Rp)", 30, "right"),
        DocumentColumn("Jumlah (Rp)", 30, "right"),
    )
    return DocumentTable(columns, tuple(rows), (Total("Jumlah", (group(sum(goods.cost for goods in facts.goods)),)),))


def each(cost: int, quantity: Decimal) -> str:
    """Returns the price of one unit in rupiah, with two decimals where the cost does not divide evenly; of several
    lots the mean."""
    price = (Decimal(cost) / quantity).quantize(Decimal("0.01"))
    return format_quantity(price) if price == price.to_integral() else f"{group(int(price))},{price % 1 * 100:02.0f}"


def _parties(facts: Facts) -> tuple[Block, ...]:
    official = wording.services(facts)
    address = ", ".join(wording.letterhead(facts).address[:1]) or facts.facility.city
    first = (
        ("Nama", official.name or wording.BLANK),
        ("NIP", official.nip or wording.BLANK),
        ("Jabatan", official.heading),
        ("Alamat", address),
    )
    second = (
        ("Nama", wording.BLANK),
        ("Alamat", wording.BLANK),
        (
            "Selaku",
            f"wakil dari {wording.counted_recipients(facts, facts.figures.received)} pada daftar penerima yang "
            "ditandatangani masing-masing dan menjadi lampiran berita acara ini",
        ),
    )
    return Party("I.", first, FIRST.text), Party("II.", second, SECOND.text)


def _witnesses(facts: Facts) -> tuple[str, ...]:
    """Returns those noted at the hand-overs, in order, with blank lines up to two."""
    names = list(dict.fromkeys(recipient.witness for recipient in facts.received if recipient.witness))
    return tuple([*names, *[""] * WITNESSES][: max(WITNESSES, len(names))])
