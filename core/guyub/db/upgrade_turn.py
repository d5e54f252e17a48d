"""Lets one process at a time make or upgrade an installation: roles are made outside of any transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from guyub.db.connecting import connected
from guyub.db.installation import Installation
from guyub.db.refusals import DbRefusal
from guyub.sdk.text import Text

LONGEST = 600
"""Seconds that the second one waits for the first."""
KEY = "hashtextextended('guyub upgrade ' || %s, 0)"


@contextmanager
def only_one(
    installation: Installation, say: Callable[[Text], None] = lambda _: None, longest: float = LONGEST
) -> Iterator[None]:
    """Waits, with a message, while another process makes or upgrades this installation; ``longest`` in seconds.

    Raises ``Refusal`` when that one does not come to an end. The lock ends with its connection, so a process that was killed
    holds nobody up.
    """
    roles = [installation.roles]
    with connected(installation.admin_url.set(database="postgres")) as connection:
        taken = connection.execute(f"SELECT pg_try_advisory_lock({KEY})".encode(), roles).fetchone()
        if taken != (True,):
            say(_WAITING)
            connection.execute("SELECT set_config('lock_timeout', %s, false)", [f"{longest}s"])
            try:
                connection.execute(f"SELECT pg_advisory_lock({KEY})".encode(), roles)
            except psycopg.errors.LockNotAvailable:
                raise DbRefusal.UPGRADE_RUNNING.refusal() from None
        yield


_WAITING = Text(
    id="Proses lain sedang menyiapkan skema; menunggu sampai selesai …",
    en="Another process is making the schema; waiting for it to end …",
)
