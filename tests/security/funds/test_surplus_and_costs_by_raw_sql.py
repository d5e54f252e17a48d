"""Surplus goods and costs of a note are attacked by raw SQL: only what the funds of its cycle allow, named and bounded."""

from collections.abc import Iterator
from typing import Any

import pytest

from guyub.demo import families, november
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, RECEIVED, SURVEYED, Attacker, gift

NOT_LIKE_THIS, BEYOND_TERMS, NOT_A_TEXT, NOT_ALLOWED_AT_ALL = "GU005", "GU057", "23514", "42501"
NOTE = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence, holder_id)
          VALUES ((guyub.scope())[1], 'purchase', DATE '2024-11-20', 'x', 'N-9', %(holder)s) RETURNING id"""
CASH = """SELECT a.id, a.fund_id FROM guyub.account a JOIN guyub.fund f ON f.id = a.fund_id
          WHERE a.kind = 'cash' AND f.code = %(fund)s"""
ACCOUNT = """INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id)
             VALUES ((guyub.scope())[1], %(fund)s, %(kind)s, %(item)s, %(lot)s) RETURNING id"""
LOT = """INSERT INTO guyub.lot (id, facility_id, fund_id, item_id, received_on, journal_id)
         VALUES (uuidv7(), (guyub.scope())[1], %(fund)s, %(item)s, DATE '2024-11-20', %(journal)s) RETURNING id"""
MOVED = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, purpose)
           VALUES ((guyub.scope())[1], %(journal)s, %(fund)s, %(giver)s, %(taker)s, %(rupiah)s, %(quantity)s, %(purpose)s)"""


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[worlds.World]:
    """November is paid by UANG, which allows costs of Rp20.000; LAIN pays for nothing, and allows as much."""
    with worlds.a_world(cluster, "hibah") as made:
        rutan = made.pekalongan
        rutan.register(families.PEKALONGAN, SURVEYED)
        codes = rutan.receive(
            [
                gift("UANG", 750_000, incidental_costs=20_000),
                gift("LAIN", 100_000, [("garam", "2", 20_000)], incidental_costs=20_000),
            ],
            RECEIVED,
        )
        cycle = rutan.propose(
            november.PERIOD, codes[:1], "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family"
        )
        rutan.approve(cycle, APPROVED)
        yield made


@pytest.fixture
def treasurer(world: worlds.World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as thief:
        thief.enter("pengelola", PEKALONGAN)
        yield thief


def opened(thief: Attacker, fund: str) -> tuple[Any, Any, Any]:
    """A note of the month, and the free money of a fund."""
    [[holder]] = thief.sees("SELECT c.id FROM guyub.cycle c WHERE c.state = 'approved'")
    [[cash, fund_id]] = thief.sees(CASH, {"fund": fund})
    return thief.value(NOTE, {"holder": holder}), cash, fund_id


def spends(thief: Attacker, fund: str, rupiah: int, purpose: str) -> str:
    journal, cash, fund_id = opened(thief, fund)
    expenses = thief.value(ACCOUNT, {"fund": fund_id, "kind": "expenses", "item": None, "lot": None})
    moved = {"journal": journal, "fund": fund_id, "giver": cash, "taker": expenses, "quantity": 0}
    return thief.tries(MOVED, {**moved, "rupiah": rupiah, "purpose": purpose})


@pytest.mark.parametrize(
    ("fund", "rupiah", "purpose", "outcome"),
    [
        ("UANG", 20_000, "ongkos angkut", "1 rows"),
        ("UANG", 20_001, "ongkos angkut", BEYOND_TERMS),
        ("UANG", 1_000, "", NOT_LIKE_THIS),
        ("UANG", 1_000, " ", NOT_A_TEXT),
        ("UANG", 1_000, "x" * 81, NOT_A_TEXT),
        ("LAIN", 1_000, "ongkos angkut", NOT_LIKE_THIS),
    ],
)
def test_costs_are_spent_by_a_fund_of_the_cycle_up_to_its_terms(
    treasurer: Attacker, fund: str, rupiah: int, purpose: str, outcome: str
):
    assert spends(treasurer, fund, rupiah, purpose) == outcome


@pytest.mark.parametrize(
    ("fund", "rupiah", "outcome"),
    [("UANG", 0, "1 rows"), ("UANG", 1, NOT_LIKE_THIS), ("LAIN", 0, NOT_LIKE_THIS)],
)
def test_free_money_buys_no_goods_for_the_stock_but_beside_the_same_goods_of_a_cycle(
    treasurer: Attacker, fund: str, rupiah: int, outcome: str
):
    journal, cash, fund_id = opened(treasurer, fund)
    [[item]] = treasurer.sees("SELECT i.id FROM guyub.item i WHERE i.code = 'garam'")
    lot = treasurer.value(LOT, {"fund": fund_id, "item": item, "journal": journal})
    stock = treasurer.value(ACCOUNT, {"fund": fund_id, "kind": "stock", "item": item, "lot": lot})
    moved = {"journal": journal, "fund": fund_id, "giver": cash, "taker": stock, "quantity": 2, "purpose": ""}
    assert treasurer.tries(MOVED, {**moved, "rupiah": rupiah}) == outcome


def test_nobody_changes_what_a_fund_allows(treasurer: Attacker):
    assert treasurer.tries("UPDATE guyub.fund SET incidental_costs = 1000000") == NOT_ALLOWED_AT_ALL


@pytest.mark.parametrize(("beyond", "outcome"), [("95", "1 rows"), ("95.001", BEYOND_TERMS)])
def test_a_note_brings_at_most_twenty_times_what_the_cycle_needs(treasurer: Attacker, beyond: str, outcome: str):
    journal, cash, fund_id = opened(treasurer, "UANG")
    [[item, reservation, held]] = treasurer.sees(
        """SELECT i.id, r.id, a.id FROM guyub.reservation r JOIN guyub.item i ON i.id = r.item_id AND i.code = 'gula'
           JOIN guyub.account a ON a.reservation_id = r.id AND a.kind = 'cash_reserved'"""
    )
    kept = """INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id, reservation_id)
              VALUES ((guyub.scope())[1], %(fund)s, 'stock_reserved', %(item)s, %(lot)s, %(reservation)s) RETURNING id"""
    first = treasurer.value(LOT, {"fund": fund_id, "item": item, "journal": journal})
    promised = treasurer.value(kept, {"fund": fund_id, "item": item, "lot": first, "reservation": reservation})
    moved = {"journal": journal, "fund": fund_id, "purpose": ""}
    needed = {**moved, "giver": held, "taker": promised, "quantity": 5, "rupiah": 90_000}
    assert treasurer.tries(MOVED, needed) == "1 rows"
    second = treasurer.value(LOT, {"fund": fund_id, "item": item, "journal": journal})
    stock = treasurer.value(ACCOUNT, {"fund": fund_id, "kind": "stock", "item": item, "lot": second})
    more = {**moved, "giver": cash, "taker": stock, "quantity": beyond, "rupiah": 1_000}
    assert treasurer.tries(MOVED, more) == outcome
