"""How many packages an institution receives, attacked by raw SQL: families, impossible numbers and days, other hands."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.demo import families
from guyub.registry import service
from guyub.registry.schemas import NewMember, RegisterHousehold
from tests import worlds
from tests.worlds import SURVEYED, Attacker, World

ORPHANAGE = RegisterHousehold(
    category="institution",
    institution_name="Panti Asuhan Contoh",
    people_served=96,
    packages=4,
    recipient=NewMember(full_name="Hasan Contoh", nik="3375010708609906"),
)
ACT = (
    "INSERT INTO guyub.package_number (facility_id, household_id, packages, occurred_on, reason) "
    "SELECT facility_id, id, %(packages)s, %(day)s::date, %(reason)s FROM guyub.household WHERE category = %(category)s LIMIT 1"
)
NOW = "SELECT packages FROM guyub.household WHERE category = 'institution'"


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        made.pekalongan.register(families.PEKALONGAN[:1], SURVEYED)
        with made.pekalongan.work_of("kasubsi") as work:
            service.register_household(work, made.pekalongan.opened.protector, ORPHANAGE, SURVEYED)
        yield made


@pytest.fixture
def kasubsi(world: World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("kasubsi", worlds.PEKALONGAN)
        yield attacker


def act(packages: int, day: str = "2024-11-10", reason: str = "uji", category: str = "institution") -> dict[str, Any]:
    return {"packages": packages, "day": day, "reason": reason, "category": category}


def test_the_number_follows_the_act_and_says_what_it_was(kasubsi: Attacker):
    assert kasubsi.tries(ACT, act(10), half_way=True) == "1 rows"
    assert kasubsi.value(NOW) == 10
    assert kasubsi.value("SELECT before FROM guyub.package_number") == 4
    assert kasubsi.value("SELECT recorded_by = guyub.actor() FROM guyub.package_number") is True
    for wrong in (act(10), act(12, day="2024-11-09")):
        assert kasubsi.tries(ACT, wrong) == "GU030"


@pytest.mark.parametrize(
    ("wrong", "outcome"),
    [
        (act(0), "23514"),
        (act(-3), "23514"),
        (act(10_001), "23514"),
        (act(4), "GU030"),
        (act(10, day="2090-01-01"), "GU030"),
        (act(10, reason=" "), "23514"),
        (act(10, category="inmate_family"), "GU030"),
    ],
)
def test_what_is_no_act_of_packages_is_refused(kasubsi: Attacker, wrong: dict[str, Any], outcome: str):
    assert kasubsi.tries(ACT, wrong) == outcome
    assert kasubsi.value(NOW) == 4


def test_the_number_is_changed_by_nothing_else_and_an_act_stays(kasubsi: Attacker):
    assert kasubsi.tries("UPDATE guyub.household SET packages = 9, read_revision = revision") == "42501"
    kasubsi.tries(ACT, act(10), half_way=True)
    for change in ("UPDATE guyub.package_number SET packages = 9", "DELETE FROM guyub.package_number"):
        assert kasubsi.tries(change) == "42501"


def test_a_family_registers_with_one_package(kasubsi: Attacker):
    registered = (
        "INSERT INTO guyub.household (facility_id, category, packages) "
        "SELECT facility_id, 'neighbour', 2 FROM guyub.household LIMIT 1"
    )
    assert kasubsi.tries(registered) == "23514"


def test_an_institution_that_becomes_a_family_receives_one_package(kasubsi: Attacker):
    changed = (
        "UPDATE guyub.household SET category = 'neighbour', institution_name = '', people_served = 0, read_revision = revision "
        "WHERE category = 'institution'"
    )
    assert kasubsi.tries(changed, half_way=True) == "1 rows"
    assert kasubsi.value("SELECT max(packages) FROM guyub.household") == 1


def test_who_only_reads_records_no_act(world: World):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengelola", worlds.PEKALONGAN)
        assert attacker.tries(ACT, act(10)) in ("GU001", "GU004", "0 rows")
