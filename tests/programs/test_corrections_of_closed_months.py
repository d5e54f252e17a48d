"""A closed month is corrected by entries that name it: figures, books, documents and the household's page follow."""

from datetime import date, datetime, time
from typing import Any

import pytest

from guyub.db.unit_of_work import Work
from guyub.demo import november
from guyub.demo.month import DemoReceipt, Rutan, moment
from guyub.funds import cancelled_purchases
from guyub.funds import queries as books
from guyub.funds.cancelled_purchases import RecordedNote
from guyub.programs import (
    closing,
    corrections,
    cycle_facts,
    cycles,
    distribution,
    history_text,
    household_timeline,
    overview,
    proposal,
    queries,
)
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.documents import bundle, outdated
from guyub.reports import rollup
from guyub.sdk.errors import Forbidden, Invalid, Refusal
from tests import worlds
from tests.programs.conftest import Until

DAY = date(2024, 11, 20)
WITNESS = Proof("Saksi Contoh")
EACH = 116_510
"""What one package cost."""


def now(rutan: Rutan) -> Cycle:
    with rutan.work_of("kasubsi") as work:
        return cycles.get(work, "bansos", november.PERIOD)


def version(rutan: Rutan) -> int:
    with rutan.work_of("kasubsi") as work:
        return corrections.version_of(work, now(rutan))


def recipients(rutan: Rutan, state: str) -> list[queries.Recipient]:
    with rutan.work_of("kasubsi") as work:
        return queries.recipients(work, now(rutan), states=(state,))


def takes_back(
    rutan: Rutan, login: str = "kasubsi", reason: str = "Paketnya kembali.", **named: Any
) -> queries.Recipient:
    first = recipients(rutan, "received")[0]
    with rutan.work_of(login) as work:
        corrections.take_back(work, now(rutan), first.id, DAY, reason, **{"version": version(rutan), **named})
    return first


def hands_over(rutan: Rutan, recipient: queries.Recipient, at: datetime | None = None, on: date = DAY) -> None:
    with rutan.work_of("kasubsi") as work:
        corrections.hand_over_late(
            work,
            now(rutan),
            recipient.id,
            at or moment(DAY, time(10)),
            on,
            WITNESS,
            "Baru dapat diambil.",
            version=corrections.version_of(work, now(rutan)),
        )


def state_of(rutan: Rutan) -> tuple[str, int, int, int, dict[str, tuple[Any, ...]]]:
    """The state of the month, received, absent, value; and each fund's money, reserved money and stock."""
    with rutan.work_of("karutan") as work:
        figures = cycle_facts.figures(work, now(rutan))
        [line] = [month for month in overview.months(work) if month.code == "2024-11"]
        assert (line.received, line.value, line.absent) == (figures.received, figures.value, figures.absent)
        assert books.check_ledger(work).problems == ()
        money = {fund.code: (fund.free, fund.reserved) for fund in books.balances(work)}
        return now(rutan).state, figures.received, figures.absent, figures.value, money


def same_as_the_books(rutan: Rutan) -> bool:
    with rutan.opened.database.work(rutan.opened.database.as_service("tests")) as work:
        return rollup.check(work).problems == ()


def one_absent(rutan: Rutan, cycle: Cycle) -> None:
    """All but the first receive, who is written absent; the month is closed."""
    rutan.hand_over(cycle, moment(november.DISTRIBUTION, november.BEGINS), not_yet=frozenset({1}))
    with rutan.work_of("kasubsi") as work:
        waiting = queries.recipients(work, now(rutan), states=("approved",))
        distribution.mark_absent(work, now(rutan), [one.id for one in waiting], "Tidak datang.", november.DISTRIBUTION)
    rutan.close(cycle, november.DISTRIBUTION, "Satu tidak hadir.")


def note_of(work: Work, cycle: Cycle) -> RecordedNote:
    return cancelled_purchases.note_of(work, cycle.id, 2024, 1)


def test_a_package_that_came_back_goes_into_its_lot_and_figures_follow(until: Until):
    rutan, _ = until("closed")
    closed, received, absent, value, money = state_of(rutan)
    assert (closed, received, absent) == ("closed", 5, 0)
    first = takes_back(rutan)
    after = state_of(rutan)
    assert after[:3] == ("closed", 4, 0)
    assert value - after[3] == first.value > 0
    assert {code: reserved for code, (_, reserved) in after[4].items()} == dict.fromkeys(money, 0)
    assert [one.id for one in recipients(rutan, "returned")] == [first.id]
    with rutan.work_of("kasubsi") as work:
        [line] = corrections.of_cycle(work, now(rutan))
        assert (line.kind, line.subject, line.reason) == (
            "taken_back",
            f"{first.number}. {first.name}",
            "Paketnya kembali.",
        )
        step = next(step for step in cycle_facts.history(work, now(rutan)) if step.action == "programs.correct")
        assert history_text.in_words(step).id == "Koreksi sesudah bulan ditutup: satu penyerahan ditarik kembali."
    assert same_as_the_books(rutan)


def test_the_households_page_says_that_it_gave_the_package_back(until: Until):
    rutan, _ = until("closed")
    first = takes_back(rutan)
    with rutan.work_of("kasubsi") as work:
        household = work.run("SELECT household_id FROM guyub.entitlement WHERE id = :id", id=first.id).scalar_one()
        told = [entry.sentence.id for entry in household_timeline.entries(work, household, 10)]
    assert any("dikembalikan" in entry for entry in told)
    assert any("dibatalkan" in entry for entry in told)


def test_kept_documents_are_outdated(until: Until):
    rutan, _ = until("closed")
    with rutan.work_of("kasubsi") as work:
        made = bundle.produce_all(work, now(rutan), None, moment(november.DISTRIBUTION, time(15)))
        assert outdated.outdated(work, now(rutan)) == {}
    takes_back(rutan)
    with rutan.work_of("kasubsi") as work:
        old = outdated.outdated(work, now(rutan))
    kinds = {document.kind for document in made if document.id in old}
    assert {"activity_report"} < kinds
    assert "decree" not in kinds


def test_nobody_gives_back_twice(until: Until):
    rutan, _ = until("closed")
    first = takes_back(rutan)
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        corrections.take_back(work, now(rutan), first.id, DAY, "lagi", version=version(rutan))
    assert refused.value.code == "programs.not_received"


def test_who_gave_back_may_receive_again(until: Until):
    rutan, _ = until("closed")
    before = state_of(rutan)
    first = takes_back(rutan)
    hands_over(rutan, first)
    assert state_of(rutan) == before
    assert same_as_the_books(rutan)
    with rutan.work_of("kasubsi") as work:
        assert [line.kind for line in corrections.of_cycle(work, now(rutan))] == ["handed_over_late", "taken_back"]


def test_who_was_absent_receives_late_out_of_what_was_released(until: Until):
    rutan, cycle = until("bought")
    one_absent(rutan, cycle)
    assert state_of(rutan)[:3] == ("closed", 4, 1)
    [absent] = recipients(rutan, "absent")
    hands_over(rutan, absent)
    closed, received, missing, value, money = state_of(rutan)
    assert (closed, received, missing, value) == ("closed", 5, 0, 582_550)
    assert all(reserved == 0 for _, reserved in money.values())
    assert same_as_the_books(rutan)


def test_goods_that_serve_something_else_are_not_given_late(until: Until):
    rutan, cycle = until("bought")
    one_absent(rutan, cycle)
    form = {**november.INCOMES[0].form, "agreement_number": "PKS-9", "evidence_number": "BAST-99", "amount": 900_000}
    codes = [*state_of(rutan)[4], *rutan.receive([DemoReceipt("csr_funding", "csr", "csr_cash", form)], DAY)]
    december = worlds.proposed(rutan, "bansos", codes, date(2024, 12, 1))
    with rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, december, DAY, version=december.version)
    [absent] = recipients(rutan, "absent")
    with pytest.raises(Refusal) as refused:
        hands_over(rutan, absent)
    assert refused.value.code == "programs.nothing_left_to_give"


def test_a_note_of_which_nothing_was_given_is_cancelled(until: Until):
    rutan, cycle = until("bought")
    rutan.hand_over(cycle, moment(november.DISTRIBUTION, november.BEGINS), not_yet=frozenset(range(1, 100)))
    with rutan.work_of("kasubsi") as work:
        waiting = queries.recipients(work, now(rutan), states=("approved",))
        distribution.mark_absent(work, now(rutan), [one.id for one in waiting], "Banjir.", november.DISTRIBUTION)
        closing.close(work, now(rutan), november.DISTRIBUTION, "Tidak jadi.")
    free = sum(amount for amount, _ in state_of(rutan)[4].values())
    with rutan.work_of("pengelola") as work:
        note = note_of(work, cycle)
        cost = corrections.cancel_note(
            work, now(rutan), 2024, note.number, DAY, DAY, "Barang kembali ke toko.", version=version(rutan)
        ).cost
    assert state_of(rutan)[0] == "closed"
    assert sum(amount for amount, _ in state_of(rutan)[4].values()) == free + cost
    with pytest.raises(Refusal) as again, rutan.work_of("pengelola") as work:
        corrections.cancel_note(work, now(rutan), 2024, note.number, DAY, DAY, "lagi", version=version(rutan))
    assert again.value.code in ("funds.cancelled_before", "funds.purchase_used")


def test_a_note_whose_goods_were_given_is_not_cancelled(until: Until):
    rutan, cycle = until("closed")
    with rutan.work_of("pengelola") as work:
        note = note_of(work, cycle)
    with pytest.raises(Refusal) as refused, rutan.work_of("pengelola") as work:
        corrections.cancel_note(work, now(rutan), 2024, note.number, DAY, DAY, "keliru", version=version(rutan))
    assert refused.value.code == "funds.purchase_used"


@pytest.mark.parametrize("step", ["approved", "distributing"])
def test_an_open_month_is_not_corrected(until: Until, step: str):
    rutan, cycle = until(step)
    [listed, *_] = recipients(rutan, "approved")
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        corrections.take_back(work, cycle, listed.id, DAY, "keliru", version=cycle.version)
    assert refused.value.code == "programs.not_closed"


def test_a_correction_names_the_version_that_was_read(until: Until):
    rutan, _ = until("closed")
    read = version(rutan)
    takes_back(rutan)
    with pytest.raises(Refusal) as stale:
        takes_back(rutan, version=read)
    assert stale.value.code == "programs.proposal_changed"


def test_it_needs_a_reason_and_a_person_who_may_and_did_not_approve(until: Until):
    rutan, _ = until("closed")
    with pytest.raises(Invalid) as silent:
        takes_back(rutan, reason=" ")
    assert silent.value.code == "programs.no_reason_to_correct"
    with pytest.raises(Forbidden):
        takes_back(rutan, "karutan")
    worlds.permit(rutan.opened.database, "head", "programs.close", "programs.handover")
    with pytest.raises(Forbidden):
        takes_back(rutan, "karutan")
