"""The figures that are kept, attacked by raw SQL."""

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from guyub.reports import rollup
from tests.reports.test_rollup import PARTS, Kept, kept
from tests.worlds import attacker, superuser

__all__ = ["kept"]
"""The worlds of that module, to attack."""


def test_names_that_are_taken_away_take_no_figure_with_them(
    rutan: Rutan, kept: Kept, closed: Cycle, installation: Installation
):
    """Anonymising changes who somebody was, never how many there were."""
    before = kept.all()
    with superuser(installation) as root:
        root.execute(
            "UPDATE guyub.recipient_snapshot SET full_name = '', nik_masked = '', address = '', inmate_name = ''"
        )
        root.execute(
            "UPDATE guyub.member SET full_name = 'x', nik_cipher = NULL, nik_index = NULL, read_revision = revision"
        )
        root.execute("UPDATE guyub.household SET active = false, read_revision = revision")
    assert kept.all() == before
    kept.demand_equal()


# --- nobody else writes it ---------------------------------------------------------------------------------------


def test_the_application_changes_no_figure_by_any_statement(
    installation: Installation, database: Database, closed: Cycle, kept: Kept
):
    before = kept.all()
    with attacker(installation, database) as thief:
        for door in ("kasubsi", "kanwil", "service"):
            for part in PARTS:
                for statement in (
                    f"UPDATE guyub.rollup_{part} SET facility_id = facility_id",
                    f"DELETE FROM guyub.rollup_{part}",
                    f"TRUNCATE guyub.rollup_{part}",
                    f"INSERT INTO guyub.rollup_{part} SELECT * FROM guyub.rollup_{part}",
                    f"SELECT * FROM guyub.counted_{part}",
                    f"ALTER TABLE guyub.rollup_{part} DISABLE TRIGGER ALL",
                ):
                    thief.enter_service() if door == "service" else thief.enter(door)
                    assert thief.tries(statement) == "42501", (door, statement)
            thief.enter_service() if door == "service" else thief.enter(door)
            assert thief.tries("SELECT guyub.roll_up_entitlements()") == "42501"
    assert kept.all() == before


# --- what the doctor finds, and a rebuild ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tampering", "part"),
    [
        ("UPDATE guyub.rollup_month SET value = value + 1", "month"),
        ("UPDATE guyub.rollup_month SET state = 'planned'", "month"),
        ("UPDATE guyub.rollup_families SET received = received - 1", "families"),
        ("DELETE FROM guyub.rollup_spending", "spending"),
        ("UPDATE guyub.rollup_income SET received = 0", "income"),
        ("UPDATE guyub.rollup_fund SET sensitive = NOT sensitive", "fund"),
        (
            """INSERT INTO guyub.rollup_families SELECT facility_id, cycle_id, period, 'neighbour', 1, 1
           FROM guyub.rollup_month""",
            "families",
        ),
    ],
)
def test_what_somebody_with_the_whole_server_changed_is_found_and_fixed(
    installation: Installation, database: Database, closed: Cycle, kept: Kept, tampering: str, part: str
):
    before = kept.all()
    with superuser(installation) as root:
        root.execute(tampering.encode())
    assert {problem.part for problem in kept.problems()} == {part}
    with database.work(database.as_service("tests")) as work:
        check = rollup.check(work)
        assert not check.ok
        assert "rutan-pekalongan" in check.problems[0]
        rollup.rebuild(work)
        assert rollup.check(work).ok
    assert kept.all() == before


def test_the_doctor_names_a_difference_and_fixes_it_only_when_asked_to(
    installation: Installation, database: Database, closed: Cycle
):
    with superuser(installation) as root:
        root.execute("UPDATE guyub.rollup_month SET value = 0")
    with database.work(database.as_service("tests")) as work:
        assert not rollup.checked(work, fix=False).ok
        assert rollup.checked(work, fix=True).ok
        assert rollup.checked(work, fix=False).ok
