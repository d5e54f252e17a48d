"""Holds what needs attention at a facility, the most urgent first, each with the page that fixes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guyub.db.unit_of_work import Work
from guyub.funds import book_closing, money_requests, urls
from guyub.funds.queries import FundBalance
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.plugin_session import undone
from guyub.programs import cycle_facts, proposal, replacements
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.documents import outdated
from guyub.programs.urls import cycle_url
from guyub.registry.queries import RegistryCounts
from guyub.reports import reminders
from guyub.reports.active_programs import ActiveProgram, OpenMonth, month_url
from guyub.reports.lateness import OVER, late_after
from guyub.sdk.money import format_rupiah
from guyub.sdk.panels import Tone
from guyub.sdk.reviews import Finding
from guyub.sdk.text import Period, Text, Weekday
from guyub.sdk.words import format_time

AttentionLevel = Literal["danger", "warning", "info"]
ORDER: tuple[AttentionLevel, ...] = ("danger", "warning", "info")
TONES: Mapping[Tone, AttentionLevel] = {"danger": "danger", "warning": "warning", "good": "info", "plain": "info"}
_ON_ITS_PAGE = Text(
    id="Buka halaman plugin ini; petugas UPT menindaklanjutinya di sana.",
    en="Open the plugin's page; the facility's staff see to it there.",
)
BOOKS_TO_CLOSE = Text(
    id="{count} buku kas menunggu ditutup",
    en="{count} cash books wait to be closed",
    en_one="{count} cash book waits to be closed",
)
OUTDATED_DOCUMENTS = Text(
    id="{count} dokumen usang", en="{count} documents are outdated", en_one="{count} document is outdated"
)
_MONTHS_WAIT = Text(
    id="{count} bulan, sejak {month}", en="{count} months, since {month}", en_one="{count} month, since {month}"
)
_ASK = Text(id="Petugas UPT menindaklanjutinya.", en="The facility's staff see to it.")


@dataclass(frozen=True, slots=True)
class AffectedRecord:
    """One of several records that a matter concerns, by name, with the page that fixes it."""

    name: str
    detail: Text
    url: str


@dataclass(frozen=True, slots=True)
class Attention:
    """``danger``: late or held up; ``warning``: somebody has to look; ``info``: somebody's turn. ``url`` may be empty."""

    kind: AttentionLevel
    what: Text
    remedy: Text
    url: str = ""
    records: tuple[AffectedRecord, ...] = ()


def of_facility(
    work: Work,
    plugins: PluginRegistry,
    programs: Sequence[ActiveProgram],
    funds: Sequence[FundBalance],
    registered: dict[str, RegistryCounts],
    today: date,
) -> list[Attention]:
    """Returns what needs attention at a facility.

    ``funds`` and ``households`` are empty for readers who may not see them: nothing is said of them then.
    """
    months = [(program, month) for program in programs for month in program.months]
    reviews = _reviews(work, plugins, [month for _, month in months], today)
    returned = _returned(work, months)
    items = [
        *_reminded(work, plugins),
        *_ordered(work),
        *returned,
        *_replacements(work),
        *_money_requests(work),
        *(item for program in programs for item in _never_opened(work, program)),
        *(item for program, month in months for item in _month(work, program, month, today)),
        *(_review(work, month, finding) for month, finding in reviews),
        *_books_to_close(work, today),
        *_outdated_documents(work, today),
        *_sensitive(work, funds, frozenset(finding.fund_code for _, finding in reviews)),
        *_unsurveyed(work, registered),
        *_from_plugins(work, plugins, today),
    ]
    return sorted(items, key=lambda item: ORDER.index(item.kind))


# --- months ------------------------------------------------------------------------------------------------------


def _reminded(work: Work, plugins: PluginRegistry) -> list[Attention]:
    """Returns what the regional office has reminded this facility of, until somebody here says that it was read."""
    reminded = reminders.unseen_here(work, plugins) if work.may("programs.read") else []
    return [
        Attention(
            "warning",
            Text(id="Pengingat dari Kanwil: {sentence}", en="Reminder of the regional office: {sentence}").format(
                sentence=reminder.sentence
            ),
            reminder.remedy,
            f"/f/{work.here.code}/reminders",
        )
        for reminder in reminded
    ]


def _ordered(work: Work) -> list[Attention]:
    """Returns what the regional office has ordered and this facility has not proposed yet."""
    awaited = campaign_queries.awaited_here(work) if work.may("programs.read") else []
    return [
        Attention(
            "info",
            Text(
                id="Perintah {office}: {title}, penyaluran {day}, {quota} keluarga",
                en="Campaign of {office}: {title}, distribution on {day}, {quota} households",
                en_one="Campaign of {office}: {title}, distribution on {day}, {quota} household",
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


def _returned(work: Work, months: Sequence[tuple[ActiveProgram, OpenMonth]]) -> list[Attention]:
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


def _replacements(work: Work) -> list[Attention]:
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
        )
        for code, period, count in awaited
    ]


def _money_requests(work: Work) -> list[Attention]:
    """Returns the requests for more money that await a decision, for those who may decide."""
    asked = money_requests.waiting(work) if work.may("funds.topup") else []
    return [
        Attention(
            "warning",
            Text(
                id="{name} meminta tambahan dana {amount} untuk {item} ({code})",
                en="{name} asks for {amount} more for {item} ({code})",
            ).format(name=one.asked_by, amount=format_rupiah(one.amount), item=one.name, code=one.code),
            Text(
                id="Disetujui {name}; menunggu penyetuju kedua, orang lain.",
                en="Approved by {name}; it waits for a second approver, another person.",
            ).format(name=one.first_approver)
            if one.first_approver
            else Text(
                id="Setujui dalam satu tekan, atau tolak dengan alasan.",
                en="Approve it in one press, or decline it with a reason.",
            ),
            urls.money_request_url(work.here.code, one.code, one.id),
        )
        for one in asked
    ]


def _never_opened(work: Work, program: ActiveProgram) -> list[Attention]:
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


def _month(work: Work, program: ActiveProgram, month: OpenMonth, today: date) -> list[Attention]:
    line = month.line
    if line.state in OVER:
        return []
    name = _named(program, month)
    url = month_url(work.here.code, line) if work.may("programs.read") else ""
    items = [*_late(work, name, month, url, today)]
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


def _reviews(
    work: Work, plugins: PluginRegistry, months: Sequence[OpenMonth], today: date
) -> list[tuple[OpenMonth, Finding]]:
    """Asks for a look only: what the plugins write while they answer is kept when the month is approved, not here."""
    if not months:
        return []
    with undone(work.session):
        return [(month, finding) for month in months for finding in _findings(work, plugins, month, today)]


def _findings(work: Work, plugins: PluginRegistry, month: OpenMonth, today: date) -> Sequence[Finding]:
    """Returns what the plugins would say of the money if this month were approved now: better known before than then."""
    stands = month.stands
    if stands is None or stands.coverage is None or not stands.coverage.shares:
        return ()
    amounts = {share.fund_id: share.total for share in stands.coverage.shares}
    return proposal.review(work, plugins, stands.cycle, amounts, today)


def _review(work: Work, month: OpenMonth, finding: Finding) -> Attention:
    url = month_url(work.here.code, month.line)
    if finding.level == "blocking":
        remedy = Text(id="Akan menahan persetujuan.", en="It will hold up the approval.")
        return Attention("danger", finding.text, remedy, url)
    remedy = Text(id="Diperlihatkan kepada penyetuju.", en="The approver is shown it.")
    return Attention("warning", finding.text, remedy, url)


def _named(program: ActiveProgram, month: OpenMonth) -> Text:
    """Returns "Bansos sembako November 2024": also where two months are in hand at once it is clear which one is meant."""
    return Text(id="{title} {month}", en="{title}, {month}").format(
        title=program.title, month=Period(month.line.period)
    )


# --- money, households, plugins ------------------------------------------------------------------------------------


def _sensitive(work: Work, funds: Sequence[FundBalance], named: frozenset[str]) -> list[Attention]:
    """Returns funds that the regional office reviews and that still hold something, unless a review has ``named`` them."""
    held = [
        fund
        for fund in funds
        if fund.sensitive and fund.free + fund.reserved + fund.stock > 0 and fund.code not in named
    ]
    if not held:
        return []
    left = format_rupiah(sum(balance.free + balance.reserved + balance.stock for balance in held))
    return [
        Attention(
            "info",
            Text(
                id="{count} dana ditandai untuk ditinjau kantor wilayah (tersisa {left})",
                en="{count} funds are flagged for review by the regional office ({left} left)",
                en_one="{count} fund is flagged for review by the regional office ({left} left)",
            ).format(count=len(held), left=left),
            Text(
                id="Pastikan dasar tertulis dan surat kantor wilayah tersimpan.",
                en="Make sure that the written basis and the regional office's letter are on file.",
            ),
            urls.funds_url(work.here.code) if work.may("funds.read") else "",
        )
    ]


def _books_to_close(work: Work, today: date) -> list[Attention]:
    """Returns one item for all cash books whose month is over, with the page that closes each."""
    books = book_closing.waiting(work, today) if work.may("funds.read") else []
    if not books:
        return []
    page_of = urls.close_url if work.may("funds.close") else urls.fund_url
    return [
        Attention(
            "warning",
            BOOKS_TO_CLOSE.format(count=len(books)),
            Text(
                id="Bendahara menghitung uangnya dan menutup bukunya, bulan demi bulan.",
                en="The treasurer counts the money and closes the book, month by month.",
            ),
            records=tuple(
                AffectedRecord(
                    book.name,
                    _MONTHS_WAIT.format(count=book.months, month=Period(book.month)),
                    page_of(work.here.code, book.code),
                )
                for book in books
            ),
        )
    ]


def _outdated_documents(work: Work, today: date) -> list[Attention]:
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


def _unsurveyed(work: Work, registered: dict[str, RegistryCounts]) -> list[Attention]:
    open_visits = sum(count.households - count.surveyed for count in registered.values())
    if not open_visits:
        return []
    return [
        Attention(
            "warning",
            Text(
                id="{count} keluarga belum disurvei",
                en="{count} households are not surveyed yet",
                en_one="{count} household is not surveyed yet",
            ).format(count=open_visits),
            Text(
                id="Tanpa survei, kebutuhannya tidak dapat dinilai.",
                en="Without a survey their needs cannot be scored.",
            ),
            f"/f/{work.here.code}/households?surveyed=no",
        )
    ]


def _from_plugins(work: Work, plugins: PluginRegistry, today: date) -> list[Attention]:
    """Returns what plugins themselves want to be seen to, and each one that is active here and does not run."""
    return [
        Attention(
            TONES[shown.item.tone],
            shown.item.text,
            _ON_ITS_PAGE if shown.item.path else _ASK,
            f"/f/{work.here.code}/p/{shown.slug}{shown.item.path}" if shown.item.path else "",
        )
        for shown in plugins.hooks.attention_items(work, today)
    ]
