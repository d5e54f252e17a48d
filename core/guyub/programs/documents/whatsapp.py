"""The activity report as text to paste into WhatsApp, where *stars* make bold; without NIK, addresses and recipients' names."""

from guyub.programs.cycle_facts import GoodsGiven
from guyub.programs.documents import wording as wording
from guyub.programs.documents.facts import Facts
from guyub.sdk.money import format_rupiah


def chat_report(facts: Facts) -> str:
    """Ends with a line feed; only line feeds, so that it pastes anywhere."""
    head, figures, noun = wording.head(facts), facts.figures, wording.noun(facts)
    lines = [
        _bold(f"LAPORAN PELAKSANAAN {wording.subject(facts)}"),
        _bold(facts.facility.long_name.upper()),
        _bold(f"PERIODE {wording.period(facts).upper()}"),
        "",
        f"Yth. Kepala {facts.facility.region.office_name}",
        f"Dari : Kepala {facts.facility.name}",
        "",
        f"Bersama ini kami sampaikan laporan pelaksanaan {wording.aid(facts)} sebagai berikut.",
        f"Hari/Tgl : {wording.day(facts)}",
        f"Pukul : {wording.hour(facts)}",
        *([f"Rencana semula : {plan}"] if (plan := wording.plan_that_differs(facts)) else []),
        f"Tempat : {wording.place(facts)}",
        "",
        _bold("I. PENERIMA"),
        *(f"• {wording.category(code)} : {count} {noun}" for code, count in figures.by_category.items()),
        f"• Jumlah : {figures.received} {noun} dari target {figures.listed}",
        *(
            [f"• Paket : {figures.packages} dari target {figures.packages_listed}"]
            if wording.counts_packages(facts)
            else []
        ),
        *([f"• Tidak hadir : {figures.absent} {noun}"] if figures.absent else []),
        "",
        _bold("II. BANTUAN YANG DISERAHKAN"),
        *(f"• {goods.item} : {_given(goods)}" for goods in facts.goods),
        f"• Nilai seluruhnya : {format_rupiah(figures.value)}",
        "",
        _bold("III. SUMBER DANA"),
        *(f"• {spending.fund} : {format_rupiah(spending.amount)}" for spending in facts.spending),
        "",
        _bold("IV. SISA"),
        *_left_over(facts),
        "",
        "Demikian laporan ini kami sampaikan, atas perhatian diucapkan terima kasih.",
        "",
        f"{head.heading},",
        "ttd",
        head.name or "……………",
        *([f"NIP {head.nip}"] if head.nip else []),
    ]
    return "\n".join(lines) + "\n"


def _given(goods: GoodsGiven) -> str:
    cost = format_rupiah(goods.cost)
    return f"{wording.amount(goods.quantity, goods.unit)} ({cost})" if goods.unit else cost


def _left_over(facts: Facts) -> list[str]:
    """Returns what went back when the month was closed; until then what is still kept for it."""
    left, of_goods, of_money = (
        (facts.returned, "kembali ke persediaan", "Dana kembali ke sumbernya")
        if facts.is_over
        else (facts.kept, "masih disimpan", "Dana yang masih disimpan")
    )
    lines = [f"• {line.item} : {wording.amount(line.quantity, line.unit)} {of_goods}" for line in left if line.unit]
    money = sum(line.cost for line in left if not line.unit)
    if money:
        lines.append(f"• {of_money} : {format_rupiah(money)}")
    if not facts.is_over:
        return ["• Bulan ini belum ditutup", *lines]
    return lines or ["• Tidak ada"]


def _bold(words: str) -> str:
    """Returns the words in bold, without stars, which would end the bold too early."""
    return f"*{words.replace('*', '')}*"
