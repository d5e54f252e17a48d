"""Families of which everything is the same: which of them are chosen is fixed, and whoever received last month comes later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from guyub.demo import families, november
from guyub.demo.families import DemoHousehold
from guyub.demo.month import moment
from guyub.programs import closing, cycles, distribution, queries, selection
from tests import worlds
from tests.worlds import SURVEYED, World

DECEMBER = date(2024, 12, 1)


def twins(count: int) -> Sequence[DemoHousehold]:
    """Families that live exactly as Sulastri's does; no two have a person or a family card in common."""
    model = families.PEKALONGAN[0]
    registration, recipient, inmate = model.registration, model.registration.recipient, model.registration.inmate
    assert inmate
    return [
        replace(
            model,
            registration=registration.model_copy(
                update={
                    "recipient": recipient.model_copy(
                        update={"full_name": f"Kembar Contoh {serial}", "nik": f"{recipient.nik[:12]}99{serial:02}"}
                    ),
                    "family_card": f"{registration.family_card[:12]}99{serial:02}",
                    "inmate": inmate.model_copy(update={"register_number": f"A.III {serial}/2024"}),
                }
            ),
        )
        for serial in range(41, 41 + count)
    ]


def test_more_households_of_one_score_than_packages_are_selected_in_one_order_however_often(world: World):
    rutan = world.pekalongan
    rutan.register([*twins(6), *families.PEKALONGAN], SURVEYED)
    cycle = worlds.planned(rutan, rutan.receive(november.INCOMES, worlds.RECEIVED))
    selected = []
    for _ in range(2):
        with rutan.work_of("kasubsi") as work:
            selection.score(work, world.plugins, cycle)
            assert selection.select_top(work, cycle) == 5
            judged = queries.candidates(work, cycle)
        selected.append([item.household_id for item in judged if item.state == "selected"])
    alike = [item.household_id for item in judged if item.score == judged[0].score]
    assert len(alike) == 7
    assert selected[0] == selected[1] == sorted(alike)[:5]


def test_of_two_households_that_live_alike_the_one_not_served_last_month_comes_first(world: World):
    rutan = world.pekalongan
    worlds.november_until(rutan, "closed")
    rutan.register(twins(1), date(2024, 11, 20))
    with rutan.work_of("kasubsi") as work:
        last = cycles.get(work, "bansos", november.PERIOD)
        scores = {
            candidate.household_id: (candidate.score, candidate.state) for candidate in queries.candidates(work, last)
        }
        following = cycles.open_next(work, world.plugins, last)
        selection.score(work, world.plugins, following)
        ranked = queries.candidates(work, following)
    assert [item.name for item in ranked].index("Kembar Contoh 41") < [item.name for item in ranked].index(
        "Sulastri Contoh"
    )
    known = [item for item in ranked if item.household_id in scores]
    assert len(known) == 12
    for item in known:
        before, became = scores[item.household_id]
        assert (item.score < before) == (became == "received")


def test_who_was_marked_absent_did_not_lose_their_points_for_waiting(world: World):
    rutan = world.pekalongan
    cycle = worlds.november_until(rutan, "bought")
    rutan.hand_over(cycle, moment(november.DISTRIBUTION, november.BEGINS), not_yet=frozenset({1}))
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        (absent,) = queries.recipients(work, cycle, states=["approved"])
        distribution.mark_absent(work, cycle, [absent.id], "sakit")
        closing.close(work, cycle, november.DISTRIBUTION)
        following = cycles.open_next(work, world.plugins, cycle)
        selection.score(work, world.plugins, following)
        waiting = {candidate.name: candidate.reasons["waiting"] for candidate in queries.candidates(work, following)}
    assert waiting[absent.name] == waiting["Wartini Contoh"] > waiting["Murni Contoh"]
