"""What a month that is open follows of a changed configuration, and what was settled when it was opened."""

from datetime import date
from decimal import Decimal

import pytest

from guyub.configuration.consequences import TouchedPlugins
from guyub.demo import november
from guyub.programs import cycle_facts, cycles, queries, selection
from guyub.programs.consequences import consequences
from guyub_bansos.config import BansosConfig
from tests import worlds
from tests.worlds import PEKALONGAN, World

SCORED_AGAIN = (
    "its quota and package stay as they were when it was opened, and while it is planned they can be brought in line on the "
    "month's page; each scoring reads again the rules and weights in effect on the first day of that month."
)


def scores_of(world: World) -> dict[str, tuple[str, Decimal]]:
    """Scores November again and returns who was excluded and who has which score."""
    rutan = world.pekalongan
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        selection.score(work, world.plugins, cycle)
        return {candidate.name: (candidate.state, candidate.score) for candidate in queries.candidates(work, cycle)}


def test_a_month_that_is_scored_again_follows_weights_of_its_first_day_and_keeps_quota_and_package(world: World):
    worlds.november_until(world.pekalongan, "planned")
    before = scores_of(world)
    rice = {"code": "beras", "name": "Beras", "quantity": 1, "unit": "kg", "price": 16_000}
    changed = {"quota": 2, "package": [rice], "weight_income": 0}
    worlds.configure(world.database, "bansos", PEKALONGAN, since=november.PERIOD, **changed)
    after = scores_of(world)
    assert before.keys() == after.keys()
    assert after != before
    with world.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        assert cycle.quota == 5
        assert [line.item.id for line in cycle_facts.package(work, cycle)] == [
            line.name for line in BansosConfig().package
        ]
        assert selection.select_top(work, cycle) == 5


def test_a_month_does_not_follow_what_counts_from_a_later_day_of_it(world: World):
    worlds.november_until(world.pekalongan, "planned")
    before = scores_of(world)
    worlds.configure(world.database, "bansos", PEKALONGAN, since=date(2024, 11, 2), weight_income=0)
    assert scores_of(world) == before


@pytest.mark.parametrize(
    ("step", "follows"),
    [
        ("planned", SCORED_AGAIN),
        ("proposed", SCORED_AGAIN),
        ("approved", "its list and package are approved and do not change."),
    ],
)
def test_a_change_is_announced_as_the_open_month_follows_it(world: World, step: str, follows: str):
    worlds.november_until(world.pekalongan, step)
    touched = TouchedPlugins({}, frozenset(), {(PEKALONGAN, "bansos"): None})
    with world.database.work(world.database.as_service("tests")) as work:
        first, *_ = consequences(work, touched)
    assert first.text.en == f"bansos of November 2024 is still open: {follows}"
