"""A package that a layer above has locked is what every month gives, whatever SQL writes or deletes its lines."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.programs import cycles
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World, november

LOCKED = "GU006"
ADD = """INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most, reason)
         SELECT l.facility_id, l.cycle_id, 50, l.item_id, l.unit, 1, 5000, false, NULL, {reason}
         FROM guyub.package_line l WHERE l.line = 1"""
TAKE_OFF = "DELETE FROM guyub.package_line WHERE line = 1"
AGAIN = """WITH gone AS (DELETE FROM guyub.package_line WHERE line = 1 RETURNING *)
           INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most)
           SELECT facility_id, cycle_id, 77, item_id, unit, quantity + {more}, price, per_member, at_most FROM gone"""
OTHER_MONTH = """WITH opened AS (
    INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
    SELECT facility_id, program_id, '2024-12-01', quota, exclusion_group, settings FROM guyub.cycle RETURNING id)
    INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most)
    SELECT l.facility_id, opened.id, l.line, l.item_id, l.unit, l.quantity + {more}, l.price, l.per_member, l.at_most
    FROM guyub.package_line l, opened"""


def _planned(made: World) -> None:
    worlds.november_until(made.pekalongan, "planned")
    with made.pekalongan.work_of(made.pekalongan.services) as work:
        plugins = made.pekalongan.opened.plugins
        package = plugins.resolve(work, "bansos", work.here.id, november.PERIOD).config.model_dump(mode="json")[
            "package"
        ]
    worlds.configure_region(made.database, "bansos", "jawa-tengah", locked=True, package=package)


@pytest.fixture(scope="module")
def planned(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, fill=_planned) as made:
        yield made


@pytest.fixture
def attacker(planned: World) -> Iterator[Attacker]:
    with worlds.attacker(planned.installation, planned.database) as made:
        made.enter("kasubsi", PEKALONGAN)
        yield made


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (ADD.format(reason="''"), LOCKED),
        (ADD.format(reason="'panen'"), LOCKED),
        (TAKE_OFF, LOCKED),
        (AGAIN.format(more=1), LOCKED),
        (AGAIN.format(more=0), "1 rows"),
        (OTHER_MONTH.format(more=1), LOCKED),
    ],
)
def test_lines_of_a_locked_package_are_those_of_the_lock(attacker: Attacker, statement: str, outcome: str):
    assert attacker.tries(statement) == outcome


def test_a_month_is_opened_with_the_locked_package(attacker: Attacker):
    assert attacker.tries(OTHER_MONTH.format(more=0)).endswith(" rows")


def test_what_a_month_offers_tells_other_facilities_nothing(planned: World, attacker: Attacker):
    with planned.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
    asked = """SELECT guyub.package_is_locked(%(cycle)s), guyub.version_of_closed(%(cycle)s) IS NOT NULL,
                      guyub.came_of_approval(%(cycle)s), guyub.price_tolerance(%(facility)s, 'bansos', '2024-11-12')"""
    worlds.configure(planned.database, "bansos", PEKALONGAN, price_tolerance=7)
    facility = attacker.value("SELECT facility_id FROM guyub.cycle LIMIT 1")
    values = {"cycle": cycle.id, "facility": facility}
    assert attacker.sees(asked, values) == [(True, True, "", 7)]
    attacker.enter("kasubsi.kebumen", worlds.KEBUMEN)
    assert attacker.sees(asked, values) == [(False, False, "", 0)]


CANDIDATE = """WITH gone AS (DELETE FROM guyub.entitlement WHERE state = 'selected' RETURNING *)
               INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, area, members, score, reasons, state,
                                              packages)
               SELECT facility_id, cycle_id, household_id, {category}, area, {members}, score, reasons, state, packages
               FROM gone WHERE (SELECT count(*) FROM gone) > 0"""


@pytest.mark.parametrize(
    ("category", "members", "outcome"),
    [("category", "members", "5 rows"), ("category", "members + 40", LOCKED), ("'neighbour'", "members", LOCKED)],
)
def test_a_list_begins_with_what_the_households_are(attacker: Attacker, category: str, members: str, outcome: str):
    assert attacker.tries(CANDIDATE.format(category=category, members=members)) == outcome
