"""An approval is withdrawn until the first hand-over: what was promised goes back, and the list is planned again."""

from datetime import date
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import DemoPurchase, Rutan, moment
from guyub.funds import cancelled_purchases, purchase_list
from guyub.funds import queries as books
from guyub.programs import (
    closing,
    cycle_facts,
    cycle_funds,
    cycles,
    distribution,
    proposal,
    queries,
    selection,
    withdrawal,
)
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests.programs.conftest import Until

DAY = date(2024, 11, 14)
WRONG_PRICE = "Harga minyak keliru."


def now(rutan: Rutan) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def withdrawn(rutan: Rutan, reason: str = WRONG_PRICE) -> int:
    cycle = now(rutan)
    with rutan.work_of("karutan") as work:
        return withdrawal.withdraw(work, cycle, DAY, reason, version=cycle.version)


def free(rutan: Rutan) -> dict[str, tuple[int, int]]:
    with rutan.work_of("karutan") as work:
        return {fund.code: (fund.free, fund.reserved) for fund in books.balances(work)}


def refusal_of(outcome: Any) -> str:
    return str(outcome.value.code)


def test_promises_go_back_and_the_list_is_open_again(until: Until):
    rutan, _ = until("approved")
    before = free(rutan)
    with rutan.work_of("karutan") as work:
        seen = withdrawal.preview(work, now(rutan))
    assert (seen.rupiah, seen.households, seen.obstacle) == (sum(held for _, held in before.values()), 5, None)
    assert withdrawn(rutan) == seen.rupiah > 0
    assert free(rutan) == {code: (unspent + held, 0) for code, (unspent, held) in before.items()}
    cycle = now(rutan)
    assert (cycle.state, cycle.approved_by, cycle.proposed_by) == ("planned", "", "")
    with rutan.work_of("kasubsi") as work:
        assert cycle_facts.counts(work, cycle)["selected"] == 5
        assert queries.recipients(work, cycle) == []
        back = cycle_facts.returned(work, cycle)
    assert back is not None
    assert (back.action, back.reason, back.details["rupiah"]) == (
        "programs.withdraw_approval",
        WRONG_PRICE,
        seen.rupiah,
    )


def test_the_list_is_scored_changed_proposed_approved_and_served_anew(until: Until):
    rutan, _ = until("approved")
    withdrawn(rutan)
    with rutan.work_of("kasubsi") as work:
        cycle = now(rutan)
        selection.score(work, rutan.opened.plugins, cycle)
        selection.select_top(work, cycle, 4, category="inmate_family")
        proposal.propose(work, rutan.opened.plugins, cycle, DAY)
    rutan.approve(cycle, DAY)
    with rutan.work_of("karutan") as work:
        again = now(rutan)
        assert again.state == "approved"
        # Four packages of Rp117.507, not nine: what the first approval promised counts no more.
        assert sum(line.rupiah for line in cycle_funds.held(work, again)) == 4 * 117_507
    rutan.shop(again, bought_for_four())
    rutan.hand_over(again, moment(november.DISTRIBUTION, november.BEGINS))
    closed = rutan.close(again, november.DISTRIBUTION, "Empat paket.")
    with rutan.work_of("karutan") as work:
        figures = cycle_facts.figures(work, closed)
        assert (figures.listed, figures.received) == (4, 4)
        assert all(fund.reserved == 0 for fund in books.balances(work))


def bought_for_four() -> tuple[DemoPurchase, ...]:
    bought = (("beras", "20", 310_000), ("gula", "4", 70_000), ("minyak", "4", 84_000))
    return (DemoPurchase(date(2024, 11, 15), "Toko Contoh", "Nota 4", bought),)


def test_an_approval_may_be_withdrawn_twice(until: Until):
    rutan, cycle = until("approved")
    whole = withdrawn(rutan)
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, now(rutan), DAY)
    rutan.approve(cycle, DAY)
    assert withdrawn(rutan, "Satu keluarga pindah.") == whole


def test_also_when_the_distribution_has_begun_and_nobody_received(until: Until):
    rutan, cycle = until("approved")
    with rutan.work_of("kasubsi") as work:
        distribution.start(work, cycle)
        absent = queries.recipients(work, cycle)[0]
        distribution.mark_absent(work, now(rutan), [absent.id], "Pindah rumah.")
    withdrawn(rutan)
    with rutan.work_of("kasubsi") as work:
        counts = cycle_facts.counts(work, now(rutan))
    assert counts["selected"] == 5
    assert counts.get("absent") is None


def test_not_after_the_first_hand_over_even_if_that_is_undone(until: Until):
    rutan, cycle = until("bought")
    at = moment(november.DISTRIBUTION, november.BEGINS)
    with rutan.work_of("kasubsi") as work:
        distribution.start(work, cycle)
        first = queries.recipients(work, cycle)[0]
        distribution.hand_over(work, now(rutan), [first.id], at, Proof("Saksi Contoh"))
    with pytest.raises(Refusal) as refused:
        withdrawn(rutan)
    assert refusal_of(refused) == "programs.withdrawn_after_hand_over"
    with rutan.work_of("kasubsi") as work:
        distribution.undo(work, now(rutan), first.id, "Keliru orang.", november.DISTRIBUTION)
    with pytest.raises(Refusal) as refused:
        withdrawn(rutan)
    assert refusal_of(refused) == "programs.withdrawn_after_hand_over"
    assert now(rutan).state == "distributing"


def test_not_while_goods_stand_that_were_bought_with_it(until: Until):
    rutan, _ = until("bought")
    with pytest.raises(Refusal) as refused:
        withdrawn(rutan)
    assert refusal_of(refused) == "programs.withdrawn_after_purchase"


def test_it_needs_a_reason_the_version_that_stands_and_one_who_may_approve(until: Until):
    rutan, _ = until("approved")
    cycle = now(rutan)
    with pytest.raises(Invalid) as unsaid:
        withdrawn(rutan, " ")
    assert refusal_of(unsaid) == "programs.no_reason_to_withdraw"
    with rutan.work_of("karutan") as work, pytest.raises(Refusal) as stale:
        withdrawal.withdraw(work, cycle, DAY, WRONG_PRICE, version=cycle.version - 1)
    assert refusal_of(stale) == "programs.proposal_changed"
    with rutan.work_of("kasubsi") as work, pytest.raises(Forbidden):
        withdrawal.withdraw(work, cycle, DAY, WRONG_PRICE, version=cycle.version)
    assert now(rutan).state == "approved"


def test_a_month_whose_approval_was_withdrawn_can_be_cancelled(until: Until):
    rutan, _ = until("approved")
    withdrawn(rutan)
    cycle = now(rutan)
    with rutan.work_of("karutan") as work:
        closing.cancel(work, cycle, DAY, "Tidak jadi.", version=cycle.version)
    assert now(rutan).state == "cancelled"


def test_after_its_notes_are_cancelled_the_approval_is_withdrawn(until: Until):
    rutan, cycle = until("bought")
    with rutan.work_of("pengelola") as work:
        for number in {row.number for row in purchase_list.bought(work, cycle.id)}:
            found = cancelled_purchases.note_of(work, cycle.id, 2024, number)
            cancelled_purchases.cancel(work, cycle.id, found, reason="Nota keliru.", on=date(2024, 11, 16))
    assert withdrawn(rutan) == 5 * 117_507
    assert now(rutan).state == "planned"
