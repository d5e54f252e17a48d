"""The outbox: an event and its deliveries are written in the transaction of what happened, or not at all.

A worker of our own over one table rather than a job library: the note that an event was delivered commits together with
what the plugin wrote, under the same row-level security as everything else, and 150 lines need no schema of another's.
"""

import json
import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.access.people import place_id
from guyub.db.unit_of_work import Work
from guyub.jobs.models import EventListener
from guyub.jobs.refusals import JobsRefusal
from guyub.sdk.errors import NotFound
from guyub.sdk.events import EVENTS
from guyub.sdk.text import Text


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one plugin; ``state`` is ``waiting``, ``done`` or ``parked``, ``since`` is when it happened."""

    event_id: UUID
    facility_id: UUID
    facility: str
    plugin: str
    kind: str
    subject: str
    on: date
    state: str
    attempts: int
    last_error: str
    since: datetime

    @property
    def error_code(self) -> str:
        """The code that stands in the log of the worker beside the whole error; empty where the process itself ended."""
        found = re.search(r"\((E-[^)]+)\)", self.last_error)
        return found[1] if found else ""


_COLUMNS = """d.event_id, d.facility_id, f.code AS facility, d.plugin, e.kind, e.subject, e.occurred_on AS on, d.state,
              d.attempts, d.last_error, e.at AS since"""


def emit(work: Work, kind: str, subject: str, on: date, details: Mapping[str, object] | None = None) -> None:
    """Keeps an event for the plugins that listen and are active at this facility on that day; call it before the audit.

    One statement; where nobody listens, no row. ``details`` hold no personal value. Raises ``ValueError`` for a kind that
    ``guyub.sdk.EVENTS`` does not announce.
    """
    emit_at(work, kind, subject, on, {work.here.id: details or {}})


def emit_at(work: Work, kind: str, subject: str, on: date, details: Mapping[UUID, Mapping[str, object]]) -> None:
    """Keeps an event at each of many facilities (their ids, each with its details), as one statement."""
    if kind not in EVENTS:
        raise ValueError(f"no such event: {kind}")
    work.run(
        """WITH listening AS MATERIALIZED (
               SELECT g.facility_id, g.details, l.plugin
               FROM (SELECT CAST(key AS uuid) AS facility_id, value AS details FROM jsonb_each(CAST(:details AS jsonb))) g
               CROSS JOIN guyub.event_listener l
               WHERE (SELECT a.active FROM guyub.plugin_activation a
                      WHERE a.facility_id = g.facility_id AND a.plugin = l.plugin AND a.valid_from <= :on
                      ORDER BY a.valid_from DESC, a.seq DESC LIMIT 1)),
           told AS (
               INSERT INTO guyub.event (facility_id, kind, subject, occurred_on, details)
               SELECT DISTINCT ON (facility_id) facility_id, :kind, :subject, :on, details FROM listening
               RETURNING id, facility_id)
           INSERT INTO guyub.delivery (event_id, facility_id, plugin)
           SELECT told.id, told.facility_id, listening.plugin FROM told JOIN listening USING (facility_id)""",
        kind=kind,
        subject=subject,
        on=on,
        details=json.dumps({str(place): dict(said) for place, said in details.items()}, default=str),
    )


def note_listeners(work: Work, listening: Set[str], silent: Set[str]) -> None:
    """Records which installed plugins listen to events; those of neither set (not ready, not installed) stay as they were.

    So events wait for a plugin that is out of service, and reach it when it is back.
    """
    noted = set(work.scalars(select(col(EventListener.plugin))))
    if added := listening - noted:
        work.run(
            "INSERT INTO guyub.event_listener (plugin) SELECT unnest(CAST(:plugins AS text[])) ON CONFLICT DO NOTHING",
            plugins=sorted(added),
        )
    if gone := silent & noted:
        work.run("DELETE FROM guyub.event_listener WHERE plugin = ANY (:plugins)", plugins=sorted(gone))


def deliveries(work: Work, states: Collection[str], facility: str = "") -> list[Delivery]:
    """Returns the deliveries in one of the ``states``, oldest first, all or those of a facility; within the scope.

    Raises ``NotFound`` for an unknown facility.
    """
    place_id(work, "facility", facility)
    return work.rows(
        Delivery,
        f"""SELECT {_COLUMNS}
            FROM guyub.delivery d JOIN guyub.event e ON e.id = d.event_id JOIN guyub.facility f ON f.id = d.facility_id
            WHERE d.state = ANY (:states) AND (:facility = '' OR f.code = :facility)
            ORDER BY d.seq""",
        states=sorted(states),
        facility=facility,
    )


def stuck(work: Work, ready: Set[str]) -> list[Delivery]:
    """Returns the deliveries that are parked or wait for plugins that are not ready, oldest first; within the scope of this
    work."""
    return [
        delivery
        for delivery in deliveries(work, ("parked", "waiting"))
        if delivery.state == "parked" or delivery.plugin not in ready
    ]


def deliver_again(
    work: Work, *, events: Collection[UUID] | None = None, plugin: str | None = None
) -> Mapping[tuple[UUID, str], list[UUID]]:
    """Gives parked deliveries a new set of attempts, beginning now: those of the ``events``, of the ``plugin``, or all.

    Returns the ids of their events by facility and plugin. Records one entry for each of these. Raises ``NotFound``, and
    changes nothing, when nothing is parked, or nothing of one of the ``events``.
    """
    work.require("facilities.configure")
    rows = work.run(
        """UPDATE guyub.delivery SET state = 'waiting', attempts = 0, due_at = now()
           WHERE state = 'parked' AND (CAST(:events AS uuid[]) IS NULL OR event_id = ANY (CAST(:events AS uuid[])))
             AND (CAST(:plugin AS text) IS NULL OR plugin = :plugin)
           RETURNING event_id, facility_id, plugin""",
        events=None if events is None else sorted(events),
        plugin=plugin,
    ).all()
    unknown = set(events or ()) - {row.event_id for row in rows}
    if unknown or not rows:
        raise _nothing_parked(unknown, plugin)
    again: dict[tuple[UUID, str], list[UUID]] = {}
    for row in rows:
        again.setdefault((row.facility_id, row.plugin), []).append(row.event_id)
    audit.record_many(
        work,
        [
            AuditEntry(facility_id, "events.retry", slug, {"events": sorted(ids)})
            for (facility_id, slug), ids in again.items()
        ],
    )
    return again


def _nothing_parked(unknown: Collection[UUID], plugin: str | None) -> NotFound:
    if unknown:
        what = Text(
            id="Tidak ada kiriman tertahan untuk peristiwa {ids}; tidak ada yang diubah.",
            en="No delivery of the event {ids} is parked; nothing was changed.",
        ).format(ids=", ".join(sorted(map(str, unknown))))
    elif plugin is not None:
        what = Text(
            id="Tidak ada peristiwa yang tertahan untuk plugin “{plugin}”.",
            en="No event is parked for the plugin “{plugin}”.",
        ).format(plugin=plugin)
    else:
        what = Text(id="Tidak ada peristiwa yang tertahan.", en="No event is parked.")
    return JobsRefusal.NOTHING_PARKED.not_found(what=what)
