"""The work of a request: it connects in the handler's thread, and is committed before the answer is sent."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx2
import psycopg
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse, Response

from guyub import http
from guyub.access import sign_in
from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.installation import Installation
from guyub.db.keys import Protector
from guyub.db.unit_of_work import CodeName, Database, Work
from guyub.http import FacilityWork, ReaderWork, RegionWork
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Text
from guyub.ui.render import NavItem
from tests.worlds import superuser

NOON = datetime(2024, 11, 16, 5, tzinfo=UTC)
PAGE = """{% extends "ui/base.html" %}{% block title %}T{% endblock %}{% block content %}
{{ ui.page_header(page.reader) }}
{{ ui.table(rows) }}{% endblock %}"""
NUMBERS: Table[int] = Table(
    name="angka",
    caption=Text(id="Angka", en="Numbers"),
    columns=(Column("nilai", Text(id="Nilai", en="Value"), lambda row: row, kind="number"),),
)

router = APIRouter()
api = APIRouter()


def connections_in_use(request: Request) -> int:
    """Stands for whatever FastAPI does before it runs a handler."""
    pool: Any = http.state(request).database.engine.pool
    return int(pool.checkedout())


@router.get("/f/{facility}/before")
def before(
    request: Request, work: FacilityWork, in_use: Annotated[int, Depends(connections_in_use)]
) -> PlainTextResponse:
    work.require("registry.read")
    return PlainTextResponse(f"{in_use} {connections_in_use(request)}")


@router.get("/f/{facility}/unused")
def unused(work: FacilityWork) -> PlainTextResponse:
    return PlainTextResponse("nobody was asked for")


@router.get("/f/{facility}/slow")
def slow(request: Request, work: FacilityWork) -> Response:
    work.run("SELECT pg_sleep(0.02)")
    return http.render(request, work, "sample/page.html", rows=NUMBERS.of([1, 2]))


@router.get("/f/{facility}/kept")
def kept(request: Request, work: FacilityWork) -> Response:
    rows = [row.number for row in work.run("SELECT number FROM sample.kept ORDER BY number")]
    return http.render(request, work, "sample/page.html", rows=NUMBERS.of(rows))


@router.post("/f/{facility}/commit-fails")
def commit_fails(request: Request, work: FacilityWork) -> Response:
    """The constraint is checked when the work is committed, so after the page that says that all went well was made."""
    work.run("INSERT INTO sample.kept VALUES (1), (1)")
    return PlainTextResponse("saved")


@router.post("/f/{facility}/attempts")
def attempts(request: Request, work: FacilityWork) -> Response:
    """One attempt is refused by a constraint of the end, one by a constraint at once, one is not."""
    codes = []
    for numbers in ("(1), (1)", "(-1)", "(2)"):
        try:
            with work.attempt():
                work.run(f"INSERT INTO sample.kept VALUES {numbers}")
        except Refusal as refusal:
            codes.append(refusal.code)
    return PlainTextResponse(",".join(codes))


@router.post("/f/{facility}/tries")
def tries(work: FacilityWork) -> Response:
    """One trial is taken back, one stays; what the first read is known after it."""
    seen = []
    for number, stays in ((4, False), (5, True)):
        with work.trial() as tried:
            work.run(f"INSERT INTO sample.kept VALUES ({number})")
            seen.append(work.run("SELECT count(*) FROM sample.kept").scalar_one())
            if not stays:
                tried.take_back()
    return PlainTextResponse(",".join(map(str, seen)))


@router.post("/f/{facility}/breaks")
def breaks(work: FacilityWork) -> Response:
    work.run("INSERT INTO sample.kept VALUES (3)")
    raise ZeroDivisionError("a secret detail")


@router.post("/f/{facility}/dies")
def dies(work: FacilityWork) -> Response:
    try:
        with work.attempt():
            work.run("SELECT pg_terminate_backend(pg_backend_pid())")
    except Invalid:
        return PlainTextResponse("refused")
    return PlainTextResponse("saved")


@router.get("/everywhere")
def everywhere(work: ReaderWork) -> PlainTextResponse:
    return PlainTextResponse(",".join(facility.code for facility in work.facilities))


@router.get("/region/{region}/office")
def office(work: RegionWork) -> PlainTextResponse:
    return PlainTextResponse(work.office.code)


@api.get("/f/{facility}/number")
def number(work: FacilityWork) -> dict[str, str]:
    return {"facility": work.here.code}


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    return []


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    return []


@pytest.fixture
def narrow(installation: Installation) -> Iterator[Database]:
    """A database with 15 connections, for whoever comes."""
    url = installation.app_url.render_as_string(hide_password=False)
    database = Database(url, installation.keys.service_key, pool_size=15, max_overflow=0, pool_timeout=5)
    yield database
    database.close()


@pytest.fixture
def application(tmp_path: Path, narrow: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    (tmp_path / "page.html").write_text(PAGE)
    room = Room("sample", tmp_path, router, api, navigation, region_navigation)
    return create_app(narrow, plugins, protector=protector, clock=lambda: NOON, rooms=[room])


@pytest.fixture
def kept_numbers(installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    """A table whose numbers are compared at the end of a transaction; its constraints have the names of known refusals."""
    with superuser(installation) as admin:
        admin.execute("CREATE SCHEMA sample")
        admin.execute(
            "CREATE TABLE sample.kept (number int CONSTRAINT never_below_zero CHECK (number > 0), "
            "CONSTRAINT one_cycle_a_month UNIQUE (number) DEFERRABLE INITIALLY DEFERRED)"
        )
        admin.execute("GRANT USAGE ON SCHEMA sample TO PUBLIC")
        admin.execute("GRANT SELECT, INSERT ON sample.kept TO PUBLIC")
        yield admin


def reader_of(application: FastAPI, database: Database, login: str) -> TestClient:
    client = TestClient(application, follow_redirects=False, raise_server_exceptions=False)
    client.cookies.set(http.SESSION_COOKIE, sign_in.session_for(database, login, "tests"))
    return client


@pytest.fixture
def reader(application: FastAPI, database: Database) -> TestClient:
    return reader_of(application, database, "kasubsi")


def sent(reader: TestClient, path: str) -> Any:
    token = reader.get("/f/rutan-pekalongan/slow").text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return reader.post(path, data={"csrf_token": token})


def test_nothing_connects_before_the_handler_runs(reader: TestClient):
    assert reader.get("/f/rutan-pekalongan/before").text == "0 1"


def test_a_commit_that_fails_is_the_page_that_says_so(
    reader: TestClient, kept_numbers: psycopg.Connection[Any], narrow: Database
):
    answer = sent(reader, "/f/rutan-pekalongan/commit-fails")
    assert answer.status_code == 409
    assert "saved" not in answer.text
    assert "<form" in answer.text
    assert kept_numbers.execute("SELECT count(*) FROM sample.kept").fetchone() == (0,)
    pool: Any = narrow.engine.pool
    assert pool.checkedout() == 0


def test_a_refused_attempt_leaves_nothing_and_the_work_goes_on(
    reader: TestClient, kept_numbers: psycopg.Connection[Any]
):
    assert sent(reader, "/f/rutan-pekalongan/attempts").text == "programs.cycle_exists,funds.below_zero"
    assert kept_numbers.execute("SELECT number FROM sample.kept").fetchall() == [(2,)]


def test_what_was_only_tried_is_taken_back(reader: TestClient, kept_numbers: psycopg.Connection[Any]):
    assert sent(reader, "/f/rutan-pekalongan/tries").text == "1,1"
    assert kept_numbers.execute("SELECT number FROM sample.kept").fetchall() == [(5,)]


def test_an_error_of_a_handler_rolls_its_work_back(reader: TestClient, kept_numbers: psycopg.Connection[Any]):
    answer = sent(reader, "/f/rutan-pekalongan/breaks")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert kept_numbers.execute("SELECT count(*) FROM sample.kept").fetchone() == (0,)


def test_an_attempt_whose_connection_ends_is_asked_to_come_again(reader: TestClient, narrow: Database):
    answer = sent(reader, "/f/rutan-pekalongan/dies")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert reader.get("/f/rutan-pekalongan/unused").status_code == 200
    pool: Any = narrow.engine.pool
    assert pool.checkedout() == 0


def test_a_handler_that_asks_nothing_of_its_work_is_closed_to_strangers(application: FastAPI, reader: TestClient):
    assert reader.get("/f/rutan-pekalongan/unused").text == "nobody was asked for"
    assert reader.get("/f/rutan-kebumen/unused").status_code == 404
    stranger = TestClient(application, follow_redirects=False)
    answer = stranger.get("/f/rutan-pekalongan/unused")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/f/rutan-pekalongan/unused")


def test_a_reader_is_entered_where_the_address_says(application: FastAPI, database: Database, reader: TestClient):
    assert reader.get("/everywhere").text == "rutan-pekalongan"
    assert reader.get("/region/jawa-tengah/office").status_code == 404
    assert reader_of(application, database, "kanwil").get("/region/jawa-tengah/office").text == "jawa-tengah"


@pytest.mark.parametrize("path", ["/f/Rutan/unused", "/f/-/unused", "/region/%00/office", "/region/JAWA/office"])
def test_an_address_that_no_place_can_have_is_not_found(reader: TestClient, path: str):
    assert reader.get(path).status_code == 404


def test_eighty_requests_at_once_all_find_a_connection(application: FastAPI, database: Database):
    cookie = f"{http.SESSION_COOKIE}={sign_in.session_for(database, 'kasubsi', 'tests')}"
    paths = ["slow", "slow?export=csv&table=angka", "unused", "before"]

    async def all_at_once() -> list[int]:
        transport = httpx2.ASGITransport(app=application, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            asked = [
                client.get(f"/f/rutan-pekalongan/{paths[number % len(paths)]}", headers={"cookie": cookie})
                for number in range(80)
            ]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert asyncio.run(all_at_once()) == [200] * 80
