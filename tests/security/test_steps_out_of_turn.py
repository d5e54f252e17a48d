"""Steps that no page offers, taken with raw SQL by people who are signed in: each is refused for its own reason."""

from typing import Any

import psycopg
import pytest

from tests.security.conftest import World
from tests.worlds import Attacker

RESERVATION = """
    INSERT INTO guyub.reservation (facility_id, holder_id, program, period, fund_id, item_id, category, area, quantity, price,
                                   from_stock)
    SELECT c.facility_id, c.id, 'bansos', c.period, f.id, l.item_id, 'inmate_family', '', 1, l.price, false
    FROM guyub.cycle c JOIN guyub.package_line l ON l.cycle_id = c.id AND l.line = 1
    JOIN guyub.cycle_fund o ON o.cycle_id = c.id JOIN guyub.fund f ON f.id = o.fund_id ORDER BY o.priority LIMIT 1"""
HANDOVER = """
    INSERT INTO guyub.handover (facility_id, entitlement_id, number, handed_at, given_by, witness, proof)
    SELECT facility_id, id, 99, now(), guyub.actor(), 'Saksi Contoh', 'signature' FROM guyub.entitlement
    WHERE state = 'approved' LIMIT 1"""
UNDONE = """UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor(), reversal_reason = 'keliru'
            WHERE id = (SELECT id FROM guyub.handover LIMIT 1)"""
LISTED = """
    INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, reasons, state)
    SELECT c.facility_id, c.id, h.id, h.category, 1, 0, '{}', 'received' FROM guyub.cycle c, guyub.household h LIMIT 1"""
PLAN = """INSERT INTO guyub.applied_plan (digest, managed_by, changes) VALUES ('abc', '{door}', 1)"""


def reason_of(attacker: Attacker, sql: str, values: Any = None) -> str:
    """The words of the guard that refused; "" where nobody did."""
    try:
        with attacker.connection.transaction():
            attacker.connection.execute(sql.encode(), values)
    except psycopg.Error as error:
        return error.diag.message_primary or ""
    return ""


@pytest.mark.parametrize(
    ("who", "sql", "reason"),
    [
        ("karutan", HANDOVER, "handing over needs a person who may hand over"),
        ("karutan", UNDONE, "undoing needs a person who may hand over"),
    ],
)
def test_on_the_day_only_those_who_may_hand_over_and_undo(distributing: World, who: str, sql: str, reason: str):
    with distributing.attacker() as attacker:
        attacker.enter(who, "rutan-pekalongan")
        assert reason_of(attacker, sql) == reason


def test_after_the_close_nothing_is_undone(closed: World):
    with closed.attacker() as attacker:
        attacker.enter("kasubsi", "rutan-pekalongan")
        assert reason_of(attacker, UNDONE) == "the cycle is no longer in distribution"


def test_nobody_comes_on_a_list_as_received(proposed: World):
    with proposed.attacker() as attacker:
        attacker.enter("kasubsi", "rutan-pekalongan")
        attacker.connection.execute(b"UPDATE guyub.cycle SET state = 'planned', decided_version = revision")
        attacker.connection.execute(b"DELETE FROM guyub.entitlement_line")
        attacker.connection.execute(b"DELETE FROM guyub.recipient_snapshot")
        attacker.connection.execute(b"DELETE FROM guyub.entitlement")
        assert reason_of(attacker, LISTED) == "an entitlement begins as a candidate"


@pytest.mark.parametrize(
    ("restriction", "reason"),
    [
        ("programs = '{lain}'", "the fund is not for this programme"),
        ("categories = '{neighbour}'", "the fund is not for this category of beneficiaries"),
        ("areas = '{Klego}'", "the fund is not for this area"),
    ],
)
def test_a_fund_pays_for_nothing_else_than_it_was_given_for(own_proposed: World, restriction: str, reason: str):
    with own_proposed.superuser() as root:
        root.execute(b"SET session_replication_role = replica")
        root.execute(f"UPDATE guyub.fund SET {restriction}".encode())
        root.commit()
    with own_proposed.attacker() as attacker:
        attacker.enter("karutan", "rutan-pekalongan")
        assert reason_of(attacker, RESERVATION) == reason


def test_a_plan_is_recorded_by_who_configures_and_one_of_files_by_no_person(proposed: World):
    with proposed.attacker() as attacker:
        attacker.enter("kasubsi", "rutan-pekalongan")
        assert reason_of(attacker, PLAN.format(door="web")) == "applying a plan needs a person who may configure"
        attacker.enter("kanwil")
        assert reason_of(attacker, PLAN.format(door="files")) == "files are applied by the command line"


@pytest.mark.parametrize(
    ("role", "facility"), [("head", None), ("region_admin", "rutan-pekalongan"), ("national_admin", "rutan-pekalongan")]
)
def test_a_role_is_given_where_it_reaches(proposed: World, role: str, facility: str | None):
    with proposed.attacker() as attacker:
        attacker.enter_service()
        sql = """SELECT guyub.assign_role(%(key)s, (SELECT id FROM guyub.person LIMIT 1), %(role)s,
                     (SELECT id FROM guyub.facility WHERE code = %(facility)s), NULL, '2024-01-01', NULL, '', 'tests')"""
        given = {"key": proposed.database.service_key, "role": role, "facility": facility}
        assert reason_of(attacker, sql, given) == "this role does not belong to such a place"
