"""What handlers stand on knows no room above it: an application fills it with callables of its own."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import Response

from guyub import http
from guyub.access import sign_in
from guyub.db.keys import Protector
from guyub.db.unit_of_work import CodeName, Database, Purpose, Work
from guyub.http import AppState, FacilityWork
from guyub.plugins.dependencies import registry_of
from guyub.sdk.page_tables import Column, Table
from guyub.sdk.text import Text
from guyub.ui.render import NavItem, Pages, PurposeNotice

NOON = datetime(2024, 11, 16, 5, tzinfo=UTC)
PAGE = """{% extends "ui/base.html" %}{% block title %}T{% endblock %}{% block content %}
{{ ui.page_header(page.permissions | sort | join(",")) }}
{{ ui.table(rows) }}{% endblock %}"""


NUMBERS: Table[int] = Table(
    name="angka",
    caption=Text(id="Angka", en="Numbers"),
    columns=(Column("nilai", Text(id="Nilai", en="Value"), lambda row: row, kind="number"),),
)


class OnePermission:
    """A registry whose plugins give everyone the same."""

    def permissions(self, work: Work, on: date, /) -> frozenset[str]:
        return frozenset({f"sample.read_{on:%Y%m%d}"})


@pytest.fixture
def exports() -> list[Any]:
    return []


@pytest.fixture
def application(tmp_path: Path, database: Database, protector: Protector, exports: list[Any]) -> FastAPI:
    (tmp_path / "page.html").write_text(PAGE)
    router = APIRouter()

    @router.get("/f/{facility}/")
    def page(request: Request, work: FacilityWork) -> Response:
        return http.render(request, work, "sample/page.html", rows=NUMBERS.of([1, 2]))

    def navigation(work: Work, today: date, region: CodeName | None, /) -> list[NavItem]:
        return [NavItem(Text(id="Menu contoh", en="Sample menu"), f"/f/{work.here.code}/", "home")]

    def record_export(work: Work, page: str, /, *, table: str, caption: Text, shape: str, rows: int) -> None:
        exports.append((work.here.code, page, table, caption.id, shape, rows))

    def record_view(work: Work, page: str, households: object, /) -> None:
        raise AssertionError("nobody stated a purpose")

    def notice_of(purpose: Purpose, /) -> PurposeNotice:
        raise AssertionError("nobody stated a purpose")

    def region_in_view(work: Work, code: str, /) -> http.RegionInView:
        raise AssertionError("no page of a region is asked for")

    app = FastAPI()
    app.state.guyub = AppState(
        database,
        OnePermission(),
        protector,
        Pages({"sample": tmp_path}),
        lambda: NOON,
        navigation=navigation,
        record_view=record_view,
        record_export=record_export,
        notice_of=notice_of,
        region_in_view=region_in_view,
    )
    app.include_router(router)
    return app


@pytest.fixture
def reader(application: FastAPI, database: Database) -> TestClient:
    client = TestClient(application)
    client.cookies.set(http.SESSION_COOKIE, sign_in.session_for(database, "kasubsi", "tests"))
    return client


def test_a_page_has_the_permissions_and_the_menu_that_the_application_answers(reader: TestClient):
    page = reader.get("/f/rutan-pekalongan/")
    assert page.status_code == 200
    assert "sample.read_20241116" in page.text
    assert "Menu contoh" in page.text


def test_a_table_taken_as_a_file_is_recorded_by_the_application(reader: TestClient, exports: list[Any]):
    answer = reader.get("/f/rutan-pekalongan/", params={"export": "csv", "table": "angka"})
    assert answer.status_code == 200, answer.text
    assert exports == [("rutan-pekalongan", "", "angka", "Angka", "csv", 2)]


def test_who_asks_for_all_of_the_plugins_is_refused_when_there_are_none(application: FastAPI):
    with pytest.raises(TypeError, match="OnePermission"):
        registry_of(application)
