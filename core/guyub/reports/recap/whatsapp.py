"""The recap of a region as text to paste into WhatsApp, where *stars* make bold: short, plain, figures only."""

from guyub.reports.recap.facts import Recap
from guyub.reports.region_figures import category_name
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import format_date, period_name


def chat_recap(recap: Recap) -> str:
    """Ends with a line feed; only line feeds, so that it pastes anywhere."""
    view = recap.view
    lines = [
        _bold(f"REKAP BANTUAN SOSIAL {period_name(recap.period).upper()}"),
        _bold(recap.office.upper()),
        "",
        f"UPT yang selesai : {recap.done} dari {recap.expected}",
        *([f"UPT yang membatalkan : {recap.cancelled}"] if recap.cancelled else []),
        f"Keluarga menerima : {group(view.received)} dari {group(view.listed)}",
        *(f"• {category_name(code)} : {group(got)} keluarga" for code, (_, got) in view.by_category.items() if got),
        f"Paket diserahkan : {group(view.packages)}",
        f"Nilai diserahkan : {format_rupiah(view.value)}",
        *(f"• {source.title.id} : {format_rupiah(source.spent)}" for source in view.sources if source.spent),
        "",
        *_missing(recap),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _missing(recap: Recap) -> list[str]:
    if not recap.missing:
        return ["Tidak ada UPT yang masih ditunggu."]
    return [
        _bold(f"BELUM MASUK ({len(recap.missing)} UPT)"),
        *(f"• {missing_facility.name} ({missing_facility.why.id})" for missing_facility in recap.missing),
        f"Batas laporan : {format_date(recap.deadline)}",
    ]


def _bold(words: str) -> str:
    """Returns the words in bold; a star within them would end the bold too early."""
    return f"*{words.replace('*', '')}*"
