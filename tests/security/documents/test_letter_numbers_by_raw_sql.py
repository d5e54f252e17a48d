"""Raw SQL tries to give one letter number to two letters of a kind and year."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.demo import november
from guyub.programs import cycles
from tests import worlds
from tests.worlds import Attacker

KEEP = """
    INSERT INTO guyub.document (facility_id, cycle_id, kind, title, number, file_name, media_type, content, personal,
                                stated_on)
    SELECT facility_id, id, %(kind)s, 'x', %(number)s, 'x.pdf', 'x', 'x', true, %(on)s
    FROM guyub.cycle WHERE period = %(period)s"""


@pytest.fixture
def clerk(rutan: Any, installation: Any, database: Any) -> Iterator[Attacker]:
    cycle = worlds.november_until(rutan, "closed")
    with rutan.work_of(rutan.services) as work:
        cycles.open_next(work, rutan.opened.plugins, cycle)
    with worlds.attacker(installation, database) as attacker:
        attacker.enter("kasubsi")
        yield attacker


def test_a_number_of_a_series_is_taken_by_whoever_may_make_papers(clerk: Attacker):
    take = "SELECT guyub.allocate_number((guyub.scope())[1], 'documents.slips', 2024)"
    assert clerk.tries(take) == "1 rows"
    clerk.enter("pengamanan", worlds.PEKALONGAN)
    assert clerk.tries(take) == "GU004"


def test_a_letter_number_is_not_given_twice(clerk: Attacker):
    def keeps(period: str, number: str, kind: str = "decree", on: str = "2024-11-20") -> str:
        return clerk.tries(KEEP, {"period": period, "number": number, "kind": kind, "on": on})

    first, second = f"{november.PERIOD}", "2024-12-01"
    assert keeps(first, "A-1") == "1 rows"
    assert keeps(first, "A-1") == "1 rows"  # the same letter, made again
    assert keeps(second, "a-1") == "GU060"
    assert keeps(second, "A-1", kind="handover_record") == "1 rows"
    assert keeps(second, "A-1", on="2025-01-02") == "1 rows"
    assert keeps(second, "A-2") == "1 rows"
