"""What a plugin does to its database connection stays with its call: the core and whoever comes next find it as it was."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text

from guyub.configuration.assembly import plugin_registry
from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.plugins import plugin_session
from guyub.plugins.plugin_session import calling, undone
from guyub.plugins.sql_policy import AllowedStatement
from guyub.sdk.session import TransactionGuarded
from tests.config_changes import set_active
from tests.configuration.conftest import PEKALONGAN

SETTINGS = "SELECT current_setting('search_path'), current_setting('statement_timeout'), current_setting('TimeZone')"
LEFT = """
SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
       (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors WHERE is_holdable),
       to_regclass('pg_temp.zz')
"""
LASTING = [
    "SELECT set_config('search_path', 'infak', false)",
    "SET statement_timeout = 1",
    "SET TIME ZONE 'Asia/Jayapura'",
    "SELECT pg_advisory_lock(42)",
    "LISTEN zz",
    "CREATE TEMP TABLE zz (a int)",
    "DECLARE zz CURSOR WITH HOLD FOR SELECT 1",
]


@pytest.fixture
def one(installation: Installation) -> Iterator[Database]:
    """A pool of one connection: what one leaves behind, the next one has."""
    made = Database(
        installation.app_url.render_as_string(hide_password=False),
        installation.keys.service_key,
        pool_size=1,
        max_overflow=0,
    )
    yield made
    made.close()


@pytest.fixture
def blind(monkeypatch):
    """A guard that lets every statement through, for what holds even then."""
    monkeypatch.setattr(plugin_session, "reading_of", lambda statement: AllowedStatement("", False))


def state(database: Database):
    with database.engine.connect() as connection:
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        return pid, tuple(connection.execute(text(SETTINGS)).one()), tuple(connection.execute(text(LEFT)).one())


def run(database: Database, statement: str, *, keep: bool) -> None:
    with (
        database.work(database.as_service("tests", PEKALONGAN)) as work,
        calling(work.session, "infak", "page", PEKALONGAN, keep=keep) as session,
    ):
        session.execute(text(statement))


@pytest.mark.parametrize("keep", [True, False])
def test_what_would_outlast_the_call_is_refused_and_leaves_nothing(one, keep):
    before = state(one)
    for statement in LASTING:
        with pytest.raises(TransactionGuarded, match="is not a plugin's to run"):
            run(one, statement, keep=keep)

        assert state(one) == before, statement


@pytest.mark.parametrize("keep", [True, False])
def test_what_gets_past_the_guard_is_gone_with_the_connections_return(one, blind, keep):
    before = state(one)
    for statement in LASTING:
        run(one, statement, keep=keep)

        assert state(one) == before, statement


def test_a_connection_that_no_plugin_used_is_not_cleaned(one):
    with one.engine.connect() as connection:
        connection.execute(text("SET statement_timeout = 4321"))
        connection.commit()

    assert state(one)[1][1] == "4321ms"


def test_a_connection_that_cannot_be_cleaned_is_replaced(one, blind, monkeypatch):
    before = state(one)
    monkeypatch.setattr("guyub.db.unit_of_work._CLEANING", "SELECT 1 / 0")

    run(one, "SET statement_timeout = 1", keep=True)

    after = state(one)
    assert after[0] != before[0]
    assert after[1:] == before[1:]


def test_the_rest_of_the_cores_transaction_has_its_settings_again_after_a_call_that_reads(one, blind):
    with one.work(one.as_service("tests", PEKALONGAN)) as work:
        before = work.run(SETTINGS).one()
        with calling(work.session, "infak", "page", PEKALONGAN, keep=False) as session:
            session.execute(text("SELECT set_config('search_path', 'infak', true)"))
            session.execute(text("SET LOCAL statement_timeout = 1"))

        assert work.run(SETTINGS).one() == before


def test_what_a_hook_writes_for_a_mere_look_is_undone(one, blind):
    with one.work(one.as_service("tests", PEKALONGAN)) as work:
        with undone(work.session), calling(work.session, "infak", "hook", PEKALONGAN, keep=True) as session:
            session.execute(text("CREATE TEMP TABLE zz (a int)"))

        assert work.run("SELECT to_regclass('pg_temp.zz')").scalar_one() is None


def test_a_failure_during_a_mere_look_leaves_the_transaction_usable(one):
    with one.work(one.as_service("tests", PEKALONGAN)) as work:
        with pytest.raises(ZeroDivisionError), undone(work.session):
            raise ZeroDivisionError

        assert work.run("SELECT 1").scalar_one() == 1


def test_a_scope_put_in_place_by_hand_opens_nothing(one, blind):
    """The scope is signed: an altered one is no scope."""
    for is_local in (True, False):
        with one.work(one.as_service("tests", PEKALONGAN)) as work:
            payload, _, signature = work.run("SELECT current_setting('guyub.scope')").scalar_one().rpartition("|")
            forged = f"{payload}|{signature[::-1]}"
            with calling(work.session, "infak", "page", PEKALONGAN, keep=True) as session:
                session.execute(
                    text("SELECT set_config('guyub.scope', :scope, :is_local)"), {"scope": forged, "is_local": is_local}
                )

            assert work.run("SELECT guyub.verified_scope()").scalar_one() is None
            assert not work.run("SELECT guyub.scope_is_system()").scalar_one()


def test_the_cores_own_sql_needs_no_search_path(one, blind):
    plugins = plugin_registry()
    with one.work(one.as_service("tests", PEKALONGAN)) as work:
        with calling(work.session, "infak", "page", PEKALONGAN, keep=True) as session:
            session.execute(text("SELECT set_config('search_path', 'nowhere', true)"))
        set_active(work, plugins, "bansos", work.here.id, False, date(2024, 12, 1), "uji")

        assert work.run("SELECT current_setting('search_path')").scalar_one() == "nowhere"
