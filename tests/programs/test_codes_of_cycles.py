"""A cycle is named by a code of its own, unique at its facility: its month, where no other programme has that already."""

from datetime import date
from typing import Any

import psycopg
import pytest

from guyub.programs import cycles
from guyub.sdk.errors import NotFound
from tests import worlds
from tests.worlds import PEKALONGAN, World, attacker, superuser

NOVEMBER = date(2024, 11, 1)


@pytest.fixture
def two_programmes(cluster: Any):
    with worlds.a_world(cluster, "hibah", "paket") as made:
        yield made


def open_month(world: World, plugin: str, month: date) -> cycles.Cycle:
    with world.pekalongan.work_of("kasubsi") as work:
        return cycles.open_cycle(work, world.host, plugin, month)


def test_the_month_is_the_code_and_a_second_programme_adds_its_name(two_programmes: World):
    first, second = (open_month(two_programmes, plugin, NOVEMBER) for plugin in ("paket", "bansos"))
    assert (first.code, second.code) == ("2024-11", "2024-11-bansos")
    assert open_month(two_programmes, "bansos", date(2024, 12, 1)).code == "2024-12"
    with two_programmes.pekalongan.work_of("kasubsi") as work:
        assert [cycles.of_code(work, code).id for code in ("2024-11", "2024-11-bansos")] == [first.id, second.id]
        with pytest.raises(NotFound):
            cycles.of_code(work, "2024-11-2")


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
