"""What belongs to others is closed to a plugin: another plugin's tables, the core's, and the reader's time."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import column, insert, select, table, text

from guyub.db.unit_of_work import Database
from guyub.plugins import plugin_session
from guyub.plugins.dispatch import CallFailure, ask
from guyub.plugins.plugin_session import SESSION, calling
from guyub.sdk.hookspecs import HOOKS
from guyub.sdk.panels import Card
from guyub.sdk.session import TransactionGuarded
from guyub.sdk.text import Text
from tests.configuration.conftest import PEKALONGAN

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)
CARDS = "guyub_dashboard_cards"
INSTALLED = frozenset({"infak", "zakat"})
RECEIPT = table("receipt", column("note"), schema="zakat")


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT note FROM zakat.receipt"),
        select(RECEIPT.c.note),
        insert(RECEIPT).values(note="x"),
        text("""INSERT INTO "zakat".receipt VALUES ('x')"""),
    ],
)
def test_the_tables_of_another_plugin_are_refused_before_they_are_asked_for(database: Database, statement):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        with (
            pytest.raises(TransactionGuarded, match=r"the plugin infak names “zakat\.”"),
            calling(work.session, "infak", "page", PEKALONGAN, keep=True, installed=INSTALLED) as session,
        ):
            session.execute(statement)
        with (
            pytest.raises(Exception, match=r'relation "zakat\.receipt" does not exist'),
            calling(work.session, "zakat", "page", PEKALONGAN, keep=True, installed=INSTALLED) as session,
        ):
            session.execute(statement)


def test_in_a_batch_each_plugin_is_held_to_its_own_schema(database: Database):
    def look(schema: str) -> Callable[..., list[Card]]:
        def cards(ctx: object) -> list[Card]:
            SESSION.execute(text(f"SELECT 1 AS one FROM (SELECT 1) {schema} WHERE {schema}.* IS NOT NULL"))
            return []

        return cards

    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        found = ask(
            CARDS,
            HOOKS[CARDS],
            [("infak", look("infak"), None), ("zakat", look("infak"), None)],
            work.session,
            PEKALONGAN,
            installed=INSTALLED,
        )
    assert found[0] == ("infak", [])
    assert isinstance(found[1][1], CallFailure)
    assert "the plugin zakat names “infak.”" in str(found[1][1].error)


def test_a_card_that_waits_for_the_database_ends_in_time_as_its_plugins_failure(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(plugin_session, "READING_SECONDS", 0.2)

    def slow(ctx: object) -> list[Card]:
        SESSION.execute(text("SELECT pg_sleep(3)"))
        return []

    def quick(ctx: object) -> list[Card]:
        SESSION.execute(text("SELECT 1"))
        return [Card(Text(id="Ada", en="There"))]

    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        before = work.run("SHOW statement_timeout").scalar_one()
        prepared = [("infak", slow, None), ("zakat", quick, None)]
        found = ask(CARDS, HOOKS[CARDS], prepared, work.session, PEKALONGAN)
        assert work.run("SHOW statement_timeout").scalar_one() == before
    (_, failed), (_, answered) = found
    assert isinstance(failed, CallFailure)
    assert failed.code.startswith("E-")
    assert len(answered) == 1


def test_a_hook_that_writes_has_the_time_that_it_needs(database: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(plugin_session, "READING_SECONDS", 0.2)
    activated = "guyub_facility_activated"

    def slow(ctx: object) -> None:
        SESSION.execute(text("SELECT pg_sleep(0.4)"))

    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        assert ask(activated, HOOKS[activated], [("infak", slow, None)], work.session, PEKALONGAN) == [("infak", None)]
