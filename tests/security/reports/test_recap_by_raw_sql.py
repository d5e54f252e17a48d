"""What was sent as a recap, attacked by raw SQL."""

from typing import Any

from guyub.db.unit_of_work import Database
from guyub.programs.cycles import Cycle
from tests.reports.conftest import AsOf
from tests.reports.test_recap import AFTER, RECAP
from tests.visits import text_of
from tests.worlds import attacker


def test_what_was_sent_is_not_written_by_others_and_never_changed(
    visitor_on: AsOf, closed: Cycle, installation: Any, database: Database
):
    office = visitor_on(AFTER)("kanwil")
    office.opens(f"{RECAP}?month=2024-11")
    assert text_of(office.page)
    office.sends(f"{RECAP}/sent", {"month": "2024-11", "form": "text", "note": ""})
    forged = """INSERT INTO guyub.recap_sent (region_id, period, form, sha256, missing)
                SELECT region_id, '2024-11-01', 'pdf', repeat('0', 64), 0 FROM guyub.facility WHERE code = 'rutan-pekalongan'"""
    days = "INSERT INTO guyub.region_reporting (region_id, report_day, open_day) SELECT id, 9, 9 FROM guyub.region"
    with attacker(installation, database) as raw:
        raw.enter("karutan", "rutan-pekalongan")
        assert raw.tries(forged) in ("42501", "GU004")
        assert raw.tries(days) in ("42501", "GU004")
        raw.enter("kanwil")
        assert raw.tries("UPDATE guyub.recap_sent SET missing = 0") == "42501"
        assert raw.tries("DELETE FROM guyub.recap_sent") == "42501"
