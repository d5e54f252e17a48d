"""Requests for money are attacked by raw SQL: who may ask and decide, once, and never without the reservation."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.funds import money_requests
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.worlds import PEKALONGAN, World

NO_RIGHT, NOT_LIKE_THIS, NOT_GRANTED, TWICE, AGAINST_A_RULE = "GU004", "GU005", "42501", "23505", "23514"
ASKED = """INSERT INTO guyub.money_request (facility_id, holder_id, item_id, amount)
           SELECT i.facility_id, %(holder)s, i.id, %(amount)s FROM guyub.item i WHERE i.code = 'gula'"""
DECIDED = "UPDATE guyub.money_request SET decision = %(decision)s, reason = %(reason)s"


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    with worlds.a_world(cluster) as made:
        cycle = worlds.november_until(made.pekalongan, "approved")
        with made.pekalongan.work_of("pengelola") as work:
            money_requests.ask(work, cycle.id, {"beras": 1_000}, supplier="Toko", evidence="N-1")
        yield made, cycle


def tries(world: tuple[World, Cycle], login: str, statement: str, **values: Any) -> str:
    with worlds.attacker(world[0].installation, world[0].database) as thief:
        thief.enter(login, PEKALONGAN)
        return thief.tries(statement, {"holder": world[1].id, **values})


@pytest.mark.parametrize(
    ("login", "amount", "outcome"),
    [
        ("pengelola", 500, "1 rows"),
        ("kasubsi", 500, NO_RIGHT),
        ("karutan", 500, NO_RIGHT),
        ("pengelola", 0, AGAINST_A_RULE),
    ],
)
def test_who_may_spend_asks_for_money(world: tuple[World, Cycle], login: str, amount: int, outcome: str):
    assert tries(world, login, ASKED, amount=amount) == outcome


@pytest.mark.parametrize(
    ("login", "decision", "reason", "outcome"),
    [
        ("karutan", "approved", "", NOT_LIKE_THIS),  # nothing is reserved with it
        ("karutan", "declined", "", AGAINST_A_RULE),
        ("karutan", "declined", "mahal", "1 rows"),
        ("karutan", "maybe", "", AGAINST_A_RULE),
        ("pengelola", "declined", "mahal", NO_RIGHT),
    ],
)
def test_another_person_who_may_add_money_decides(
    world: tuple[World, Cycle], login: str, decision: str, reason: str, outcome: str
):
    assert tries(world, login, DECIDED, decision=decision, reason=reason) == outcome


def test_what_was_asked_stays(world: tuple[World, Cycle]):
    assert tries(world, "karutan", "UPDATE guyub.money_request SET amount = 1") == NOT_GRANTED
    assert tries(world, "karutan", "DELETE FROM guyub.money_request") == NOT_GRANTED


BOOK = """WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                           SELECT facility_id, 'reservation', '2024-11-14', 'contoh', id FROM guyub.cycle RETURNING id)
          INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
          SELECT a.facility_id, journal.id, a.fund_id, home.id, a.id, %(rupiah)s, 0 FROM journal, guyub.account a
          JOIN guyub.reservation r ON r.id = a.reservation_id JOIN guyub.item i ON i.id = r.item_id AND i.code = 'beras'
          JOIN guyub.account home ON home.fund_id = a.fund_id AND home.kind = 'cash' AND home.rupiah > 100
          WHERE a.kind = 'cash_reserved' AND a.rupiah > 0 LIMIT 1"""


def test_what_was_granted_is_what_is_booked(world: tuple[World, Cycle]):
    with worlds.attacker(world[0].installation, world[0].database) as thief:
        thief.enter("karutan", PEKALONGAN)
        approved = {"decision": "approved", "reason": ""}
        assert thief.tries(BOOK, {"rupiah": 60}) == "1 rows"
        assert thief.tries("UPDATE guyub.money_request SET granted = 1000") == NOT_GRANTED
        assert thief.tries(DECIDED, approved) == "1 rows"
        assert thief.value("SELECT granted FROM guyub.money_request WHERE decision = 'approved'") == 60


def test_more_than_was_granted_is_not_booked_with_it(world: tuple[World, Cycle]):
    with worlds.attacker(world[0].installation, world[0].database) as thief:
        thief.enter("karutan", PEKALONGAN)
        assert thief.tries(BOOK, {"rupiah": 60}, half_way=True) == "1 rows"
        assert thief.tries(DECIDED, {"decision": "approved", "reason": ""}, half_way=True) == "1 rows"
        assert thief.tries(BOOK, {"rupiah": 1}) == NOT_LIKE_THIS


@pytest.mark.parametrize(
    ("note", "outcome"),
    [('{"supplier": "Toko"}', "1 rows"), ('["x"]', AGAINST_A_RULE), (f'{{"a": "{60_000 * "x"}"}}', AGAINST_A_RULE)],
)
def test_a_request_keeps_what_a_form_sends_and_not_more(world: tuple[World, Cycle], note: str, outcome: str):
    asked = ASKED.replace("item_id, amount)", "item_id, amount, note)").replace(
        "%(amount)s", "%(amount)s, CAST(%(note)s AS jsonb)"
    )
    assert tries(world, "pengelola", asked, amount=500, note=note) == outcome
