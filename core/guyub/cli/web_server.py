"""Serves the pages of an installation until it is interrupted."""

import logging
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import current_thread, main_thread

import uvicorn
from fastapi import FastAPI

from guyub.app.connections import LARGEST_HEADERS, Guarded
from guyub.app.health import limit_threads
from guyub.cli.logs import to_standard_error
from guyub.cli.refusals import CliRefusal
from guyub.db.home import UnusableHome
from guyub.http import AppState
from guyub.jobs import background
from guyub.plugins.dependencies import registry_of
from guyub.sdk.errors import Refusal


def require_free(host: str, port: int) -> None:
    """Raises ``Refusal`` when the port is taken, before anything is started."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise port_taken(host, port) from error


def port_taken(host: str, port: int) -> Refusal:
    return CliRefusal.PORT_TAKEN.of(UnusableHome, port=port, host=host, other=port + 1)


def run(app: FastAPI, host: str, port: int, when_ready: Callable[[], None], *, proxies: Sequence[str] = ()) -> None:
    """Serves until interrupted, with a worker beside the pages; ``when_ready`` is called once connections are accepted.

    ``proxies`` are the addresses whose word about who asks, and by which scheme, is taken.

    Raises ``KeyboardInterrupt`` after Ctrl-C or SIGTERM, once everything here has ended.
    """
    to_standard_error()
    server = _Announcing(configured(app, host, port, proxies), when_ready)
    state: AppState = app.state.guyub
    with background.running(state.database, registry_of(app)):
        server.run()
    if server.was_asked_to_stop:
        raise KeyboardInterrupt
    if not server.started:
        raise port_taken(host, port)


def configured(app: FastAPI, host: str, port: int, proxies: Sequence[str]) -> uvicorn.Config:
    """Returns how the application is served."""
    return uvicorn.Config(
        app,
        host,
        port,
        log_level="warning",
        server_header=False,
        lifespan="off",
        http=Guarded,
        ws="none",
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready
        self.was_asked_to_stop = False

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handles signals: the first Ctrl-C or SIGTERM lets the requests at hand end, a second one does not wait for them.

        Neither raises: what the process still has to close is closed undisturbed, so the handlers stay.
        """
        if current_thread() is main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._asked)
        yield

    def _asked(self, _number: int, _frame: object) -> None:
        if self.was_asked_to_stop:
            self.force_exit = True
            # The requests that are cut short are no news to whoever asked for it twice.
            logging.getLogger("uvicorn.error").disabled = True
        self.was_asked_to_stop = self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        limit_threads()
        await super().startup(sockets)
        if self.started:
            self._when_ready()
