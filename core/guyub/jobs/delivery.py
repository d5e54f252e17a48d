"""Delivers events to plugins: one delivery at a time, each in its own transaction, repeated at growing intervals."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event as Signal
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, Text, and_, cast, func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from guyub.db.unit_of_work import Database, Work
from guyub.jobs.models import DeliveryModel, EventModel
from guyub.sdk.errors import Refusal
from guyub.sdk.events import Event

log = logging.getLogger("guyub.jobs")

INTERVALS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""How long a failed delivery rests before the next attempt; after the last one it is parked."""
MOST_ATTEMPTS = len(INTERVALS) + 1


class Failed(Protocol):
    """Describes why a delivery failed, in a line without a personal value."""

    @property
    def case(self) -> str: ...

    @property
    def code(self) -> str: ...


class Receiver(Protocol):
    """The plugins as this room sees them; the host implements it."""

    def refresh_before_delivery(self, work: Work) -> None: ...

    def ready(self) -> Mapping[str, Any]: ...

    def deliver(self, work: Work, slug: str, event: Event) -> Failed | None: ...


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result of one round. ``failed`` will be tried again, ``parked`` will not."""

    done: int = 0
    failed: int = 0
    parked: int = 0


@dataclass(frozen=True, slots=True)
class _Claim:
    event_id: UUID
    plugin: str
    facility: str
    attempts: int


def deliver_due(database: Database, receiver: Receiver, now: datetime, stop: Signal | None = None) -> Delivered:
    """Delivers what is due at ``now`` (an aware moment), in the order of events, until nothing is left or ``stop`` is set.

    The attempt is counted before it is made: a plugin that ends the process is parked like one that raises. Several
    workers never deliver the same thing at once. Raises ``Refusal`` when the database does not answer.
    """
    done = failed = parked = 0
    while not (stop and stop.is_set()) and (claim := _claim(database, receiver, now)):
        error = _attempt(database, receiver, claim)
        if error is None:
            done += 1
        elif error is _ELSEWHERE:
            continue
        elif _note_failure(database, claim, error):
            parked += 1
        else:
            failed += 1
    return Delivered(done, failed, parked)


def _claim(database: Database, receiver: Receiver, now: datetime) -> _Claim | None:
    with database.work(database.as_service("worker")) as work:
        receiver.refresh_before_delivery(work)
        # A lock: of several workers each takes the next delivery that no other holds.
        return work.first(
            _Claim,
            """UPDATE guyub.delivery d
               SET attempts = d.attempts + 1, due_at = :now + (CAST(:rests AS interval[]))[least(d.attempts + 1, :most)]
               FROM guyub.facility f
               WHERE f.id = d.facility_id AND (d.event_id, d.plugin) = (
                   SELECT w.event_id, w.plugin FROM guyub.delivery w
                   WHERE w.state = 'waiting' AND w.plugin = ANY (:ready)
                     -- What was written by a clock that has jumped back since does not wait for it to catch up.
                     AND (w.due_at <= :now OR w.attempts = 0 OR w.due_at > :now + (CAST(:rests AS interval[]))[:most])
                   ORDER BY w.seq LIMIT 1 FOR UPDATE SKIP LOCKED)
               RETURNING d.event_id, d.plugin, f.code AS facility, d.attempts""",
            now=now,
            rests=list(INTERVALS),
            most=len(INTERVALS),
            ready=sorted(receiver.ready()),
        )


_ELSEWHERE = "delivered by another worker, or no longer to be delivered"


def _attempt(database: Database, receiver: Receiver, claim: _Claim) -> str | None:
    """Delivers one event and returns what went wrong, or None. What the plugin wrote and the note of the delivery are
    committed together.

    Who tells it holds a lock by name, so that a second worker goes on with something else. The row itself is waited for:
    a worker that looks for its next claim may hold it for a moment, and it would rest for a whole interval instead.
    """
    if claim.attempts > MOST_ATTEMPTS:
        return "the process ended during the last attempt"
    try:
        with database.work(database.as_service(f"plugin: {claim.plugin}", claim.facility)) as work:
            event = work.first(Event, _locked_event(claim))
            if event is None:
                return _ELSEWHERE
            work.take_time()
            failure = receiver.deliver(work, claim.plugin, event)
            if failure is not None:
                return f"{failure.case} ({failure.code})"
            work.change(update(DeliveryModel).where(_is_claimed(claim)).values(state="done", last_error=""))
    except (Refusal, SQLAlchemyError) as error:
        # What the database says only at the commit: a deferred constraint of the plugin's own tables.
        log.exception("delivery of %s to %s could not be committed", claim.event_id, claim.plugin)
        return type(error).__name__
    return None


def _locked_event(claim: _Claim) -> Select[*tuple[Any, ...]]:
    """Returns the select of what is to be delivered. It locks the delivery by name, and its row; no row comes where another
    holds the name."""
    event, delivery = EventModel, DeliveryModel
    name = func.hashtextextended(cast(col(delivery.event_id), Text).concat(col(delivery.plugin)), 0)
    return (
        select(
            col(event.id),
            col(event.kind),
            col(event.subject),
            col(event.occurred_on).label("on"),
            col(event.at),
            col(event.details),
        )
        .join(delivery, col(delivery.event_id) == col(event.id))
        .where(
            _is_claimed(claim),
            col(delivery.state) == "waiting",
            func.pg_try_advisory_xact_lock(name, type_=Boolean),
        )
        .with_for_update(of=delivery)
    )


def _note_failure(database: Database, claim: _Claim, error: str) -> bool:
    """Returns whether the delivery is parked by now."""
    parked = claim.attempts >= MOST_ATTEMPTS
    with database.work(database.as_service("worker", claim.facility)) as work:
        work.change(
            update(DeliveryModel)
            .where(_is_claimed(claim), col(DeliveryModel.state) == "waiting")
            .values(last_error=error, state="parked" if parked else "waiting")
        )
    return parked


def _is_claimed(claim: _Claim) -> ColumnElement[bool]:
    return and_(col(DeliveryModel.event_id) == claim.event_id, col(DeliveryModel.plugin) == claim.plugin)
