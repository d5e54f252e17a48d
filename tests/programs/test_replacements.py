"""The next reserve takes the place of one who cannot receive: proposed by staff, confirmed by the approver in one press."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import moment
from guyub.programs import cycle_facts, cycle_funds, cycles, distribution, queries, replacements, withdrawal
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.registry import household_detail, inmates
from guyub.registry import service as registry
from guyub.registry.schemas import FamilyAct, NewInmateLink
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests import worlds
from tests.worlds import World

MOVED = "Pindah ke luar kota."
AT = moment(november.DISTRIBUTION, november.BEGINS)


@pytest.fixture(params=["approved", "bought"])
def world(request: pytest.FixtureRequest, cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until=request.param) as made:
        yield made


@pytest.fixture
def bought(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="bought") as made:
        yield made


def now(world: World) -> Cycle:
    with world.pekalongan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def names(world: World) -> list[tuple[int, str]]:
    with world.pekalongan.work_of("kasubsi") as work:
        return [(row.number, row.name) for row in queries.recipients(work, now(world))]


def proposed(world: World, number: int = 2, who: str = "kasubsi", reason: str = MOVED) -> Any:
    """Returns the replacement that was proposed for a place."""
    with world.pekalongan.work_of(who) as work:
        place = next(row for row in queries.recipients(work, now(world)) if row.number == number)
        replacements.propose(work, now(world), place.id, reason)
        return replacements.of_cycle(work, now(world))[0]


def confirmed(world: World, replacement: Any, who: str = "karutan") -> None:
    with world.pekalongan.work_of(who) as work:
        replacements.decide(work, now(world), replacement.id, confirmed=True)


def expected_reserve(world: World) -> str:
    """Returns the highest score of the same category that was not selected."""
    with world.pekalongan.work_of("kasubsi") as work:
        left = queries.candidates(work, now(world), states=("candidate",))
    return next(row.name for row in left if row.category == "inmate_family")


def test_the_next_by_score_takes_the_place_with_its_number_and_its_share(world: World):
    before, wanted = names(world), expected_reserve(world)
    with world.pekalongan.work_of("karutan") as work:
        held = sum(line.rupiah for line in cycle_funds.held(work, now(world)))
    line = proposed(world)
    assert (line.goes, line.comes, line.number, line.confirmed) == (before[1][1], wanted, 2, None)
    assert names(world) == before
    confirmed(world, line)
    assert names(world) == [before[0], (2, wanted), *before[2:]]
    with world.pekalongan.work_of("karutan") as work:
        assert sum(held.rupiah for held in cycle_funds.held(work, now(world))) == held
        assert cycle_facts.counts(work, now(world))["approved"] == 5
        [decided] = replacements.of_cycle(work, now(world))
        comes = next(row for row in queries.recipients(work, now(world)) if row.number == 2)
        share = cycle_facts.package_of(work, now(world), comes.id)
    assert (decided.confirmed, decided.decided_by) == (True, "Karutan Contoh Dua")
    assert sum(item.value for item in share) == 117_507


def test_the_one_who_came_in_receives_and_the_one_who_went_does_not(bought: World):
    gone = next(row for row in recipients(bought) if row.number == 2)
    confirmed(bought, proposed(bought))
    with bought.pekalongan.work_of("kasubsi") as work:
        distribution.start(work, now(bought))
    with pytest.raises(Refusal), bought.pekalongan.work_of("kasubsi") as work:
        distribution.hand_over(work, now(bought), [gone.id], AT, Proof("Saksi Contoh"))
    with bought.pekalongan.work_of("kasubsi") as work:
        everyone = [row.id for row in queries.recipients(work, now(bought))]
        assert distribution.hand_over(work, now(bought), everyone, AT, Proof("Saksi Contoh")) == 5
    closed = bought.pekalongan.close(now(bought), november.DISTRIBUTION, "Lima paket.")
    with bought.pekalongan.work_of("kasubsi") as work:
        figures = cycle_facts.figures(work, closed)
    assert (figures.listed, figures.received) == (5, 5)


def recipients(world: World) -> list[queries.Recipient]:
    with world.pekalongan.work_of("kasubsi") as work:
        return queries.recipients(work, now(world))


def test_an_absent_household_is_replaced_during_the_distribution(bought: World):
    with bought.pekalongan.work_of("kasubsi") as work:
        distribution.start(work, now(bought))
        absent = queries.recipients(work, now(bought))[2]
        distribution.mark_absent(work, now(bought), [absent.id], "Tidak hadir.")
    confirmed(bought, proposed(bought, 3))
    assert [row.state for row in recipients(bought)] == ["approved"] * 5


def test_whose_tie_to_an_inmate_has_ended_comes_in_without_it(bought: World):
    line = proposed(bought)
    with bought.pekalongan.work_of("kasubsi") as work:
        [before] = household_detail.detail(work, line.comes_household).links
        other = NewInmateLink(full_name="Warga Binaan Lain", relationship=before.relationship, status="detainee")
        inmates.add_inmate(work, line.comes_household, other, november.DISTRIBUTION)
        ended = FamilyAct(occurred_on=november.DISTRIBUTION, reason="Salah orang.")
        inmates.end_link(work, line.comes_household, before.inmate_id, ended, november.DISTRIBUTION)
    confirmed(bought, line)
    came = next(row for row in recipients(bought) if row.number == 2)
    assert came.inmate == "Warga Binaan Lain"


def test_the_second_place_is_for_the_second_reserve(bought: World):
    first, second = proposed(bought, 2), proposed(bought, 3)
    assert first.comes_household != second.comes_household
    assert first.score >= second.score


def test_one_who_is_archived_is_passed_over_and_confirmed_no_more(bought: World):
    line = proposed(bought)
    with bought.pekalongan.work_of("kasubsi") as work:
        registry.archive(work, line.comes_household, "Pindah.")
    with pytest.raises(Refusal) as gone:
        confirmed(bought, line)
    assert gone.value.code == "programs.reserve_gone"
    with bought.pekalongan.work_of("kasubsi") as work:
        replacements.decide(work, now(bought), line.id, confirmed=False)
    assert proposed(bought).comes_household != line.comes_household


def test_a_household_that_received_meanwhile_keeps_its_place(bought: World):
    line = proposed(bought)
    with bought.pekalongan.work_of("kasubsi") as work:
        distribution.start(work, now(bought))
        place = next(row for row in queries.recipients(work, now(bought)) if row.number == 2)
        distribution.hand_over(work, now(bought), [place.id], AT, Proof("Saksi Contoh"))
    with pytest.raises(Refusal) as refused:
        confirmed(bought, line)
    assert refused.value.code == "programs.not_waiting"


def test_it_needs_a_reason_and_another_person_who_may_approve_once(bought: World):
    with pytest.raises(Invalid) as unsaid:
        proposed(bought, reason=" ")
    assert unsaid.value.code == "programs.no_reason_to_replace"
    line = proposed(bought)
    for who in ("kasubsi", "pengelola"):
        with pytest.raises(Forbidden):
            confirmed(bought, line, who)
    third = next(row for row in recipients(bought) if row.number == 3)
    with bought.pekalongan.work_of("pengelola") as work, pytest.raises(Forbidden):
        replacements.propose(work, now(bought), third.id, MOVED)
    confirmed(bought, line)
    with pytest.raises(Refusal) as twice:
        confirmed(bought, line)
    assert twice.value.code == "programs.replacement_decided"


def test_when_nobody_is_left_it_says_so(bought: World):
    with bought.pekalongan.work_of("kasubsi") as work:
        while True:
            place = recipients(bought)[0]
            reserve = replacements.next_reserve(work, now(bought), place.id)
            if reserve is None:
                break
            registry.archive(work, reserve.household_id, "Pindah.")
    with pytest.raises(Refusal) as refused:
        proposed(bought)
    assert refused.value.code == "programs.no_reserve"


def test_withdrawing_the_approval_ends_what_was_proposed_and_keeps_who_came_in(cluster: Any):
    with worlds.a_world(cluster, until="approved") as world:
        line = proposed(world)
        confirmed(world, line)
        proposed(world, 3)
        cycle = now(world)
        with world.pekalongan.work_of("karutan") as work:
            withdrawal.withdraw(work, cycle, date(2024, 11, 14), "Harga keliru.", version=cycle.version)
            assert [row.confirmed for row in replacements.of_cycle(work, now(world))] == [False, True]
        with world.pekalongan.work_of("kasubsi") as work:
            selected = queries.candidates(work, now(world), states=("selected",))
        assert line.comes in [row.name for row in selected]
        assert line.goes not in [row.name for row in selected]
