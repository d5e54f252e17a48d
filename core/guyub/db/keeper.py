"""Starts the embedded server again when it has died under us; whoever asks meanwhile gets “try again”.

Every process that uses the server has a keeper. The first connection that is refused wakes it, one thread starts the server,
and the turn file of the home lets only one process do so: the others find what that one has started. The port stays the same
where it is still free; where it is not, the next connection goes to the new one.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock, Thread
from time import monotonic

from guyub.db import embedded
from guyub.db.home import Home
from guyub.sdk.errors import Refusal

log = logging.getLogger("guyub.db")

SECONDS_BETWEEN_ATTEMPTS = 3.0
"""A server that cannot start (a full disk) is not tried at each request."""


class Keeper:
    """``port`` is where the server answers, or answered last."""

    def __init__(self, home: Home, admin_password: str, port: int, settings: Sequence[str] = ()) -> None:
        self.port = port
        self._home = home
        self._password = admin_password
        self._settings = settings
        self._lock = Lock()
        self._is_closed = False
        self._starter: Thread | None = None
        self._tried_at = float("-inf")

    def wake(self) -> None:
        """Looks for the server, and starts it where it is gone, in a thread of its own; a server that recovers by itself is
        waited for. Returns at once."""
        with self._lock:
            if (
                self._is_closed
                or (self._starter is not None and self._starter.is_alive())
                or monotonic() - self._tried_at < SECONDS_BETWEEN_ATTEMPTS
            ):
                return
            self._starter = Thread(target=self._revive, name="guyub-database", daemon=True)
            self._starter.start()

    def close(self) -> None:
        """Starts nothing from now on; waits for a start at hand, so that whoever stops the server finds it."""
        with self._lock:
            self._is_closed = True
            starter = self._starter
        if starter is not None:
            starter.join()

    def _revive(self) -> None:
        log.warning("the embedded database does not answer; looking for it, and starting it where it is gone")
        try:
            self.port = embedded.again(self._home, self._password, self.port, self._settings).port
            log.warning("the embedded database answers again at port %d", self.port)
        except (Refusal, OSError) as error:
            log.error("the embedded database does not start again: %s", error)
        finally:
            self._tried_at = monotonic()


@contextmanager
def keeping(home: Home, server: embedded.Server, settings: Sequence[str] = ()) -> Iterator[Keeper]:
    """Runs a keeper for as long as the block lasts, within that of ``embedded.running``."""
    keeper = Keeper(home, server.admin_password, server.port, settings)
    try:
        yield keeper
    finally:
        keeper.close()
