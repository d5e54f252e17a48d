"""The connections of the web server: how many there may be, and how long each may keep us waiting.

Uvicorn knows neither: a sender who opens thousands of connections and says nothing keeps them all, and its own limit
(``limit_concurrency``) then refuses everybody. Here the oldest connection that asks for nothing makes room for a new one.
"""

import asyncio
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 512
"""Half of the files that a process may have open on most systems. A browser keeps up to six."""
HEADER_SECONDS = 15
"""From the first byte, or from the connection, to the last header."""
BODY_SECONDS = 60
"""For the largest form on a slow line (1 MB at 150 kbit/s)."""
LINGER_SECONDS, LINGER_BYTES = 5, 4 * 1024 * 1024
"""How much is read and thrown away after an answer that did not wait for the body: a browser looks at the answer only when it
has sent its form, and one that is cut off at once shows none."""
LARGEST_HEADERS = 64 * 1024
"""Above this a request is cut off without words; from 16 kB on ``guyub.app.limits`` refuses it in words."""

_FULL = b"Terlalu banyak permintaan; coba lagi sebentar lagi. | Too many requests; try again in a moment.\n"
_FULL_ANSWER = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\nretry-after: 5\r\n"
    b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(_FULL)
) + _FULL


class Guarded(H11Protocol):
    """One connection. ``seconds`` are those of what it is waiting for."""

    seconds: ClassVar[dict[str, float]] = {"headers": HEADER_SECONDS, "body": BODY_SECONDS, "linger": LINGER_SECONDS}
    most_connections: ClassVar[int] = MOST_CONNECTIONS

    # Narrower than asyncio's protocol, as uvicorn's own class has it.
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.opened_at = self.loop.time()
        self._waits_for = ""
        self._timer: asyncio.TimerHandle | None = None
        self._thrown_away = 0
        self._has_answered = False
        if len(self.connections) > self.most_connections and not self._make_room():
            transport.write(_FULL_ANSWER)
            transport.close()
            return
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._waits_for == "linger":
            self._thrown_away += len(data)
            if self._thrown_away > LINGER_BYTES:
                self.transport.abort()
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._has_answered = True
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for("")
        super().connection_lost(exc)

    @property
    def is_busy(self) -> bool:
        """Returns whether a request has come and is not answered yet."""
        cycle: Any = self.cycle  # None until the first request
        return cycle is not None and not cycle.response_complete

    def _watch(self) -> None:
        if self.transport.is_closing():
            self._wait_for("")
        elif self.is_busy:
            self._wait_for("body" if self.cycle.more_body else "")
        elif self.conn.their_state is h11.SEND_BODY:
            self._wait_for("linger")
        elif not self._has_answered or self.conn.trailing_data[0]:
            self._wait_for("headers")
        else:
            self._wait_for("")  # between two requests uvicorn's own timer runs

    def _wait_for(self, what: str) -> None:
        """Waits for a part of a request in a time that runs from when the waiting began: a byte now and then does not
        prolong it.
        """
        if what == self._waits_for:
            return
        if self._timer is not None:
            self._timer.cancel()
        self._waits_for, self._thrown_away = what, 0
        self._timer = self.loop.call_later(self.seconds[what], self.transport.abort) if what else None

    def _make_room(self) -> bool:
        """Cuts off whoever has kept us waiting longest; False when every connection has a request under way."""
        waiting: list[Any] = [
            connection
            for connection in self.connections
            if connection is not self and not getattr(connection, "is_busy", True)
        ]
        if not waiting:
            return False
        min(waiting, key=lambda connection: connection.opened_at).transport.abort()
        return True
