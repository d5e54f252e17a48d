"""Holds what a regional office reports of a month: its figures, its deadline, and which facilities are not in yet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.access.models import PersonModel
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import in_scope
from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.reports.lateness import OVER, SHOWN
from guyub.reports.models import RecapSent, RegionReporting
from guyub.reports.refusals import ReportsRefusal
from guyub.reports.region import FacilityRow, Overview, overview
from guyub.sdk.text import Text

FORMS: dict[str, Text] = {
    "xlsx": Text(id="Excel", en="Excel"),
    "pdf": Text(id="PDF", en="PDF"),
    "text": Text(id="Teks WhatsApp", en="WhatsApp text"),
}


@dataclass(frozen=True, slots=True)
class MissingFacility:
    """A facility that is not in yet, with what of its month is not done."""

    code: str
    name: str
    why: Text


@dataclass(frozen=True, slots=True)
class Recap:
    """``expected`` facilities run a programme whose month is due or was opened: ``done`` have closed all that was not
    cancelled, ``cancelled`` have nothing but cancelled months, and ``missing`` are not in yet. Money in rupiah."""

    region: str
    office: str
    view: Overview
    deadline: date
    done: int
    cancelled: int
    missing: Sequence[MissingFacility]

    @property
    def expected(self) -> int:
        return self.done + self.cancelled + len(self.missing)

    @property
    def period(self) -> date:
        return self.view.period

    @property
    def digest(self) -> str:
        """Returns SHA-256 over the figures: the same figures have the same one, whatever the form, the hour and who is
        late by then.
        """
        rows = [
            [
                row.place.code,
                [program.slug for program in row.not_opened],
                [[month.plugin, month.step, sorted(month.families.items()), month.value] for month in row.months],
            ]
            for row in self.view.rows
        ]
        figures = [f"{self.period:%Y-%m}", rows, [[source.title.id, source.spent] for source in self.view.sources]]
        return sha256(json.dumps(figures, default=str).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SentRecap:
    """A recap that was sent: its form, the digest of its figures, how many facilities were missing, who and when."""

    form: str
    sha256: str
    missing: int
    note: str
    by: str
    at: datetime


def recap(
    work: Work, plugins: PluginRegistry, region_id: UUID, code: str, office: str, period: date, today: date
) -> Recap:
    """Returns the recap of the month of ``period``. Raises ``Forbidden`` without the right to read reports."""
    view = overview(work, plugins, region_id, period, today)
    expected = [row for row in view.rows if row.is_expected]
    missing = [missing for row in expected if (missing := _missing(row)) is not None]
    cancelled = sum(not row.not_opened and all(month.step == "cancelled" for month in row.months) for row in expected)
    done = len(expected) - cancelled - len(missing)
    return Recap(code, office, view, view.days.deadline(view.period), done, cancelled, missing)


def set_days(work: Work, region_id: UUID, report: str, open_by: str) -> None:
    """Raises ``Invalid`` for what is no day of every month."""
    work.require("programs.campaign")
    days = {"report_day": _day_of_month(report, "report"), "open_day": _day_of_month(open_by, "open")}
    kept = upsert(RegionReporting).values(region_id=region_id, **days)
    work.change(kept.on_conflict_do_update(index_elements=["region_id"], set_=days))
    _audit(work, region_id, "reports.days", f"{report}/{open_by}", {})


def note_sent(work: Work, region_id: UUID, sent: Recap, form: str, note: str) -> None:
    """Keeps that the recap was sent; it cannot be changed any more. Raises ``Invalid``."""
    work.require("programs.campaign")
    if form not in FORMS or len(note) > 300:
        raise ReportsRefusal.RECAP_FORM.invalid("form")
    work.change(
        insert(RecapSent).values(
            region_id=region_id,
            period=sent.period,
            form=form,
            sha256=sent.digest,
            missing=len(sent.missing),
            note=note.strip(),
        )
    )
    _audit(work, region_id, "reports.recap_sent", f"{sent.period:%Y-%m}", {"form": form, "sha256": sent.digest})


def sent_of(work: Work, region_id: UUID, period: date) -> list[SentRecap]:
    """Returns what was sent, newest first."""
    sent = RecapSent
    return work.rows(
        SentRecap,
        select(
            col(sent.form),
            col(sent.sha256),
            col(sent.missing),
            col(sent.note),
            func.coalesce(col(PersonModel.full_name), col(sent.sent_label)).label("by"),
            col(sent.sent_at).label("at"),
        )
        .outerjoin(PersonModel, col(PersonModel.id) == col(sent.sent_by))
        .where(col(sent.region_id) == region_id, col(sent.period) == period)
        .order_by(col(sent.seq).desc()),
    )


def _missing(row: FacilityRow) -> MissingFacility | None:
    open_programs = [_stands(month.title, SHOWN[month.state]) for month in row.months if month.step not in OVER]
    open_programs += [_stands(program.title, program.label) for program in row.not_opened]
    if not open_programs:
        return None
    why = Text.join("; ", open_programs)
    return MissingFacility(row.place.code, row.place.name, why)


def _stands(title: Text, state: Text) -> Text:
    return Text(id="{title}: {state}", en="{title}: {state}").format(title=title, state=state)


def _day_of_month(text: str, field: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 28:
        return int(text)
    raise ReportsRefusal.DAY_OF_MONTH.invalid(field)


def _audit(work: Work, region_id: UUID, action: str, subject: str, details: dict[str, object]) -> None:
    """Audits an act of an office at each of its facilities, since a region has no chain of its own."""
    place = col(FacilityModel.id)
    places = work.scalars(select(place).where(col(FacilityModel.region_id) == region_id, in_scope(place)))
    audit.record_many(work, [AuditEntry(place, action, subject, details) for place in places])
