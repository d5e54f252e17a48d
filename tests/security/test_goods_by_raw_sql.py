"""Goods are in their lot from the day on which they came until they leave it; whatever SQL is sent."""

from datetime import date, time
from typing import Any

import pytest

from guyub.demo.month import moment
from guyub.programs import distribution, queries
from guyub.programs.distribution import Proof
from tests.security.conftest import World
from tests.worlds import PEKALONGAN, Attacker

NOT_LIKE_THIS = "GU005"

JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             VALUES ((guyub.scope())[1], %(kind)s, %(on)s, 'x', %(holder)s) RETURNING id"""
LOT = """INSERT INTO guyub.lot (facility_id, fund_id, item_id, received_on, journal_id)
         VALUES ((guyub.scope())[1], %(fund)s, %(item)s, %(on)s, %(journal)s) RETURNING id"""
ACCOUNT = """INSERT INTO guyub.account (facility_id, fund_id, kind, item_id, lot_id, reservation_id)
             VALUES ((guyub.scope())[1], %(fund)s, %(kind)s, %(item)s, %(lot)s, %(reservation)s) RETURNING id"""
TRANSFER = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
              VALUES ((guyub.scope())[1], %(journal)s, %(fund)s, %(gives)s, %(takes)s, %(rupiah)s, %(quantity)s)"""
TO_BUY = """SELECT r.id AS reservation, r.fund_id AS fund, r.item_id AS item, a.id AS gives
            FROM guyub.reservation r JOIN guyub.account a ON a.reservation_id = r.id
            WHERE a.kind = 'cash_reserved' AND r.item_id IS NOT NULL AND a.rupiah > 0 ORDER BY a.rupiah DESC LIMIT 1"""


def opened(attacker: Attacker, kind: str, on: str, holder: Any = None) -> Any:
    return attacker.value(JOURNAL, {"kind": kind, "on": on, "holder": holder})


def bought(attacker: Attacker, world: World, on: str) -> dict[str, Any]:
    """A tenth of a kilo, bought by hand on a day: the names of what was written."""
    [(reservation, fund, item, gives)] = attacker.sees(TO_BUY)
    journal = opened(attacker, "purchase", on, world.cycle.id)
    values = {"reservation": reservation, "fund": fund, "item": item, "gives": gives, "journal": journal, "on": on}
    lot = attacker.value(LOT, values)
    takes = attacker.value(ACCOUNT, {**values, "lot": lot, "kind": "stock_reserved"})
    values |= {"lot": lot, "takes": takes, "rupiah": 1000, "quantity": "0.1"}
    assert attacker.tries(TRANSFER, values) == "1 rows"
    return values


def test_goods_of_a_later_purchase_are_not_in_an_earlier_lot(approved: World):
    with approved.attacker() as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        values = bought(attacker, approved, "2024-11-13")
        for later in ("2024-11-25", "2024-11-13"):
            values["journal"] = opened(attacker, "purchase", later, approved.cycle.id)
            assert attacker.tries(TRANSFER, values) == NOT_LIKE_THIS


def test_goods_of_a_later_gift_are_not_in_an_earlier_lot(distributing: World):
    with distributing.attacker() as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        [(fund, item, lot, gives)] = attacker.sees(
            """SELECT l.fund_id, l.item_id, l.id, a.id FROM guyub.lot l
               JOIN guyub.account a ON a.fund_id = l.fund_id AND a.kind = 'receipts' LIMIT 1"""
        )
        values = {"fund": fund, "item": item, "lot": lot, "reservation": None, "kind": "stock", "gives": gives}
        values |= {"takes": attacker.value(ACCOUNT, values), "rupiah": 9000, "quantity": "3"}
        values["journal"] = opened(attacker, "receipt", "2024-11-28")
        assert attacker.tries(TRANSFER, values) == NOT_LIKE_THIS
        # A lot of its own takes them.
        values |= {"on": "2024-11-28", "lot": attacker.value(LOT, {**values, "on": "2024-11-28"})}
        values["takes"] = attacker.value(ACCOUNT, values)
        assert attacker.tries(TRANSFER, values) == "1 rows"


def test_doctor_finds_goods_that_came_into_the_lot_of_another_journal(closed: World):
    with closed.superuser() as root:
        root.execute("SET LOCAL session_replication_role = replica")
        root.execute(
            """UPDATE guyub.lot l SET journal_id = (
                   SELECT j.id FROM guyub.journal j WHERE j.kind = 'receipt' ORDER BY j.number LIMIT 1)
               WHERE l.id = (SELECT id FROM guyub.lot ORDER BY id LIMIT 1)"""
        )
        found = {problem for _, problem in root.execute("SELECT * FROM guyub.ledger_problems()").fetchall()}
    assert "goods came into a lot by another journal than the one that opened it" in found


TAKES_BACK = """INSERT INTO guyub.transfer
                    (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
                SELECT t.facility_id, %(journal)s, t.fund_id, t.debit_account, t.credit_account, t.rupiah, t.quantity, t.id
                FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
                WHERE j.id = (SELECT note.id FROM guyub.journal note JOIN guyub.transfer part ON part.journal_id = note.id
                              JOIN guyub.transfer back ON back.lot_id = part.lot_id AND back.reverses IS NOT NULL
                              WHERE note.kind = 'purchase' LIMIT 1)"""
"""The whole note, as half of one is not taken back."""
LEAST = """SELECT min(balance) FROM (
               SELECT sum(x.quantity) OVER (PARTITION BY x.lot_id ORDER BY x.occurred_on, x.seq) AS balance
               FROM (SELECT t.lot_id, t.seq, guyub.counts_on(j.occurred_on, t.reverses) AS occurred_on,
                            CASE WHEN d.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END
                            - CASE WHEN c.kind IN ('stock', 'stock_reserved') THEN t.quantity ELSE 0 END AS quantity
                     FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id
                     JOIN guyub.account d ON d.id = t.debit_account JOIN guyub.account c ON c.id = t.credit_account
                     WHERE t.lot_id IS NOT NULL) x) of_days"""


def undone(world: World, on: date, *, of: int) -> list[Any]:
    """That many hand-overs, undone on a day."""
    with world.rutan.work_of("kasubsi") as work:
        served = [recipient.id for recipient in queries.recipients(work, world.cycle, states=("received",))][:of]
    for entitlement in served:
        with world.rutan.work_of("kasubsi") as work:
            distribution.undo(work, world.cycle, entitlement, "salah orang", on)
    return served


def handed_over(world: World, entitlements: list[Any], on: date) -> None:
    with world.rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, world.cycle, entitlements, moment(on, time(10)), Proof("Saksi Contoh"))


@pytest.mark.parametrize(("on", "outcome"), [("2024-11-15", "GU021"), ("2024-11-19", "GU021"), ("2024-11-20", "rows")])
def test_goods_are_not_taken_back_before_they_came_back(own_distributing: World, on: str, outcome: str):
    """They were handed over on the 16th, which was undone on the 20th."""
    undone(own_distributing, date(2024, 11, 20), of=4)
    with own_distributing.attacker() as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        journal = opened(attacker, "reversal", on, own_distributing.cycle.id)
        assert outcome in attacker.tries(TAKES_BACK, {"journal": journal})


def test_a_mistaken_hand_over_is_undone_and_made_again_at_its_true_moment(own_distributing: World):
    """All goods went on the 16th; it is noticed on the 25th that one of the packages went on the 18th."""
    with own_distributing.rutan.work_of("kasubsi") as work:
        last = [recipient.id for recipient in queries.recipients(work, own_distributing.cycle, states=("approved",))]
    handed_over(own_distributing, last, date(2024, 11, 16))
    again = undone(own_distributing, date(2024, 11, 25), of=1)
    handed_over(own_distributing, again, date(2024, 11, 18))
    with own_distributing.superuser() as root:
        assert root.execute(LEAST.encode()).fetchone() == (0,)
        assert root.execute("SELECT * FROM guyub.ledger_problems()").fetchall() == []
