"""Facilities that are late with a month, and the reminders that their regional office sends: once for each matter and day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import aliased
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.access.models import PersonModel
from guyub.db.models import FacilityModel
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.models import CycleModel, Program
from guyub.reports.lateness import OVER
from guyub.reports.models import ReminderModel, ReminderSeen
from guyub.reports.refusals import ReportsRefusal
from guyub.reports.region import FacilityRow, overview, program_title
from guyub.reports.region_figures import MonthAt
from guyub.reports.reporting_days import RecapDays
from guyub.sdk.text import Period, Text, Weekday
from guyub.ui.months import last_day

ReminderSubject = Literal["not_opened", "not_given", "not_closed", "not_finished", "not_reported"]
MATTERS: Mapping[str, Text] = {
    "not_opened": Text(id="bulan belum dibuka", en="the month is not opened"),
    "not_given": Text(
        id="hari penyaluran lewat dan belum dimulai", en="its day has passed and nothing was handed over"
    ),
    "not_closed": Text(id="penyaluran belum ditutup", en="the distribution is not closed"),
    "not_finished": Text(id="bulannya lewat dan belum selesai", en="the month is over and not finished"),
    "not_reported": Text(id="batas laporan lewat", en="the report is overdue"),
}
REMEDIES: Mapping[str, Text] = {
    "not_opened": Text(
        id="Buka bulannya, atau kabari kantor wilayah bila tidak dilaksanakan.",
        en="Open the month, or tell the office that it does not take place.",
    ),
    "not_given": Text(
        id="Selesaikan langkah sebelum penyaluran, atau tetapkan hari lain.",
        en="Finish the steps before the distribution, or set another day.",
    ),
    "not_closed": Text(
        id="Catat yang tidak hadir, lalu tutup bulannya.", en="Mark who was absent, then close the month."
    ),
    "not_finished": Text(
        id="Selesaikan dan tutup bulan itu, atau batalkan bila tidak dilaksanakan.",
        en="Finish and close that month, or cancel it if it did not take place.",
    ),
    "not_reported": Text(
        id="Tutup bulannya; rekap wilayah menunggu UPT ini.", en="Close the month; the region's recap waits for it."
    ),
}


@dataclass(frozen=True, slots=True)
class Late:
    """A matter at a facility. ``day`` is the day that has passed: of the distribution, or the deadline."""

    facility_id: UUID
    code: str
    name: str
    matter: ReminderSubject
    plugin: str
    title: Text
    period: date
    day: date

    @property
    def key(self) -> str:
        return f"{self.code} {self.matter} {self.plugin} {self.period:%Y-%m}"

    @property
    def sentence(self) -> Text:
        """Returns "Bantuan sosial sembako November 2024: penyaluran belum ditutup (Sabtu, 16 November 2024)"."""
        sentence = Text(id="{title} {period}: {matter}", en="{title}, {period}: {matter}").format(
            title=self.title,
            matter=MATTERS[self.matter],
            period=Period(self.period),
        )
        return _with_day(sentence, self.day)


def _with_day(sentence: Text, day: date) -> Text:
    return Text(id="{sentence} ({day})", en="{sentence} ({day})").format(sentence=sentence, day=Weekday(day))


def late(work: Work, plugins: PluginRegistry, region_id: UUID, today: date) -> list[Late]:
    """Returns what is late in a region today, by facility: the months that its overview shows as late, each with the one matter
    that is most overdue."""
    view = overview(work, plugins, region_id, today, today, 1)
    return [
        part for row in view.rows for part in (*_months(row, view.days, today), *_never_opened(row, view.days, today))
    ]


def remind(work: Work, plugins: PluginRegistry, region_id: UUID, keys: Sequence[str], today: date) -> list[Late]:
    """Sends those of today's late matters that are asked for; what was reminded of today already is left. Those sent.

    Raises ``Invalid`` when none of ``keys`` is late (any more).
    """
    work.require("programs.campaign")
    asked = [late_facility for late_facility in late(work, plugins, region_id, today) if late_facility.key in set(keys)]
    if not asked:
        raise ReportsRefusal.NOBODY_TO_REMIND.invalid("keys")
    reminder = ReminderModel
    once_a_day = (col(reminder.facility_id), col(reminder.matter), col(reminder.plugin), col(reminder.period))
    rows = [
        {
            "facility_id": late_facility.facility_id,
            "matter": late_facility.matter,
            "plugin": late_facility.plugin,
            "period": late_facility.period,
            "day": late_facility.day,
            "on_day": today,
        }
        for late_facility in asked
    ]
    unless_sent = (
        insert(reminder).values(rows).on_conflict_do_nothing(index_elements=[*once_a_day, col(reminder.on_day)])
    )
    new = {tuple(row) for row in work.all(unless_sent.returning(*once_a_day))}
    sent = [
        late_facility
        for late_facility in asked
        if (late_facility.facility_id, late_facility.matter, late_facility.plugin, late_facility.period) in new
    ]
    audit.record_many(
        work,
        [
            AuditEntry(
                late_facility.facility_id,
                "reports.reminder",
                f"{late_facility.plugin}/{late_facility.period:%Y-%m}",
                {"matter": late_facility.matter},
            )
            for late_facility in sent
        ],
    )
    return sent


def chat_text(name: str, matters: Sequence[Late], office: str) -> str:
    """Returns what the office pastes into the chat of one facility."""
    lines = [
        f"*PENGINGAT – {office.replace('*', '')}*",
        f"Kepada {name}",
        "",
        "Mohon segera diselesaikan:",
        *(f"• {matter.sentence.id}. {REMEDIES[matter.matter].id}" for matter in matters),
        "",
        "Terima kasih.",
    ]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that a facility got; ``seen_by`` is empty until somebody there says that it was read."""

    id: UUID
    facility: str
    matter: ReminderSubject
    plugin: str
    period: date
    day: date | None
    sent_by: str
    sent_at: datetime
    seen_by: str
    seen_at: datetime | None

    @property
    def sentence(self) -> Text:
        sentence = Text(id="{plugin} {period}: {matter}", en="{plugin}, {period}: {matter}").format(
            plugin=self.plugin,
            matter=MATTERS[self.matter],
            period=Period(self.period),
        )
        return sentence if self.day is None else _with_day(sentence, self.day)

    @property
    def remedy(self) -> Text:
        return REMEDIES[self.matter]


def _reminders(plugins: PluginRegistry) -> Select[*tuple[Any, ...]]:
    """Selects what a ``Reminder`` holds, newest first."""
    reminder, seer = ReminderModel, aliased(PersonModel, name="seer")
    in_book = (
        _of_its_months(select(col(CycleModel.settings)[("title", "id")].astext))
        .where(col(CycleModel.period) <= col(reminder.period))
        .order_by(col(CycleModel.period).desc())
        .limit(1)
    )
    declared = literal(_titles(plugins), JSONB)[col(reminder.plugin)].astext
    return (
        select(
            col(reminder.id),
            col(FacilityModel.name).label("facility"),
            col(reminder.matter),
            func.coalesce(in_book.scalar_subquery(), declared, col(reminder.plugin)).label("plugin"),
            col(reminder.period),
            col(reminder.day),
            func.coalesce(col(PersonModel.full_name), col(reminder.sent_label)).label("sent_by"),
            col(reminder.sent_at),
            func.coalesce(col(seer.full_name), "").label("seen_by"),
            col(ReminderSeen.seen_at),
        )
        .join(FacilityModel, col(FacilityModel.id) == col(reminder.facility_id))
        .outerjoin(PersonModel, col(PersonModel.id) == col(reminder.sent_by))
        .outerjoin(ReminderSeen, col(ReminderSeen.reminder_id) == col(reminder.id))
        .outerjoin(seer, col(seer.id) == col(ReminderSeen.seen_by))
        .order_by(col(reminder.seq).desc())
    )


def _of_its_months(columns: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Selects from the months of the programme that a reminder names, at its facility."""
    return (
        columns.select_from(CycleModel)
        .join(Program, col(Program.id) == col(CycleModel.program_id))
        .where(
            col(Program.facility_id) == col(ReminderModel.facility_id),
            col(Program.plugin) == col(ReminderModel.plugin),
        )
        .correlate(ReminderModel)
    )


def _titles(plugins: PluginRegistry) -> dict[str, str]:
    """Returns what their programmes are called, for a facility that has opened no month of theirs yet."""
    programs = {slug: program_title(plugin) for slug, plugin in plugins.ready().items()}
    return {slug: title.id for slug, title in {**plugins.titles(), **programs}.items()}


def unseen_here(work: Work, plugins: PluginRegistry) -> list[Reminder]:
    """Returns what the facility of this work was reminded of and nobody here has acknowledged, while it is not done; newest
    first."""
    is_done = or_(col(ReminderModel.matter) == "not_opened", col(CycleModel.state).in_(OVER))
    done = _of_its_months(select(col(CycleModel.id))).where(
        col(CycleModel.period) == col(ReminderModel.period), is_done
    )
    unseen = _reminders(plugins).where(
        col(ReminderModel.facility_id) == work.here.id, col(ReminderSeen.reminder_id).is_(None), ~done.exists()
    )
    return work.rows(Reminder, unseen.limit(20))


def of_facility(work: Work, plugins: PluginRegistry) -> list[Reminder]:
    """Returns all reminders that the facility of this work ever got, newest first."""
    return work.rows(Reminder, _reminders(plugins).where(col(ReminderModel.facility_id) == work.here.id))


def of_region(work: Work, plugins: PluginRegistry, region_id: UUID, since: date) -> list[Reminder]:
    """Returns what was sent from a day on, newest first."""
    of_office = (col(FacilityModel.region_id) == region_id, col(ReminderModel.on_day) >= since)
    return work.rows(Reminder, _reminders(plugins).where(*of_office))


def acknowledge(work: Work, reminder: UUID) -> bool:
    """Says that the facility has read it; False when that was said before or there is no such reminder here."""
    work.require("programs.read")
    sent = select(col(ReminderModel.id), col(ReminderModel.facility_id)).where(
        col(ReminderModel.id) == reminder, col(ReminderModel.facility_id) == work.here.id
    )
    seen = insert(ReminderSeen).from_select(["reminder_id", "facility_id"], sent)
    is_new = work.change(seen.on_conflict_do_nothing(index_elements=["reminder_id"])) == 1
    if is_new:
        audit.record(work, "reports.reminder_seen", str(reminder))
    return is_new


def _months(row: FacilityRow, days: RecapDays, today: date) -> list[Late]:
    due = []
    for month in (*row.earlier, *row.months):
        if month.state == "late":
            matter, day = _of_month(month, days, today)
            place = row.place
            due.append(Late(place.id, place.code, place.name, matter, month.plugin, month.title, month.period, day))
    return due


def _of_month(month: MonthAt, days: RecapDays, today: date) -> tuple[ReminderSubject, date]:
    deadline = days.deadline(month.period)
    if deadline < today:
        return "not_reported", deadline
    day = month.distribution_on
    if day is None or day >= today:
        return "not_finished", last_day(month.period)
    return ("not_closed" if month.step == "distributing" else "not_given"), day


def _never_opened(row: FacilityRow, days: RecapDays, today: date) -> list[Late]:
    """Returns the months that are due and were never opened; once the report is overdue that is the matter."""
    place = row.place
    never = []
    for program in (*row.never_opened, *row.not_opened):
        if program.state == "late" and program.open_by is not None:
            deadline = days.deadline(program.period)
            matter: ReminderSubject = "not_reported" if deadline < today else "not_opened"
            day = deadline if deadline < today else program.open_by
            never.append(
                Late(place.id, place.code, place.name, matter, program.slug, program.title, program.period, day)
            )
    return never
