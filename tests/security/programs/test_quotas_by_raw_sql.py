"""The quota of a month changes while it is planned, of the version that was read, and never against a lock."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

DUTIES, FROZEN, STALE, CHECK = "GU004", "GU006", "GU022", "23514"
QUOTA = "UPDATE guyub.cycle SET quota = {to}, decided_version = revision + {off}"


@pytest.fixture
def planned(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="planned") as made:
        yield made


@pytest.fixture
def attacker(planned: World) -> Iterator[Attacker]:
    with worlds.attacker(planned.installation, planned.database) as made:
        yield made


def test_while_it_is_planned_by_one_who_may_open(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries("UPDATE guyub.cycle SET quota = 7") == STALE
    assert attacker.tries(QUOTA.format(to=7, off=-1)) == STALE
    assert attacker.tries(QUOTA.format(to=0, off=0)) == CHECK
    assert attacker.tries(QUOTA.format(to=7, off=0)) == "1 rows"
    attacker.enter("pengamanan", PEKALONGAN)
    assert attacker.tries(QUOTA.format(to=7, off=0)) == DUTIES


@pytest.mark.parametrize("layer", ["region", "facility"])
def test_never_against_a_lock(planned: World, attacker: Attacker, layer: str):
    with planned.database.work(planned.database.as_service("tests")) as work:
        place = "jawa-tengah" if layer == "region" else PEKALONGAN
        worlds.set_many(work, worlds._values(layer, place, "bansos", date(2024, 11, 1), True, {"quota": 8}))
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(QUOTA.format(to=7, off=0)) == FROZEN
    assert attacker.tries(QUOTA.format(to=8, off=0)) == "1 rows"


def test_a_lock_that_was_released_binds_no_more(planned: World, attacker: Attacker):
    worlds.configure_region(planned.database, "bansos", "jawa-tengah", date(2024, 11, 1), locked=True, quota=8)
    worlds.configure_region(planned.database, "bansos", "jawa-tengah", date(2024, 11, 2), quota=8)
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(QUOTA.format(to=7, off=0)) == "1 rows"


def test_not_after_the_proposal(cluster: Any):
    with (
        worlds.a_world(cluster, until="proposed") as made,
        worlds.attacker(made.installation, made.database) as attacker,
    ):
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries(QUOTA.format(to=7, off=0)) == FROZEN
