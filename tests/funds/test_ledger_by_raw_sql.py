"""The books balance by construction and never go below zero: attacked with raw SQL, from inside a scope."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import psycopg
import pytest

from guyub.funds import queries
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

DENIED, CHECK, ASTRAY, BOOKS, STATE, DUTIES = "42501", "23514", "23503", "GU005", "GU003", "GU004"
ACCOUNTS = ("receipts", "cash", "cash_reserved", "payments", "stock", "stock_reserved", "distributed")
JOURNALS = ("receipt", "reservation", "release", "purchase", "hand_over", "reversal")


@pytest.fixture(scope="module")
def busy(cluster: Any) -> Iterator[World]:
    """Distribution day at Pekalongan, with goods in kind besides; every kind of account is there. Nothing is committed."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive(
            [worlds.gift("BARANG", 50_000, [("beras", "10", 155_000), ("telur", "3", 84_000)])],
            worlds.RECEIVED,
        )
        worlds.november_until(made.pekalongan, "distributing")
        yield made


@pytest.fixture
def attacker(busy: World) -> Iterator[Attacker]:
    with worlds.attacker(busy.installation, busy.database) as made:
        yield made


def in_balance(attacker: Attacker) -> bool:
    return attacker.sees("SELECT * FROM guyub.ledger_problems()") == []


def account(kind: str, fund: str = "true", *, nth: int = 1) -> str:
    """SQL for an account of that kind."""
    return (
        f"(SELECT a.id FROM guyub.account a JOIN guyub.fund f ON f.id = a.fund_id WHERE a.kind = '{kind}' AND {fund} "
        f"ORDER BY a.rupiah DESC, a.id OFFSET {nth - 1} LIMIT 1)"
    )


def transfer(kind: str, giver: str, taker: str, rupiah: int = 1, quantity: str = "0", reverses: str = "NULL") -> str:
    """One journal of the cycle, or of none where it takes none, and one transfer in it."""
    holder = "NULL" if kind == "receipt" else "(SELECT id FROM guyub.cycle)"
    return f"""
        WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
                         SELECT id, '{kind}', '2024-11-16', 'contoh', {holder} FROM guyub.facility WHERE code = '{PEKALONGAN}'
                         RETURNING id, facility_id)
        INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
        SELECT facility_id, journal.id, (SELECT fund_id FROM guyub.account WHERE id = {giver}), {giver}, {taker}, {rupiah},
               {quantity}, {reverses} FROM journal"""


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.account SET rupiah = 1000000",
        "UPDATE guyub.account SET quantity = 1000000",
        "INSERT INTO guyub.account (facility_id, fund_id, kind, rupiah) SELECT facility_id, id, 'cash', 1000000 FROM guyub.fund",
        "INSERT INTO guyub.account (id, facility_id, fund_id, kind) SELECT uuidv7(), facility_id, id, 'cash' FROM guyub.fund",
        "DELETE FROM guyub.account",
        "TRUNCATE guyub.account CASCADE",
        "COPY guyub.account FROM STDIN",
        *(
            attempt.format(table=table)
            for table in ("transfer", "journal", "fund", "fund_receipt", "lot", "reservation", "item")
            for attempt in (
                "UPDATE guyub.{table} SET facility_id = facility_id",
                "DELETE FROM guyub.{table}",
                "TRUNCATE guyub.{table} CASCADE",
                "MERGE INTO guyub.{table} t USING guyub.{table} s ON t.id = s.id WHEN MATCHED THEN DELETE",
                "INSERT INTO guyub.{table} SELECT * FROM guyub.{table} "
                "ON CONFLICT (id) DO UPDATE SET facility_id = excluded.facility_id",
            )
        ),
        "INSERT INTO guyub.transfer_rule VALUES ('receipt', 'cash', 'payments')",
        "UPDATE guyub.account_kind SET outside = true",
        "UPDATE guyub.journal_kind SET done_by = '{registry.read}'",
    ],
)  # fmt: skip
def test_nothing_of_the_books_is_written_but_by_their_rules(attacker: Attacker, statement: str):
    for enter in (lambda: attacker.enter("pengelola", PEKALONGAN), lambda: attacker.enter_service(PEKALONGAN)):
        enter()
        assert attacker.tries(statement) in {DENIED, "0A000", "428C9"}


def test_not_even_the_owner_of_the_tables_edits_the_books(busy: World):
    with worlds.superuser(busy.installation) as server:
        server.execute(f'SET ROLE "{busy.installation.roles}_owner"'.encode())
        for table in ("transfer", "journal", "fund_receipt", "lot", "reservation", "audit_entry", "handover_line"):
            for statement in (f"UPDATE guyub.{table} SET facility_id = facility_id", f"DELETE FROM guyub.{table}"):
                with pytest.raises(psycopg.Error) as refused:
                    server.execute(statement.encode())
                assert refused.value.sqlstate in {"GU002", "428C9"}, statement


@pytest.mark.parametrize("columns", ["id, ", "seq, ", "credit_rupiah_after, ", "lot_id, "])
def test_what_the_ledger_writes_itself_is_not_given_to_it(attacker: Attacker, columns: str):
    """With an id of one's choice and ON CONFLICT DO NOTHING, balances once moved and no transfer was written."""
    attacker.enter("pengelola", PEKALONGAN)
    names = f"{columns}facility_id, journal_id, fund_id, credit_account, debit_account, rupiah"
    for tail in ("", " ON CONFLICT DO NOTHING"):
        again = f"INSERT INTO guyub.transfer ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM guyub.transfer{tail}"
        assert attacker.tries(again) == DENIED


def test_a_number_of_a_journal_is_not_used_up_by_a_journal_that_stays_away(attacker: Attacker):
    attacker.enter("pengelola", PEKALONGAN)
    names = "id, facility_id, kind, on_date, memo"
    again = f"INSERT INTO guyub.journal ({names}) SELECT {names} FROM guyub.journal ON CONFLICT DO NOTHING"
    assert attacker.tries(again) == DENIED
    assert attacker.tries("INSERT INTO guyub.journal (facility_id, kind, on_date, memo, number) "
                          "SELECT facility_id, 'receipt', '2024-11-16', 'x', 99 FROM guyub.fund LIMIT 1") == DENIED  # fmt: skip


def test_value_moves_only_where_a_rule_leads(attacker: Attacker):
    """Every kind of journal against every pair of accounts of one fund."""
    attacker.enter_service(PEKALONGAN)
    rules = set(attacker.sees("SELECT journal_kind, credit_kind, debit_kind FROM guyub.transfer_rule"))
    at_the_commit = {"release", "hand_over"}  # these need the step that they belong to, as other tests show
    moved = set()
    for kind, giver, taker in product(JOURNALS, ACCOUNTS, ACCOUNTS):
        if giver == taker:
            continue
        goods = any(one in {"stock", "stock_reserved", "distributed"} for one in (giver, taker))
        pair = attacker.sees(
            """SELECT g.id, t.id FROM guyub.account g JOIN guyub.account t ON t.fund_id = g.fund_id AND t.id <> g.id
               WHERE g.kind = %(giver)s AND t.kind = %(taker)s AND (g.lot_id IS NULL OR t.lot_id IS NULL OR g.lot_id = t.lot_id)
                 AND (g.reservation_id IS NULL OR t.reservation_id IS NULL OR g.reservation_id = t.reservation_id)
               ORDER BY g.quantity DESC, g.rupiah DESC LIMIT 1""",
            {"giver": giver, "taker": taker},
        )
        if not pair:
            continue
        outcome = attacker.tries(
            transfer(kind, f"'{pair[0][0]}'::uuid", f"'{pair[0][1]}'::uuid", 0 if goods else 1, "0.5" if goods else "0")
        )
        if (kind, giver, taker) in rules and kind not in at_the_commit:
            assert outcome in {"1 rows", CHECK}, (kind, giver, taker)
            moved.add((kind, giver, taker))
        else:
            assert outcome in {BOOKS, STATE}, (kind, giver, taker, outcome)
        assert in_balance(attacker)
    assert len(moved) >= 5


@pytest.mark.parametrize(
    ("kind", "giver", "taker", "rupiah", "quantity"),
    [
        ("reservation", "cash", "cash_reserved", 1_000_000_000, 0),
        ("hand_over", "stock_reserved", "distributed", 0, 1_000_000),
    ],
)
def test_no_fund_and_no_lot_goes_below_zero(
    attacker: Attacker, kind: str, giver: str, taker: str, rupiah: int, quantity: int
):
    attacker.enter_service(PEKALONGAN)
    pair = attacker.sees(
        """SELECT g.id, t.id FROM guyub.account g
           JOIN guyub.account t ON t.fund_id = g.fund_id AND t.lot_id IS NOT DISTINCT FROM g.lot_id
           WHERE g.kind = %(giver)s AND t.kind = %(taker)s LIMIT 1""",
        {"giver": giver, "taker": taker},
    )
    statement = transfer(kind, f"'{pair[0][0]}'::uuid", f"'{pair[0][1]}'::uuid", rupiah, str(quantity))
    assert attacker.tries(statement) == CHECK
    assert in_balance(attacker)


@pytest.mark.parametrize(
    ("rupiah", "quantity", "outcome"),
    [(0, "0", CHECK), (-1, "0", CHECK), (1, "1", BOOKS), (1, "-1", CHECK), (9_223_372_036_854_775_807, "0", "22003")],
)
def test_no_amount_that_is_none(attacker: Attacker, rupiah: int, quantity: str, outcome: str):
    attacker.enter_service(PEKALONGAN)
    receipts, cash = account("receipts", "f.code = 'BARANG'"), account("cash", "f.code = 'BARANG'")
    assert attacker.tries(transfer("receipt", receipts, cash, rupiah, quantity)) == outcome


def test_money_stays_in_its_fund(attacker: Attacker):
    attacker.enter_service(PEKALONGAN)
    receipts, cash = account("receipts", "f.code = 'BARANG'"), account("cash", "f.code <> 'BARANG'")
    assert attacker.tries(transfer("receipt", receipts, cash)) == BOOKS


@pytest.mark.parametrize(
    ("columns", "values", "outcome"),
    [
        ("kind, lot_id, item_id, fund_id", "'stock', l.id, l.item_id, other.fund", ASTRAY),
        ("kind, lot_id, item_id, fund_id", "'distributed', l.id, other.item, l.fund_id", ASTRAY),
        ("kind, lot_id, fund_id", "'stock', l.id, l.fund_id", CHECK),
        ("kind, item_id, fund_id", "'stock', l.item_id, l.fund_id", CHECK),
        ("kind, fund_id", "'stock', l.fund_id", CHECK),
        ("kind, lot_id, fund_id", "'cash', l.id, l.fund_id", CHECK),
        ("kind, item_id, fund_id", "'cash', l.item_id, l.fund_id", CHECK),
        ("kind, lot_id, item_id, fund_id", "'cash', l.id, l.item_id, l.fund_id", CHECK),
        ("kind, fund_id", "'cash_reserved', l.fund_id", CHECK),
        ("kind, fund_id, reservation_id", "'cash', l.fund_id, other.reservation", CHECK),
        ("kind, fund_id, reservation_id", "'cash_reserved', l.fund_id, other.reservation", ASTRAY),
        ("kind, lot_id, item_id, fund_id, reservation_id",
         "'stock_reserved', l.id, l.item_id, l.fund_id, other.reservation", ASTRAY),
        ("kind, fund_id", "'purse', l.fund_id", ASTRAY),
    ],
)  # fmt: skip
def test_goods_stay_with_fund_and_item_of_their_lot_and_promises_with_theirs(
    attacker: Attacker, columns: str, values: str, outcome: str
):
    attacker.enter_service(PEKALONGAN)
    assert attacker.tries(
        f"""INSERT INTO guyub.account (facility_id, {columns})
            SELECT l.facility_id, {values} FROM guyub.lot l JOIN guyub.fund f ON f.id = l.fund_id AND f.code = 'BARANG'
            CROSS JOIN (SELECT (SELECT id FROM guyub.fund WHERE code <> 'BARANG' LIMIT 1) AS fund,
                               (SELECT id FROM guyub.item WHERE code = 'gula') AS item,
                               (SELECT id FROM guyub.reservation LIMIT 1) AS reservation) other LIMIT 1"""
    ) == outcome  # fmt: skip


def test_goods_do_not_pass_from_one_lot_to_another(attacker: Attacker):
    attacker.enter_service(PEKALONGAN)
    one, other = (
        f"(SELECT a.id FROM guyub.account a JOIN guyub.item i ON i.id = a.item_id WHERE i.code = '{code}' AND a.kind = '{kind}' "
        "ORDER BY a.quantity DESC LIMIT 1)"
        for code, kind in (("telur", "stock"), ("gula", "stock_reserved"))
    )
    assert attacker.tries(transfer("reservation", one, other, 0, "1")) == BOOKS


def test_what_is_reserved_for_one_promise_does_not_serve_another(attacker: Attacker):
    attacker.enter_service(PEKALONGAN)
    one = account("cash_reserved", nth=1)
    other = account("cash_reserved", nth=2)
    for kind in JOURNALS:
        assert attacker.tries(transfer(kind, one, other)) in {BOOKS, STATE}


@pytest.mark.parametrize(
    ("kind", "part", "outcome"),
    [
        ("receipt", "t.rupiah - 1", BOOKS),
        ("receipt", "t.rupiah + 1", BOOKS),
        ("reservation", "t.rupiah", BOOKS),
        ("release", "t.rupiah", BOOKS),
        ("purchase", "t.rupiah - 1", BOOKS),
        ("purchase", "t.rupiah", "1 rows"),  # returned to the shop, as a whole
    ],
)
def test_a_correction_swaps_the_sides_of_the_whole_and_a_promise_is_released_not_corrected(
    attacker: Attacker, kind: str, part: str, outcome: str
):
    attacker.enter_service(PEKALONGAN)
    original = (
        f"guyub.transfer t JOIN guyub.journal j ON j.id = t.journal_id AND j.kind = '{kind}' AND t.reverses IS NULL"
    )
    statement = f"""
        WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
                         SELECT facility_id, 'reversal', '2024-11-16', 'contoh', id FROM guyub.cycle RETURNING id)
        INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
        SELECT t.facility_id, journal.id, t.fund_id, t.debit_account, t.credit_account, {part}, t.quantity, t.id
        FROM journal, {original} ORDER BY t.quantity DESC LIMIT 1"""
    if kind == "release":
        assert attacker.tries(statement) == "0 rows"
        return
    assert attacker.tries(statement) == outcome
    if outcome == "1 rows":
        assert attacker.tries(statement) == BOOKS, "a second time"
    assert in_balance(attacker)


@pytest.mark.parametrize(
    "reverses",
    ["uuidv7()", "(SELECT id FROM guyub.transfer ORDER BY seq LIMIT 1)"],
)
def test_a_correction_names_what_it_corrects(attacker: Attacker, reverses: str):
    attacker.enter_service(PEKALONGAN)
    giver, taker = account("cash", "f.code = 'BARANG'"), account("receipts", "f.code = 'BARANG'")
    statement = transfer("reversal", giver, taker, 7, reverses=reverses)
    assert attacker.tries(statement) == BOOKS


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        ("kasubsi", "receipt"),
        ("kasubsi", "purchase"),
        ("kasubsi", "reservation"),
        ("karutan", "receipt"),
        ("karutan", "purchase"),
        ("pengelola", "reservation"),
        ("pengelola", "release"),
        ("pengelola", "hand_over"),
        ("pengamanan", "purchase"),
        ("kanwil", "receipt"),
    ],
)
def test_each_entry_is_made_by_somebody_who_may(attacker: Attacker, who: str, kind: str):
    attacker.enter(who, None if who == "kanwil" else PEKALONGAN)
    holder = "NULL" if kind == "receipt" else "id"
    assert attacker.tries(
        f"""INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
            SELECT facility_id, '{kind}', '2024-11-16', 'contoh', {holder} FROM guyub.cycle"""
    ) == DUTIES  # fmt: skip


def test_who_wrote_an_entry_and_when_is_not_what_the_statement_says(attacker: Attacker):
    attacker.enter("pengelola", PEKALONGAN)
    for column, value in (("recorded_by", "NULL"), ("recorded_at", "now()"), ("recorded_label", "'karutan'")):
        statement = f"""INSERT INTO guyub.journal (facility_id, kind, on_date, memo, {column})
                        SELECT facility_id, 'receipt', '2024-11-16', 'contoh', {value} FROM guyub.cycle"""
        assert attacker.tries(statement) == DENIED


@pytest.mark.parametrize("kind", ["release", "reservation"])
def test_a_promise_is_kept_until_the_end_of_its_month(attacker: Attacker, kind: str):
    """Given back only by closing or cancelling: an approved list does not lose its money by the way."""
    attacker.enter_service(PEKALONGAN)
    statement = (
        "INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id) "
        "SELECT facility_id, '{}', now(), 'x', {} FROM guyub.cycle"
    )
    assert attacker.tries(statement.format(kind, "id")) == (STATE if kind == "release" else "1 rows")
    assert attacker.tries(statement.format(kind, "NULL")) == STATE
    assert attacker.tries(statement.format(kind, "uuidv7()")) == STATE


def test_two_at_once_do_not_promise_the_same_rupiah(cluster: Any):
    """Without any lock of the application's: two raw transfers of all that there is."""
    with worlds.a_world(cluster) as world:
        worlds.november_until(world.pekalongan, "approved")
        statement = """
            WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
                             SELECT facility_id, 'reservation', '2024-11-16', 'contoh', id FROM guyub.cycle RETURNING id)
            INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
            SELECT g.facility_id, journal.id, g.fund_id, g.id, t.id, g.rupiah FROM journal, guyub.account g
            JOIN guyub.account t ON t.fund_id = g.fund_id AND t.kind = 'cash_reserved'
            WHERE g.kind = 'cash' AND g.rupiah > 0 ORDER BY g.rupiah DESC, t.id LIMIT 1"""

        def reserve(_: int) -> str:
            with worlds.attacker(world.installation, world.database) as one:
                one.enter_service(PEKALONGAN)
                outcome = one.tries(statement)
                one.connection.commit()
                return outcome

        with ThreadPoolExecutor(2) as pool:
            outcomes = sorted(pool.map(reserve, range(2)))
        assert outcomes in (["1 rows", CHECK], ["1 rows", "1 rows"])
        with worlds.attacker(world.installation, world.database) as one:
            one.enter_service(PEKALONGAN)
            assert one.value("SELECT min(rupiah) FROM guyub.account WHERE kind NOT IN ('receipts')") >= 0
            assert in_balance(one)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("UPDATE guyub.account SET rupiah = rupiah + 1 WHERE kind = 'cash'", "balance is not the sum of its transfers"),
        ("UPDATE guyub.account SET quantity = quantity + 1 WHERE kind = 'stock'", "balance is not the sum of its transfers"),
        ("DELETE FROM guyub.handover_line; DELETE FROM guyub.transfer WHERE seq = (SELECT max(seq) FROM guyub.transfer)",
         "balance is not the sum of its transfers"),
        ("UPDATE guyub.account SET rupiah = 0 WHERE kind = 'receipts'", "the accounts of a fund do not add up to zero"),
    ],
)  # fmt: skip
def test_what_the_server_s_administrator_changes_by_hand_is_found(busy: World, harm: str, problem: str):
    url = busy.installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as server:
        server.execute("SET session_replication_role = replica")
        server.execute(harm.encode())
        found = {row[1] for row in server.execute("SELECT * FROM guyub.ledger_problems()").fetchall()}
        server.rollback()
    assert problem in found
    with busy.database.work(busy.database.as_service("tests")) as work:
        assert queries.check_ledger(work).ok
