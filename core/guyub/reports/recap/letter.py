"""The recap of a region as a letter-headed document; with a place to sign where the office wants one."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from guyub.db.unit_of_work import Work
from guyub.documents.blocks import (
    Block,
    Document,
    DocumentColumn,
    DocumentTable,
    DocumentTitle,
    KeyValues,
    Letterhead,
    NumberedList,
    Paragraph,
    Signature,
    Signatures,
    Total,
)
from guyub.facilities.models import LetterDefaultModel
from guyub.reports.lateness import SHOWN
from guyub.reports.recap.facts import Recap
from guyub.reports.region import FacilityRow
from guyub.reports.region_figures import category_name
from guyub.sdk.money import format_rupiah, group
from guyub.sdk.words import format_date, period_name


def letterhead(work: Work, region_id: UUID, office: str) -> Letterhead:
    """Returns the nation's lines above those of the region; an office without lines of its own is named in full."""
    of_region = col(LetterDefaultModel.region_id)
    kept = select(of_region, col(LetterDefaultModel.letterhead)).where(or_(of_region.is_(None), of_region == region_id))
    lines = {place: tuple(letterhead) for place, letterhead in work.all(kept)}
    nation, own = lines.get(None, ()), lines.get(region_id, ())
    name = own[0] if own else office.upper()
    return Letterhead.of((*nation, *own[1:]), name)


def recap_paper(recap: Recap, head: Letterhead, capital: str, on: date, *, signed: bool) -> Document:
    """Returns the letter; ``capital`` is where the office dates its letters; ``on`` the day of the document."""
    view = recap.view
    body: tuple[Block, ...] = (
        head,
        DocumentTitle(("REKAPITULASI BANTUAN SOSIAL", f"PERIODE {period_name(recap.period).upper()}")),
        KeyValues(
            (
                ("UPT yang selesai", f"{recap.done} dari {recap.expected} UPT yang menjalankan program"),
                *([("UPT yang membatalkan", f"{recap.cancelled} UPT")] if recap.cancelled else []),
                ("Keluarga menerima", f"{group(view.received)} dari {group(view.listed)} pada daftar"),
                *(
                    (category_name(code), f"{group(got)} dari {group(listed)} keluarga")
                    for code, (listed, got) in view.by_category.items()
                ),
                ("Paket diserahkan", group(view.packages)),
                ("Nilai diserahkan", format_rupiah(view.value)),
                *((source.title.id, format_rupiah(source.spent)) for source in view.sources if source.spent),
                ("Batas laporan", format_date(recap.deadline)),
            ),
            label_width=55,
        ),
        _table(recap),
        *_missing(recap),
        Paragraph(f"Sidik angka (SHA-256): {recap.digest}", "left"),
    )
    if signed:
        place = f"{capital}, {format_date(on)}" if capital else format_date(on)
        body = (*body, Signatures(((None, Signature((place, "Kepala Kantor Wilayah,"))),)))
    return Document(
        kind="region_recap",
        title=f"Rekapitulasi bantuan sosial {period_name(recap.period)} – {recap.office}",
        file_name=f"{recap.region}-{recap.period:%Y-%m}-rekap.pdf",
        body=body,
    )


def _table(recap: Recap) -> DocumentTable:
    rows = [row for row in recap.view.rows if row.is_expected]
    return DocumentTable(
        (
            DocumentColumn("No.", 10, "right"),
            DocumentColumn("UPT"),
            DocumentColumn("Keadaan", 34),
            DocumentColumn("Daftar", 18, "right"),
            DocumentColumn("Menerima", 20, "right"),
            DocumentColumn("Nilai (Rp)", 32, "right"),
        ),
        tuple(
            (str(at), row.place.name, _states(row), group(row.listed), group(row.received), group(row.value))
            for at, row in enumerate(rows, start=1)
        ),
        (Total("Jumlah", (group(recap.view.listed), group(recap.view.received), group(recap.view.value))),),
        small=True,
    )


def _states(row: FacilityRow) -> str:
    return ", ".join(dict.fromkeys(SHOWN[state].id for state in row.states))


def _missing(recap: Recap) -> tuple[Block, ...]:
    if not recap.missing:
        return (Paragraph("Tidak ada UPT yang masih ditunggu."),)
    return (
        Paragraph(f"UPT yang belum masuk ({len(recap.missing)}):", "left"),
        NumberedList(
            tuple(f"{missing_facility.name}: {missing_facility.why.id}" for missing_facility in recap.missing)
        ),
    )
