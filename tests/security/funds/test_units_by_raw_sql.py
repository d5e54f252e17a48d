"""Units of goods, attacked by raw SQL."""

from collections.abc import Iterator

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs import cycles
from tests import worlds
from tests.funds.test_units_of_goods import UNTIDY, here

__all__ = ["here"]
"""The worlds of that module, to attack."""


LOT = """INSERT INTO guyub.lot (facility_id, fund_id, item_id, unit, received_on, journal_id)
         SELECT l.facility_id, l.fund_id, l.item_id, %(unit)s, l.received_on, l.journal_id FROM guyub.lot l LIMIT 1"""
LINE = """INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price)
          SELECT facility_id, cycle_id, 99, item_id, %(unit)s, 1, 1 FROM guyub.package_line LIMIT 1"""


@pytest.fixture
def thief(here: Rutan, installation: Installation, database: Database) -> Iterator[worlds.Attacker]:
    with here.work_of("kasubsi") as work:
        cycles.open_cycle(work, here.opened.plugins, "bansos", november.PERIOD)
    with worlds.attacker(installation, database) as attacker:
        yield attacker


@pytest.mark.parametrize("unit", ["sak", "gram", ""])
def test_no_row_names_a_quantity_in_another_unit(thief: worlds.Attacker, unit: str):
    thief.enter_service("rutan-pekalongan")
    assert thief.tries(LINE, {"unit": unit}) == "GU020"
    assert thief.tries(LOT, {"unit": unit}) == "42501"  # the unit of a lot is nobody's to choose


def test_a_row_without_a_unit_has_that_of_its_item(thief: worlds.Attacker):
    thief.enter_service("rutan-pekalongan")
    assert thief.tries(LINE, {"unit": None}) == "1 rows"
    assert thief.value("SELECT unit FROM guyub.package_line WHERE line = 99") == "kg"


def test_an_item_has_one_unit_for_good(thief: worlds.Attacker, installation: Installation):
    thief.enter_service("rutan-pekalongan")
    again = (
        "INSERT INTO guyub.item (facility_id, code, name, unit) SELECT facility_id, code, name, 'sak' FROM guyub.item"
    )
    assert thief.tries(again) == "23505"
    assert thief.tries("UPDATE guyub.item SET unit = 'sak'") == "42501"
    thief.leave()
    with worlds.superuser(installation) as connection, pytest.raises(Exception, match="foreign key"):
        connection.execute("UPDATE guyub.item SET unit = 'sak' WHERE code = 'beras'")


ITEM = """INSERT INTO guyub.item (facility_id, code, name, unit)
          SELECT facility_id, %(code)s, %(name)s, %(unit)s FROM guyub.item WHERE code = 'beras'"""


def test_no_item_is_counted_in_what_nobody_can_read(thief: worlds.Attacker):
    thief.enter_service("rutan-pekalongan")
    for unit in UNTIDY:
        assert thief.tries(ITEM, {"code": "x", "name": "X", "unit": unit}) == "23514", ascii(unit)


def test_no_two_items_have_one_name(thief: worlds.Attacker):
    thief.enter_service("rutan-pekalongan")
    for name, outcome in {"Beras": "23505", " BERAS\u200b": "23505", "": "23514", "\u200b": "23514"}.items():
        assert thief.tries(ITEM, {"code": "x", "name": name, "unit": "kg"}) == outcome, ascii(name)
    assert thief.tries(ITEM, {"code": "x", "name": "Beras ketan", "unit": "kg"}) == "1 rows"
