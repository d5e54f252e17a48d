"""Planned distributions as an iCalendar feed (RFC 5545): where, when and of which programme; nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from guyub.db.unit_of_work import Work
from guyub.programs.labels import STATES
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
    """Within the scope of this work, of the last twelve months and all to come. Raises ``Forbidden``."""
    if not work.may("programs.read"):
        work.require("reports.read")
    return work.rows(
        Distribution,
        """SELECT c.id, f.name AS facility, f.zone, COALESCE(c.settings #>> '{title,id}', p.plugin) AS title,
                  c.period, c.state, c.distribution_on AS on,
                  c.starts_at, c.place, c.quota, c.revision, COALESCE(c.revised_at, c.opened_at) AS changed_at
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id JOIN guyub.facility f ON f.id = c.facility_id
           WHERE c.distribution_on >= :since AND c.facility_id = ANY ((SELECT guyub.scope())::uuid[])
           ORDER BY c.distribution_on, lower(f.name), c.id""",
        since=today - timedelta(days=31 * MONTHS_BACK),
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
        f"Kuota: {distribution.quota} keluarga",
    )
    event.add("status", _STATUS.get(distribution.state, "CONFIRMED"))
    event.add("transp", "TRANSPARENT" if distribution.state == "cancelled" else "OPAQUE")
    return event
