"""The roll-up is what the books say, after every step: kept by triggers, compared with a count from the beginning."""

from datetime import date
from random import Random
from typing import Any
from uuid import UUID

import pytest

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import families, november
from guyub.demo.month import Rutan
from guyub.funds import fund_page, reversals
from guyub.funds import queries as books
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import closing, cycles, distribution, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.reports import rollup
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import attacker

NOVEMBER = november.PERIOD
PARTS = ("month", "families", "spending", "income", "fund")


class Kept:
    """The figures that are kept, and whether they are those of the books."""

    def __init__(self, database: Database):
        self.database = database

    def problems(self) -> list[Any]:
        with self.database.work(self.database.as_service("tests")) as work:
            found: list[Any] = work.run("SELECT * FROM guyub.rollup_problems()").all()
        return found

    def demand_equal(self) -> None:
        assert self.problems() == []

    def month(self) -> tuple[str, int, int, int]:
        """State, listed, received and value of Pekalongan's November."""
        with self.database.work(self.database.as_service("tests", "rutan-pekalongan")) as work:
            row = work.run(
                "SELECT state, listed, received, value FROM guyub.rollup_month WHERE period = :period", period=NOVEMBER
            ).one()
        return tuple(row)

    def all(self) -> dict[str, list[Any]]:
        with self.database.work(self.database.as_service("tests")) as work:
            return {
                part: work.run(f"SELECT to_jsonb(r) FROM guyub.rollup_{part} r ORDER BY 1").scalars().all()
                for part in PARTS
            }


@pytest.fixture
def kept(database: Database) -> Kept:
    return Kept(database)


def recipients(rutan: Rutan) -> list[Any]:
    with rutan.work_of("kasubsi") as work:
        return list(queries.recipients(work, cycles.get(work, "bansos", NOVEMBER)))


# --- every step --------------------------------------------------------------------------------------------------


def test_it_follows_the_month_from_the_first_receipt_to_the_close(rutan: Rutan, kept: Kept):
    rutan.register(families.PEKALONGAN, worlds.SURVEYED)
    funds = rutan.receive(november.INCOMES, worlds.RECEIVED)
    kept.demand_equal()
    cycle = worlds.planned(rutan, funds)
    assert kept.month() == ("planned", 0, 0, 0)
    kept.demand_equal()
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, cycle)
    assert kept.month() == ("proposed", 5, 0, 0)
    rutan.approve(cycle, worlds.APPROVED)
    assert kept.month() == ("approved", 5, 0, 0)
    kept.demand_equal()
    rutan.shop(cycle, november.SHOPPING)
    kept.demand_equal()
    rutan.hand_over(cycle, november.moment(november.DISTRIBUTION, november.BEGINS))
    assert kept.month() == ("distributing", 5, 5, 582_550)
    kept.demand_equal()
    rutan.close(cycle, november.DISTRIBUTION, "")
    assert kept.month() == ("closed", 5, 5, 582_550)
    kept.demand_equal()


def test_a_hand_over_that_is_undone_is_counted_back(rutan: Rutan, kept: Kept, approved: Cycle):
    rutan.shop(approved, november.SHOPPING)
    rutan.hand_over(approved, november.moment(november.DISTRIBUTION, november.BEGINS))
    first = recipients(rutan)[0]
    with rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        distribution.undo(work, cycle, first.id, "salah orang", november.DISTRIBUTION)
    assert kept.month() == ("distributing", 5, 4, 582_550 - first.value)
    kept.demand_equal()


def test_a_list_that_is_emptied_and_a_month_that_is_cancelled_leave_no_difference(
    rutan: Rutan, kept: Kept, plugins: PluginRegistry
):
    rutan.register(families.PEKALONGAN, worlds.SURVEYED)
    cycle = worlds.planned(rutan, rutan.receive(november.INCOMES, worlds.RECEIVED))
    with rutan.work_of("kasubsi") as work:
        selection.score(work, plugins, cycle)
    assert kept.month() == ("planned", 0, 0, 0)
    assert kept.all()["families"] == []
    kept.demand_equal()
    with rutan.work_of("karutan") as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        closing.cancel(work, cycle, november.DISTRIBUTION, "tidak jadi", version=cycle.version)
    assert kept.month() == ("cancelled", 0, 0, 0)
    kept.demand_equal()


def test_an_approved_month_that_is_cancelled_is_counted_as_the_books_have_it(rutan: Rutan, kept: Kept, approved: Cycle):
    with rutan.work_of("karutan") as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        closing.cancel(work, cycle, november.DISTRIBUTION, "banjir", version=cycle.version)
    assert kept.month() == ("cancelled", 0, 0, 0)
    kept.demand_equal()


def test_a_proposal_that_is_sent_back_and_another_day_are_followed(rutan: Rutan, kept: Kept, proposed: Cycle):
    with rutan.work_of("karutan") as work:
        proposed = cycles.get(work, "bansos", NOVEMBER)
        proposal.return_proposal(work, proposed, "kurang lengkap", version=proposed.version)
    assert kept.month() == ("planned", 0, 0, 0)
    with rutan.work_of("kasubsi") as work:
        later = november.DISTRIBUTION.replace(day=20)
        cycles.plan_distribution(work, cycles.get(work, "bansos", NOVEMBER), later, None, "Aula")
    kept.demand_equal()


def test_a_receipt_that_is_taken_back_counts_in_the_month_in_which_it_was(rutan: Rutan, kept: Kept):
    [csr, _] = rutan.receive(november.INCOMES, worlds.RECEIVED)
    with rutan.work_of("pengelola") as work:
        fund = books.fund(work, csr)
        [receipt] = fund_page.received(work, fund.id)
        reversals.reverse(work, fund, receipt, "salah catat", date(2024, 12, 2))
    assert {item["period"]: item["received"] for item in kept.all()["income"] if item["source"] == "csr"} == {
        "2024-11-01": 400_000,
        "2024-12-01": -400_000,
    }
    assert {item["received"] for item in kept.all()["fund"]} == {0, 350_000}
    kept.demand_equal()


def test_money_that_comes_in_is_counted_in_its_month_and_what_is_left_by_fund(kept: Kept, closed: Cycle):
    said = kept.all()
    assert {(item["source"], item["period"], item["received"]) for item in said["income"]} == {
        ("csr", "2024-11-01", 400_000),
        ("canteen", "2024-11-01", 350_000),
    }
    assert sum(item["spent"] for item in said["spending"]) == 582_550
    assert sum(item["received"] - item["spent"] for item in said["fund"]) == 167_450


# --- any order of steps ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(1, 4))])
def test_any_sequence_of_steps_leaves_the_figures_of_the_books(
    rutan: Rutan, kept: Kept, plugins: PluginRegistry, seed: int
):
    """A month driven by chance: what is refused changes nothing, what is done is counted."""
    dice = Random(seed)
    rutan.register(families.PEKALONGAN, worlds.SURVEYED)
    funds = rutan.receive(november.INCOMES, worlds.RECEIVED)
    worlds.planned(rutan, funds)
    done = 0
    for _ in range(40):
        try:
            _step(rutan, plugins, dice)
            done += 1
        except Refusal:
            pass
        kept.demand_equal()
    assert done >= 8


def _step(rutan: Rutan, plugins: PluginRegistry, dice: Random) -> None:
    login = dice.choice(("kasubsi", "karutan"))
    with rutan.work_of(login) as work:
        cycle = cycles.get(work, "bansos", NOVEMBER)
        state = cycle.state
    if state == "approved" and dice.random() < 0.7:
        rutan.shop(cycle, november.SHOPPING)
        with rutan.work_of("kasubsi") as work:
            distribution.start(work, cycles.get(work, "bansos", NOVEMBER))
        return
    anyone = dice.choice(recipients(rutan)).id if recipients(rutan) else UUID(int=0)
    at = november.moment(november.DISTRIBUTION, november.BEGINS)
    steps = {
        "planned": (
            lambda work: selection.score(work, plugins, cycle),
            lambda work: selection.select_top(work, cycle, category=dice.choice((None, "inmate_family"))),
            lambda work: proposal.propose(work, plugins, cycle),
        ),
        "proposed": (
            lambda work: proposal.return_proposal(work, cycle, "periksa lagi", version=cycle.version),
            lambda work: proposal.approve(work, plugins, cycle, worlds.APPROVED, version=cycle.version),
            lambda work: proposal.approve(work, plugins, cycle, worlds.APPROVED, version=cycle.version),
        ),
        "distributing": (
            lambda work: distribution.hand_over(work, cycle, [anyone], at, distribution.Proof("Saksi Contoh")),
            lambda work: distribution.hand_over(work, cycle, [anyone], at, distribution.Proof("Saksi Contoh")),
            lambda work: distribution.undo(work, cycle, anyone, "keliru", november.DISTRIBUTION),
            lambda work: distribution.mark_absent(work, cycle, [anyone], "sakit"),
            lambda work: closing.close(work, cycle, november.DISTRIBUTION, "selesai"),
        ),
    }.get(state, (lambda work: closing.cancel(work, cycle, november.DISTRIBUTION, "batal", version=cycle.version),))
    with rutan.work_of(login) as work:
        dice.choice(steps)(work)


def test_a_person_rebuilds_nothing_and_sees_the_figures_of_their_own_facilities_only(
    installation: Installation, database: Database, closed: Cycle
):
    with attacker(installation, database) as thief:
        thief.enter("kanwil")
        assert thief.tries("SELECT guyub.rebuild_rollup()") == "GU001"
        thief.enter("kasubsi.kebumen")
        assert thief.value("SELECT count(*) FROM guyub.rollup_month") == 0
        thief.enter("kasubsi")
        assert thief.value("SELECT count(*) FROM guyub.rollup_month") == 1


def test_a_rebuild_of_what_is_right_changes_nothing(database: Database, closed: Cycle, kept: Kept):
    before = kept.all()
    with database.work(database.as_service("tests")) as work:
        rollup.rebuild(work)
    assert kept.all() == before
