"""Quota and package of a planned month follow what came since, within the locks; the list stays, and shows what it lacks."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guyub.demo import november
from guyub.programs import cycle_facts, cycles, proposal, selection, terms
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, World

TODAY = date(2024, 11, 10)
MORE_CSR = "CSR untuk lima paket lagi."
PACKAGE = [{"code": "beras", "name": "Beras", "unit": "kg", "quantity": "10", "price": 15_000}]


@pytest.fixture
def planned(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="planned") as made:
        yield made


def now(world: World) -> Cycle:
    with world.pekalongan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def changed(
    world: World, who: str = "kasubsi", reason: str = MORE_CSR, version: int | None = None, **values: Any
) -> Cycle:
    cycle = now(world)
    asked = {"quota": cycle.quota, "follows_package": False} | values
    with world.pekalongan.work_of(who) as work:
        terms.set_terms(work, world.plugins, cycle, TODAY, reason=reason, version=version, **asked)
    return now(world)


def test_a_higher_quota_takes_more_of_the_same_scored_list(planned: World):
    before = now(planned)
    assert changed(planned, quota=7).quota == 7
    with planned.pekalongan.work_of("kasubsi") as work:
        assert cycle_facts.counts(work, now(planned))["selected"] == 5
        assert selection.select_top(work, now(planned)) == 7
        proposal.propose(work, planned.plugins, now(planned), TODAY)
        last = cycle_facts.history(work, now(planned))
    assert now(planned).version > before.version
    step = next(entry for entry in last if entry.action == "programs.set_terms")
    assert (step.reason, step.details) == (MORE_CSR, {"quota_before": 5, "quota": 7, "package": False})


def test_a_lower_quota_than_is_selected_holds_the_proposal(planned: World):
    changed(planned, quota=4)
    with planned.pekalongan.work_of("kasubsi") as work, pytest.raises(Invalid) as refused:
        proposal.propose(work, planned.plugins, now(planned), TODAY)
    assert refused.value.code == "programs.quota"


def test_the_package_follows_what_is_configured_since(planned: World):
    worlds.configure(planned.database, "bansos", PEKALONGAN, date(2024, 11, 9), package=PACKAGE)
    with planned.pekalongan.work_of("kasubsi") as work:
        present = terms.present(work, planned.plugins, now(planned), TODAY)
    assert (present.package_differs, present.value, present.value_of_month) == (True, 150_000, 117_507)
    changed(planned, follows_package=True)
    with planned.pekalongan.work_of("kasubsi") as work:
        assert [(line.code, line.quantity, line.price) for line in cycle_facts.package(work, now(planned))] == [
            ("beras", 10, 15_000)
        ]
        assert terms.present(work, planned.plugins, now(planned), TODAY).package_differs is False
        proposal.propose(work, planned.plugins, now(planned), TODAY)


def test_what_comes_in_effect_later_is_not_followed_today(planned: World):
    worlds.configure(planned.database, "bansos", PEKALONGAN, date(2024, 12, 1), package=PACKAGE)
    with planned.pekalongan.work_of("kasubsi") as work:
        assert terms.present(work, planned.plugins, now(planned), TODAY).package_differs is False


def test_a_locked_quota_is_taken_and_no_other(planned: World):
    worlds.configure_region(planned.database, "bansos", "jawa-tengah", date(2024, 11, 1), locked=True, quota=8)
    with pytest.raises(Invalid) as refused:
        changed(planned, quota=7)
    assert refused.value.code == "programs.quota_locked"
    assert "8" in refused.value.remedy.en
    assert changed(planned, quota=8).quota == 8


@pytest.mark.parametrize("quota", [0, -1, 100_001])
def test_a_quota_that_the_programme_does_not_take_is_refused(planned: World, quota: int):
    with pytest.raises(Invalid):
        changed(planned, quota=quota)
    assert now(planned).quota == 5


def test_it_needs_a_reason_a_difference_the_version_that_stands_and_one_who_may_open(planned: World):
    for values, code in (
        ({"quota": 7, "reason": ""}, "programs.no_reason_for_terms"),
        ({}, "programs.no_new_terms"),
        ({"follows_package": True}, "programs.no_new_terms"),
    ):
        with pytest.raises(Invalid) as refused:
            changed(planned, **values)
        assert refused.value.code == code
    with pytest.raises(Refusal) as stale:
        changed(planned, quota=7, version=now(planned).version - 1)
    assert stale.value.code == "programs.proposal_changed"
    with pytest.raises(Forbidden):
        changed(planned, "karutan", quota=7)


def test_after_the_proposal_the_terms_stand(cluster: Any):
    with worlds.a_world(cluster, until="proposed") as proposed:
        with pytest.raises(Refusal) as refused:
            changed(proposed, quota=7)
        assert refused.value.code == "programs.state"
