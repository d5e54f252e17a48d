"""Rows as no service writes them: what time does to a row, what an older version left, and what damage leaves.

A test that needs such a row takes a verb from here; everything else begins through services (``tests/worlds.py``,
``tests/places.py``). An attack is no set-up: it stands in ``tests/security``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from typing import Any

import psycopg
from psycopg.rows import TupleRow

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Work
from guyub.jobs.delivery import MOST_ATTEMPTS
from tests.worlds import superuser


@contextmanager
def without_triggers(installation: Installation) -> Iterator[psycopg.Connection[TupleRow]]:
    """The administrator of the server, past every trigger and foreign key."""
    with superuser(installation) as root:
        root.execute("SET session_replication_role = replica")
        yield root


# --- time goes by -------------------------------------------------------------------------------------------------


def purposes_are_over(installation: Installation) -> None:
    """The hour of every purpose has passed."""
    with without_triggers(installation) as root:
        root.execute(
            """UPDATE guyub.purpose_grant
               SET opened_at = opened_at - interval '1 hour', expires_at = expires_at - interval '1 hour'"""
        )


def token_is_old(installation: Installation, secret: str) -> None:
    """A token of forty days ago that lasted until yesterday."""
    with superuser(installation) as root:
        root.execute(
            """UPDATE guyub.api_token SET created_at = now() - interval '40 days', expires_at = now() - interval '1 day'
               WHERE token_hash = %s""",
            (sha256(secret.encode()).digest(),),
        )


def roles_are_over(installation: Installation, login: str) -> None:
    """Whatever roles the person has ended years ago."""
    with superuser(installation) as root:
        root.execute(
            """UPDATE guyub.role_assignment SET valid_from = '2020-01-01', valid_until = '2020-12-31'
               WHERE person_id = (SELECT id FROM guyub.person WHERE login = %s)""",
            (login,),
        )


# --- an older version left it --------------------------------------------------------------------------------------


def month_without_a_place(work: Work, cycle: Any) -> None:
    work.run("UPDATE guyub.cycle SET place = '' WHERE id = :cycle", cycle=cycle.id)


def approved_and_received_early(installation: Installation, approved: date, received: date) -> None:
    """A month approved, and its goods received, before it begins."""
    with without_triggers(installation) as root:
        root.execute("UPDATE guyub.cycle SET approved_from = %s", (approved,))
        root.execute("UPDATE guyub.lot SET received_on = %s", (received,))


def order_of_a_lower_ceiling(installation: Installation, rupiah: int) -> None:
    """An order whose ceiling lies below what was given under it."""
    with without_triggers(installation) as root:
        root.execute("UPDATE guyub.campaign SET ceiling = %s", (rupiah,))


# --- it broke off half-way ----------------------------------------------------------------------------------------


def attempts_used_up(work: Work) -> None:
    """The process died in each attempt to deliver."""
    work.run("UPDATE guyub.delivery SET attempts = :most", most=MOST_ATTEMPTS)


def everything_delivered(work: Work) -> None:
    work.run("UPDATE guyub.delivery SET state = 'done', last_error = ''")


def parked(work: Work, facility: str, error: str) -> None:
    """What waits for this facility failed too often."""
    work.run(
        """UPDATE guyub.delivery d SET state = 'parked', attempts = :attempts, last_error = :error
           FROM guyub.facility f WHERE f.id = d.facility_id AND f.code = :facility AND d.state = 'waiting'""",
        attempts=MOST_ATTEMPTS,
        error=error,
        facility=facility,
    )


# --- damage -------------------------------------------------------------------------------------------------------


def months_on_another_day(installation: Installation, day: str) -> None:
    """Every cycle, and every figure kept of one, on a day that the database would refuse."""
    with without_triggers(installation) as root:
        checked = root.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint "
            "WHERE conname ~ '^(plausible_(month|days)|day_near_its_month|cycle_code)$'"
        ).fetchall()
        for table, name in checked:
            root.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        for table in ("cycle", "rollup_month"):
            root.execute(f"UPDATE guyub.{table} SET period = %(day)s, distribution_on = %(day)s".encode(), {"day": day})
