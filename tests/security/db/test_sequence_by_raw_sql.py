"""The number by which the newest is told, written by raw SQL."""

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from tests.worlds import attacker


@pytest.mark.parametrize("table", ["plugin_activation", "plugin_switch", "document", "survey", "inmate_register"])
def test_nobody_chooses_the_number_by_which_the_newest_is_known(
    installation: Installation, database: Database, table: str
):
    with attacker(installation, database) as thief:
        thief.enter_service()
        selected = f"INSERT INTO guyub.{table} (seq) OVERRIDING SYSTEM VALUE VALUES (9000000000)"
        assert thief.tries(selected) == "42501"
        sequence = thief.value("SELECT pg_get_serial_sequence('guyub.' || %(table)s, 'seq')", {"table": table})
        for call in ("setval(%(sequence)s, 1)", "nextval(%(sequence)s)"):
            assert thief.tries(f"SELECT {call}", {"sequence": sequence}) == "42501"
