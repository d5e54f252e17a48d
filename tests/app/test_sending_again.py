"""A form that could not be served now is not lost: the page that says so sends the same fields again."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from guyub import http
from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.errors import Busy, no_connection_left, unavailable
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.http import FacilityWork, FormInput
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.errors import Forbidden, Invalid, NotFound, Refusal
from guyub.sdk.text import Text

from .conftest import NOON, NewVisitor, TestClient, Visitor

HERE = "/f/rutan-pekalongan/visit?from=list&page=2"
TYPED = {
    "name": 'Murni "Contoh" <b>&',
    "note": "baris satu\r\nbaris dua\r\n",
    "criteria": ["1", "2"],
    "empty": "",
    "save": "yes",
}
SECRETS = {"password": "kata sandi 1", "key": "kunci rahasia 1", "api_token": "tanda rahasia 1"}
_TEXT = Text(id="Contoh.", en="Sample.")
REFUSALS = {
    "busy": Busy("db.busy", _TEXT, _TEXT),
    "long": Busy("db.too_long", _TEXT, _TEXT),
    "pool": no_connection_left(),
    "down": unavailable(),
    "state": Refusal("programs.state", _TEXT, _TEXT),
    "wrong": Invalid("x", _TEXT, _TEXT, "name"),
    "unknown": NotFound("x", _TEXT, _TEXT),
    "forbidden": Forbidden("x", _TEXT, _TEXT),
}


class World:
    """``fails`` names what happens next; ``received`` holds the forms that were accepted."""

    def __init__(self) -> None:
        self.fails = ""
        self.received: list[list[tuple[str, Any]]] = []

    def meet(self) -> None:
        if self.fails == "bug":
            raise ZeroDivisionError
        if self.fails in REFUSALS:
            raise REFUSALS[self.fails]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def application(
    tmp_path: Path, database: Database, plugins: PluginRegistry, protector: Protector, world: World
) -> FastAPI:
    router = APIRouter()
    (tmp_path / "form.html").write_text(
        '{% extends "ui/base.html" %}{% block title %}F{% endblock %}{% block content %}'
        '{% call field.form("") %}{{ field.password("key", "Kunci") }}{% endcall %}{% endblock %}'
    )

    async def after_the_commit() -> AsyncIterator[None]:
        yield
        if world.fails == "bug afterwards":
            raise ZeroDivisionError

    @router.get("/f/{facility}/visit")
    def show(request: Request, work: FacilityWork) -> Response:
        world.meet()
        return http.render(request, work, "sample/form.html")

    # What is asked for first ends last.
    @router.post("/f/{facility}/visit", dependencies=[Depends(after_the_commit, scope="function")])
    def save(request: Request, work: FacilityWork, form: FormInput) -> Response:
        world.meet()
        world.received.append(
            [(name, value.filename if isinstance(value, UploadFile) else value) for name, value in form.multi_items()]
        )
        return http.redirect(request, f"/f/{work.here.code}/visit")

    return create_app(
        database,
        plugins,
        protector=protector,
        clock=lambda: NOON,
        rooms=[Room("sample", tmp_path, router, None, None, None)],
    )


def form_of(page: Any) -> tuple[str, dict[str, list[str]]]:
    """Where the form of a page goes, and its hidden fields."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", page.text)
    action = re.search(r'<form[^>]* method="post" action="([^"]*)"', main)
    assert action, "this page sends nothing again"
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main):
        fields.setdefault(html.unescape(name), []).append(html.unescape(value))
    return html.unescape(action[1]), fields


def sends_again(page: Any) -> bool:
    return "<form" in re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", page.text)


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    someone = visitor("kasubsi")
    someone.get(HERE)
    return someone


@pytest.mark.parametrize(
    ("fails", "status", "button"),
    [
        ("busy", 503, "Kirim lagi"),
        ("long", 503, "Kirim lagi"),
        ("pool", 503, "Kirim lagi"),
        ("down", 503, "Kirim lagi"),
        ("state", 409, "Coba lagi"),
        ("bug", 500, "Coba lagi"),
    ],
)
def test_what_was_typed_is_sent_again_as_it_was(kasubsi: Visitor, world: World, fails: str, status: int, button: str):
    world.fails = fails
    page: Any = kasubsi.post(HERE, TYPED)
    for _ in range(2):
        assert page.status_code == status
        assert f">{button}</button>" in page.text
        action, fields = form_of(page)
        assert action == HERE
        page = kasubsi.client.post(action, data=fields)
    world.fails = ""
    assert kasubsi.client.post(action, data=fields).status_code == 303
    sent = [(name, value) for name, value in world.received[0] if name != "csrf_token"]
    assert sent == [
        (name, value) for name, values in TYPED.items() for value in (values if isinstance(values, list) else [values])
    ]


def test_the_page_says_it_in_english_too(kasubsi: Visitor, world: World):
    kasubsi.post("/language", {"language": "en", "next": "/"})
    world.fails = "busy"
    assert ">Send again</button>" in kasubsi.post(HERE, TYPED).text
    world.fails = "bug"
    assert ">Try again</button>" in kasubsi.post(HERE, TYPED).text


def test_its_token_is_a_new_one(kasubsi: Visitor, world: World):
    world.fails = "busy"
    _, fields = form_of(kasubsi.post(HERE, TYPED))
    assert len(fields["csrf_token"]) == 1
    assert fields["csrf_token"] != [kasubsi.token]


def test_no_secret_stands_in_the_page_and_it_says_so(kasubsi: Visitor, world: World):
    world.fails = "busy"
    marked = re.findall(r'name="_secret" value="([^"]+)"', kasubsi.page.text)
    assert marked == ["key"]
    page = kasubsi.post(HERE, {**TYPED, **SECRETS, "_secret": "key"})
    for _ in range(2):
        assert "kecuali kata sandi dan isian rahasia" in page.text.lower()
        assert not [secret for secret in SECRETS.values() if secret in page.text]
        action, fields = form_of(page)
        assert not fields.keys() & SECRETS.keys()
        page = kasubsi.client.post(action, data=fields)


def test_a_secret_that_was_left_empty_is_not_missed(kasubsi: Visitor, world: World):
    world.fails = "busy"
    page = kasubsi.post(HERE, {**TYPED, "key": "", "_secret": "key"})
    assert "kecuali kata sandi" not in page.text.lower()


def test_handlers_never_see_which_fields_are_secret(kasubsi: Visitor, world: World):
    assert kasubsi.post(HERE, {"key": "x", "_secret": "key"}).status_code == 303
    assert [name for name, _ in world.received[0]] == ["csrf_token", "key"]


def test_a_file_is_selected_again_in_the_same_form(kasubsi: Visitor, world: World):
    world.fails = "busy"
    token = {"csrf_token": kasubsi.token}
    page = kasubsi.client.post(HERE, data={**TYPED, **token}, files={"file": ("calon<1>.csv", b"a,b")})
    assert page.status_code == 503
    assert 'enctype="multipart/form-data"' in page.text
    assert 'type="file" id="f-file" name="file"' in page.text
    assert "calon&lt;1&gt;.csv" in page.text
    action, fields = form_of(page)
    world.fails = ""
    again = kasubsi.client.post(action, data=fields, files={"file": ("calon<1>.csv", b"a,b")})
    assert again.status_code == 303
    assert dict(world.received[0])["name"] == TYPED["name"]


@pytest.mark.parametrize("fails", ["wrong", "unknown", "forbidden"])
def test_what_would_be_refused_again_is_not_offered(kasubsi: Visitor, world: World, fails: str):
    world.fails = fails
    assert not sends_again(kasubsi.post(HERE, TYPED))


def test_a_form_of_another_page_is_never_repeated(kasubsi: Visitor, world: World):
    world.fails = "busy"
    answer = kasubsi.client.post(HERE, data={**TYPED, "csrf_token": "made up"})
    assert answer.status_code == 403
    assert not sends_again(answer)
    assert "Murni" not in answer.text


@pytest.mark.parametrize("fails", ["busy", "long", "pool", "down", "bug"])
def test_a_page_that_was_only_read_is_reloaded(kasubsi: Visitor, world: World, fails: str):
    world.fails = fails
    page = kasubsi.get(HERE)
    assert not sends_again(page)
    assert f'href="{html.escape(HERE)}">Muat ulang</a>' in page.text
    assert "kirim lagi" not in page.text.lower()


def test_after_a_commit_an_error_does_not_claim_that_nothing_was_saved(kasubsi: Visitor, world: World):
    world.fails = "bug afterwards"
    page = kasubsi.post(HERE, TYPED)
    assert page.status_code == 500
    assert "Tidak ada yang disimpan" not in page.text
    assert form_of(page)[0] == HERE


def test_a_sign_in_is_not_repeated(plugins: PluginRegistry, protector: Protector):
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2", "key")
    with TestClient(create_app(database, plugins, protector=protector, rooms=[]), follow_redirects=False) as client:
        someone = Visitor(client)
        answer = someone.sign_in("kasubsi", "kata sandi 99")
        assert answer.status_code == 503
        assert not sends_again(answer)
        assert "kata sandi 99" not in answer.text
    database.close()
