"""The catalogue of goods and quantities as they are written, attacked by raw SQL."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo.month import Rutan
from guyub.funds import catalogue
from guyub.funds.catalogue import Keeper
from tests import worlds
from tests.funds.test_units_of_goods import goods, here, received

__all__ = ["here"]
"""The worlds of that module, to attack."""

PLACE = "rutan-pekalongan"
JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, occurred_on, booked_on, memo, evidence)
             SELECT facility_id, 'receipt', occurred_on, booked_on, 'Penerimaan', 'BAST-9' FROM guyub.journal LIMIT 1"""
OF_NEWEST = (
    """FROM guyub.item i, (SELECT id FROM guyub.journal ORDER BY recorded_at DESC LIMIT 1) j WHERE i.code = 'beras'"""
)
WRITTEN = (
    """INSERT INTO guyub.written_quantity (facility_id, journal_id, item_id, line, quantity, unit)
             SELECT i.facility_id, j.id, i.id, %(line)s, %(quantity)s, %(unit)s """
    + OF_NEWEST
)
ITEM_UNIT = """INSERT INTO guyub.item_unit (facility_id, item_id, unit, factor)
               SELECT facility_id, id, %(unit)s, %(factor)s FROM guyub.item WHERE code = 'beras'"""
NATION = "INSERT INTO guyub.catalogue_item (region_id, code, name, unit) VALUES (NULL, 'x', 'X', 'kg')"
OFFICE_UNIT = """INSERT INTO guyub.catalogue_unit (region_id, code, base, unit, factor)
                 SELECT region_id, 'beras', 'kg', 'sak', 25 FROM guyub.facility WHERE code = 'rutan-pekalongan'"""


@pytest.fixture
def thief(here: Rutan, installation: Installation, database: Database) -> Iterator[worlds.Attacker]:
    with here.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", Decimal(25))
    with worlds.attacker(installation, database) as attacker:
        yield attacker


def test_a_quantity_in_a_unit_that_is_not_declared_is_refused(thief: worlds.Attacker):
    thief.enter_service(PLACE)
    assert thief.tries(JOURNAL) == "1 rows"
    assert thief.tries(WRITTEN, {"line": 1, "quantity": 80, "unit": "karung"}) == "GU020"
    assert thief.tries(WRITTEN, {"line": 1, "quantity": 0, "unit": "sak"}) == "23514"


def test_what_is_written_and_not_booked_is_refused(thief: worlds.Attacker):
    thief.enter_service(PLACE)
    assert thief.tries(JOURNAL) == "1 rows"
    assert thief.tries(WRITTEN, {"line": 1, "quantity": 80, "unit": "sak"}) == "GU051"


def test_nobody_writes_a_quantity_beside_what_another_booked(thief: worlds.Attacker):
    thief.enter_service(PLACE)
    assert thief.tries(WRITTEN, {"line": 9, "quantity": 1, "unit": "sak"}) == "GU005"
    assert thief.tries("UPDATE guyub.written_quantity SET quantity = 1") == "42501"
    assert thief.tries("DELETE FROM guyub.item_unit") == "42501"


@pytest.mark.parametrize(
    ("unit", "factor", "outcome"),
    [
        ("karung", 50, "1 rows"),
        ("karung", None, "1 rows"),
        ("karung", 0, "23514"),
        ("karung", -1, "23514"),
        ("karung", 1_000_001, "23514"),
        ("KG", 2, "GU050"),
        ("gr", 2, "GU050"),
        ("", 2, "23514"),
    ],
)
def test_a_unit_is_declared_with_what_it_holds(thief: worlds.Attacker, unit: str, factor: int | None, outcome: str):
    thief.enter_service(PLACE)
    assert thief.tries(ITEM_UNIT, {"unit": unit, "factor": factor}) == outcome


def test_only_who_receives_goods_declares_units_and_only_offices_keep_their_catalogue(thief: worlds.Attacker):
    thief.enter("kasubsi", PLACE)
    assert thief.tries(ITEM_UNIT, {"unit": "karung", "factor": 50}) == "GU004"
    assert thief.tries(NATION) == "42501"
    assert thief.tries(OFFICE_UNIT) == "42501"
    thief.enter("pengelola", PLACE)
    assert thief.tries(ITEM_UNIT, {"unit": "karung", "factor": 50}) == "1 rows"
    assert thief.tries(OFFICE_UNIT) == "42501"


def test_the_books_keep_what_was_written_though_the_unit_is_taken_back(here: Rutan, thief: worlds.Attacker):
    received(here, goods("sak") | {"evidence_number": "BAST-2"})
    with here.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", Decimal(50))
    thief.enter_service(PLACE)
    assert thief.value("SELECT quantity || ' ' || unit || ' ' || factor FROM guyub.written_quantity") == (
        "80.000 sak 25.000000"
    )
