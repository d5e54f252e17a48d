"""What needs attention in the months of a facility: what was ordered, returned, is late or short, or has outdated documents."""

from collections.abc import Sequence
from datetime import date

from guyub.db.unit_of_work import Work
from guyub.programs import cycle_facts, replacements
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.documents import outdated
from guyub.programs.urls import cycle_url
from guyub.reports.active_programs import ActiveProgram, OpenMonth, month_url
from guyub.reports.attention_items import AffectedRecord, Attention
from guyub.reports.lateness import OVER, late_after
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Period, Text, Weekday
from guyub.sdk.words import format_time

OUTDATED_DOCUMENTS = Text(
    id="{count} dokumen usang", en="{count} documents are outdated", en_one="{count} document is outdated"
)


def ordered(work: Work) -> list[Attention]:
    """Returns what the regional office has ordered and this facility has not proposed yet."""
    awaited = campaign_queries.awaited_here(work) if work.may("programs.read") else []
    return [
        Attention(
            "info",
            Text(
                id="Perintah {office}: {title}, penyaluran {day}, {quota} paket",
                en="Campaign of {office}: {title}, distribution on {day}, {quota} packages",
                en_one="Campaign of {office}: {title}, distribution on {day}, {quota} package",
            ).format(
                office=awaited_cycle.office,
                title=awaited_cycle.title,
                quota=awaited_cycle.quota,
                day=Weekday(awaited_cycle.distribution_on),
            ),
            Text(
                id="Petugas menilai keluarga, memilih dana dan mengusulkan penerima sebelum hari itu.",
                en="The staff score households, choose funds and propose recipients before that day.",
            ),
            cycle_url(work.here.code, awaited_cycle.code),
        )
        for awaited_cycle in awaited
    ]


def returned(work: Work, months: Sequence[tuple[ActiveProgram, OpenMonth]]) -> list[Attention]:
    """Returns the proposals that came back to be fixed, each with its reason."""
    planned = {
        f"{program.plugin}/{month.line.code}": (program, month)
        for program, month in months
        if month.line.state == "planned" and month.stands is not None
    }
    if not planned or not work.may("programs.read"):
        return []
    return [
        Attention(
            "warning",
            (
                Text(
                    id="{name}: persetujuan ditarik oleh {actor}: {reason}",
                    en="{name}: {actor} withdrew the approval: {reason}",
                )
                if step.action == "programs.withdraw_approval"
                else Text(
                    id="{name}: usulan dikembalikan oleh {actor}: {reason}",
                    en="{name}: {actor} returned the proposal: {reason}",
                )
            ).format(name=_named(*planned[reference]), actor=step.actor, reason=step.reason),
            Text(id="Perbaiki daftarnya, lalu kirim lagi.", en="Fix the list, then send it again."),
            month_url(work.here.code, planned[reference][1].line),
        )
        for reference, step in cycle_facts.returned_of(work, list(planned)).items()
    ]


def awaited_replacements(work: Work) -> list[Attention]:
    """Returns the months in which a reserve waits to be confirmed in the place of a recipient."""
    awaited = replacements.waiting_here(work) if work.may("programs.read") else []
    return [
        Attention(
            "warning",
            Text(
                id="{month}: {count} penggantian penerima menunggu pengesahan",
                en="{month}: {count} replacements of recipients wait for confirmation",
                en_one="{month}: {count} replacement of a recipient waits for confirmation",
            ).format(month=Period(period), count=count),
            Text(id="Penyetuju mengesahkannya dengan sekali tekan.", en="The approver confirms it in one press."),
            f"{cycle_url(work.here.code, code)}replacements",
            decides=work.may("programs.approve"),
        )
        for code, period, count in awaited
    ]


def never_opened(work: Work, program: ActiveProgram) -> list[Attention]:
    """Returns the months that are due, were never opened and are late."""
    may_open = work.may("programs.open") and program.refusal is None
    return [
        Attention(
            "danger",
            Text(id="{title} {month}: belum dibuka (batas {day})", en="{title}, {month}: not opened (by {day})").format(
                title=program.title, month=Period(month.period), day=Weekday(month.open_by)
            ),
            Text(
                id="Buka bulannya, atau kabari kantor wilayah bila tidak dilaksanakan.",
                en="Open the month, or tell the regional office that it does not take place.",
            ),
            f"/f/{work.here.code}/programs/{month.plugin}/open" if may_open else "",
        )
        for month in program.unopened
        if month.is_late
    ]


def of_month(work: Work, program: ActiveProgram, month: OpenMonth, today: date) -> list[Attention]:
    """Returns what needs attention in a month in hand: it is late, waits for approval, or its funds are short."""
    line = month.line
    if line.state in OVER:
        return []
    name = _named(program, month)
    url = month_url(work.here.code, line) if work.may("programs.read") else ""
    items = [*_late(work, name, month, url, today)]
    decides = line.state == "proposed" and month.turn is not None and not month.turn.waits
    first = month.stands.first if month.stands else None
    if first is not None:
        items.append(
            Attention(
                "info",
                Text(
                    id="{name}: disetujui {first}, menunggu penyetuju kedua",
                    en="{name}: approved by {first}, awaits the second approver",
                ).format(name=name, first=first.name),
                Text(
                    id="Pejabat lain yang berwenang menyetujui membuka usulannya dan menyetujuinya juga.",
                    en="Another official who may approve opens the proposal and approves it as well.",
                ),
                url,
                decides=decides,
            )
        )
    elif line.state == "proposed":
        items.append(
            Attention(
                "info",
                Text(
                    id="{name}: usulan {count} keluarga menunggu persetujuan",
                    en="{name}: {count} households await approval",
                    en_one="{name}: {count} household awaits approval",
                ).format(name=name, count=line.listed),
                Text(id="Penyetuju memeriksa dana dan daftarnya.", en="The approver checks money and list."),
                url,
                decides=decides,
            )
        )
    coverage = month.stands.coverage if month.stands else None
    if coverage and coverage.missing:
        items.append(
            Attention(
                "warning",
                Text(id="{name}: dana kurang {missing}", en="{name}: the funds are {missing} short").format(
                    name=name, missing=format_rupiah(coverage.missing)
                ),
                Text(
                    id="Tambahkan dana pada bulan itu, catat penerimaan baru, atau kurangi penerima.",
                    en="Add a fund to that month, record a new receipt, or serve fewer households.",
                ),
                url,
            )
        )
    return items


def _late(work: Work, name: Text, month: OpenMonth, url: str, today: date) -> list[Attention]:
    line = month.line
    day = line.distribution_on
    if day is not None and day == today and line.state in ("approved", "distributing"):
        return [Attention("warning", *_today(work, name, month), url)]
    after = late_after(line.state, line.period, day)
    if after is None or after >= today:
        return []
    if day is not None and day < today:
        when = Text.same(Weekday(day))
        if line.state == "distributing":
            what = Text(
                id="{name}: penyaluran {day} belum ditutup", en="{name}: the distribution of {day} is not closed"
            )
            remedy = _unclosed(month.waiting)
        else:
            what = Text(
                id="{name}: penyaluran {day} belum dimulai", en="{name}: the distribution of {day} has not begun"
            )
            remedy = Text(
                id="Selesaikan langkah sebelumnya, atau tetapkan hari lain.",
                en="Finish the steps before it, or set another day.",
            )
        return [Attention("danger", what.format(name=name, day=when), remedy, url)]
    what = Text(id="{name}: bulannya sudah lewat dan belum ditutup", en="{name}: the month is over and not closed")
    remedy = Text(
        id="Selesaikan dan tutup bulan itu, atau batalkan bila tidak dilaksanakan.",
        en="Finish and close that month, or cancel it if it did not take place.",
    )
    return [Attention("danger", what.format(name=name), remedy, url)]


def _today(work: Work, name: Text, month: OpenMonth) -> tuple[Text, Text]:
    what = Text(id="{name}: penyaluran hari ini", en="{name}: the distribution is today").format(name=name)
    starts_at = month.stands.cycle.starts_at if month.stands else None
    hour = format_time(starts_at, work.here.zone) if starts_at else ""
    where = " · ".join(part for part in (hour, month.line.place) if part)
    return what, Text.same(where)


def _unclosed(waiting: int) -> Text:
    if not waiting:
        return Text(
            id="Semua keluarga sudah tercatat; tutup bulannya.", en="Every household is accounted for; close the month."
        )
    return Text(
        id="{count} keluarga belum menerima dan belum ditandai tidak hadir.",
        en="{count} households have neither received nor are marked absent.",
        en_one="{count} household has neither received nor is marked absent.",
    ).format(count=waiting)


def outdated_documents(work: Work, today: date) -> list[Attention]:
    """Returns one item for all kept documents that no longer say what is, with the page that makes those of each month anew."""
    months = outdated.outdated_here(work, today) if work.may("documents.read") and work.may("programs.read") else []
    if not months:
        return []
    count = sum(month.documents for month in months)
    return [
        Attention(
            "info",
            OUTDATED_DOCUMENTS.format(count=count),
            Text(
                id="Sesuatu berubah sejak dibuat; buat lagi, yang lama tetap tersimpan.",
                en="Something changed since they were made; make them anew, the old ones are kept.",
            ),
            records=tuple(
                AffectedRecord(
                    month.code,
                    OUTDATED_DOCUMENTS.format(count=month.documents),
                    f"{cycle_url(work.here.code, month.code)}documents",
                )
                for month in months
            ),
        )
    ]


def _named(program: ActiveProgram, month: OpenMonth) -> Text:
    """Returns "Bansos sembako November 2024": also where two months are in hand at once it is clear which one is meant."""
    return Text(id="{title} {month}", en="{title}, {month}").format(
        title=program.title, month=Period(month.line.period)
    )
