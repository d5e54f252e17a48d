"""Months and lines that cannot be meant, written by raw SQL."""

import pytest

from guyub.db.unit_of_work import Database
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.programs.test_months_that_can_be_meant import PEKALONGAN

DAYS_BEYOND = ["0001-01-01", "1999-12-01", "2101-01-01", "9999-12-01", "infinity", "-infinity", "2024-11-02"]


@pytest.mark.parametrize("day", DAYS_BEYOND)
def test_the_database_refuses_a_cycle_of_another_day(database: Database, day: str):
    with pytest.raises(Refusal) as refused, database.work(database.as_service("tests", PEKALONGAN)) as work:
        work.run(
            """WITH p AS (INSERT INTO guyub.program (facility_id, plugin, program_type) VALUES (:here, 'bansos', 'staple_food')
                          RETURNING id)
               INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
               SELECT :here, id, CAST(:day AS date), 1, 'sembako', CAST(:settings AS jsonb) FROM p""",
            settings=worlds.SETTINGS,
            here=work.here.id,
            day=day,
        )
    assert refused.value.code == "db.implausible_month"
