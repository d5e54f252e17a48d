"""Facilities that are late with a month, and the reminders that their regional office sends: once for each matter and day."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.recap.facts import OVER, RecapDays, days_of
from guyub.reports.refusals import ReportsRefusal
from guyub.reports.region import FacilityRow, overview, program_title
from guyub.reports.region_figures import MonthAt
from guyub.sdk.text import Period, Text, Weekday
from guyub.ui.months import back

ReminderSubject = Literal["not_opened", "not_given", "not_closed", "not_reported"]
MATTERS: Mapping[str, Text] = {
    "not_opened": Text(id="bulan belum dibuka", en="the month is not opened"),
    "not_given": Text(
        id="hari penyaluran lewat dan belum dimulai", en="its day has passed and nothing was handed over"
    ),
    "not_closed": Text(id="penyaluran belum ditutup", en="the distribution is not closed"),
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
    def said(self) -> Text:
        """ "Bantuan sosial sembako November 2024: penyaluran belum ditutup (Sabtu, 16 November 2024)"."""
        sentence = Text(id="{title} {period}: {matter}", en="{title}, {period}: {matter}").format(
            title=self.title,
            matter=MATTERS[self.matter],
            period=Period(self.period),
        )
        return _with_day(sentence, self.day)


def _with_day(sentence: Text, day: date) -> Text:
    return Text(id="{sentence} ({day})", en="{sentence} ({day})").format(sentence=sentence, day=Weekday(day))


def late(work: Work, plugins: PluginRegistry, region_id: UUID, today: date) -> list[Late]:
    """Returns what is late in a region today, by facility; of one month the one matter that is most overdue.

    A month that was never opened is awaited as long as its recap is: this month's, and the one before.
    """
    days = days_of(work, region_id)
    this_month = today.replace(day=1)
    view, before = (
        overview(work, plugins, region_id, period, today, 1) for period in (this_month, back(this_month, 1))
    )
    never = {row.place.code: _not_opened(row, before.period, days, today) for row in before.rows}
    return [
        part
        for row in view.rows
        for part in (
            *_months(row, days, today),
            *never.get(row.place.code, ()),
            *_not_opened(row, this_month, days, today),
        )
    ]


def remind(work: Work, plugins: PluginRegistry, region_id: UUID, keys: Sequence[str], today: date) -> list[Late]:
    """Sends those of today's late matters that are asked for; what was reminded of today already is left. Those sent.

    Raises ``Invalid`` when none of ``keys`` is late (any more).
    """
    work.require("programs.campaign")
    asked = [late_facility for late_facility in late(work, plugins, region_id, today) if late_facility.key in set(keys)]
    if not asked:
        raise ReportsRefusal.NOBODY_TO_REMIND.invalid("keys")
    rows = work.run(
        """INSERT INTO guyub.reminder (facility_id, matter, plugin, period, day, on_day)
           SELECT r.facility, r.matter, r.plugin, r.period, r.day, :today
           FROM unnest(CAST(:places AS uuid[]), CAST(:matters AS text[]), CAST(:plugins AS text[]), CAST(:periods AS date[]),
                       CAST(:days AS date[])) AS r (facility, matter, plugin, period, day)
           ON CONFLICT (facility_id, matter, plugin, period, on_day) DO NOTHING
           RETURNING facility_id, matter, plugin, period""",
        places=[late_facility.facility_id for late_facility in asked],
        matters=[late_facility.matter for late_facility in asked],
        today=today,
        plugins=[late_facility.plugin for late_facility in asked],
        periods=[late_facility.period for late_facility in asked],
        days=[late_facility.day for late_facility in asked],
    ).all()
    new = {tuple(row) for row in rows}
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
        *(f"• {matter.said.id}. {REMEDIES[matter.matter].id}" for matter in matters),
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
    def said(self) -> Text:
        sentence = Text(id="{plugin} {period}: {matter}", en="{plugin}, {period}: {matter}").format(
            plugin=self.plugin,
            matter=MATTERS[self.matter],
            period=Period(self.period),
        )
        return sentence if self.day is None else _with_day(sentence, self.day)

    @property
    def remedy(self) -> Text:
        return REMEDIES[self.matter]


_REMINDER = """
    SELECT r.id, f.name AS facility, r.matter,
           COALESCE(t.title, CAST(:titles AS jsonb) ->> r.plugin, r.plugin) AS plugin, r.period, r.day,
           COALESCE(p.full_name, r.sent_label) AS sent_by, r.sent_at, COALESCE(q.full_name, '') AS seen_by, s.seen_at
    FROM guyub.reminder r JOIN guyub.facility f ON f.id = r.facility_id
    LEFT JOIN guyub.person p ON p.id = r.sent_by
    LEFT JOIN guyub.reminder_seen s ON s.reminder_id = r.id LEFT JOIN guyub.person q ON q.id = s.seen_by
    LEFT JOIN LATERAL (
        SELECT c.settings #>> '{title,id}' AS title, c.state FROM guyub.cycle c JOIN guyub.program g ON g.id = c.program_id
        WHERE g.facility_id = r.facility_id AND g.plugin = r.plugin AND c.period <= r.period
        ORDER BY c.period DESC LIMIT 1) t ON true
"""


def _titles(plugins: PluginRegistry) -> str:
    """Returns what their programmes are called, for a facility that has opened no month of theirs yet."""
    programs = {slug: program_title(plugin) for slug, plugin in plugins.ready().items()}
    return json.dumps({slug: title.id for slug, title in {**plugins.titles(), **programs}.items()})


def unseen_here(work: Work, plugins: PluginRegistry) -> list[Reminder]:
    """Returns what the facility of this work was reminded of and nobody here has acknowledged, while it is not done; newest
    first."""
    return work.rows(
        Reminder,
        f"""{_REMINDER}
            WHERE r.facility_id = :here AND s.reminder_id IS NULL AND NOT EXISTS (
                SELECT FROM guyub.cycle c JOIN guyub.program g ON g.id = c.program_id
                WHERE g.facility_id = r.facility_id AND g.plugin = r.plugin AND c.period = r.period
                  AND (r.matter = 'not_opened' OR c.state IN ('closed', 'cancelled')))
            ORDER BY r.seq DESC LIMIT 20""",
        here=work.here.id,
        titles=_titles(plugins),
    )


def of_facility(work: Work, plugins: PluginRegistry) -> list[Reminder]:
    """Returns all reminders that the facility of this work ever got, newest first."""
    return work.rows(
        Reminder,
        f"{_REMINDER} WHERE r.facility_id = :here ORDER BY r.seq DESC",
        here=work.here.id,
        titles=_titles(plugins),
    )


def of_region(work: Work, plugins: PluginRegistry, region_id: UUID, since: date) -> list[Reminder]:
    """Returns what was sent from a day on, newest first."""
    return work.rows(
        Reminder,
        f"{_REMINDER} WHERE f.region_id = :region AND r.on_day >= :since ORDER BY r.seq DESC",
        region=region_id,
        since=since,
        titles=_titles(plugins),
    )


def acknowledge(work: Work, reminder: UUID) -> bool:
    """Says that the facility has read it; False when that was said before or there is no such reminder here."""
    work.require("programs.read")
    row = work.run(
        """INSERT INTO guyub.reminder_seen (reminder_id, facility_id)
           SELECT id, facility_id FROM guyub.reminder WHERE id = :id AND facility_id = :here
           ON CONFLICT (reminder_id) DO NOTHING RETURNING reminder_id""",
        id=reminder,
        here=work.here.id,
    ).one_or_none()
    if row is not None:
        audit.record(work, "reports.reminder_seen", str(reminder))
    return row is not None


def _months(row: FacilityRow, days: RecapDays, today: date) -> list[Late]:
    found = []
    for month in (*row.earlier, *row.months):
        month_due = _of_month(month, days, today) if month.step not in OVER else None
        if month_due is not None:
            matter, day = month_due
            place = row.place
            found.append(Late(place.id, place.code, place.name, matter, month.plugin, month.title, month.period, day))
    return found


def _of_month(month: MonthAt, days: RecapDays, today: date) -> tuple[ReminderSubject, date] | None:
    deadline = days.deadline(month.period)
    if deadline < today:
        return "not_reported", deadline
    day = month.distribution_on
    if day is None or day >= today:
        return None
    return ("not_closed" if month.step == "distributing" else "not_given"), day


def _not_opened(row: FacilityRow, period: date, days: RecapDays, today: date) -> list[Late]:
    """Once the report is overdue that is the matter."""
    matter: ReminderSubject
    matter, due = "not_opened", period.replace(day=days.open)
    if days.deadline(period) < today:
        matter, due = "not_reported", days.deadline(period)
    if today <= due:
        return []
    place = row.place
    return [
        Late(place.id, place.code, place.name, matter, program.slug, program.title, period, due)
        for program in row.not_opened
        if program.ready
    ]
