"""The application served on a port, and people who sit before a browser."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from guyub.app import create_app
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry

from ..chromium import running
from ..conftest import PASSWORD
from ..visits import Clock

PICTURES = Path(os.environ.get("GUYUB_SCREENSHOTS") or "test-results/screenshots")
"""Where the tests leave what they saw; GUYUB_SCREENSHOTS=docs/images renews the pictures of the README."""


@pytest.fixture
def clock() -> Clock:
    """It begins on the morning of 5 November 2024."""
    return Clock(datetime(2024, 11, 5, 1, tzinfo=UTC))


@contextmanager
def served(database: Database, plugins: PluginRegistry, protector: Protector, clock: Clock) -> Iterator[str]:
    """The application on a port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = create_app(database, plugins, protector=protector, clock=clock)
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture
def address(database: Database, plugins: PluginRegistry, protector: Protector, clock: Clock) -> Iterator[str]:
    """Where the application answers."""
    with served(database, plugins, protector, clock) as where:
        yield where


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running() as browser:
        yield browser


def pressable(page: Page, name: str) -> Locator:
    """A button in the page's main part, or a link that looks like one."""
    main = page.locator("main")
    return main.get_by_role("button", name=name, exact=True).or_(main.get_by_role("link", name=name, exact=True)).first


def follow(page: Page, what: Locator) -> None:
    """Press what leads to another page, and be there: a page that has just begun has no element yet."""
    with page.expect_navigation():
        what.click()


class Person:
    """Somebody at a browser of their own, signed in."""

    def __init__(self, context: BrowserContext, address: str, login: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.address = address
        self.go("/sign-in")
        self.page.get_by_label("Nama pengguna").fill(login)
        self.page.get_by_label("Kata sandi").fill(PASSWORD)
        self.press("Masuk")

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        follow(self.page, pressable(self.page, name))

    def fill(self, values: dict[str, str]) -> None:
        for label, value in values.items():
            self.page.get_by_label(label, exact=True).fill(value)

    def sees(self, *texts: str) -> None:
        content = self.page.locator("body").inner_text()
        for text in texts:
            assert text in content, f"{text!r} is not on {self.page.url}:\n{content}"

    def picture(self, name: str, width: int = 1280, height: int = 0) -> None:
        """The page as it is seen, for people to look at, whole unless ``height`` cuts it; nothing may be wider."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.set_viewport_size({"width": width, "height": height or 860})
        self.page.screenshot(path=PICTURES / f"{name}.png", full_page=not height)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is too wide"
        self.page.set_viewport_size({"width": 1280, "height": 860})


NewPerson = Callable[..., Person]


@pytest.fixture
def person(chromium: Browser, address: str) -> Iterator[NewPerson]:
    """``person("kasubsi")``; ``width`` of their screen in pixels."""
    contexts: list[BrowserContext] = []

    def sit_down(login: str, width: int = 1280) -> Person:
        context = chromium.new_context(viewport={"width": width, "height": 860}, locale="id-ID")
        contexts.append(context)
        return Person(context, address, login)

    yield sit_down
    for context in contexts:
        context.close()
