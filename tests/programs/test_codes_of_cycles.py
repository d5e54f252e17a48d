"""A cycle is named by a code of its own, unique at its facility: its month, where no other programme has that already."""

from datetime import date
from typing import Any

import pytest

from guyub.programs import cycles
from guyub.sdk.errors import NotFound
from tests import worlds
from tests.worlds import World

NOVEMBER = date(2024, 11, 1)


@pytest.fixture
def two_programmes(cluster: Any):
    with worlds.a_world(cluster, "hibah", "paket") as made:
        yield made


def open_month(world: World, plugin: str, month: date) -> cycles.Cycle:
    with world.pekalongan.work_of("kasubsi") as work:
        return cycles.open_cycle(work, world.plugins, plugin, month)


def test_the_month_is_the_code_and_a_second_programme_adds_its_name(two_programmes: World):
    first, second = (open_month(two_programmes, plugin, NOVEMBER) for plugin in ("paket", "bansos"))
    assert (first.code, second.code) == ("2024-11", "2024-11-bansos")
    assert open_month(two_programmes, "bansos", date(2024, 12, 1)).code == "2024-12"
    with two_programmes.pekalongan.work_of("kasubsi") as work:
        assert [cycles.of_code(work, code).id for code in ("2024-11", "2024-11-bansos")] == [first.id, second.id]
        with pytest.raises(NotFound):
            cycles.of_code(work, "2024-11-2")
