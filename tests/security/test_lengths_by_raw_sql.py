"""Texts longer than a line, attacked by raw SQL: no door but the tables themselves is asked."""

import pytest

from tests.worlds import PEKALONGAN

LONG = [
    ("kasubsi", "UPDATE guyub.cycle SET place = repeat('x', 121) WHERE state <> 'closed'"),
    ("kasubsi", "UPDATE guyub.household SET village = repeat('x', 81)"),
    ("kasubsi", "UPDATE guyub.household SET district = repeat('x', 3000)"),
    ("kasubsi", "UPDATE guyub.household SET city = repeat('x', 81)"),
    ("kasubsi", "UPDATE guyub.member SET full_name = repeat('x', 81)"),
    (
        "pengelola",
        """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence)
           SELECT id, 'receipt', '2024-11-20', repeat('x', 1001), 'BAST-1' FROM guyub.facility WHERE code = 'rutan-pekalongan'""",
    ),
]


@pytest.mark.parametrize(("login", "statement"), LONG)
def test_a_text_longer_than_its_line_is_refused_by_the_table(distributing, login, statement):
    with distributing.attacker() as thief:
        thief.enter(login, PEKALONGAN)
        assert thief.tries(statement) == "23514"
