"""The outbox: an event and its deliveries are written in the transaction of what happened, or not at all.

A worker of our own over one table rather than a job library: the note that an event was delivered commits together with
what the plugin wrote, under the same row-level security as everything else, and 150 lines need no schema of another's.
"""

import json
import re
from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.access import audit
from guyub.access.audit import AuditEntry
from guyub.access.people import place_id
from guyub.db.models import FacilityModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.jobs.models import DeliveryModel, EventListener, EventModel
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
        """Returns the code that stands in the log of the worker beside the whole error; empty where the process itself ended."""
        match = re.search(r"\((E-[^)]+)\)", self.last_error)
        return match[1] if match else ""


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
    # One operation on sets: who listens where, the events there, and their deliveries.
    work.run(
        """WITH listening AS MATERIALIZED (
               SELECT g.facility_id, g.details, l.plugin
               FROM (SELECT CAST(key AS uuid) AS facility_id, value AS details FROM jsonb_each(CAST(:details AS jsonb))) g
               CROSS JOIN LATERAL guyub.active_plugins(g.facility_id, :on) a
               JOIN guyub.event_listener l ON l.plugin = a.plugin),
           told AS (
               INSERT INTO guyub.event (facility_id, kind, subject, occurred_on, details)
               SELECT DISTINCT ON (facility_id) facility_id, :kind, :subject, :on, details FROM listening
               RETURNING id, facility_id)
           INSERT INTO guyub.delivery (event_id, facility_id, plugin)
           SELECT told.id, told.facility_id, listening.plugin FROM told JOIN listening USING (facility_id)""",
        kind=kind,
        subject=subject,
        on=on,
        details=json.dumps({str(place): dict(payload) for place, payload in details.items()}, default=str),
    )


def note_listeners(work: Work, listening: Set[str], silent: Set[str]) -> None:
    """Records which installed plugins listen to events; those of neither set (not ready, not installed) stay as they were.

    So events wait for a plugin that is out of service, and reach it when it is back.
    """
    noted = set(work.scalars(select(col(EventListener.plugin))))
    if added := listening - noted:
        rows = [{"plugin": plugin} for plugin in sorted(added)]
        work.change(insert(EventListener).values(rows).on_conflict_do_nothing())
    if gone := silent & noted:
        work.change(delete(EventListener).where(among(col(EventListener.plugin), sorted(gone))))


def deliveries(work: Work, states: Collection[str], facility: str = "") -> list[Delivery]:
    """Returns the deliveries in one of the ``states``, oldest first, all or those of a facility; within the scope.

    Raises ``NotFound`` for an unknown facility.
    """
    place_id(work, "facility", facility)
    delivery, event = DeliveryModel, EventModel
    in_states: Select[*tuple[Any, ...]] = (
        select(
            col(delivery.event_id),
            col(delivery.facility_id),
            col(FacilityModel.code).label("facility"),
            col(delivery.plugin),
            col(event.kind),
            col(event.subject),
            col(event.occurred_on).label("on"),
            col(delivery.state),
            col(delivery.attempts),
            col(delivery.last_error),
            col(event.at).label("since"),
        )
        .join(event, col(event.id) == col(delivery.event_id))
        .join(FacilityModel, col(FacilityModel.id) == col(delivery.facility_id))
        .where(among(col(delivery.state), sorted(states)))
        .order_by(col(delivery.seq))
    )
    return work.rows(Delivery, in_states.where(col(FacilityModel.code) == facility) if facility else in_states)


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
    delivery = DeliveryModel
    asked = [col(delivery.state) == "parked"]
    if events is not None:
        asked.append(among(col(delivery.event_id), sorted(events)))
    if plugin is not None:
        asked.append(col(delivery.plugin) == plugin)
    rows = work.all(
        update(delivery)
        .where(*asked)
        .values(state="waiting", attempts=0, due_at=func.now())
        .returning(col(delivery.event_id), col(delivery.facility_id), col(delivery.plugin))
        .execution_options(synchronize_session=False)
    )
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
