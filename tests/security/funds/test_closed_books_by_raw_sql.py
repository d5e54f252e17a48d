"""A closed book is attacked by raw SQL: nothing enters it, nobody opens it, and it is closed in order by those who may."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from guyub.funds import book_closing
from tests import worlds
from tests.worlds import PEKALONGAN, RECEIVED, Attacker, World, gift

NOT_NOW, OUT_OF_TURN, NO_RIGHT, KEPT, NO_COLUMN = "GU021", "GU023", "GU004", "GU002", "ProgrammingError"
TODAY = date(2024, 12, 3)
CLOSING = """INSERT INTO guyub.book_closing (facility_id, fund_id, month, closed_on, cash_in_hand, bank, explanation, signatories)
             SELECT facility_id, id, %(month)s, %(on)s, %(counted)s, 0, %(why)s, %(signed)s FROM guyub.fund WHERE code = 'UANG'"""
BOOKED = """WITH booked AS (
                INSERT INTO guyub.journal (facility_id, kind, occurred_on, booked_on, memo)
                VALUES ((guyub.scope())[1], 'receipt', %(on)s, %(booked)s, 'x') RETURNING id)
            SELECT id FROM booked"""
MONEY = """INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah)
           SELECT c.facility_id, %(journal)s, c.fund_id, c.id, d.id, 1000
           FROM guyub.account c JOIN guyub.account d ON d.fund_id = c.fund_id AND d.kind = 'cash' WHERE c.kind = 'receipts'"""


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    """A fund with Rp2.000.000 of 5 November, whose November is closed."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("UANG", 2_000_000)], RECEIVED)
        with made.pekalongan.work_of("pengelola") as work:
            book_closing.close(work, "UANG", date(2024, 11, 1), TODAY, cash_in_hand=2_000_000, bank=0)
        yield made


@pytest.fixture
def treasurer(world: World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as thief:
        thief.enter("pengelola", PEKALONGAN)
        yield thief


def closing(thief: Attacker, month: str, on: str = "2025-01-02", counted: int = 2_000_000, **more: str) -> str:
    values = {"why": "", "signed": "{}", **more, "month": month, "on": on, "counted": counted}
    return thief.tries(CLOSING, values)


def booked(thief: Attacker, on: str, day_of_book: str) -> str:
    """What becomes of Rp1.000 that came on a day and are booked on one."""
    try:
        journal = thief.value(BOOKED, {"on": on, "booked": day_of_book})
    except psycopg.Error as error:
        return error.sqlstate or type(error).__name__
    return thief.tries(MONEY, {"journal": journal})


@pytest.mark.parametrize(
    ("on", "day_of_book", "outcome"),
    [
        ("2024-11-20", "2024-11-20", NOT_NOW),  # into the closed month
        ("2024-11-30", "2024-11-30", NOT_NOW),
        ("2024-11-20", "2024-12-03", "1 rows"),  # late
        ("2024-12-02", "2024-12-02", "1 rows"),
        ("2024-12-02", "2024-12-03", NOT_NOW),  # not late
        ("2024-12-02", "2024-11-30", "23514"),  # before it happened
        ("2024-11-20", "2099-01-01", NOT_NOW),
    ],
)
def test_a_closed_month_takes_no_entry(treasurer: Attacker, on: str, day_of_book: str, outcome: str):
    assert booked(treasurer, on, day_of_book) == outcome


@pytest.mark.parametrize(
    ("month", "on", "outcome"),
    [
        ("2024-11-01", "2025-01-02", OUT_OF_TURN),
        ("2025-01-01", "2025-02-02", OUT_OF_TURN),
        ("2024-12-01", "2024-12-31", OUT_OF_TURN),
        ("2024-12-01", "2099-01-01", OUT_OF_TURN),
        ("2024-12-01", "2025-01-01", "1 rows"),
    ],
)
def test_books_are_closed_in_order_and_when_their_month_is_over(treasurer: Attacker, month: str, on: str, outcome: str):
    assert closing(treasurer, month, on) == outcome


def test_the_count_agrees_or_is_explained(treasurer: Attacker):
    assert closing(treasurer, "2024-12-01", counted=1) == OUT_OF_TURN
    assert closing(treasurer, "2024-12-01", counted=1, why=" ") == OUT_OF_TURN
    assert closing(treasurer, "2024-12-01", counted=1, why="dicuri") == "1 rows"


def test_who_signs_holds_the_post_on_that_day(treasurer: Attacker):
    nobody = '{"head": {"role": "head", "title": "Kepala", "name": "Orang Lain", "nip": "", "acting": ""}}'
    assert closing(treasurer, "2024-12-01", signed=nobody) == OUT_OF_TURN


@pytest.mark.parametrize("login", ["kasubsi", "karutan", "pengamanan", "kanwil"])
def test_only_who_may_close_does(world: World, login: str):
    with worlds.attacker(world.installation, world.database) as thief:
        thief.enter(login, PEKALONGAN if login != "kanwil" else None)
        assert closing(thief, "2024-12-01") in (NO_RIGHT, "0 rows")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.book_closing SET balance = 0",
        "DELETE FROM guyub.book_closing",
        "UPDATE guyub.fund SET books_closed_until = NULL",
        "INSERT INTO guyub.book_closing (balance) VALUES (0)",
    ],
)
def test_nobody_opens_a_closed_book_or_writes_its_sums(treasurer: Attacker, statement: str):
    assert treasurer.tries(statement) == "42501"


def test_even_the_owner_of_the_schema_opens_no_closed_book(world: World):
    with worlds.superuser(world.installation) as root, pytest.raises(psycopg.Error) as refused:
        root.execute("UPDATE guyub.fund SET books_closed_until = NULL WHERE code = 'UANG'")
    assert refused.value.sqlstate == KEPT


def test_who_books_and_who_closes_wait_for_each_other(world: World):
    """The receipt of November is not in the book when December is closed; who comes second is refused or waits, never both."""
    with (
        worlds.attacker(world.installation, world.database) as first,
        worlds.attacker(world.installation, world.database) as second,
    ):
        first.enter("pengelola", PEKALONGAN)
        second.enter("pengelola", PEKALONGAN)
        assert booked(first, "2024-12-02", "2024-12-02") == "1 rows"
        second.connection.execute("SET LOCAL lock_timeout = '200ms'")
        assert closing(second, "2024-12-01") == "55P03"
        first.leave()
        second.enter("pengelola", PEKALONGAN)
        assert closing(second, "2024-12-01") == "1 rows"
        first.enter("pengelola", PEKALONGAN)
        first.connection.execute("SET LOCAL lock_timeout = '200ms'")
        assert booked(first, "2024-12-02", "2024-12-02") == "55P03"
        second.leave()
