"""Planned distributions as an iCalendar feed (RFC 5545): where, when and of which programme; nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from sqlalchemy import func, select
from sqlmodel import col

from guyub.db.models import FacilityModel
from guyub.db.typed_reads import in_scope
from guyub.db.unit_of_work import Work
from guyub.programs.labels import STATES
from guyub.programs.models import CycleModel, Program
from guyub.sdk.words import period_name
from guyub.ui.months import days_later

MEDIA_TYPE = "text/calendar; charset=utf-8"
MONTHS_BACK = 12
_STATUS = {"planned": "TENTATIVE", "proposed": "TENTATIVE", "cancelled": "CANCELLED"}
_LASTS = timedelta(hours=2)
"""Nobody plans when a distribution ends; calendars need an end to show it at its hour."""


@dataclass(frozen=True, slots=True)
class Distribution:
    """A planned day at a facility; ``starts_at`` in its ``zone``, None for the whole day.

    ``revision`` rises with every change of what is shown here.
    """

    id: UUID
    facility: str
    zone: str
    title: str
    period: date
    state: str
    on: date
    starts_at: time | None
    place: str
    quota: int
    revision: int
    changed_at: datetime


def distributions(work: Work, today: date) -> list[Distribution]:
    """Returns the distributions within the scope of this work, of the last twelve months and all to come.

    Raises ``Forbidden``.
    """
    if not work.may("programs.read"):
        work.require("reports.read")
    cycle, place = CycleModel, FacilityModel
    title = col(cycle.settings)[("title", "id")].astext
    return work.rows(
        Distribution,
        select(
            col(cycle.id),
            col(place.name).label("facility"),
            col(place.zone),
            func.coalesce(title, col(Program.plugin)).label("title"),
            col(cycle.period),
            col(cycle.state),
            col(cycle.distribution_on).label("on"),
            col(cycle.starts_at),
            col(cycle.place),
            col(cycle.quota),
            col(cycle.revision),
            func.coalesce(col(cycle.revised_at), col(cycle.opened_at)).label("changed_at"),
        )
        .join(Program, col(Program.id) == col(cycle.program_id))
        .join(place, col(place.id) == col(cycle.facility_id))
        .where(col(cycle.distribution_on) >= today - timedelta(days=31 * MONTHS_BACK), in_scope(col(cycle.facility_id)))
        .order_by(col(cycle.distribution_on), func.lower(col(place.name)), col(cycle.id)),
    )


def feed(name: str, planned: Sequence[Distribution], now: datetime) -> bytes:
    """Returns the calendar as a file: lines end in CR LF and are folded at 75 octets. ``now`` is an aware moment."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guyub//Penyaluran//ID")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for distribution in planned:
        calendar.add_component(_event(distribution, now))
    return bytes(calendar.to_ical())


def _event(distribution: Distribution, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{distribution.id}@guyub")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("sequence", distribution.revision)
    event.add("last-modified", distribution.changed_at.astimezone(UTC).replace(microsecond=0))
    if distribution.starts_at is None:
        event.add("dtstart", distribution.on)
        event.add("dtend", days_later(distribution.on, 1))
    else:
        begins = datetime.combine(distribution.on, distribution.starts_at, ZoneInfo(distribution.zone)).astimezone(UTC)
        event.add("dtstart", begins)
        event.add("dtend", begins + _LASTS)
    event.add("summary", f"{distribution.title} – {distribution.facility}")
    if distribution.place:
        event.add("location", f"{distribution.place}, {distribution.facility}")
    event.add(
        "description",
        f"Periode {period_name(distribution.period)}\nTahap: {STATES[distribution.state].id}\n"
        f"Kuota: {distribution.quota} paket",
    )
    event.add("status", _STATUS.get(distribution.state, "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if distribution.state == "cancelled" else "OPAQUE")
    return event
