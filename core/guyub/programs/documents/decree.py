"""The decree (SK) that names the recipients, with its list as an attachment."""

from guyub.documents.blocks import (
    Clause,
    Clauses,
    Document,
    DocumentCell,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    KeyValues,
    PageBreak,
    Paragraph,
    Signatures,
    Strong,
    Total,
)
from guyub.documents.signatories import signed_by
from guyub.programs.documents import wording as wording
from guyub.programs.documents.facts import Facts
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import format_date

CLASSIFICATION = "PK.02.01"
BASES = (
    "Undang-Undang Nomor 22 Tahun 2022 tentang Pemasyarakatan",
    "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi",
)


def decree(facts: Facts) -> Document:
    number = wording.number(facts, CLASSIFICATION)
    about = f"PENETAPAN PENERIMA {wording.subject(facts)} BAGI {wording.beneficiaries(facts).upper()}"
    when = f"PERIODE {wording.period(facts).upper()}"
    heading = f"KEPUTUSAN {wording.head_of(facts).upper()}"
    return Document(
        kind="decree",
        title=f"Keputusan penetapan penerima {wording.aid(facts)} {wording.period(facts)}",
        file_name=wording.file_name(facts, "sk-penetapan-penerima"),
        paper=wording.paper(facts),
        number=number,
        personal=True,
        body=(
            wording.letterhead(facts),
            DocumentTitle((heading,), f"NOMOR {number}"),
            Paragraph("TENTANG", "center"),
            Paragraph((Strong(f"{about}\n{when}"),), "center"),
            Paragraph(f"{wording.head_of(facts).upper()},", "center"),
            Clauses((_considering(facts), Clause("Mengingat", tuple(f"{base};" for base in BASES), "1."))),
            Paragraph((Strong("MEMUTUSKAN:"),), "center"),
            Clauses((Clause("Menetapkan", (f"{heading} TENTANG {about} {when}.",)), *_decisions(facts))),
            _signed(facts),
            PageBreak(landscape=True),
            KeyValues(
                (
                    ("Lampiran", f"Keputusan {wording.head_of(facts)}"),
                    ("Nomor", number),
                    ("Tanggal", format_date(facts.on)),
                ),
                24,
            ),
            DocumentTitle((f"DAFTAR PENERIMA {wording.subject(facts)}", when)),
            _list(facts),
            Paragraph(_note(facts), "left"),
            _signed(facts),
        ),
    )


def _note(facts: Facts) -> str:
    """Returns what stands below the list; goods in stock are reserved at what they cost, not at the planned price."""
    if facts.reserved_value == facts.planned_value:
        return wording.MASK_NOTE
    return (
        f"{wording.MASK_NOTE} Nilai rencana menurut harga rencana; yang dicadangkan {format_rupiah(facts.reserved_value)} "
        "menurut nilai dana dan barang yang tersedia."
    )


def _considering(facts: Facts) -> Clause:
    frame = f"pelaksanaan {facts.theme.label}" if facts.theme else "pelaksanaan tugas Pemasyarakatan"
    return Clause(
        "Menimbang",
        (
            f"bahwa dalam rangka {frame}, {facts.facility.name} menyelenggarakan {wording.aid(facts)} bagi "
            f"{wording.beneficiaries(facts)};",
            f"bahwa berdasarkan {_verification(facts)}, dari {wording.counted_recipients(facts, facts.judged)} yang dinilai "
            f"telah dipilih {wording.counted_recipients(facts, facts.figures.listed)} yang memenuhi syarat sebagai penerima;",
            "bahwa berdasarkan pertimbangan sebagaimana dimaksud pada huruf a dan huruf b, perlu menetapkan Keputusan "
            f"{wording.head_of(facts)} tentang penetapan penerima {wording.aid(facts)} periode {wording.period(facts)};",
        ),
    )


def _verification(facts: Facts) -> str:
    if facts.surveyed is None:
        return "hasil verifikasi data calon penerima"
    first, last = facts.surveyed
    days = format_date(first) if first == last else f"{format_date(first)} sampai dengan {format_date(last)}"
    return f"hasil verifikasi dan kunjungan rumah tanggal {days}"


def _decisions(facts: Facts) -> tuple[Clause, ...]:
    selected = wording.with_packages(facts, facts.figures.listed, facts.figures.packages_listed)
    packages = list(dict.fromkeys(facts.packages[recipient.id] for recipient in facts.recipients))
    each = (
        f"Setiap penerima memperoleh {_aid_in_goods(facts)}{wording.contents(packages[0])}."
        if len(packages) == 1
        else f"Setiap penerima memperoleh {wording.aid(facts)} menurut jumlah paket dan jumlah orangnya, dengan nilai "
        "sebagaimana tercantum dalam Lampiran."
        if wording.counts_packages(facts)
        else f"Setiap penerima memperoleh {wording.aid(facts)} menurut jumlah anggota keluarganya, dengan nilai "
        "sebagaimana tercantum dalam Lampiran."
    )
    return (
        Clause(
            "KESATU",
            (
                f"Menetapkan {selected} yang namanya tercantum dalam "
                f"Lampiran, yang tidak terpisahkan dari Keputusan ini, sebagai penerima {wording.aid(facts)} periode "
                f"{wording.period(facts)}.",
            ),
        ),
        Clause("KEDUA", (each,)),
        Clause(
            "KETIGA",
            (
                f"Biaya paling banyak sebesar {wording.in_full(facts.reserved_value)} dibebankan pada {_funds(facts)}"
                f"{_approved(facts)}.",
            ),
        ),
        Clause(
            "KEEMPAT",
            (
                "Keputusan ini mulai berlaku pada tanggal ditetapkan; apabila di kemudian hari terdapat kekeliruan, akan "
                "diperbaiki sebagaimana mestinya.",
            ),
        ),
    )


def _aid_in_goods(facts: Facts) -> str:
    """Returns "bantuan sosial sembako berupa ", before its goods; money says by itself what it is for."""
    return "" if facts.gives_money else f"{wording.aid(facts)} berupa "


def _approved(facts: Facts) -> str:
    """Returns who approved the spending, where two people did."""
    return f", yang disetujui oleh {wording.listed(list(facts.approvers))}" if facts.approvers else ""


def _funds(facts: Facts) -> str:
    """Returns the funds of the reservation, of several each with its amount."""
    if len(facts.reserved) == 1:
        return facts.reserved[0].fund
    return wording.listed([f"{fund.fund} sebesar {format_rupiah(fund.amount)}" for fund in facts.reserved])


def _list(facts: Facts) -> DocumentTable:
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (
            str(recipient.number),
            recipient.name,
            recipient.nik_masked,
            recipient.address,
            group(facts.planned(recipient)),
            wording.packages_of(recipient),
        )
        for recipient in facts.recipients
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Nama penerima"),
        DocumentColumn("NIK", 40, "center"),
        DocumentColumn("Alamat"),
        DocumentColumn("Nilai rencana (Rp)", 36, "right"),
        DocumentColumn("Ket.", 36),
    )
    return DocumentTable(columns, rows, (Total("Jumlah", (group(facts.planned_value), "")),))


def _signed(facts: Facts) -> Signatures:
    day = format_date(facts.on)
    signature = signed_by(wording.head(facts), f"Ditetapkan di {facts.facility.letter_place}", f"pada tanggal {day}")
    return Signatures(((None, signature),))
