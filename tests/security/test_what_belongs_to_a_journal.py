"""What stands in the books was written in one step by one hand: nobody adds to a journal of another, or of another day."""

from collections.abc import Iterator

import pytest

from tests.security.conftest import World
from tests.worlds import PEKALONGAN, Attacker

NOT_OF_THIS_STEP, NOT_THEIRS, NOT_GRANTED = "GU005", "GU004", "42501"

JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             VALUES ((guyub.scope())[1], %(kind)s, '2024-11-20', 'contoh', %(holder)s) RETURNING id"""
OLD = "SELECT id FROM guyub.journal WHERE kind = %(kind)s ORDER BY number LIMIT 1"
MONEY = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
           SELECT g.facility_id, %(journal)s, g.fund_id, g.id, t.id, 9000000 FROM guyub.account g
           JOIN guyub.account t ON t.fund_id = g.fund_id AND t.kind = 'cash' WHERE g.kind = 'receipts' LIMIT 1"""
RECEIPT = """INSERT INTO guyub.fund_receipt (facility_id, fund_id, journal_id, plugin, kind, form)
             SELECT facility_id, id, %(journal)s, plugin, 'cash', '{}' FROM guyub.fund LIMIT 1"""
LOT = """INSERT INTO guyub.lot (facility_id, fund_id, item_id, received_on, journal_id)
         SELECT f.facility_id, f.id, i.id, j.booked_on, j.id FROM guyub.fund f, guyub.item i, guyub.journal j
         WHERE j.id = %(journal)s LIMIT 1"""
PROMISE = """INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id, category,
                                            quantity, price, from_stock)
             SELECT c.facility_id, c.id, %(journal)s, 'bansos', c.period, f.fund_id, l.item_id, 'inmate_family', 1, l.price,
                    false
             FROM guyub.cycle c JOIN guyub.cycle_fund f ON f.cycle_id = c.id JOIN guyub.package_line l ON l.cycle_id = c.id
             LIMIT 1"""
PURCHASE = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
              SELECT g.facility_id, %(journal)s, g.fund_id, g.id, t.id, 1 FROM guyub.account g
              JOIN guyub.account t ON t.fund_id = g.fund_id AND t.kind = 'cash' WHERE g.kind = 'cash_reserved' LIMIT 1"""
HANDOVER = """INSERT INTO guyub.handover (id, facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness,
                                     proof)
              SELECT uuidv7(), facility_id, id, %(journal)s, 99, now(), guyub.actor(), 'Saksi Contoh', 'signature'
              FROM guyub.entitlement WHERE state = 'approved' LIMIT 1"""
TAKEN_BACK = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity,
                                            reverses)
                SELECT t.facility_id, %(journal)s, t.fund_id, t.debit_account, t.credit_account, t.rupiah, t.quantity, t.id
                FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id AND j.kind = %(first)s LIMIT 1"""
EVERYBODY = ("pengamanan", "karutan", "kasubsi", "pengelola")


@pytest.fixture
def attacker(distributing: World) -> Iterator[Attacker]:
    with distributing.attacker() as made:
        yield made


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(
    ("kind", "statement"),
    [("receipt", MONEY), ("receipt", RECEIPT), ("receipt", LOT), ("purchase", LOT), ("purchase", PURCHASE)],
)
def test_nobody_adds_to_a_journal_that_stands_not_even_who_wrote_it(
    attacker: Attacker, who: str, kind: str, statement: str
):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(statement, {"journal": attacker.value(OLD, {"kind": kind})}) == NOT_OF_THIS_STEP


def test_neither_does_a_job_or_a_plugin_in_it(attacker: Attacker):
    attacker.enter_service(PEKALONGAN)
    for statement in (MONEY, RECEIPT, LOT):
        assert attacker.tries(statement, {"journal": attacker.value(OLD, {"kind": "receipt"})}) == NOT_OF_THIS_STEP


def test_packages_are_not_added_to_the_hand_over_of_another_hour(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(HANDOVER, {"journal": attacker.value(OLD, {"kind": "hand_over"})}) == NOT_OF_THIS_STEP


def test_a_promise_stands_in_the_journal_of_its_own_approval(proposed: World):
    with proposed.attacker() as attacker:
        attacker.enter("karutan", PEKALONGAN)
        old = attacker.value(OLD, {"kind": "receipt"})
        assert attacker.tries(PROMISE, {"journal": old}, half_way=True) == NOT_OF_THIS_STEP
        new = attacker.value(JOURNAL, {"kind": "reservation", "holder": proposed.cycle.id})
        assert attacker.tries(PROMISE, {"journal": new}, half_way=True) == "1 rows"
        assert attacker.tries(RECEIPT, {"journal": new}, half_way=True) == NOT_OF_THIS_STEP


@pytest.mark.parametrize("statement", [MONEY, RECEIPT, LOT])
def test_an_honest_step_is_accepted_also_across_savepoints(attacker: Attacker, statement: str):
    attacker.enter("pengelola", PEKALONGAN)
    with attacker.connection.transaction():
        journal = attacker.value(JOURNAL, {"kind": "receipt", "holder": None})
    assert attacker.tries(statement, {"journal": journal}) == "1 rows"


@pytest.mark.parametrize("statement", [RECEIPT, LOT])
def test_each_row_stands_in_a_journal_of_its_kind(attacker: Attacker, distributing: World, statement: str):
    attacker.enter("kasubsi", PEKALONGAN)
    journal = attacker.value(JOURNAL, {"kind": "hand_over", "holder": distributing.cycle.id})
    assert attacker.tries(statement, {"journal": journal}) == NOT_OF_THIS_STEP


def test_one_s_own_journal_is_finished_with_its_transaction(own_distributing: World):
    with own_distributing.attacker() as attacker:
        attacker.enter("pengelola", PEKALONGAN)
        journal = attacker.value(JOURNAL, {"kind": "receipt", "holder": None})
        attacker.connection.commit()
        attacker.enter("pengelola", PEKALONGAN)
        for statement in (MONEY, RECEIPT, LOT):
            assert attacker.tries(statement, {"journal": journal}) == NOT_OF_THIS_STEP


@pytest.mark.parametrize("column", ["xid", "made_by", "made_at"])
def test_nobody_says_when_and_by_whom_a_row_was_written(proposed: World, column: str):
    with proposed.attacker() as attacker:
        attacker.enter("karutan", PEKALONGAN)
        written = (
            f"INSERT INTO guyub.reservation (facility_id, {column}) SELECT facility_id, {column} FROM guyub.reservation"
        )
        assert attacker.tries(written) == NOT_GRANTED
        for table in ("fund_receipt", "lot") if column == "xid" else ():
            assert attacker.tries(f"INSERT INTO guyub.{table} (xid) SELECT xid FROM guyub.{table}") == NOT_GRANTED


@pytest.mark.parametrize(
    ("who", "first"), [("kasubsi", "receipt"), ("kasubsi", "purchase"), ("pengelola", "hand_over")]
)
def test_each_is_taken_back_by_those_who_may_do_it(attacker: Attacker, distributing: World, who: str, first: str):
    attacker.enter(who, PEKALONGAN)
    holder = None if first == "receipt" else distributing.cycle.id
    journal = attacker.value(JOURNAL, {"kind": "reversal", "holder": holder})
    assert attacker.tries(TAKEN_BACK, {"journal": journal, "first": first}) == NOT_THEIRS


def test_doctor_finds_what_a_superuser_slipped_in(closed: World):
    problems = "SELECT problem, count(*)::integer FROM guyub.ledger_problems() GROUP BY 1 ORDER BY 1"
    with closed.superuser() as root:
        assert root.execute(problems).fetchall() == []
        journal = root.execute(OLD, {"kind": "receipt"}).fetchone()
        assert journal
        root.execute("SET LOCAL session_replication_role = replica")
        with_unit = LOT.replace("journal_id)", "journal_id, unit)").replace("j.id FROM", "j.id, i.unit FROM")
        for statement in (RECEIPT, with_unit):
            root.execute(statement.encode(), {"journal": journal[0]})
        root.execute(
            """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah,
                   credit_rupiah_after, credit_quantity_after, debit_rupiah_after, debit_quantity_after)
               SELECT facility_id, journal_id, fund_id, credit_account, debit_account, 1, 0, 0, 0, 0
               FROM guyub.transfer LIMIT 1"""
        )
        root.execute(
            """INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, category, quantity,
                                              price, from_stock)
               SELECT facility_id, holder_id, journal_id, program, period, fund_id, category, 1, 1, false
               FROM guyub.reservation LIMIT 1"""
        )
        root.execute(
            """INSERT INTO guyub.journal (facility_id, kind, occurred_on, booked_on, number, memo, recorded_at,
                                          recorded_label)
               SELECT facility_id, kind, occurred_on, booked_on, 99, memo, recorded_at, recorded_label
               FROM guyub.journal LIMIT 1"""
        )
        assert root.execute(problems).fetchall() == [
            ("a journal has no entry in the audit log", 1),
            ("a lot was not written together with its journal", 1),
            ("a receipt was not written together with its journal", 1),
            ("a reservation was not written together with its journal", 1),
            ("a transfer was not written together with its journal", 1),
            ("balance is not the sum of its transfers", 2),
        ]


RECEIPT_OF = """INSERT INTO guyub.fund_receipt (facility_id, fund_id, journal_id, plugin, kind, form, xid)
                SELECT j.facility_id, f.id, {journal}, 'x', 'cash', '{{}}', j.xid FROM guyub.journal j, guyub.fund f
                WHERE j.kind = '{kind}' LIMIT 1"""
LOT_OF = """INSERT INTO guyub.lot (facility_id, fund_id, item_id, unit, received_on, journal_id, xid)
            SELECT facility_id, fund_id, item_id, {unit}, {on}, {journal}, xid FROM guyub.lot LIMIT 1"""
RESERVATION_OF = """INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, category,
                                                   quantity, price, from_stock, made_by, xid)
                    SELECT facility_id, holder_id, {journal}, program, period, fund_id, category, 1, 1, false, {by}, xid
                    FROM guyub.reservation r LIMIT 1"""
GIFT_OF = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah,
                 credit_rupiah_after, credit_quantity_after, debit_rupiah_after, debit_quantity_after, xid)
             SELECT t.facility_id, {journal}, t.fund_id, t.credit_account, t.debit_account, 9000000, 0, 0, 0, 0, other.xid
             FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id AND j.kind = 'receipt', guyub.journal other
             WHERE other.kind = 'hand_over' LIMIT 1"""
BALANCES = """UPDATE guyub.account a
              SET rupiah = a.rupiah + CASE WHEN a.id = t.debit_account THEN t.rupiah ELSE -t.rupiah END
              FROM guyub.transfer t
              WHERE t.seq = (SELECT max(seq) FROM guyub.transfer) AND a.id IN (t.debit_account, t.credit_account)"""
SOMEBODY = "(SELECT id FROM guyub.person WHERE login = 'kasubsi')"
NOWHERE = "gen_random_uuid()"


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        ([RECEIPT_OF.format(journal=NOWHERE, kind="receipt")], "a receipt has no journal"),
        ([RECEIPT_OF.format(journal="j.id", kind="hand_over")], "a receipt stands in a journal of another kind"),
        ([LOT_OF.format(unit="unit", on="received_on", journal=NOWHERE)], "a lot has no journal"),
        (
            [LOT_OF.format(unit="'karung'", on="received_on", journal="journal_id")],
            "a lot is counted in another unit than its item",
        ),
        (
            [LOT_OF.format(unit="unit", on="'1999-01-01'", journal="journal_id")],
            "a lot came on another day than its journal",
        ),
        ([RESERVATION_OF.format(journal=NOWHERE, by="made_by")], "a reservation has no journal"),
        (
            [RESERVATION_OF.format(journal="journal_id", by=SOMEBODY)],
            "a reservation was made by another hand than its journal",
        ),
        ([GIFT_OF.format(journal=NOWHERE), BALANCES], "a transfer has no journal"),
        ([GIFT_OF.format(journal="other.id"), BALANCES], "a transfer moves value as its journal may not"),
        (
            [f"UPDATE guyub.journal SET recorded_by = {SOMEBODY}, recorded_label = 'kasubsi' WHERE kind = 'receipt'"],
            "a journal is by another hand than its entry in the audit log",
        ),
        (
            [
                "UPDATE guyub.journal SET (occurred_on, booked_on) = ('2024-11-13', '2024-11-13') WHERE kind = 'purchase'"
            ],
            "a lot came on another day than its journal",
        ),
        (
            [
                "UPDATE guyub.journal SET (occurred_on, booked_on) = ('2024-11-17', '2024-11-17') WHERE kind = 'hand_over'"
            ],
            "a hand-over was made on another day than its journal",
        ),
        (["DELETE FROM guyub.journal WHERE kind = 'receipt'"], "a receipt has no journal"),
        (["DELETE FROM guyub.journal WHERE kind = 'hand_over'"], "a hand-over has no journal"),
        (
            [
                """INSERT INTO guyub.handover (facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness,
                                               proof)
                   SELECT facility_id, gen_random_uuid(), journal_id, 900, handed_at, given_by, witness, proof
                   FROM guyub.handover LIMIT 1"""
            ],
            "a hand-over is of nobody on a list",
        ),
        (
            ["UPDATE guyub.journal SET (occurred_on, booked_on) = ('2024-11-20', '2024-11-20') WHERE kind = 'receipt'"],
            "on a day there was less than nothing",
        ),
    ],
)
def test_doctor_finds_what_does_not_fit_together(closed: World, statements: list[str], problem: str):
    with closed.superuser() as root:
        root.execute("SET LOCAL session_replication_role = replica")
        for statement in statements:
            assert root.execute(statement.encode()).rowcount > 0
        assert problem in {found for _, found in root.execute("SELECT * FROM guyub.ledger_problems()").fetchall()}
