"""Rows as no service writes them: what time does to a row, what an older version left, and what damage leaves.

A test that needs such a row takes a verb from here; everything else begins through services (``tests/worlds.py``,
``tests/places.py``). An attack is no set-up: it stands in ``tests/security``.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

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


def goods_of_an_earlier_month(work: Work, code: str, name: str, unit: str) -> None:
    """The facility has these goods in its catalogue, and no programme that still asks for them."""
    work.run(
        "INSERT INTO guyub.item (facility_id, code, name, unit) VALUES (:here, :code, :name, :unit)",
        here=work.here.id,
        code=code,
        name=name,
        unit=unit,
    )


def newer_version_upgraded(installation: Installation, version: str) -> None:
    with superuser(installation) as root:
        root.execute("UPDATE guyub.installation SET upgraded_by = %s", (version,))


def schema_is_of(installation: Installation, revision: str) -> None:
    """The schema says that it is of this revision, whatever its tables are like."""
    with superuser(installation) as root:
        root.execute("UPDATE guyub.schema_version SET version_num = %s", (revision,))


# --- facts without a family ----------------------------------------------------------------------------------------


def household_of_facts(work: Work, facility: UUID, facts: Mapping[str, Any]) -> UUID:
    """A household with the counts that a criterion asks for, without the people who are counted."""
    if facts.get("category") == "institution":
        facts = {"institution_name": "Panti Contoh", "people_served": 1} | dict(facts)
    added: UUID = work.run(
        f"INSERT INTO guyub.household (facility_id, {', '.join(facts)}) "
        f"VALUES (:facility, {', '.join(f':{name}' for name in facts)}) RETURNING id",
        facility=facility,
        **facts,
    ).scalar_one()
    return added


def household_reads_otherwise(work: Work, household: UUID, **columns: Any) -> None:
    """Somebody changed these columns of a household in the meantime."""
    changed = ", ".join(f"{name} = :{name}" for name in columns)
    work.run(
        f"UPDATE guyub.household SET {changed}, read_revision = revision WHERE id = :household",
        household=household,
        **columns,
    )


def inmate_of_status(work: Work, facility: UUID, household: UUID, status: str) -> None:
    """An inmate of the household, with a status from the beginning."""
    work.run(
        """WITH inmate AS (INSERT INTO guyub.inmate (facility_id, full_name, status)
                           VALUES (:facility, 'Contoh', :status) RETURNING id)
           INSERT INTO guyub.inmate_link (facility_id, household_id, inmate_id, relationship)
           SELECT :facility, :household, id, 'wife' FROM inmate""",
        facility=facility,
        household=household,
        status=status,
    )


def same_inmate(work: Work, household: UUID, another: UUID) -> None:
    """Another household is linked to the inmate of this one."""
    work.run(
        """INSERT INTO guyub.inmate_link (facility_id, household_id, inmate_id, relationship)
           SELECT facility_id, :another, inmate_id, 'older_sibling' FROM guyub.inmate_link WHERE household_id = :household""",
        household=household,
        another=another,
    )


def survey_of_answers(work: Work, facility: UUID, household: UUID, answers: Mapping[str, Any], on: date) -> None:
    """A visit with these answers alone, to questions that nobody wrote down."""
    work.run(
        """WITH questionnaire AS (INSERT INTO guyub.questionnaire (code, version, title, questions)
                                  VALUES (:code, 1, '{"id": "Contoh", "en": "Example"}', '[]') RETURNING id)
           INSERT INTO guyub.survey (facility_id, household_id, questionnaire_id, answers, surveyed_on)
           SELECT :facility, :household, id, CAST(:answers AS jsonb), :surveyed_on FROM questionnaire""",
        code=uuid4().hex,
        facility=facility,
        household=household,
        answers=json.dumps(answers),
        surveyed_on=on,
    )


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

ROWS_OF_THE_SCHEMA: Mapping[str, tuple[str, str]] = {
    "a rule of the books more": (
        "INSERT INTO guyub.transfer_rule VALUES ('receipt', 'stock', 'distributed')",
        "row transfer_rule.receipt stock distributed is not known to this version",
    ),
    "a rule of the books that is gone": (
        "DELETE FROM guyub.transfer_rule WHERE journal_kind = 'release' AND credit_kind = 'cash_reserved'",
        "row transfer_rule.release cash_reserved cash is missing",
    ),
    "who may do a step of the books": (
        "UPDATE guyub.journal_kind SET done_by = '{programs.read}' WHERE kind = 'purchase'",
        "row journal_kind.purchase differs",
    ),
    "a floor that is gone": (
        "UPDATE guyub.account_kind SET outside = true WHERE kind = 'cash'",
        "row account_kind.cash differs",
    ),
    "no version": ("DELETE FROM guyub.schema_version", "no version of the schema is recorded"),
    "no row of the installation": ("DELETE FROM guyub.installation", "table installation is empty"),
}
"""Rows that a version brings along, changed by somebody: the statement, and what is said of it."""


def check_of_the_key_is(installation: Installation, value: str) -> None:
    with superuser(installation) as root:
        root.execute("UPDATE guyub.installation SET key_check = %s", (value,))


def service_key_is_another(installation: Installation) -> None:
    with superuser(installation) as root:
        root.execute("UPDATE guyub.installation SET service_key = sha256('another')")


@contextmanager
def funds_are_sensitive(installation: Installation) -> Iterator[None]:
    """Nobody may be told the names of the funds; the terms of a fund never change otherwise."""
    with without_triggers(installation) as root:
        root.execute("UPDATE guyub.fund SET sensitive = true WHERE NOT sensitive")
        yield
        root.execute("UPDATE guyub.fund SET sensitive = false")


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
