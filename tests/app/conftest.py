"""The application over a database of its own, with one small room, and people who visit it as browsers do."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from starlette.responses import Response

from guyub import http
from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import CodeName, Database, Work
from guyub.http import Clock, FacilityWork, FormInput, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.render import NavItem
from tests import visits
from tests.conftest import PASSWORD

NOON = datetime(2024, 11, 16, 5, tzinfo=UTC)

router = APIRouter()
api = APIRouter()


@router.get("/f/{facility}/")
def home(request: Request, work: FacilityWork) -> Response:
    return http.render(request, work, "sample/home.html")


@router.get("/f/{facility}/gifts")
def gifts(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock) -> Response:
    work.require("funds.read")
    plugins.require_active(work, "csr_funding", clock.today(work))
    return http.render(request, work, "sample/home.html")


@router.post("/f/{facility}/gifts")
def give(request: Request, work: FacilityWork, form: FormInput) -> Response:
    work.run("SELECT 1")
    if form.get("amount") == "0":
        raise Invalid("x", Text(id="Kosong.", en="Empty."), Text(id="Isi.", en="Fill it."), "amount")
    return http.redirect(request, f"/f/{work.here.code}/", Text(id="Tercatat & aman.", en="Recorded & safe."))


@router.get("/f/{facility}/broken")
def broken(work: FacilityWork) -> Response:
    work.run("SELECT 1")
    raise ZeroDivisionError("a secret detail")


@router.get("/region/{region}/")
def overview(request: Request, work: RegionWork) -> Response:
    return http.render(request, work, "sample/home.html")


@api.get("/facilities/{facility}/gifts/{number}")
def gift(work: FacilityWork, plugins: Plugins, clock: Clock, number: int) -> dict[str, int]:
    plugins.require_active(work, "csr_funding", clock.today(work))
    return {"number": number}


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    items = [NavItem(Text(id="Bulan ini", en="This month"), f"/f/{work.here.code}/", "home", exact=True)]
    if "csr_funding" in plugins.active(work, work.here.id, today):
        items.append(NavItem(Text(id="Pemberian", en="Gifts"), f"/f/{work.here.code}/gifts", "cash"))
    return items


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    return [NavItem(Text(id="Ringkasan", en="Overview"), f"/region/{region.code}/", "map", exact=True)]


HOME = """{% extends "ui/base.html" %}{% block title %}{{ t("Beranda", "Home") }}{% endblock %}
{% block content %}{{ ui.page_header(t("Halo {name}", "Hello {name}", name=page.reader)) }}{% endblock %}"""


@pytest.fixture
def application(tmp_path: Path, database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    (tmp_path / "home.html").write_text(HOME)
    room = Room("sample", tmp_path, router, api, navigation, region_navigation)
    return create_app(database, plugins, protector=protector, clock=lambda: NOON, rooms=[room])


class Visitor(visits.Visitor):
    """Comes to the door without an account, and sends headers of its own."""

    def get(self, path: str, **headers: str) -> Any:
        self.page = self.client.get(path, headers=headers)
        return self.page

    def post(self, path: str, values: dict[str, str] | None = None, /, **headers: str) -> Any:
        return self.client.post(path, data={"csrf_token": self.token, **(values or {})}, headers=headers)

    def sign_in(self, login: str, password: str = PASSWORD, next: str = "/") -> Any:
        self.get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password, "next": next})


NewVisitor = Callable[..., Visitor]


@pytest.fixture
def visitor(application: FastAPI) -> Iterator[NewVisitor]:
    """``visitor("kasubsi")``: somebody signed in; ``visitor()``: somebody at the door."""
    clients: list[TestClient] = []

    def come(login: str = "") -> Visitor:
        client = TestClient(application, follow_redirects=False)
        clients.append(client)
        someone = Visitor(client)
        if login:
            assert someone.sign_in(login).status_code == 303
        return someone

    yield come
    for client in clients:
        client.close()
