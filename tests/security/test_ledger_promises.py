"""The books: one side gives what the other receives, nothing goes below zero, and what is written stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest

NOT_GRANTED, BELOW_ZERO, NOT_LIKE_THIS = "42501", "23514", "GU005"

JOURNAL = """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
             VALUES ((guyub.scope())[1], %(kind)s, DATE '2024-11-20', 'x', %(holder)s) RETURNING id"""
TRANSFER = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
              SELECT c.facility_id, %(journal)s, c.fund_id, c.id, d.id, %(rupiah)s, %(quantity)s
              FROM (SELECT * FROM guyub.account WHERE kind = %(credit)s AND fund_id = %(fund)s
                    ORDER BY quantity DESC, rupiah DESC LIMIT 1) c
              CROSS JOIN (SELECT * FROM guyub.account WHERE kind = %(debit)s AND fund_id = %(other)s
                          ORDER BY quantity DESC, rupiah DESC LIMIT 1) d"""
IN_THE_TRAIL = "SELECT guyub.audit((guyub.scope())[1], 'funds.receive', 'x', '', '{}')"
REVERSAL = """INSERT INTO guyub.transfer
                  (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
              SELECT facility_id, %(journal)s, fund_id, debit_account, credit_account, %(rupiah)s, quantity, id
              FROM guyub.transfer WHERE id = %(first)s"""


def opened(thief, kind, holder=None):
    [(journal,)] = thief.sees(JOURNAL, {"kind": kind, "holder": holder})
    return journal


def funds(thief):
    return [fund for (fund,) in thief.sees("SELECT id FROM guyub.fund ORDER BY code")]


def moved(thief, journal, credit, debit, rupiah, quantity=0, *, fund=None, other=None):
    fund = fund or funds(thief)[0]
    return thief.tries(
        TRANSFER,
        {
            "journal": journal,
            "credit": credit,
            "debit": debit,
            "rupiah": rupiah,
            "quantity": quantity,
            "fund": fund,
            "other": other or fund,
        },
    )


@pytest.fixture
def treasurer(distributing):
    with distributing.attacker() as one:
        one.enter("pengelola", "rutan-pekalongan")
        yield one


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.account SET rupiah = rupiah + 1",
        "UPDATE guyub.account SET quantity = 0",
        "UPDATE guyub.account SET kind = 'receipts'",
        "DELETE FROM guyub.account",
        """INSERT INTO guyub.account (facility_id, fund_id, kind, rupiah)
           SELECT facility_id, id, 'cash', 1000000 FROM guyub.fund""",
        "UPDATE guyub.number_series SET last = 0",
        "INSERT INTO guyub.transfer_rule VALUES ('receipt', 'cash', 'receipts')",
        "UPDATE guyub.account_kind SET outside = true",
        "UPDATE guyub.journal_kind SET done_by = '{registry.read}'",
    ],
)
def test_balances_and_rules_are_not_writable(distributing, statement):
    with distributing.attacker() as thief:
        for enter in (lambda: thief.enter("pengelola", "rutan-pekalongan"), thief.enter_service, thief.leave):
            enter()
            assert thief.tries(statement) == NOT_GRANTED


@pytest.mark.parametrize("table", ["journal", "transfer", "fund", "fund_receipt", "lot", "reservation"])
@pytest.mark.parametrize(
    "statement", ["DELETE FROM guyub.{}", "TRUNCATE guyub.{} CASCADE", "UPDATE guyub.{} SET id = id"]
)
def test_what_is_written_in_the_books_stays(distributing, table, statement):
    statement = statement.format(table)
    with distributing.attacker() as thief:
        thief.enter("pengelola", "rutan-pekalongan")
        assert thief.tries(statement) == NOT_GRANTED
    with distributing.superuser() as owner:
        owner.execute(f'SET ROLE "{distributing.installation.roles}_owner"'.encode())
        if table == "fund" and statement.startswith("UPDATE"):
            statement = "UPDATE guyub.fund SET programs = '{other}'"
        with pytest.raises(psycopg.Error) as refused:
            owner.execute(statement.encode())
    assert refused.value.sqlstate == "GU002"


@pytest.mark.parametrize("column", ["id", "seq", "credit_rupiah_after", "debit_rupiah_after", "xid"])
def test_a_transfer_does_not_choose_what_its_trigger_writes(treasurer, column):
    value = {"id": "gen_random_uuid()", "xid": "xid"}.get(column, "1")
    statement = f"""INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, {column})
                    SELECT facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, {value} FROM guyub.transfer"""
    assert treasurer.tries(statement) == ("428C9" if column == "seq" else NOT_GRANTED)


@pytest.mark.parametrize("column", ["number", "recorded_at", "recorded_by", "recorded_label", "xid", "began_at"])
def test_a_journal_stamps_itself(treasurer, column):
    statement = f"""INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, {column})
                    SELECT facility_id, kind, booked_on, memo, {column} FROM guyub.journal"""
    assert treasurer.tries(statement) == NOT_GRANTED


def test_an_honest_receipt_is_accepted_so_the_refusals_below_mean_something(treasurer):
    assert moved(treasurer, opened(treasurer, "receipt"), "receipts", "cash", 1000) == "1 rows"
    treasurer.sees(IN_THE_TRAIL)
    assert treasurer.sees("SELECT * FROM guyub.ledger_problems()") == []


@pytest.mark.parametrize(
    ("kind", "credit", "debit", "rupiah", "quantity", "code"),
    [
        ("receipt", "receipts", "cash", -1000, 0, BELOW_ZERO),
        ("receipt", "receipts", "cash", 0, 0, BELOW_ZERO),
        ("receipt", "receipts", "cash", 1000, 1, NOT_LIKE_THIS),
        ("receipt", "cash", "receipts", 1000, 0, NOT_LIKE_THIS),
        ("receipt", "receipts", "cash_reserved", 1000, 0, NOT_LIKE_THIS),
        ("receipt", "cash", "cash", 1000, 0, NOT_LIKE_THIS),
        ("purchase", "cash", "cash_reserved", 1000, 0, NOT_LIKE_THIS),
        ("purchase", "cash_reserved", "stock_reserved", 1000, 0, NOT_LIKE_THIS),
        ("purchase", "cash_reserved", "cash", 99_000_000, 0, BELOW_ZERO),
        ("purchase", "stock_reserved", "distributed", 1000, 1, NOT_LIKE_THIS),
    ],
)
def test_a_transfer_that_is_not_balanced_or_not_covered_is_refused(
    treasurer, distributing, kind, credit, debit, rupiah, quantity, code
):
    journal = opened(treasurer, kind, distributing.cycle.id if kind == "purchase" else None)
    found = [moved(treasurer, journal, credit, debit, rupiah, quantity, fund=fund) for fund in funds(treasurer)]
    assert set(found) <= {code, NOT_LIKE_THIS, BELOW_ZERO, "0 rows"}
    assert code in found


def test_the_two_sides_belong_to_one_fund(treasurer):
    csr, canteen = funds(treasurer)
    journal = opened(treasurer, "receipt")
    assert moved(treasurer, journal, "receipts", "cash", 1000, fund=csr, other=canteen) == NOT_LIKE_THIS


@pytest.mark.parametrize(
    ("login", "kind"),
    [
        ("kasubsi", "receipt"),
        ("karutan", "receipt"),
        ("pengamanan", "purchase"),
        ("pengelola", "hand_over"),
        ("pengelola", "reservation"),
        ("kasubsi", "purchase"),
        ("kanwil", "receipt"),
    ],
)
def test_a_journal_needs_the_person_whose_work_it_is(distributing, login, kind):
    with distributing.attacker() as thief:
        thief.enter(login, "rutan-pekalongan")
        holder = None if kind == "receipt" else distributing.cycle.id
        assert thief.tries(JOURNAL, {"kind": kind, "holder": holder}) == "GU004"


def test_a_closed_cycle_takes_no_more_journals(closed):
    with closed.attacker() as thief:
        for login, kind in (
            ("pengelola", "purchase"),
            ("kasubsi", "hand_over"),
            ("karutan", "reservation"),
            ("kasubsi", "reversal"),
            ("kasubsi", "release"),
        ):
            thief.enter(login, "rutan-pekalongan")
            assert thief.tries(JOURNAL, {"kind": kind, "holder": closed.cycle.id}) == "GU003"


def test_a_promise_is_made_and_given_back_only_with_a_step_of_its_cycle(approved):
    with approved.attacker() as thief:
        thief.enter("karutan", "rutan-pekalongan")
        assert thief.tries(JOURNAL, {"kind": "release", "holder": approved.cycle.id}) == "GU003"
        assert thief.tries(JOURNAL, {"kind": "reservation", "holder": None}) == "GU003"


def test_a_fund_keeps_to_its_terms(proposed):
    with proposed.attacker() as thief:
        thief.enter("karutan", "rutan-pekalongan")
        reserve = """WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                                      SELECT facility_id, 'reservation', '2024-11-12', 'x', id FROM guyub.cycle RETURNING id)
                     INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id,
                                                    category, quantity, price, from_stock)
                     SELECT c.facility_id, c.id, journal.id, %(program)s, c.period, f.fund_id, l.item_id, 'inmate_family', 1,
                            l.price, false
                     FROM journal, guyub.cycle c JOIN guyub.cycle_fund f ON f.cycle_id = c.id
                     JOIN guyub.package_line l ON l.cycle_id = c.id LIMIT 1"""
        assert thief.tries(reserve, {"program": "bansos"}, half_way=True) == "1 rows"
        assert thief.tries(reserve, {"program": "another"}, half_way=True) in {"GU003", "GU007"}
        thief.enter("kasubsi", "rutan-pekalongan")
        assert thief.tries(reserve, {"program": "bansos"}) == "GU004"


def receipt(thief, rupiah=1000):
    assert moved(thief, opened(thief, "receipt"), "receipts", "cash", rupiah) == "1 rows"
    [(first,)] = thief.sees("SELECT id FROM guyub.transfer ORDER BY seq DESC LIMIT 1")
    return first


def reversed_(thief, first, rupiah):
    return thief.tries(REVERSAL, {"journal": opened(thief, "reversal"), "rupiah": rupiah, "first": first})


def test_a_receipt_is_taken_back_once_and_whole(treasurer):
    first = receipt(treasurer)
    assert reversed_(treasurer, first, 400) == NOT_LIKE_THIS
    assert reversed_(treasurer, first, 1001) == NOT_LIKE_THIS
    assert reversed_(treasurer, first, 1000) == "1 rows"
    assert reversed_(treasurer, first, 1000) == NOT_LIKE_THIS
    [(second,)] = treasurer.sees("SELECT id FROM guyub.transfer ORDER BY seq DESC LIMIT 1")
    assert reversed_(treasurer, second, 1000) == NOT_LIKE_THIS


def test_a_reversal_needs_a_journal_of_its_kind_and_the_sides_swapped(treasurer):
    first = receipt(treasurer)
    values = {"journal": opened(treasurer, "receipt"), "rupiah": 1000, "first": first}
    assert treasurer.tries(REVERSAL, values) == NOT_LIKE_THIS
    values["journal"] = opened(treasurer, "reversal")
    same_way = REVERSAL.replace(
        "debit_account, credit_account, %(rupiah)s", "credit_account, debit_account, %(rupiah)s"
    )
    assert treasurer.tries(same_way, values) == NOT_LIKE_THIS


def test_money_that_was_spent_is_not_taken_back(treasurer):
    for first, rupiah in treasurer.sees(
        """SELECT t.id, t.rupiah FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id WHERE j.kind = 'receipt'"""
    ):
        assert reversed_(treasurer, first, rupiah) == BELOW_ZERO


@pytest.mark.parametrize("kind", ["reservation", "hand_over"])
def test_promises_and_packages_do_not_come_back_by_a_bare_reversal(distributing, kind):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        # In the book it stands on the day of the hand-over.
        of_that_day = JOURNAL.replace("2024-11-20", "2024-11-16")
        [(journal,)] = thief.sees(of_that_day, {"kind": "reversal", "holder": distributing.cycle.id})
        for first, rupiah in thief.sees(
            "SELECT t.id, t.rupiah FROM guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id WHERE j.kind = %(kind)s",
            {"kind": kind},
        ):
            assert thief.tries(REVERSAL, {"journal": journal, "rupiah": rupiah, "first": first}) in {
                NOT_LIKE_THIS,
                BELOW_ZERO,
            }


def test_goods_do_not_leave_without_a_hand_over(distributing):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        journal = opened(thief, "hand_over", distributing.cycle.id)
        outcomes = [moved(thief, journal, "stock_reserved", "distributed", 0, 1, fund=fund) for fund in funds(thief)]
        assert NOT_LIKE_THIS in outcomes
        assert set(outcomes) <= {NOT_LIKE_THIS, "0 rows"}


def test_of_two_who_reserve_the_same_last_rupiah_one_succeeds(own_approved):
    """Both as raw SQL, without the application's own lock on the books."""
    world = own_approved
    ready = Barrier(2)

    def reserve(_: int) -> str:
        with world.attacker() as thief:
            thief.enter("karutan", "rutan-pekalongan")
            [(fund, free)] = thief.sees(
                """SELECT a.fund_id, a.rupiah FROM guyub.account a WHERE a.kind = 'cash' AND a.rupiah > 0
                   AND EXISTS (SELECT FROM guyub.account r WHERE r.fund_id = a.fund_id AND r.kind = 'cash_reserved')
                   ORDER BY a.rupiah LIMIT 1"""
            )
            ready.wait(timeout=30)
            journal = opened(thief, "reservation", world.cycle.id)
            outcome = moved(thief, journal, "cash", "cash_reserved", free, fund=fund)
            if outcome == "1 rows":
                thief.sees(IN_THE_TRAIL)
                thief.connection.commit()
            return outcome

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(reserve, range(2))) == ["1 rows", BELOW_ZERO]
    with world.superuser() as root:
        assert root.execute("SELECT * FROM guyub.ledger_problems()").fetchall() == []
        assert root.execute("SELECT min(rupiah) FROM guyub.account WHERE kind = 'cash'").fetchone() == (0,)


def test_a_forged_balance_is_found(closed):
    with closed.superuser() as root:
        root.execute("SET session_replication_role = replica")
        root.execute("UPDATE guyub.account SET rupiah = rupiah + 1 WHERE kind = 'cash'")
        problems = {problem for _, problem in root.execute("SELECT * FROM guyub.ledger_problems()").fetchall()}
    assert problems == {"balance is not the sum of its transfers", "the accounts of a fund do not add up to zero"}
