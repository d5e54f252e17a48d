"""What PostgreSQL takes for a number or a time, and no book or page can."""

import psycopg
import pytest

from tests.worlds import PEKALONGAN

from ..conftest import World

CHECKED = "23514"


@pytest.mark.parametrize("login", ["kasubsi", "pengamanan", "karutan"])
def test_no_distribution_begins_after_the_last_minute_of_its_day(approved: World, login: str):
    with approved.attacker() as attacker:
        attacker.enter(login, PEKALONGAN)
        assert attacker.tries("UPDATE guyub.cycle SET starts_at = '24:00'") == CHECKED


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("account", "quantity", "NaN"),
        ("reservation", "quantity", "NaN"),
        ("entitlement_line", "quantity", "NaN"),
        ("package_line", "quantity", "NaN"),
        ("package_line", "at_most", "NaN"),
        ("transfer", "quantity", "NaN"),
        ("transfer", "rupiah", "9000000000000001"),
        ("rollup_month", "state", "lain"),
    ],
)
def test_nobody_stores_it_not_even_without_triggers(approved: World, table: str, column: str, value: str):
    with approved.superuser() as root:
        root.execute("SET LOCAL session_replication_role = replica")
        with pytest.raises(psycopg.errors.CheckViolation):
            root.execute(f"UPDATE guyub.{table} SET {column} = '{value}'".encode())
