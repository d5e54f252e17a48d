"""The code of a cycle, attacked by raw SQL."""

import psycopg
import pytest

from tests.programs.test_codes_of_cycles import NOVEMBER, open_month, two_programmes
from tests.worlds import PEKALONGAN, World, attacker, superuser

__all__ = ["two_programmes"]
"""The worlds of that module, to attack."""


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE guyub.cycle SET code = '2024-11-x'", "42501"),
        (
            """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, code)
               SELECT facility_id, program_id, '2024-12-01', 1, 'x', settings, '2024-12-x' FROM guyub.cycle""",
            "42501",
        ),
    ],
)
def test_nobody_chooses_or_changes_a_code(two_programmes: World, statement: str, code: str):
    open_month(two_programmes, "paket", NOVEMBER)
    with attacker(two_programmes.installation, two_programmes.database) as thief:
        thief.enter("kasubsi", PEKALONGAN)
        assert thief.tries(statement) == code


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("UPDATE guyub.cycle SET code = '2024-12'", "GU006"),
        ("ALTER TABLE guyub.cycle DISABLE TRIGGER USER; UPDATE guyub.cycle SET code = '2024-12'", "23514"),
        ("ALTER TABLE guyub.cycle DISABLE TRIGGER USER; UPDATE guyub.cycle SET code = 'november'", "23514"),
    ],
)
def test_a_code_begins_with_the_month_of_its_cycle_and_stays(two_programmes: World, statement: str, state: str):
    open_month(two_programmes, "paket", NOVEMBER)
    with superuser(two_programmes.installation) as root:
        with pytest.raises(psycopg.DatabaseError) as refused:
            root.execute(statement)
        assert refused.value.sqlstate == state
