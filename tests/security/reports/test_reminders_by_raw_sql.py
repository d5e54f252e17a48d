"""Reminders, attacked by raw SQL."""

from typing import Any

from guyub.db.unit_of_work import Database
from guyub.programs.cycles import Cycle
from tests.reports.conftest import AsOf
from tests.reports.test_reminders import MONDAY, PEKALONGAN_NOT_GIVEN, REMINDERS
from tests.worlds import attacker


def test_only_the_office_reminds_and_only_the_facility_has_read(
    visitor_on: AsOf, approved: Cycle, installation: Any, database: Database
):
    visitor_on(MONDAY)("kanwil").fills(REMINDERS, {"keys": [PEKALONGAN_NOT_GIVEN]})
    told = """INSERT INTO guyub.reminder (facility_id, matter, plugin, period, on_day)
              SELECT id, 'not_opened', 'bansos', '2024-11-01', '2024-11-20' FROM guyub.facility WHERE code = 'rutan-kebumen'"""
    read = "INSERT INTO guyub.reminder_seen (reminder_id, facility_id) SELECT id, facility_id FROM guyub.reminder"
    with attacker(installation, database) as raw:
        raw.enter("kasubsi.kebumen", "rutan-kebumen")
        assert raw.tries(told) == "GU004"
        assert raw.sees("SELECT 1 FROM guyub.reminder") == []
        raw.enter("kanwil")
        assert raw.tries(read) == "GU004"
        assert raw.tries(told) == "1 rows"
        doubled = """INSERT INTO guyub.reminder (facility_id, matter, plugin, period, on_day)
                     SELECT facility_id, matter, plugin, period, on_day FROM guyub.reminder"""
        assert raw.tries(doubled) == "23505"
        assert raw.tries("UPDATE guyub.reminder SET matter = 'not_closed'") == "42501"
        assert raw.tries("DELETE FROM guyub.reminder") == "42501"
        raw.enter("kasubsi", "rutan-pekalongan")
        assert raw.tries(read) == "1 rows"
