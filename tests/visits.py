"""Somebody with a browser: signed in, sending each form with the token of the page that it stands on."""

import html
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import StarletteDeprecationWarning

from guyub.access import sign_in
from guyub.db.unit_of_work import Database

with warnings.catch_warnings():
    # Starlette prefers httpx2 to the httpx that we pin; both speak to the application alike.
    warnings.simplefilter("ignore", StarletteDeprecationWarning)
    from fastapi.testclient import TestClient


@dataclass
class Clock:
    """What the application believes the time to be, until a test says otherwise."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def becomes(self, moment: str) -> None:
        """``2024-11-16 09:00``, in WIB."""
        self.now = datetime.fromisoformat(f"{moment}:00+07:00")


@dataclass
class Visitor:
    client: TestClient
    page: Any = field(init=False)

    @property
    def token(self) -> str:
        """That of the form on the page in view."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.page.text)
        assert token, "this page has no form"
        return token[1]

    def opens(self, path: str) -> Any:
        self.page = self.client.get(path)
        return self.page

    def reads(self, path: str) -> str:
        """What stands on a page, in one line."""
        answer = self.opens(path)
        assert answer.status_code == 200, text_of(answer)
        return text_of(answer)

    def sends(self, path: str, values: dict[str, Any] | None = None) -> Any:
        """What a form of the page in view sends, with what the form showed (``guyub.ui.seen``); where it answers with a page,
        that is in view next."""
        answer = self.client.post(path, data={"csrf_token": self.token, **self.shown_by(path), **(values or {})})
        if answer.status_code != 303:
            self.page = answer
        return answer

    def shown_by(self, path: str) -> dict[str, str]:
        """The version in the form of the page in view that goes to this path, and the days of steps that it begins with; nothing
        where it has none."""
        shown: dict[str, str] = {}
        for form in re.findall(r'(?s)<form[^>]* action="([^"]*)"(.*?)</form>', self.page.text):
            version = re.search(r'name="version" value="([^"]*)"', form[1])
            if version and html.unescape(form[0]).partition("?")[0] == path.partition("?")[0]:
                days = re.findall(r'<input[^>]* name="((?:absent_)?on)" value="([0-9-]{10})"', form[1])
                shown = {"version": html.unescape(version[1]), **shown, **dict(days)}
        return shown

    def sends_hidden(self, path: str, button: str) -> Any:
        """A form as it stands, hidden fields and all, by pressing the button of that name."""
        return self.sends(path, hidden_in(self.page) | {button: "yes"})

    def fills(self, path: str, values: dict[str, Any]) -> Any:
        """Opens a form and sends it."""
        assert self.opens(path).status_code == 200, text_of(self.page)
        return self.sends(path, values)

    def lands(self, answer: Any) -> Any:
        """The page after an action that worked."""
        assert answer.status_code == 303, text_of(answer)
        return self.opens(answer.headers["location"])

    def follows(self, answer: Any) -> str:
        """What stands on the page after an action that worked."""
        page = self.lands(answer)
        assert page.status_code == 200, text_of(page)
        return text_of(page)


NewVisitor = Callable[[str], Visitor]


@contextmanager
def visitors(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    """``come("kasubsi")``: that person, signed in."""
    clients: list[TestClient] = []

    def come(login: str) -> Visitor:
        client = TestClient(application, follow_redirects=False)
        client.cookies.set("guyub_session", sign_in.session_for(database, login, "tests"))
        clients.append(client)
        return Visitor(client)

    yield come
    for client in clients:
        client.close()


def text_of(answer: Any) -> str:
    """What the reader reads, in one line."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", answer.text)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def hidden_in(answer: Any) -> dict[str, Any]:
    """The hidden fields of the page's own form; several of one name as a list."""
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", answer.text)
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', main):
        found.setdefault(name, []).append(html.unescape(value))
    found.pop("csrf_token", None)
    return found
