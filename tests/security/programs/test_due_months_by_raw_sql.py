"""A month that is not due has its reason, whoever writes it; and one programme has one month that stands."""

from collections.abc import Callable

from tests.programs.conftest import attackers, world  # noqa: F401 -- fixtures of this module
from tests.worlds import PEKALONGAN, SETTINGS, Attacker

PROGRAM = """INSERT INTO guyub.program (facility_id, plugin, program_type)
             SELECT id, 'bansos', 'sembako' FROM guyub.facility WHERE code = %(here)s RETURNING id"""
OPENS = """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, due, opening_reason)
           SELECT f.id, p.id, '2025-02-01', 1, 'sembako', %(settings)s, %(due)s, %(reason)s
           FROM guyub.facility f JOIN guyub.program p ON p.facility_id = f.id WHERE f.code = %(here)s"""


def test_a_month_that_is_not_due_has_a_reason_that_nobody_changes(attackers: Callable[[], Attacker]):  # noqa: F811
    attacker = attackers()
    attacker.enter("kasubsi", PEKALONGAN)
    values = {"here": PEKALONGAN, "settings": SETTINGS}
    assert attacker.tries(PROGRAM, values) == "1 rows"
    for reason in ("", "   ", "\u200b"):
        assert attacker.tries(OPENS, {**values, "due": False, "reason": reason}) == "23514", repr(reason)
    assert attacker.tries(OPENS, {**values, "due": False, "reason": "a" * 501}) == "23514"
    assert attacker.tries(OPENS, {**values, "due": False, "reason": "banjir"}) == "1 rows"
    for change in ("due = true", "opening_reason = 'lain'", "opening_reason = ''"):
        assert attacker.tries(f"UPDATE guyub.cycle SET {change}") == "42501", change
    assert attacker.tries(OPENS, {**values, "due": True, "reason": ""}) == "23505"
