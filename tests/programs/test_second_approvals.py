"""Amounts above a configured threshold, and sensitive money, are approved by two people, neither of whom proposed."""

from datetime import date
from typing import Any

import pytest

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import added_money, money_requests
from guyub.funds import queries as books
from guyub.programs import cycle_facts, cycles, history_text, proposal, second_approvals, withdrawal
from guyub.programs.cycles import Cycle
from guyub.programs.documents import facts
from guyub.programs.documents.decree import decree
from guyub.sdk.errors import Forbidden, Refusal
from tests import worlds
from tests.programs.conftest import Until
from tests.worlds import APPROVED, PEKALONGAN

VALUE = 587_535
"""What November reserves: five packages of Rp117.507."""


def now(rutan: Rutan) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def asked_for_two(rutan: Rutan, **settings: Any) -> None:
    worlds.employ(rutan.opened.database, "plh", "head", PEKALONGAN)
    worlds.configure_region(rutan.opened.database, "bansos", "jawa-tengah", locked=True, **settings)


def approves(rutan: Rutan, login: str, cycle: Cycle | None = None, on: date = APPROVED) -> Cycle:
    cycle = cycle or now(rutan)
    with rutan.work_of(login) as work:
        proposal.approve(work, rutan.opened.plugins, cycle, on, version=cycle.version)
    return now(rutan)


def reserved(rutan: Rutan) -> int:
    with rutan.work_of("karutan") as work:
        return sum(fund.reserved for fund in books.balances(work))


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"second_approval_above": VALUE - 1}, "amount"),
        ({"second_approval_for_sensitive": True}, "sensitive"),
    ],
)
def test_the_first_approval_reserves_nothing_and_the_second_everything(
    until: Until, settings: dict[str, Any], why: str
):
    rutan, cycle = until("proposed")
    asked_for_two(rutan, **settings)
    once = approves(rutan, "karutan")
    assert (once.state, once.version, reserved(rutan)) == ("proposed", cycle.version, 0)
    with rutan.work_of("plh") as work:
        first = second_approvals.first_approver(work, once)
        assert first is not None
        assert first.name == "Karutan Contoh Dua"
        [step, *_] = cycle_facts.history(work, once)
        assert (step.action, step.details["rupiah"], step.details["why"]) == ("programs.approve_first", VALUE, why)
        assert "penyetuju kedua" in history_text.in_words(step).id
    with pytest.raises(Forbidden) as again:
        approves(rutan, "karutan")
    assert again.value.code == "programs.second_approver"
    twice = approves(rutan, "plh")
    assert (twice.state, twice.approved_by, reserved(rutan)) == ("approved", "Plh Contoh", VALUE)
    with rutan.work_of("plh") as work:
        told = facts.gather(work, twice, APPROVED)
        assert list(told.approvers) == ["Karutan Contoh Dua", "Plh Contoh"]
        assert "yang disetujui oleh Karutan Contoh Dua dan Plh Contoh." in str(decree(told))


@pytest.mark.parametrize(
    "settings",
    [{"second_approval_above": VALUE}, {"second_approval_above": 0}, {"second_approval_for_sensitive": False}, {}],
)
def test_at_the_threshold_or_without_one_one_approver_is_enough(until: Until, settings: dict[str, Any]):
    rutan, _ = until("proposed")
    asked_for_two(rutan, **settings)
    assert approves(rutan, "karutan").state == "approved"


def test_an_earlier_day_does_not_pass_by_a_threshold_that_was_set_since(until: Until):
    rutan, _ = until("proposed")
    worlds.employ(rutan.opened.database, "plh", "head", PEKALONGAN)
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, date(2024, 11, 13), second_approval_above=100_000)
    assert approves(rutan, "karutan", on=date(2024, 11, 12)).state == "proposed"
    assert approves(rutan, "plh", on=date(2024, 11, 12)).state == "approved"


def test_a_threshold_of_the_day_that_was_lifted_since_holds(until: Until):
    rutan, _ = until("proposed")
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, date(2024, 11, 1), second_approval_above=100_000)
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, date(2024, 11, 13), second_approval_above=0)
    assert approves(rutan, "karutan", on=date(2024, 11, 12)).state == "proposed"


def test_the_day_after_it_begins_two_are_needed(until: Until):
    rutan, _ = until("proposed")
    worlds.configure(rutan.opened.database, "bansos", PEKALONGAN, date(2024, 11, 13), second_approval_above=100_000)
    assert approves(rutan, "karutan", on=date(2024, 11, 13)).state == "proposed"


def test_the_proposer_is_neither_of_the_two(until: Until):
    rutan, cycle = until("proposed")
    asked_for_two(rutan, second_approval_above=1)
    worlds.permit(rutan.opened.database, "detainee_services", "programs.approve")
    with pytest.raises(Forbidden) as refused:
        approves(rutan, "kasubsi", cycle)
    assert refused.value.code == "programs.self_approval"


def test_a_return_ends_the_first_approval(until: Until):
    rutan, cycle = until("proposed")
    asked_for_two(rutan, second_approval_above=1)
    approves(rutan, "karutan")
    with rutan.work_of("plh") as work:
        proposal.return_proposal(work, cycle, "Satu keluarga pindah.", version=cycle.version)
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, now(rutan), APPROVED)
    with rutan.work_of("plh") as work:
        assert second_approvals.first_approver(work, now(rutan)) is None
    assert approves(rutan, "plh").state == "proposed"
    assert approves(rutan, "karutan").state == "approved"


def test_another_day_of_the_proposal_ends_it_too(until: Until):
    rutan, cycle = until("proposed")
    asked_for_two(rutan, second_approval_above=1)
    approves(rutan, "karutan")
    with rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, now(rutan), date(2024, 11, 18), None, "Halaman")
    with pytest.raises(Refusal) as stale:
        approves(rutan, "plh", cycle)
    assert stale.value.code == "programs.proposal_changed"
    assert approves(rutan, "plh").state == "proposed"


def test_what_two_approved_is_withdrawn_as_before_and_approved_by_two_again(until: Until):
    rutan, _ = until("proposed")
    asked_for_two(rutan, second_approval_above=1)
    approves(rutan, "karutan")
    approved = approves(rutan, "plh")
    with rutan.work_of("karutan") as work:
        assert withdrawal.withdraw(work, approved, APPROVED, "Harga keliru.", version=approved.version) == VALUE
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, now(rutan), APPROVED)
    assert approves(rutan, "karutan").state == "proposed"
    assert approves(rutan, "plh").state == "approved"


def asks(rutan: Rutan, cycle: Cycle, amount: int) -> money_requests.MoneyRequest:
    with rutan.work_of("pengelola") as work:
        money_requests.ask(work, cycle.id, {"beras": amount}, supplier="Toko (contoh)", evidence="Nota 1")
        return money_requests.of_holder(work, cycle.id)[-1]


def test_money_that_lifts_a_month_above_the_threshold_is_added_by_two(until: Until):
    rutan, _ = until("proposed")
    asked_for_two(rutan, second_approval_above=VALUE + 5_000)
    cycle = approves(rutan, "karutan")
    assert cycle.state == "approved"
    with rutan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "beras", 5_000, reason="harga naik", on=APPROVED)
    with pytest.raises(Refusal) as refused, rutan.work_of("karutan") as work:
        added_money.top_up(work, cycle.id, "beras", 1, reason="harga naik", on=APPROVED)
    assert refused.value.code == "programs.addition_needs_approvers"
    asked = asks(rutan, cycle, 2_000)
    before = reserved(rutan)
    with rutan.work_of("karutan") as work:
        assert money_requests.approve(work, asked, APPROVED) is False
        assert money_requests.request_of(work, asked.id).first_approver == "Karutan Contoh Dua"
    assert reserved(rutan) == before
    with pytest.raises(Forbidden) as again, rutan.work_of("karutan") as work:
        money_requests.approve(work, asked, APPROVED)
    assert again.value.code == "funds.second_approver_of_money"
    with rutan.work_of("plh") as work:
        assert money_requests.approve(work, asked, APPROVED) is True
    assert reserved(rutan) == before + 2_000


def test_below_the_threshold_one_adds(until: Until):
    rutan, _ = until("proposed")
    asked_for_two(rutan, second_approval_above=VALUE - 1)
    approves(rutan, "karutan")
    cycle = approves(rutan, "plh")
    with rutan.work_of("karutan") as work:
        assert money_requests.approve(work, asks(rutan, cycle, 2_000), APPROVED) is True
