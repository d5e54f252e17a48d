"""Kept documents that no longer agree are marked: the act that changed what they tell makes them outdated, others do not."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time

import pytest

from guyub.db.unit_of_work import Database, Work
from guyub.demo import november
from guyub.demo.month import Rutan, moment
from guyub.documents import storage
from guyub.facilities import officials
from guyub.facilities.officials import Appointment
from guyub.funds import book_closing
from guyub.funds import queries as books
from guyub.programs import closing, cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents.outdated import TOPICS, outdated
from tests import months, places, worlds
from tests.months import Step

Acting = Callable[..., AbstractContextManager[Work]]
AT = datetime(2024, 11, 14, 5, tzinfo=UTC)
LATER = datetime(2024, 12, 5, 5, tzinfo=UTC)
TOPIC_OF = {words.id: topic for topic, words in TOPICS.items()}


@pytest.fixture
def steps_of_month() -> Mapping[str, Step]:
    return {"bought": months.bought}


def make(acting: Acting, at: datetime = AT) -> None:
    with acting("kasubsi") as work:
        document_bundle.produce_all(work, cycles.get(work, "bansos", november.PERIOD), None, at)


def found(acting: Acting, login: str = "kasubsi") -> dict[str, set[str]]:
    """Returns by kind what changed of those documents that are outdated."""
    with acting(login) as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        kinds = {document.id: document.kind for document in storage.newest(work, cycle.id)}
        return {
            kinds[document]: {TOPIC_OF[words.id] for words in changed}
            for document, changed in outdated(work, cycle).items()
        }


def hand_over(rutan: Rutan, at: datetime, count: int = 5, **proof: str) -> None:
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        if cycle.state == "approved":
            distribution.start(work, cycle)
    with rutan.work_of(rutan.services) as work:
        waiting = queries.recipients(work, cycle, states=("approved",))
        distribution.hand_over(work, cycle, [row.id for row in waiting[:count]], at, Proof(rutan.witness_name, **proof))


DAY = moment(november.DISTRIBUTION, time(9))


def test_documents_that_were_just_made_are_current(rutan: Rutan, acting: Acting, bought: Cycle):
    make(acting)
    assert found(acting) == {}
    hand_over(rutan, DAY)
    make(acting, LATER)
    assert found(acting) == {}


def test_a_list_of_another_day_is_outdated_and_its_button_makes_it_anew(rutan: Rutan, acting: Acting, bought: Cycle):
    make(acting)
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        cycles.plan_distribution(work, cycle, date(2024, 11, 18), time(10), "Aula")
    assert found(acting) == {"recipient_list": {"plan"}}
    make(acting)
    assert found(acting) == {}


def test_a_hand_over_makes_acknowledgements_outdated_and_no_list_that_was_signed(
    rutan: Rutan, acting: Acting, bought: Cycle
):
    make(acting)
    hand_over(rutan, DAY)
    assert found(acting) == {"receipts": {"hand_over"}}


def test_a_hand_over_on_another_day_than_planned_makes_the_list_outdated(rutan: Rutan, acting: Acting, bought: Cycle):
    make(acting)
    hand_over(rutan, moment(date(2024, 11, 15), time(9)))
    assert found(acting) == {"receipts": {"hand_over"}, "recipient_list": {"plan"}}


def test_each_act_after_the_hand_over_makes_outdated_what_tells_of_it(rutan: Rutan, acting: Acting, bought: Cycle):
    hand_over(rutan, DAY, 4)
    make(acting, LATER)
    assert found(acting) == {}
    tells = {"receipts", "recipient_list_filled", "handover_record", "activity_report", "chat_report", "recap"}
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        waiting = queries.recipients(work, cycle, states=("approved",))
        distribution.mark_absent(work, cycle, [row.id for row in waiting], "sakit", november.DISTRIBUTION)
    assert set(found(acting)) == tells
    make(acting, LATER)
    with rutan.work_of(rutan.services) as work:
        closing.close(work, cycles.get(work, "bansos", november.PERIOD), date(2024, 11, 20), "Sisa kembali.")
    now = found(acting)
    assert set(now) == {"handover_record", "activity_report", "chat_report", "recap"}
    assert now["activity_report"] == {"money", "state"}
    make(acting, LATER)
    assert found(acting) == {}


def test_who_sees_no_people_sees_the_same_marks(rutan: Rutan, acting: Acting, bought: Cycle):
    hand_over(rutan, DAY, 4)
    make(acting, LATER)
    assert found(acting, "pengelola") == {}
    hand_over(rutan, DAY)
    assert set(found(acting, "pengelola")) == {"handover_record", "activity_report", "chat_report"}


def test_a_book_that_was_closed_and_a_receipt_of_its_days_make_the_book_outdated(
    rutan: Rutan, acting: Acting, bought: Cycle
):
    make(acting, LATER)
    second = dict(november.INCOMES[0].form) | {
        "received_on": "2024-11-20",
        "evidence_number": "BAST-77/2024",
        "amount": 50_000,
    }
    rutan.receive([type(november.INCOMES[0])("csr_funding", "csr", "csr_cash", second)], date(2024, 11, 20))
    assert found(acting) == {"cash_book": {"book"}}
    with acting("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        assert len(outdated(work, cycle)) == 1  # that of the other fund is as it was
    make(acting, LATER)
    assert found(acting) == {}
    with acting("pengelola") as work:
        fund = books.balances(work)[1]
        book = book_closing.book_of_month(work, fund.id, november.PERIOD)
        book_closing.close(work, fund.code, november.PERIOD, date(2024, 12, 2), cash_in_hand=book.balance, bank=0)
    assert found(acting) == {"cash_book": {"book"}}


def test_another_official_of_their_day_makes_documents_outdated(
    rutan: Rutan, acting: Acting, database: Database, bought: Cycle
):
    make(acting)
    places.managed_by(database, "web", worlds.PEKALONGAN)
    stands_in = Appointment(
        "head", "Tono Contoh", "", "Plh.", "", date(2024, 11, 11), date(2024, 11, 13), ends_former=False
    )
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        officials.appoint(work, stands_in)
    assert found(acting) == {"decree": {"officials"}}  # of the 12th; the others are of other days


def test_another_facility_learns_nothing_of_what_documents_rest_on(acting: Acting, bought: Cycle):
    make(acting)
    with acting("kasubsi.kebumen") as work:
        assert outdated(work, bought) == {}
