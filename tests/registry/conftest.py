"""The households pages over a database of its own, with officers who visit them as browsers do."""

import html
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

from guyub.access import sign_in
from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.registry import questionnaire, routes

with warnings.catch_warnings():
    # Starlette prefers httpx2 to the httpx that we pin; both speak to the application alike.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from fastapi.testclient import TestClient

MORNING = datetime(2024, 11, 16, 2, tzinfo=UTC)


@dataclass
class Officer:
    """Somebody signed in; each form is sent with the token of the page that it stood on."""

    client: TestClient
    page: Any = field(init=False)

    def opens(self, path: str) -> Any:
        self.page = self.client.get(path)
        return self.page

    def sends(self, path: str, values: dict[str, str] | None = None) -> Any:
        """What the form of a page sends; the page is opened first where it is not the one in view."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)
        assert token, "this page has no form"
        return self.client.post(path, data={"csrf_token": token[1], **(values or {})})

    def fills(self, path: str, values: dict[str, str]) -> Any:
        """Opens a form and sends it."""
        assert self.opens(path).status_code == 200
        return self.sends(path, values)

    def follows(self, answer: Any) -> Any:
        """The page after an action that worked."""
        assert answer.status_code == 303, text_of(answer)
        return self.opens(answer.headers["location"])


def text_of(answer: Any) -> str:
    """What the reader reads, in one line."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", answer.text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


NewOfficer = Callable[[str], Officer]


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    with database.work(database.as_service("tests")) as work:
        questionnaire.ensure_questionnaire(work)
    return create_app(database, plugins, protector=protector, clock=lambda: MORNING, rooms=[Room.of(routes)])


@pytest.fixture
def officer(application: FastAPI, database: Database) -> Iterator[NewOfficer]:
    """``officer("kasubsi")``: that person, signed in."""
    clients: list[TestClient] = []

    def come(login: str) -> Officer:
        client = TestClient(application, follow_redirects=False)
        client.cookies.set("guyub_session", sign_in.session_for(database, login, "tests"))
        clients.append(client)
        return Officer(client)

    yield come
    for client in clients:
        client.close()
