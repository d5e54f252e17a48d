"""The sample page in Chromium: nothing that axe objects to, nothing that the policy blocks, nothing wider than the screen."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from guyub.app.security_headers import CONTENT_SECURITY_POLICY
from guyub.ui.render import STATIC

from ..chromium import running
from .conftest import EveryComponent

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
HOST = "http://guyub.test"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with running() as browser:
        yield browser


def open_page(chromium: Browser, markup: str, width: int, *, dark: bool = False, scripts: bool = True) -> Page:
    """The markup under our own policy, with our static files, and no server at all. What the browser complains of raises."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", java_script_enabled=scripts
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        else:
            headers = {"content-security-policy": CONTENT_SECURITY_POLICY}
            route.fulfill(body=markup, content_type="text/html; charset=utf-8", headers=headers)

    page.route("**/*", answer)
    page.goto(f"{HOST}/f/rutan-pekalongan/households/new")
    assert complaints == []
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(chromium: Browser, every_component: EveryComponent, width: int, dark: bool):
    page = open_page(chromium, every_component(), width, dark=dark)
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")
    assert [(item["id"], [node["html"] for node in item["nodes"]]) for item in found["violations"]] == []
    page.context.close()


@pytest.mark.parametrize(
    ("lang", "day", "month"),
    [
        ("id", "Senin, 2 Desember 2024", "Desember 2024"),
        ("en", "Monday, 2 December 2024", "December 2024"),
    ],
)
def test_a_day_is_said_in_words_while_it_is_typed(chromium: Browser, lang: str, day: str, month: str):
    fields = "".join(
        f'<input type="{kind}" id="f-{kind}"><output data-words="f-{kind}"></output>' for kind in ("date", "month")
    )
    script = '<script src="/static/guyub.js" defer></script>'
    page = open_page(chromium, f'<!doctype html><html lang="{lang}"><head>{script}</head><body>{fields}', 360)
    page.fill("#f-date", "2024-12-02")
    page.fill("#f-month", "2024-12")
    assert page.text_content('[data-words="f-date"]') == day
    assert page.text_content('[data-words="f-month"]') == month
    page.fill("#f-date", "")
    assert page.text_content('[data-words="f-date"]') == ""
    page.context.close()


@pytest.mark.parametrize("lang", ["id", "en"])
def test_at_360_pixels_nothing_is_wider_than_the_screen(chromium: Browser, every_component: EveryComponent, lang: str):
    page = open_page(chromium, every_component(lang), 360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.context.close()


def test_the_menu_opens_without_scripts(chromium: Browser, every_component: EveryComponent):
    page = open_page(chromium, every_component(), 360, scripts=False)
    menu = page.get_by_role("navigation", name="Menu utama")
    assert menu.count() == 0
    page.locator(".top summary").first.click()
    assert menu.get_by_role("link", name="Keluarga").is_visible()
    assert not page.get_by_role("button", name="Cetak", exact=True).is_visible()
    page.context.close()


def test_the_keyboard_reaches_the_content_first(chromium: Browser, every_component: EveryComponent):
    page = open_page(chromium, every_component().replace('id="error-summary"', ""), 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Lompat ke isi"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_a_form_with_errors_begins_with_them(chromium: Browser, every_component: EveryComponent):
    page = open_page(chromium, every_component(), 1280)
    assert page.evaluate("document.activeElement.id") == "error-summary"
    page.context.close()


def test_a_selected_theme_wins_over_the_device(chromium: Browser, every_component: EveryComponent):
    def ground(markup: str, dark: bool) -> str:
        page = open_page(chromium, markup, 1280, dark=dark)
        colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.context.close()
        return colour

    light, dark = ground(every_component(), False), ground(every_component(), True)
    assert light != dark
    assert ground(every_component(theme="light"), True) == light
    assert ground(every_component(theme="dark"), False) == dark
