"""The outbox: an event and its deliveries are written in the transaction of what happened, or not at all.

A worker of our own over one table rather than a job library: the note that an event was delivered commits together with
what the plugin wrote, under the same row-level security as everything else, and 150 lines need no schema of another's.
"""

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.sdk.events import EVENTS


@dataclass(frozen=True, slots=True)
class Stuck:
    """A delivery that is parked, or waits for a plugin that is not ready."""

    event_id: UUID
    facility: str
    plugin: str
    kind: str
    subject: str
    state: str
    attempts: int
    last_error: str
    since: datetime


def emit(work: Work, kind: str, subject: str, on: date, details: Mapping[str, object] | None = None) -> None:
    """Keeps an event for the plugins that listen and are active at this facility on that day; call it before the audit.

    One statement; where nobody listens, no row. ``details`` hold no personal value. Raises ``ValueError`` for a kind that
    ``guyub.sdk.EVENTS`` does not announce.
    """
    emit_at(work, kind, subject, on, {work.here.id: details or {}})


def emit_at(work: Work, kind: str, subject: str, on: date, details: Mapping[UUID, Mapping[str, object]]) -> None:
    """The same at many facilities (their ids, each with its details), as one statement."""
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
               INSERT INTO guyub.event (facility_id, kind, subject, on_date, details)
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
    """Which installed plugins listen to events; those of neither set (not ready, not installed) stay as they were.

    So events wait for a plugin that is out of service, and reach it when it is back.
    """
    noted = set(work.run("SELECT plugin FROM guyub.event_listener").scalars())
    if added := listening - noted:
        work.run(
            "INSERT INTO guyub.event_listener (plugin) SELECT unnest(CAST(:plugins AS text[])) ON CONFLICT DO NOTHING",
            plugins=sorted(added),
        )
    if gone := silent & noted:
        work.run("DELETE FROM guyub.event_listener WHERE plugin = ANY (:plugins)", plugins=sorted(gone))


def stuck(work: Work, ready: Set[str]) -> list[Stuck]:
    """What is parked, and what waits for plugins that are not ready, oldest first; within the scope of this work."""
    rows = work.run(
        """SELECT d.event_id, f.code, d.plugin, e.kind, e.subject, d.state, d.attempts, d.last_error, e.at
           FROM guyub.delivery d JOIN guyub.event e ON e.id = d.event_id JOIN guyub.facility f ON f.id = d.facility_id
           WHERE d.state = 'parked' OR (d.state = 'waiting' AND d.plugin <> ALL (:ready))
           ORDER BY d.seq""",
        ready=sorted(ready),
    )
    return [Stuck(*row) for row in rows]


def deliver_again(work: Work, event_id: UUID, plugin: str) -> None:
    """Gives a parked delivery a new set of attempts, beginning now."""
    work.require("facilities.configure")
    work.run(
        """UPDATE guyub.delivery SET state = 'waiting', attempts = 0, due_at = now()
           WHERE event_id = :event AND plugin = :plugin AND state = 'parked'""",
        event=event_id,
        plugin=plugin,
    )
