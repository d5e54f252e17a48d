"""Nobody holds a connection or a lock for ever; what passes is said in words, with when to come again."""

import time
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import text

from guyub.db import time_limits
from guyub.db.errors import Busy, Unavailable
from guyub.db.installation import Installation, as_owner
from guyub.db.installing import make
from guyub.db.time_limits import JOBS, PAGES, Limits
from guyub.db.unit_of_work import Database
from tests.conftest import Acting
from tests.worlds import superuser

NAMES = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")


def opened(installation: Installation, limits: Limits, **options: object) -> Database:
    url = installation.app_url.render_as_string(hide_password=False)
    return Database(url, installation.keys.service_key, limits, **options)


def limits_of(connection: psycopg.Connection) -> list[str]:
    return [connection.execute(f"SHOW {name}".encode()).fetchone()[0] for name in NAMES]  # type: ignore[index]  # one row always comes


def test_a_lock_that_is_held_for_long_is_no_error_of_who_waits(installation: Installation):
    database = opened(installation, Limits(30, 1, 60))
    with superuser(installation) as other, other.transaction():
        other.execute("LOCK TABLE guyub.household IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Busy) as refused, database.work(database.as_service("tests")) as work:
            work.run("SELECT count(*) FROM guyub.household")
    assert (refused.value.code, refused.value.status) == ("db.busy", 503)
    database.close()


def test_a_statement_without_end_ends(installation: Installation):
    database = opened(installation, Limits(1, 5, 60))
    with pytest.raises(Busy) as refused, database.work(database.as_service("tests")) as work:
        work.run("SELECT pg_sleep(60)")
    assert (refused.value.code, refused.value.status) == ("db.too_long", 503)
    database.close()


def test_a_transaction_that_falls_silent_gives_its_locks_back(installation: Installation):
    database = opened(installation, Limits(30, 5, 1))

    def falls_silent() -> None:
        with database.work(database.as_service("tests")) as work:
            work.run("LOCK TABLE guyub.household IN ROW EXCLUSIVE MODE")
            with superuser(installation) as other:
                # Granted as soon as the silent one is cut off.
                other.execute("SET lock_timeout = '20s'")
                with other.transaction():
                    other.execute("LOCK TABLE guyub.household IN ACCESS EXCLUSIVE MODE")
            work.run("SELECT 1")

    with pytest.raises(Unavailable):
        falls_silent()
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT 1").scalar_one() == 1
    database.close()


def test_two_that_wait_for_each_other_hear_that_one_of_them_comes_again(installation: Installation):
    database = opened(installation, PAGES)
    heard: list[Exception] = []
    both = [Event(), Event()]

    def lock(first: int) -> None:
        try:
            with database.work(database.as_service("tests")) as work:
                work.run("SELECT pg_advisory_xact_lock(:number)", number=first)
                both[first].set()
                both[1 - first].wait(10)
                work.run("SELECT pg_advisory_xact_lock(:number)", number=1 - first)
        except Busy as refusal:
            heard.append(refusal)

    threads = [Thread(target=lock, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 1
    database.close()


def test_a_pool_that_is_lent_out_says_so_soon(installation: Installation):
    database = opened(installation, PAGES, pool_size=1, max_overflow=0, pool_timeout=0.1)
    with database.work(database.as_service("tests")):
        with pytest.raises(Busy) as refused, database.work(database.as_service("tests")):
            pass
        database.probe()  # on a connection of its own
    assert (refused.value.code, refused.value.status) == ("db.no_connection", 503)
    database.close()


def test_the_pool_waits_no_longer_than_a_reader_does(database: Database):
    assert database.engine.pool.timeout() <= 5  # type: ignore[attr-defined]  # of the pool that is used


def test_the_limits_of_our_connections_outrank_those_of_role_and_database(installation: Installation):
    role, name = f"{installation.roles}_app", installation.admin_url.database
    with superuser(installation) as root:
        root.execute(f'ALTER ROLE "{role}" IN DATABASE "{name}" SET statement_timeout = 0'.encode())
    database = opened(installation, PAGES)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "30s"
    database.close()


def test_the_role_has_limits_for_whoever_signs_in_as_it_and_gets_them_back(installation: Installation):
    url = installation.app_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as thief:
        assert limits_of(thief) == ["30s", "5s", "1min"]
        thief.execute("ALTER ROLE CURRENT_USER SET statement_timeout = 0")
        thief.execute("ALTER ROLE CURRENT_USER RESET lock_timeout")
    installation.restore_time_limits()
    with psycopg.connect(url, autocommit=True) as again:
        assert limits_of(again) == ["30s", "5s", "1min"]
    migrator = installation.migrator_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(migrator) as connection:
        assert limits_of(connection) == ["6h", "1min", "1h"]
    make(installation)  # once more, with the roles there
    time_limits.restore(url)


def test_long_work_may_take_longer_and_only_that_work(database: Database, acting: Acting):
    with acting("kasubsi") as work:
        work.take_time()
        assert [work.run(f"SHOW {name}").scalar_one() for name in NAMES] == ["10min", "5s", "10min"]
    with acting("kasubsi") as work:
        assert [work.run(f"SHOW {name}").scalar_one() for name in NAMES] == ["30s", "5s", "1min"]


def test_who_may_take_longer_already_keeps_that(installation: Installation):
    database = opened(installation, JOBS)
    with database.work(database.as_service("tests")) as work:
        work.take_time()
        assert [work.run(f"SHOW {name}").scalar_one() for name in NAMES] == ["1h", "1min", "1h"]
    database.close()


def test_a_change_of_the_schema_does_not_wait_for_ever_either(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(time_limits, "MIGRATIONS", Limits(60, 1, 60))
    with superuser(installation) as other, other.transaction():
        other.execute("LOCK TABLE guyub.household IN ACCESS SHARE MODE")
        began = time.monotonic()
        with pytest.raises(Busy), as_owner(installation) as connection:
            connection.execute(text("ALTER TABLE guyub.household ADD COLUMN contoh int"))
        assert time.monotonic() - began < 30
