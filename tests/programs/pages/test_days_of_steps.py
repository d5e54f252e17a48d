"""A proposal, an approval and an absence each have their day, which is given and is a possible one."""

from datetime import date

import pytest

from guyub.demo.month import Rutan
from guyub.programs import cycles, proposal
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid, Refusal
from tests.programs.pages.conftest import Books
from tests.visits import Clock, NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
LIST = f"{MONTH}/distribution"


def test_an_empty_day_is_refused_with_the_days_that_are_possible(
    visitor: NewVisitor, selected: Cycle, books: Books, clock: Clock
):
    kasubsi = visitor("kasubsi")
    kasubsi.opens(f"{MONTH}/propose")
    answer = kasubsi.sends(f"{MONTH}/propose", {"on": ""})
    assert answer.status_code == 422
    assert "Hari usulannya belum diisi." in text_of(answer)
    assert kasubsi.sends(f"{MONTH}/propose", {"on": "2024-11-17"}).status_code == 422
    assert books.cycle().state == "planned"
    kasubsi.follows(kasubsi.sends(f"{MONTH}/propose", {"on": "2024-11-10"}))

    karutan = visitor("karutan")
    karutan.opens(f"{MONTH}/approval")
    answer = karutan.sends(f"{MONTH}/approval", {"on": ""})
    assert answer.status_code == 422
    assert "Hari persetujuannya belum diisi. Paling awal 10 November 2024, paling akhir 16 November 2024." in text_of(
        answer
    )
    assert karutan.sends(f"{MONTH}/approval", {"on": "2024-11-09"}).status_code == 422
    clock.becomes("2024-11-18 09:00")
    karutan.opens(f"{MONTH}/approval")
    answer = karutan.sends(f"{MONTH}/approval", {"on": "2024-11-17"})
    assert answer.status_code == 422
    assert "Penyaluran direncanakan 16 November 2024, sebelum hari persetujuan itu." in text_of(answer)
    assert books.cycle().state == "proposed"
    karutan.follows(karutan.sends(f"{MONTH}/approval", {"on": "2024-11-10"}))


def test_a_day_before_the_approval_is_not_planned_afterwards(approved: Cycle, rutan: Rutan):
    """Approved on the 12th."""
    with rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, approved, date(2024, 11, 12), None, "Aula")
    with pytest.raises(Invalid) as refused, rutan.work_of("kasubsi") as work:
        cycles.plan_distribution(work, approved, date(2024, 11, 11), None, "Aula")
    assert (refused.value.code, refused.value.field) == ("programs.day_before_approval", "on")


def test_an_approval_before_its_proposal_is_refused_by_the_service_too(selected: Cycle, rutan: Rutan):
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, rutan.opened.plugins, selected, date(2024, 11, 13))
        cycle = cycles.of_code(work, "2024-11")
    with pytest.raises(Refusal) as refused, rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, cycle, date(2024, 11, 12), version=cycle.version)
    assert refused.value.code == "programs.before_proposal"


def test_an_absence_is_of_the_planned_day_or_a_later_one(visitor: NewVisitor, begun: Cycle, books: Books, clock: Clock):
    clock.becomes("2024-11-18 09:00")
    kasubsi, (first, *others) = visitor("kasubsi"), books.recipients()
    one, many = f"{LIST}/{first.id}", f"{LIST}/absent"
    for form, path, values in (
        (one, f"{one}/absent", {"absence": "sakit"}),
        (many, many, {"reason": "sakit", "household": [str(row.id) for row in others]}),
    ):
        for wrong in ("", "2024-11-15", "2024-11-19"):
            kasubsi.opens(form)
            answer = kasubsi.sends(path, {**values, "absent_on": wrong})
            assert answer.status_code == 422
            assert "Paling awal 16 November 2024, paling akhir 18 November 2024." in text_of(answer)
        kasubsi.opens(form)
        kasubsi.follows(kasubsi.sends(path, {**values, "absent_on": "2024-11-17"}))
    assert {(row.state, row.absent_on) for row in books.recipients()} == {("absent", date(2024, 11, 17))}
    assert "Tidak hadir 17 November 2024" in kasubsi.reads(one)


def test_a_month_that_is_chosen_brings_its_own_day(visitor: NewVisitor, planned: Cycle):
    """December is offered with its third Saturday, which is no day of February."""
    kasubsi = visitor("kasubsi")
    path = "/f/rutan-pekalongan/programs/bansos/open"
    kasubsi.opens(path)
    shown = hidden_in(kasubsi.page) | {"on": "2024-12-21", "at": "09.00", "place": "Aula", "reason": ""}
    answer = kasubsi.sends(path, shown | {"month": "2025-02"})
    assert answer.status_code == 422
    assert 'name="on" value="2025-02-15"' in answer.text


def test_a_witness_who_is_typed_counts_and_an_hour_may_be_full(visitor: NewVisitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    kasubsi = visitor("kasubsi")
    values = {"mark": "signature", "witness": "", "witness_name": "Pak Lurah Contoh", "on": "2024-11-16", "at": "9"}
    kasubsi.follows(kasubsi.fills(f"{LIST}/{first.id}", values))
    received = books.recipients()[0]
    assert received.witness == "Pak Lurah Contoh"
    assert received.handed_at is not None
    assert received.handed_at.hour == 2
