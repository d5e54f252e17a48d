"""While the pages wait for the database, the health checks answer, and every page says in words that it is late."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI

from guyub.access import sign_in
from guyub.app import create_app
from guyub.app.health import THREADS, limit_threads
from guyub.db.installation import Installation
from guyub.db.keys import Protector
from guyub.db.time_limits import Limits
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests.visits import TestClient
from tests.worlds import superuser

READERS = 25


@pytest.fixture
def impatient(installation: Installation) -> Iterator[Database]:
    url = installation.app_url.render_as_string(hide_password=False)
    database = Database(
        url, installation.keys.service_key, Limits(30, 1, 60), pool_size=4, max_overflow=0, pool_timeout=1
    )
    yield database
    database.close()


@pytest.fixture
def application(impatient: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(impatient, plugins, protector=protector)


def test_one_lock_that_is_held_for_long_is_reported_to_everybody_and_the_health_checks_answer(
    application: FastAPI, impatient: Database, installation: Installation
):
    session = sign_in.session_for(impatient, "kasubsi", "tests")

    def ask(number: int) -> Any:
        path = "/f/rutan-pekalongan/households" if number % 2 else "/api/v1/f/rutan-pekalongan/programs"
        return client.get(path, headers={"cookie": f"guyub_session={session}; guyub_lang=en"})

    with TestClient(application) as client, superuser(installation) as other:
        with other.transaction(), ThreadPoolExecutor(READERS) as readers:
            other.execute("LOCK TABLE guyub.household, guyub.person, guyub.session IN ACCESS EXCLUSIVE MODE")
            waiting = [readers.submit(ask, number) for number in range(READERS)]
            for path in ("/healthz", "/readyz", "/static/guyub.css", "/sign-in"):
                began = time.monotonic()
                assert client.get(path).status_code == 200
                assert time.monotonic() - began < 20
            answers = [answer.result() for answer in waiting]
        for answer in answers:
            assert answer.status_code == 503, answer.text
            assert int(answer.headers["retry-after"]) > 0
            is_page = answer.headers["content-type"].startswith("text/html")
            assert not is_page or "Wait a moment" in answer.text
            assert is_page or answer.json()["code"] in {"db.busy", "db.no_connection"}
        assert ask(1).status_code == 200


def test_no_more_requests_run_at_a_time_than_there_are_connections(database: Database):
    async def asked() -> float:
        limit_threads()
        return current_default_thread_limiter().total_tokens

    assert asyncio.run(asked()) == THREADS
    pool: Any = database.engine.pool
    assert pool.size() + pool._max_overflow >= THREADS + 2
