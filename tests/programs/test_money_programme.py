"""A programme that gives money: school allowances from a small plugin, through the same books, list and day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from guyub.demo import families, november
from guyub.demo.month import Rutan, moment
from guyub.funds import promises
from guyub.funds import queries as books
from guyub.programs import closing, cycle_facts, cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import RECEIVED, SURVEYED, World, gift

DAY = november.DISTRIBUTION
AT = moment(DAY, november.BEGINS)
PROOF = Proof("Saksi Contoh")


@pytest.fixture
def rutan(cluster: Any) -> Iterator[Rutan]:
    """Two allowances of Rp250.000 a month, from a fund of Rp600.000 and one of Rp100.000."""
    with worlds.a_world(cluster, "hibah", "beasiswa", fill=begin) as made:
        yield made.pekalongan


def begin(world: World) -> None:
    world.pekalongan.register(families.PEKALONGAN, SURVEYED)
    world.pekalongan.receive([gift("KECIL", 100_000), gift("SEKOLAH", 600_000)], RECEIVED)


@pytest.fixture
def approved(rutan: Rutan) -> Cycle:
    return worlds.approved(rutan, "beasiswa", ["KECIL", "SEKOLAH"])


def funds(rutan: Rutan) -> dict[str, tuple[int, int, int]]:
    with rutan.work_of("pengelola") as work:
        return {fund.code: (fund.free, fund.reserved, fund.used) for fund in books.balances(work)}


def test_who_has_no_child_at_school_is_left_out_with_the_reason(rutan: Rutan):
    cycle = worlds.proposed(rutan, "beasiswa", ["SEKOLAH"])
    with rutan.work_of("kasubsi") as work:
        judged = queries.candidates(work, cycle)
        chosen = [item for item in judged if item.state == "selected"]
        out = {cycle_facts.why_excluded(cycle, item.state_reason).id for item in judged if item.state == "excluded"}
    assert len(chosen) == 2
    assert {item.name for item in chosen} <= {"Kasmuri Contoh", "Nur Aini Contoh", "Kusnadi Contoh"}
    assert out == {"Tidak ada anak sekolah."}


def test_an_approval_reserves_whole_allowances_and_there_is_nothing_to_buy(rutan: Rutan, approved: Cycle):
    """The first fund cannot pay one allowance, so it pays none."""
    assert funds(rutan) == {"KECIL": (100_000, 0, 0), "SEKOLAH": (100_000, 500_000, 0)}
    with rutan.work_of("pengelola") as work:
        assert promises.to_buy(work, approved.id) == []


def test_an_allowance_is_paid_once_and_stands_in_the_cash_book(rutan: Rutan, approved: Cycle):
    worlds.served(rutan, approved)
    assert funds(rutan)["SEKOLAH"] == (100_000, 0, 500_000)
    with rutan.work_of("kasubsi") as work:
        listed = queries.recipients(work, approved)
        figures = cycle_facts.figures(work, approved)
        (given,) = cycle_facts.goods_given(work, approved)
        (fund,) = [balance for balance in books.balances(work) if balance.code == "SEKOLAH"]
        assert [row.payment for row in books.cash_book(work, fund.id)] == [0, 500_000]
        assert books.check_ledger(work).ok
    assert [item.value for item in listed] == [250_000, 250_000]
    assert (figures.value, given.item, given.unit, given.cost) == (500_000, "Beasiswa", "", 500_000)
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, approved, [listed[0].id], AT, PROOF)
    assert refused.value.code == "programs.already_handed_over"


def test_an_undone_payment_comes_back_and_what_was_not_collected_goes_home(rutan: Rutan, approved: Cycle):
    worlds.served(rutan, approved)
    with rutan.work_of("kasubsi") as work:
        first, second = queries.recipients(work, approved)
        distribution.undo(work, approved, first.id, "Salah orang", DAY)
    assert funds(rutan)["SEKOLAH"] == (100_000, 250_000, 250_000)
    with rutan.work_of("kasubsi") as work:
        distribution.mark_absent(work, approved, [first.id], "Tidak datang")
        closing.close(work, approved, DAY)
        assert (
            cycle_facts.figures(work, approved).value == 250_000 == queries.recipient(work, approved, second.id).value
        )
    assert funds(rutan)["SEKOLAH"] == (350_000, 0, 250_000)


def test_a_hand_over_is_not_undone_on_a_day_before_it(rutan: Rutan, approved: Cycle):
    worlds.served(rutan, approved)
    with rutan.work_of("kasubsi") as work:
        first, _ = queries.recipients(work, approved)
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.undo(work, approved, first.id, "Salah orang", date(2024, 11, 15))
    assert refused.value.code == "funds.before_original"


def test_a_payment_is_undone_and_made_again_at_its_true_moment(rutan: Rutan, approved: Cycle):
    """Both on the 16th; it is noticed on the 25th that one was paid on the 18th. No line of the cash book is negative."""
    worlds.served(rutan, approved)
    with rutan.work_of("kasubsi") as work:
        first, _ = queries.recipients(work, approved)
        distribution.undo(work, approved, first.id, "Salah hari", date(2024, 11, 25))
        distribution.hand_over(work, approved, [first.id], moment(date(2024, 11, 18), november.BEGINS), PROOF)
        (fund,) = [balance for balance in books.balances(work) if balance.code == "SEKOLAH"]
        lines = [(row.on.day, row.balance) for row in books.cash_book(work, fund.id)]
    assert lines == [(5, 600_000), (16, 100_000), (16, 350_000), (18, 100_000)]


def test_two_programmes_of_a_month_do_not_stand_in_each_other_s_way(cluster: Any):
    """Groceries and an allowance in the same month: another exclusion group, another cycle, the same household."""
    with worlds.a_world(cluster, "hibah", "beasiswa", until="closed") as made:
        rutan = made.pekalongan
        rutan.receive([gift("SEKOLAH", 600_000)], RECEIVED)
        money = worlds.approved(rutan, "beasiswa", ["SEKOLAH"])
        worlds.served(rutan, money)
        with rutan.work_of("kasubsi") as work:
            names = {recipient.name for recipient in queries.recipients(work, money)}
            groceries = cycles.get(work, "bansos", november.PERIOD)
            assert names & {recipient.name for recipient in queries.recipients(work, groceries)}
            assert cycle_facts.figures(work, groceries).value == 582_550
            assert cycle_facts.figures(work, money).value == 500_000
            assert books.check_ledger(work).ok
