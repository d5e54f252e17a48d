"""The worker as a thread of the application, and as a loop of its own process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event as Signal
from threading import Thread

from guyub.db.unit_of_work import Database
from guyub.jobs.delivery import Receiver, deliver_due
from guyub.sdk.errors import Refusal

log = logging.getLogger("guyub.jobs")

SECONDS_BETWEEN_ROUNDS = 2.0


def work_until(stop: Signal, database: Database, receiver: Receiver, pause: float = SECONDS_BETWEEN_ROUNDS) -> None:
    """Delivers what is due, every ``pause`` seconds, until ``stop`` is set; a database that is away is asked again."""
    while not stop.is_set():
        try:
            deliver_due(database, receiver, datetime.now(UTC), stop)
        except Refusal as refusal:
            log.warning("deliveries are waiting: %s", refusal)
        stop.wait(pause)


@contextmanager
def running(database: Database, receiver: Receiver, pause: float = SECONDS_BETWEEN_ROUNDS) -> Iterator[None]:
    """Runs a worker beside the pages; when the block ends it finishes the delivery at hand and stops."""
    stop = Signal()
    worker = Thread(target=work_until, args=(stop, database, receiver, pause), name="guyub-worker", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(timeout=10)
