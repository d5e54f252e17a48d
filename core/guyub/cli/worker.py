"""``guyub worker``: tells plugins what has happened, beside the pages or in their place."""

import threading
from datetime import UTC, datetime
from typing import Annotated

import typer

from guyub.cli.opening import opened
from guyub.cli.output import say
from guyub.jobs.background import work_until
from guyub.jobs.delivery import deliver_due
from guyub.sdk.text import Text


def worker(
    once: Annotated[bool, typer.Option("--once", help="yang jatuh tempo saja | only what is due now")] = False,
) -> None:
    """Delivers events to plugins until Ctrl-C. `guyub serve` and `guyub demo` do so by themselves."""
    with opened(say=say) as here:
        if once:
            round_ = deliver_due(here.database, here.host, datetime.now(UTC))
            print(
                f"{round_.done} terkirim | delivered, {round_.failed} diulang | retried, {round_.parked} macet | parked"
            )
            return
        say(Text(id="Mengirim kejadian kepada plugin; Ctrl-C menghentikan.", en="Delivering events; Ctrl-C stops it."))
        work_until(threading.Event(), here.database, here.host)
