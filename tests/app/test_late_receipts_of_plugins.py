"""A plugin's own page of a receipt has the box for a late document, and what it ticks is booked today."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.funds import book_closing
from tests import plugin_on_the_web as infak
from tests.distributions import Shelf
from tests.visits import NewVisitor, text_of, visitors

NOON = datetime(2024, 12, 3, 5, tzinfo=UTC)
FORM = "/f/rutan-pekalongan/p/infak/collect"
GIFT = {"amount": "Rp150.000", "received_on": "2024-11-13", "evidence": "INF-01"}
LATE = {"amount": "Rp50.000", "received_on": "2024-11-20", "evidence": "INF-02"}


@pytest.fixture
def visitor(shelf: Shelf, database: Database, protector: Protector) -> Iterator[NewVisitor]:
    infak.install(shelf)
    plugins = plugin_registry()
    infak.switch_on(database, plugins)
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: NOON), database) as come:
        yield come


def booked(database: Database) -> list[tuple[date, date, int]]:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        rows = work.run(
            """SELECT j.occurred_on, j.booked_on, sum(t.rupiah)::int AS rupiah FROM guyub.journal j
               JOIN guyub.transfer t ON t.journal_id = j.id WHERE j.kind = 'receipt' GROUP BY j.id ORDER BY min(t.seq)"""
        )
        return [(row.occurred_on, row.booked_on, row.rupiah) for row in rows]


def close_november(database: Database) -> None:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        book_closing.close(
            work, "INFAK-2024-11", date(2024, 11, 1), NOON.date(), cash_in_hand=150_000, bank=0, explanation=""
        )


def test_the_box_appears_once_a_book_is_closed_and_books_the_receipt_today(visitor: NewVisitor, database: Database):
    treasurer = visitor("pengelola")
    assert "Catatan susulan" not in treasurer.reads(FORM)
    assert treasurer.sends(FORM, GIFT).status_code == 303
    close_november(database)
    assert "Catatan susulan" in treasurer.reads(FORM)
    refused = treasurer.sends(FORM, LATE)
    assert refused.status_code == 422
    assert "sudah ditutup" in text_of(refused)
    assert 'value="INF-02"' in refused.text
    again = treasurer.sends(FORM, LATE | {"late": "yes"})
    assert again.status_code == 303, text_of(again)
    november = date(2024, 11, 13), date(2024, 11, 13), 150_000
    assert booked(database) == [november, (date(2024, 11, 20), NOON.date(), 50_000)]
