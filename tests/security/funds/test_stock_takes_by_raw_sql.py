"""A stock take is attacked by raw SQL: unexplained, without two persons, of reserved goods, in a closed month, undone twice."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from guyub.demo import november
from guyub.demo.month import DemoReceipt
from guyub.funds import book_closing, queries
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

NO_RIGHT, NOT_LIKE_THIS, WRONG_DAY, CHECK, NO_KEY, DIFFERS = "GU004", "GU005", "GU021", "23514", "23503", "GU078"
GIFT = {
    "donor": "PT Batik Sejahtera (contoh)",
    "donor_identity": "9120000000000",
    "agreement_number": "PKS-15/CSR/2024",
    "agreement_date": "2024-10-01",
    "received_on": "2024-10-08",
    "evidence_number": "BAST-15/2024",
    "lines": [{"code": "garam", "unit": "kg", "quantity": "30", "value": "400000"}],
}
HERE = {"day": "2024-11-20", "booked": "2024-11-20", "kind": "stock_take"}
JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, occurred_on, booked_on, memo)
             VALUES ((guyub.scope())[1], %(kind)s, %(day)s, %(booked)s, 'x') RETURNING id"""
TAKE = """INSERT INTO guyub.stock_take (facility_id, journal_id, is_count, counted_by, witness)
          VALUES ((guyub.scope())[1], %(journal)s, %(is_count)s, %(counter)s, %(witness)s)"""
COUNT = """INSERT INTO guyub.stock_count (facility_id, journal_id, item_id, unit, book, counted)
           SELECT facility_id, %(journal)s, id, unit, %(book)s, %(counted)s FROM guyub.item WHERE code = %(item)s"""
WHY = """INSERT INTO guyub.stock_difference (facility_id, journal_id, item_id, unit, reason, quantity)
         SELECT facility_id, %(journal)s, id, unit, %(reason)s, %(explained)s FROM guyub.item WHERE code = %(item)s"""
ACCOUNT = """INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id)
             SELECT a.facility_id, a.fund_id, %(to)s, a.item_id, a.lot_id
             FROM guyub.account a JOIN guyub.item i ON i.id = a.item_id
             WHERE i.code = %(item)s AND a.kind IN ('stock', 'stock_reserved') ON CONFLICT DO NOTHING"""
MOVE = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
          SELECT a.facility_id, %(journal)s, a.fund_id, a.id, far.id, 1, %(moved)s
          FROM guyub.account a JOIN guyub.item i ON i.id = a.item_id
          JOIN guyub.account far ON far.lot_id = a.lot_id AND far.kind = %(to)s
          WHERE i.code = %(item)s AND a.kind = %(from)s LIMIT 1"""
BACK = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
          SELECT facility_id, %(journal)s, fund_id, debit_account, credit_account, rupiah, quantity, id
          FROM guyub.transfer WHERE journal_id = %(take)s AND reverses IS NULL"""
END = "SET CONSTRAINTS ALL IMMEDIATE"
USUAL: dict[str, Any] = {
    **HERE,
    "is_count": True,
    "counter": "Siti Contoh",
    "witness": "Budi Contoh",
    "item": "garam",
    "book": 30,
    "counted": 28,
    "reason": "lost",
    "explained": 2,
    "from": "stock",
    "to": "lost",
    "moved": 2,
}


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    """November is bought and approved; 30 kg of salt of October are free; the book of their fund is closed for October."""
    with worlds.a_world(cluster) as made:
        rutan = made.pekalongan
        worlds.november_until(rutan, "bought")
        rutan.receive([DemoReceipt("csr_funding", "csr", "csr_goods", GIFT)], november.DISTRIBUTION)
        yield made


def take(attacker: Attacker, *, without: str = "", **changed: Any) -> str:
    """Returns what the database says of a stock take, with its values ``changed`` and ``without`` one of its statements."""
    values = {**USUAL, **changed}
    try:
        values["journal"] = attacker.value(JOURNAL, values)
    except psycopg.Error as error:
        return error.sqlstate or ""
    steps = {"take": TAKE, "count": COUNT, "why": WHY, "account": ACCOUNT, "move": MOVE, "end": END}
    said = ""
    for name, statement in steps.items():
        if name != without and not (name == "count" and not values["is_count"]):
            said = attacker.tries(statement, values, half_way=True)
            if (said[:1].isdigit() and not said.endswith("rows")) or said.startswith("GU"):
                return said
    return "booked"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "booked"),
        ({"without": "take"}, NO_KEY),
        ({"without": "count"}, DIFFERS),
        ({"without": "why"}, DIFFERS),
        ({"without": "move"}, DIFFERS),
        ({"explained": 1}, DIFFERS),
        ({"moved": 1}, DIFFERS),
        ({"book": 29, "counted": 27}, DIFFERS),
        ({"counted": 30}, DIFFERS),
        ({"reason": "spoiled"}, DIFFERS),
        ({"reason": "gone"}, CHECK),
        ({"to": "distributed"}, NOT_LIKE_THIS),
        ({"witness": "SITI contoh"}, CHECK),
        ({"witness": " "}, CHECK),
        ({"is_count": False}, "booked"),
        ({"is_count": False, "moved": 31, "explained": 31}, CHECK),
        ({"is_count": False, "day": "2024-10-07", "booked": "2024-10-07"}, WRONG_DAY),
        ({"is_count": False, "day": "2099-10-07", "booked": "2099-10-07"}, WRONG_DAY),
        ({"is_count": False, "item": "beras", "from": "stock_reserved"}, NOT_LIKE_THIS),
    ],
)
def test_a_stock_take_fits_together_or_is_refused(world: World, changed: dict[str, Any], said: str):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        assert take(attacker, **changed) == said


@pytest.mark.parametrize("login", ["kasubsi", "karutan", "kanwil"])
def test_only_who_keeps_the_store_writes_one(world: World, login: str):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter(login, PEKALONGAN)
        assert take(attacker) == NO_RIGHT


def test_one_is_taken_back_once_and_as_a_whole(world: World):
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        assert take(attacker) == "booked"
        values = {**HERE, "take": attacker.value("SELECT journal_id FROM guyub.stock_take"), "kind": "reversal"}
        for said in ("1 rows", NOT_LIKE_THIS):
            assert attacker.tries(BACK, {**values, "journal": attacker.value(JOURNAL, values)}, half_way=True) == said


def test_none_is_booked_in_a_month_whose_book_is_closed(world: World):
    rutan = world.pekalongan
    with rutan.work_of("pengelola") as work:
        code = next(fund.code for fund in queries.balances(work) if "PKS-15" in fund.code)
        book_closing.close(work, code, date(2024, 10, 1), date(2024, 11, 25), cash_in_hand=0, bank=0, explanation="")
    with worlds.attacker(world.installation, world.database) as attacker:
        for day, booked, said in (
            ("2024-10-20", "2024-10-20", WRONG_DAY),
            ("2024-10-20", "2024-11-25", "booked"),
            ("2024-11-20", "2024-11-25", WRONG_DAY),
        ):
            attacker.enter("pengelola", PEKALONGAN)
            assert take(attacker, is_count=False, day=day, booked=booked) == said
