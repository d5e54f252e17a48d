"""``guyub worker``: tells plugins what has happened, beside the pages or in their place."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from typing import Annotated

import typer

from guyub.cli.logs import to_standard_error
from guyub.cli.output import say
from guyub.jobs.background import work_until
from guyub.jobs.delivery import deliver_due
from guyub.operations.context import open_app
from guyub.sdk.text import Text


def worker(
    once: Annotated[bool, typer.Option("--once", help="yang jatuh tempo saja | only what is due now")] = False,
) -> None:
    """Delivers events to plugins until Ctrl-C. `guyub serve` and `guyub demo` do so by themselves."""
    to_standard_error()
    with open_app(say=say) as here:
        if once:
            round_ = deliver_due(here.database, here.plugins, datetime.now(UTC))
            print(
                f"{round_.done} terkirim | delivered, {round_.failed} diulang | retried, {round_.parked} macet | parked"
            )
            return
        with _until_asked_to_stop() as stop:
            say(
                Text(
                    id="Mengirim kejadian kepada plugin; Ctrl-C menghentikan.", en="Delivering events; Ctrl-C stops it."
                )
            )
            work_until(stop, here.database, here.plugins)


@contextmanager
def _until_asked_to_stop() -> Iterator[Event]:
    """Gives an event that the first Ctrl-C or SIGTERM sets, so that the delivery at hand comes to its end; a second one
    interrupts it."""
    stop = Event()
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}

    def ask(_number: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for number in numbers:
        signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
