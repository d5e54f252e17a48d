"""The activity report (laporan kegiatan) with which a facility accounts for a month; it names no recipient."""

from collections import Counter
from collections.abc import Sequence

from guyub.documents.blocks import (
    Block,
    Document,
    DocumentCell,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    Heading,
    KeyValues,
    NumberedList,
    Paragraph,
    Signatures,
    Total,
)
from guyub.documents.signatories import signed_by
from guyub.programs.documents import wording as wording
from guyub.programs.documents.decree import BASES
from guyub.programs.documents.facts import Facts, Paper
from guyub.programs.documents.in_books import Returned
from guyub.programs.documents.minutes import goods_table
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import format_date

CLASSIFICATION = "UM.01.01"


def activity_report(facts: Facts) -> Document:
    number = wording.number(facts, CLASSIFICATION)
    return Document(
        kind="activity_report",
        title=f"Laporan kegiatan {wording.aid(facts)} {wording.period(facts)}",
        file_name=wording.file_name(facts, "laporan-kegiatan"),
        paper=wording.paper(facts),
        number=number,
        body=(
            wording.letterhead(facts),
            DocumentTitle(
                ("LAPORAN KEGIATAN", wording.subject(facts), f"PERIODE {wording.period(facts).upper()}"),
                f"NOMOR: {number}",
            ),
            *_introduction(facts),
            *_execution(facts),
            *_results(facts),
            *_conclusions(facts),
            Heading("V. PENUTUP"),
            Paragraph(
                f"Demikian laporan ini dibuat sebagai pertanggungjawaban atas pelaksanaan {wording.aid(facts)} periode "
                f"{wording.period(facts)}, untuk digunakan sebagaimana mestinya.",
                indent=True,
            ),
            Signatures(
                (
                    (
                        signed_by(wording.head(facts), "Mengetahui,"),
                        signed_by(wording.services(facts), wording.dated(facts, facts.on), "Pelapor,"),
                    ),
                )
            ),
            *_attachments(facts),
        ),
    )


_ATTACHED = {
    "decree": "Keputusan penetapan penerima",
    "recipient_list": "Daftar penerima (yang ditandatangani disimpan di UPT)",
    "receipts": "Tanda terima (disimpan di UPT)",
    "handover_record": "Berita acara serah terima",
    "cash_book": "Buku kas umum",
}


def _attachments(facts: Facts) -> tuple[Block, ...]:
    """Returns the documents that there are of the month, and the notes of its purchases; none where there is nothing."""
    papers = [f"{called}{_numbered(facts.papers[kind])}" for kind, called in _ATTACHED.items() if kind in facts.papers]
    notes = list(dict.fromkeys(purchase.evidence for purchase in facts.purchases if purchase.evidence))
    lines = [*papers, *([f"Bukti belanja: {wording.listed(notes)}"] if notes else [])]
    if not lines:
        return ()
    ends = [*[";"] * (len(lines) - 1), "."]
    return Paragraph("Lampiran:", "left"), NumberedList(
        tuple(f"{line}{end}" for line, end in zip(lines, ends, strict=True))
    )


def _numbered(paper: Paper) -> str:
    number = f" nomor {paper.number}" if paper.number else ""
    return f"{number} tanggal {format_date(paper.on)}" if number and paper.on else number


def _introduction(facts: Facts) -> tuple[Block, ...]:
    frame = f"{facts.theme.label}" if facts.theme else "tugas dan fungsi Pemasyarakatan"
    detail = f", yaitu {facts.theme.detail}" if facts.theme and facts.theme.detail else ""
    categories = wording.listed([wording.category(code).lower() for code in facts.figures.by_category])
    basis = (f"{facts.theme.label};",) if facts.theme else ()
    return (
        Heading("I. PENDAHULUAN"),
        Heading("A. Umum", 2),
        Paragraph(
            f"Dalam rangka melaksanakan {frame}{detail}, {facts.facility.name} menyelenggarakan {wording.aid(facts)} bagi "
            f"{wording.beneficiaries(facts)}. Keluarga dan masyarakat mempunyai peranan penting dalam reintegrasi sosial warga "
            "binaan.",
            indent=True,
        ),
        Heading("B. Dasar", 2),
        NumberedList(
            (
                *(f"{base};" for base in BASES),
                *basis,
                _decided(facts),
            )
        ),
        Heading("C. Maksud dan Tujuan", 2),
        Paragraph(
            "Meringankan kebutuhan penerima serta mempererat hubungan antara petugas, warga binaan, "
            "keluarganya, dan masyarakat di sekitar UPT.",
            indent=True,
        ),
        Heading("D. Ruang Lingkup", 2),
        Paragraph(
            f"Pendataan dan kunjungan rumah, penetapan penerima, penyiapan bantuan, penyerahan, dan pertanggungjawaban untuk "
            f"periode {wording.period(facts)}{f', bagi {categories}' if categories else ''}.",
            indent=True,
        ),
    )


def _decided(facts: Facts) -> str:
    """Returns the decree, where there is one; else the approval."""
    about = f"penerima {wording.aid(facts)} periode {wording.period(facts)}"
    decree = facts.papers.get("decree")
    on = (decree.on if decree else None) or facts.decided_on
    day = f" tanggal {format_date(on)}" if on else ""
    if decree is None:
        return f"Persetujuan {wording.head_of(facts)} atas daftar {about}{day}."
    number = f" nomor {decree.number}" if decree.number else ""
    return f"Keputusan {wording.head_of(facts)}{number} tentang penetapan {about}{day}."


def _execution(facts: Facts) -> tuple[Block, ...]:
    people = [official.heading for official in (wording.services(facts), wording.treasurer(facts)) if official.title]
    witnesses = list(dict.fromkeys(recipient.witness for recipient in facts.received if recipient.witness))
    return (
        Heading("II. PELAKSANAAN"),
        KeyValues(
            (
                ("Hari, tanggal", wording.day(facts)),
                ("Pukul", wording.hour(facts)),
                *([("Rencana semula", plan)] if (plan := wording.plan_that_differs(facts)) else []),
                ("Tempat", wording.place(facts)),
                ("Petugas", wording.listed(people)),
                ("Saksi", wording.listed(witnesses) or wording.BLANK),
                ("Penerima", wording.with_packages(facts, facts.figures.received, facts.figures.packages)),
            )
        ),
        Paragraph("Penerima menurut kategori:", "left"),
        _categories(facts),
        Paragraph("Jenis dan jumlah bantuan yang diserahkan:", "left"),
        goods_table(facts),
        Paragraph("Sumber dana:", "left"),
        _sources(facts),
        *_costs(facts),
        *_delicate(facts),
        Paragraph("Uraian jalannya kegiatan:", "left"),
        NumberedList(_course(facts)),
    )


def _categories(facts: Facts) -> DocumentTable:
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (str(place), wording.category(code), str(count))
        for place, (code, count) in enumerate(facts.figures.by_category.items(), start=1)
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Kategori"),
        DocumentColumn(wording.noun(facts).capitalize(), 30, "right"),
    )
    return DocumentTable(columns, rows, (Total("Jumlah", (str(facts.figures.received),)),))


def _sources(facts: Facts) -> DocumentTable:
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (str(place), source.fund, group(source.amount)) for place, source in enumerate(facts.spending, start=1)
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Dana"),
        DocumentColumn("Digunakan (Rp)", 40, "right"),
    )
    return DocumentTable(
        columns, rows, (Total("Jumlah", (group(sum(spending.amount for spending in facts.spending)),)),)
    )


def _costs(facts: Facts) -> tuple[Block, ...]:
    """Returns what was paid beside the goods, by fund, where something was."""
    if not facts.costs:
        return ()
    rows: tuple[tuple[DocumentCell, ...], ...] = tuple(
        (str(place), cost.purpose, cost.fund, group(cost.rupiah)) for place, cost in enumerate(facts.costs, start=1)
    )
    columns = (
        DocumentColumn("No.", 10, "center"),
        DocumentColumn("Biaya"),
        DocumentColumn("Dana"),
        DocumentColumn("Jumlah (Rp)", 32, "right"),
    )
    total = Total("Jumlah", (group(sum(cost.rupiah for cost in facts.costs)),))
    return (
        Paragraph("Biaya selain barang, tidak termasuk nilai bantuan:", "left"),
        DocumentTable(columns, rows, (total,)),
    )


def _delicate(facts: Facts) -> tuple[Block, ...]:
    names = [
        fund.name
        for fund in facts.funds
        if fund.sensitive and fund.code in {spending.code for spending in facts.spending}
    ]
    if not names:
        return ()
    return (
        Paragraph(
            f"Catatan: {wording.listed(names)} dicatat sebagaimana dinyatakan oleh UPT beserta dasar tertulisnya, dan "
            "disampaikan untuk perhatian Kantor Wilayah."
        ),
    )


def _course(facts: Facts) -> tuple[str, ...]:
    steps = [
        f"Dari {wording.counted_recipients(facts, facts.judged)} calon yang dinilai, ditetapkan "
        f"{wording.counted_recipients(facts, facts.figures.listed)} sebagai penerima"
        + (f" pada tanggal {format_date(facts.decided_on)}." if facts.decided_on else ".")
    ]
    steps += [
        f"{purchase.memo} tanggal {format_date(purchase.on)} senilai {format_rupiah(purchase.cost)}, dengan bukti "
        f"{purchase.evidence}."
        for purchase in facts.purchases
    ]
    times = wording.handed_hours(facts)
    if times:
        first, last = f"{min(times):%H.%M}", f"{max(times):%H.%M}"
        hours = f"pada pukul {first}" if first == last else f"antara pukul {first} dan {last}"
        days = f"pada {wording.days_said(facts.handed_days)} " if len(facts.handed_days) > 1 else ""
        proxies = sum(1 for recipient in facts.received if recipient.proxy_name)
        steps.append(
            f"Bantuan diserahkan satu per satu kepada {wording.counted_recipients(facts, len(times))} {days}{hours}, "
            "dengan tanda tangan atau cap jempol pada daftar penerima"
            + (f"; {wording.counted_recipients(facts, proxies)} diwakili dengan surat kuasa." if proxies else ".")
        )
    return tuple(steps)


def _results(facts: Facts) -> tuple[Block, ...]:
    figures = facts.figures
    rows: tuple[tuple[DocumentCell, ...], ...] = (
        (f"Jumlah {wording.noun(facts)}", str(figures.listed), str(figures.received)),
        *(
            (("Jumlah paket", str(figures.packages_listed), str(figures.packages)),)
            if wording.counts_packages(facts)
            else ()
        ),
        ("Nilai bantuan (Rp)", group(facts.planned_value), group(figures.value)),
    )
    columns = (
        DocumentColumn("Uraian"),
        DocumentColumn("Target", 40, "right"),
        DocumentColumn("Realisasi", 40, "right"),
    )
    return (
        Heading("III. HASIL YANG DICAPAI"),
        DocumentTable(columns, rows),
        NumberedList((*_absences(facts), *_returns(facts))),
        *((Paragraph(f"Catatan penutupan: {facts.cycle.closing_note}"),) if facts.cycle.closing_note else ()),
    )


def _absences(facts: Facts) -> tuple[str, ...]:
    """Returns how many did not come; the reasons stay on the internal list, where staff wrote them of named people."""
    absent, waiting = len(facts.absent), Counter(recipient.state for recipient in facts.recipients)["approved"]
    if not absent and not waiting:
        return ("Seluruh penerima hadir atau diwakili secara sah.",)
    sentences = (
        [f"{wording.counted_recipients(facts, absent)} tidak hadir; bantuannya tidak diserahkan."] if absent else []
    )
    return (*sentences, *([f"{wording.counted_recipients(facts, waiting)} belum menerima."] if waiting else []))


def _returns(facts: Facts) -> tuple[str, ...]:
    if not facts.is_over:
        kept_goods, kept_money = _goods_and_money(facts.kept)
        kept = [*kept_goods, *([f"uang {wording.in_full(kept_money)}"] if kept_money else [])]
        still = f"; masih disimpan: {wording.listed(kept)}" if kept else ""
        return (f"Bulan ini belum ditutup{still}.",)
    goods, money = _goods_and_money(facts.returned)
    sentences = [f"Barang yang kembali ke persediaan: {wording.listed(goods)}."] if goods else []
    sentences += [f"Dana yang kembali ke sumbernya: {wording.in_full(money)}."] if money else []
    return tuple(sentences) or ("Tidak ada sisa barang maupun dana.",)


def _goods_and_money(lines: Sequence[Returned]) -> tuple[list[str], int]:
    goods = [
        f"{line.item} {wording.amount(line.quantity, line.unit)} ({format_rupiah(line.cost)})"
        for line in lines
        if line.unit
    ]
    return goods, sum(line.cost for line in lines if not line.unit)


def _conclusions(facts: Facts) -> tuple[Block, ...]:
    figures = facts.figures
    received = wording.with_packages(facts, figures.received, figures.packages)
    listed = wording.with_packages(facts, figures.listed, figures.packages_listed)
    return (
        Heading("IV. KESIMPULAN DAN SARAN"),
        Paragraph(
            f"Kegiatan terlaksana untuk {received} dari target {listed}, dengan nilai bantuan "
            f"{wording.in_full(figures.value)}. "
            "Kegiatan ini disarankan untuk dilanjutkan secara rutin pada periode berikutnya sesuai ketersediaan dana.",
            indent=True,
        ),
    )
