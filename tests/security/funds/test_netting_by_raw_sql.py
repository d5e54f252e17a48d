"""Netting and tolerance are attacked by raw SQL: a purchase takes no free money beyond both, nor for nothing."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from guyub.programs.cycles import Cycle
from tests import worlds
from tests.funds.notes import month_of_three_funds
from tests.worlds import PEKALONGAN, Attacker, World

NOT_LIKE_THIS = "GU005"
NOTE = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, evidence, holder_id)
          VALUES ((guyub.scope())[1], 'purchase', DATE '2024-11-20', 'x', 'N-9', %(holder)s) RETURNING id"""
HELD = """SELECT a.id, c.id, a.fund_id FROM guyub.account a
          JOIN guyub.account c ON c.fund_id = a.fund_id AND c.kind = 'cash' AND a.kind = 'cash_reserved'
          WHERE a.rupiah > 1000 ORDER BY a.fund_id, a.id"""
MOVES = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
           SELECT (guyub.scope())[1], %(journal)s, %(fund)s, m.giver, m.taker, m.rupiah
           FROM unnest(%(givers)s::uuid[], %(takers)s::uuid[], %(rupiah)s::bigint[])
                WITH ORDINALITY AS m (giver, taker, rupiah, place)
           ORDER BY m.place"""


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[tuple[World, Cycle]]:
    with worlds.a_world(cluster) as made:
        yield made, worlds.november_until(made.pekalongan, "approved")


@pytest.fixture
def treasurer(world: tuple[World, Cycle]) -> Iterator[Attacker]:
    with worlds.attacker(world[0].installation, world[0].database) as thief:
        thief.enter("pengelola", PEKALONGAN)
        yield thief


def moved(thief: Attacker, world: tuple[World, Cycle], saved: int, taken: int) -> str:
    """What becomes of a note that saves on one promise and takes for the same one, without goods."""
    held, free, fund = thief.sees(HELD)[0]
    journal = thief.value(NOTE, {"holder": world[1].id})
    steps = [(held, free, saved), (free, held, taken)]
    givers, takers, rupiah = (list(column) for column in zip(*(step for step in steps if step[2]), strict=True))
    return thief.tries(MOVES, {"journal": journal, "fund": fund, "givers": givers, "takers": takers, "rupiah": rupiah})


@pytest.mark.parametrize(("saved", "taken"), [(0, 100), (100, 101), (100, 100)])
def test_a_note_takes_no_free_money_that_it_did_not_save_nor_without_goods(
    treasurer: Attacker, world: tuple[World, Cycle], saved: int, taken: int
):
    assert moved(treasurer, world, saved, taken) == NOT_LIKE_THIS


def test_what_a_note_saves_becomes_free(treasurer: Attacker, world: tuple[World, Cycle]):
    assert moved(treasurer, world, 100, 0) == "1 rows"


BUYS = """WITH promise AS (
              SELECT a.id AS held, c.id AS free, a.fund_id, r.item_id, r.id AS reservation, a.rupiah
              FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id
              JOIN guyub.account c ON c.fund_id = a.fund_id AND c.kind = 'cash'
              WHERE a.kind = 'cash_reserved' AND c.rupiah > 20000 ORDER BY a.rupiah, a.id LIMIT 1)
          SELECT held, free, fund_id, item_id, reservation, rupiah FROM promise"""
LOT = """INSERT INTO guyub.lot (id, facility_id, fund_id, item_id, received_on, journal_id)
         VALUES (uuidv7(), (guyub.scope())[1], %(fund)s, %(item)s, DATE '2024-11-20', %(journal)s) RETURNING id"""
GOODS = """INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id, reservation_id)
           VALUES ((guyub.scope())[1], %(fund)s, 'stock_reserved', %(item)s, %(lot)s, %(reservation)s) RETURNING id"""
BOUGHT = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
            SELECT (guyub.scope())[1], %(journal)s, %(fund)s, m.giver, m.taker, m.rupiah, m.quantity
            FROM (VALUES (%(free)s::uuid, %(held)s::uuid, %(more)s::bigint, 0::numeric, 1),
                         (%(held)s, %(goods)s::uuid, %(cost)s::bigint, 1, 2)) AS m (giver, taker, rupiah, quantity, place)
            WHERE m.rupiah > 0 ORDER BY m.place"""


def bought(thief: Attacker, holder: Any, percent: int, extra: int) -> str:
    """What becomes of a note that spends all that is reserved for an item, and ``percent`` plus ``extra`` rupiah more."""
    held, free, fund, item, reservation, reserved = thief.sees(BUYS)[0]
    journal = thief.value(NOTE, {"holder": holder})
    lot = thief.value(LOT, {"fund": fund, "item": item, "journal": journal})
    goods = thief.value(GOODS, {"fund": fund, "item": item, "lot": lot, "reservation": reservation})
    more = reserved * percent // 100 + extra
    accounts = {"journal": journal, "fund": fund, "held": held, "free": free, "goods": goods}
    return thief.tries(BOUGHT, {**accounts, "more": more, "cost": reserved + more})


@pytest.mark.parametrize(
    ("percent", "extra", "outcome"), [(0, 1, NOT_LIKE_THIS), (5, 1, NOT_LIKE_THIS), (5, 0, "2 rows")]
)
def test_a_note_exceeds_what_is_reserved_by_its_tolerance_and_not_a_rupiah_more(
    cluster: Any, percent: int, extra: int, outcome: str
):
    with worlds.a_world(cluster, until="approved") as made:
        if percent:
            worlds.configure(made.database, "bansos", PEKALONGAN, price_tolerance=percent)
        with worlds.attacker(made.installation, made.database) as thief:
            thief.enter("pengelola", PEKALONGAN)
            [[holder]] = thief.sees("SELECT c.id FROM guyub.cycle c WHERE c.state = 'approved'")
            assert bought(thief, holder, percent, extra) == outcome


RICE = """SELECT a.id AS held, c.id AS free, a.fund_id, r.item_id, r.id AS reservation, r.quantity, a.rupiah
          FROM guyub.account a JOIN guyub.reservation r ON r.id = a.reservation_id JOIN guyub.item i ON i.id = r.item_id
          JOIN guyub.account c ON c.fund_id = a.fund_id AND c.kind = 'cash'
          WHERE a.kind = 'cash_reserved' AND i.code = 'beras' ORDER BY c.rupiah"""


@pytest.mark.parametrize(
    ("saved", "extra", "outcome"), [(0, 0, "3 rows"), (0, 1, NOT_LIKE_THIS), (1_000, 1, NOT_LIKE_THIS)]
)
def test_one_fund_draws_the_tolerance_of_both_but_not_what_the_other_saves(
    cluster: Any, saved: int, extra: int, outcome: str
):
    """Two funds pay for rice: one buys its part at what is reserved, the other draws what the tolerance of both allows."""
    with month_of_three_funds(cluster) as (made, _):
        worlds.configure(made.database, "bansos", PEKALONGAN, price_tolerance=1)
        with worlds.attacker(made.installation, made.database) as thief:
            thief.enter("pengelola", PEKALONGAN)
            [[holder]] = thief.sees("SELECT c.id FROM guyub.cycle c WHERE c.state = 'approved'")
            promises = thief.sees(RICE)
            assert len(promises) == 2
            journal, rows = thief.value(NOTE, {"holder": holder}), []
            more = sum(each[6] for each in promises) // 100 + extra
            for place, (held, free, fund, item, reservation, quantity, rupiah) in enumerate(promises):
                lot = thief.value(LOT, {"fund": fund, "item": item, "journal": journal})
                goods = thief.value(GOODS, {"fund": fund, "item": item, "lot": lot, "reservation": reservation})
                first = (held, free, saved) if place == 0 else (free, held, more)
                paid = rupiah - saved if place == 0 else rupiah + more
                rows += [(fund, *first, Decimal(0)), (fund, held, goods, paid, quantity)]
            columns = zip(*(row for row in rows if row[3]), strict=True)
            names = ("funds", "givers", "takers", "rupiah", "quantities")
            values = dict(zip(names, (list(column) for column in columns), strict=True))
            expected = outcome if outcome == NOT_LIKE_THIS else f"{len(values['funds'])} rows"
            assert thief.tries(BOTH, {**values, "journal": journal}) == expected


BOTH = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
          SELECT (guyub.scope())[1], %(journal)s, m.fund, m.giver, m.taker, m.rupiah, m.quantity
          FROM unnest(%(funds)s::uuid[], %(givers)s::uuid[], %(takers)s::uuid[], %(rupiah)s::bigint[], %(quantities)s::numeric[])
               WITH ORDINALITY AS m (fund, giver, taker, rupiah, quantity, place) ORDER BY m.place"""
