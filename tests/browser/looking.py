"""Somebody who looks at every page that links lead to, in a browser, and keeps what is wrong with any of them."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit

from playwright.sync_api import Page, ViewportSize

from guyub.ui.render import PageContext, Pages

from .conftest import PICTURES, follow, pressable

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
WIDE, NARROW = ViewportSize(width=1280, height=860), ViewportSize(width=360, height=740)
SHOWS = os.environ.get("GUYUB_SCREENSHOTS", "docs/images") != "docs/images"
"""Whether to leave a picture of every page at both widths, for people to look at: more than the README needs."""

RUN = """contrast => axe.run({
  resultTypes: ["violations"], rules: { "color-contrast": { enabled: contrast } }
})"""
"""Contrast is the dearest of the rules, and the same in both languages."""

FAULTS = r"""() => {
  const faults = []
  const seen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const shown = element => element.outerHTML.replace(/\s+/g, " ").slice(0, 160)
  const wide = document.documentElement.scrollWidth
  if (wide > innerWidth) {
    const all = [...document.querySelectorAll("body *")]
      .filter(element => seen(element) && element.getBoundingClientRect().right > innerWidth + 1)
    faults.push(`wider than ${innerWidth}: ${wide}; ${all.slice(-1).map(shown)}`)
  }
  for (const element of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")) {
    if (!seen(element) || element.disabled || element.closest("[aria-hidden=true]")) continue
    if (element.tabIndex !== 0 || (element.tagName === "A" && !element.href)) faults.push(`not by keyboard: ${shown(element)}`)
  }
  for (const element of document.querySelectorAll("svg text")) {
    const within = element.closest("a")?.querySelector("rect")?.getBoundingClientRect()
    const box = element.getBoundingClientRect()
    if (within && (box.left < within.left - 1 || box.right > within.right + 1)) faults.push(`beyond its tile: ${shown(element)}`)
  }
  // Names of files, and what a refusal or the form of a new place says of codes, are for people.
  const text = [...document.querySelectorAll("main")].map(element => element.innerText).join()
    .replace(/[\w/-]+\.toml|(Kode|Code): [\w.]+|(misalnya|like) rutan-\w+/g, "")
  const raw = text.match(/\b(undefined|null|NaN)\b|\b[a-z]+_[a-z_]+\b|\b(rutan|lapas)-[a-z]+|(?<!guyub-)\bbansos\b|Text\(/)
  if (raw) faults.push(`not for people: ${raw[0]}`)
  return faults
}"""


PLACE = r"(?:rutan|lapas|bapas|lpp|lpka)-[a-z-]+"


def kind_of(path: str) -> str:
    """The address with what only tells one thing from the next of its kind left out: ids, places, plugins, days."""
    kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "*", path)
    if not re.fullmatch(r"/f/rutan-(pekalongan|kebumen)(/cycles/2024-\d\d)?/", kind):
        kind = re.sub(PLACE, "*", kind)
    kind = re.sub(r"/(plugins|reset|reveal|funds/receive|fund|p)/(?!bansos/)[\w-]+", r"/\1/*", kind)
    kind = re.sub(r"([?&]\w+)=[^&]*", r"\1=*", kind)
    return re.sub(r"/2024-\d\d", "/*", kind)


@dataclass
class Seen:
    """What was come to, and what was wrong with it."""

    faults: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    """Kinds of addresses; each kind is opened once."""
    templates: set[str] = field(default_factory=set)


@contextmanager
def rendered() -> Iterator[list[str]]:
    """The templates of the pages that the application makes meanwhile, the newest last."""
    names: list[str] = []
    render = Pages.render

    def remember(pages: Pages, template: str, page: PageContext, /, **data: object) -> str:
        names.append(template)
        return render(pages, template, page, **data)

    with patch.object(Pages, "render", remember):
        yield names


@dataclass
class Walk:
    """One person's browser; every kind of page is looked at in both languages."""

    page: Page
    address: str
    login: str
    seen: Seen
    rendered: list[str]
    here: str = ""

    def complains(self, fault: str) -> None:
        self.seen.faults.append(f"{self.login} {self.here}: {fault}")

    def hears(self, message: str) -> None:
        """What the browser says of a refused form or page is no fault of the page that refuses."""
        if not re.search("status of 4(03|22)", message):
            self.complains(f"console: {message}")

    def speaks(self, language: str) -> None:
        self.page.context.add_cookies([{"name": "guyub_lang", "value": language, "url": self.address}])

    def looks(self, name: str) -> None:
        """The page in view, at both widths; for English, an answer to a form is asked for again by the browser."""
        self.here = name
        self.seen.templates.add(self.rendered[-1])
        self._looks_in("id", WIDE, NARROW)
        self.speaks("en")
        self.page.reload()
        self._looks_in("en", NARROW, WIDE)
        self.speaks("id")
        self.page.set_viewport_size(WIDE)

    def _looks_in(self, language: str, *widths: ViewportSize) -> None:
        for width in widths:
            self.page.set_viewport_size(width)
            for fault in self.page.evaluate(FAULTS):
                self.complains(f"{language} {width['width']}: {fault}")
            if SHOWS and language == "id":
                self.picture(self.here, width["width"])
        self.page.evaluate(AXE)
        for item in self.page.evaluate(RUN, language == "id")["violations"]:
            self.complains(f"{language}: {item['id']} {[node['html'][:200] for node in item['nodes']]}")

    def looks_and_stays(self, name: str) -> None:
        self.looks(name)
        self.page.reload()

    def picture(self, name: str, width: int) -> None:
        folder = PICTURES / "every-page"
        folder.mkdir(parents=True, exist_ok=True)
        file = re.sub(r"\W+", "-", f"{self.login}{name}").strip("-")[:120]
        self.page.screenshot(path=folder / f"{file}-{width}.png", full_page=True)

    def goes(self, path: str) -> None:
        self.page.goto(self.address + path)

    def walks(self, *starts: str, within: str = "/", again: bool = False) -> None:
        """From these pages to all below ``within`` that links lead to; ``again`` where kinds were seen before."""
        pages = set[str]() if again else self.seen.pages
        waiting = list(reversed(starts))
        while waiting:
            path = waiting.pop()
            if (kind := kind_of(path)) in pages:
                continue
            pages.add(kind)
            self.here = path
            answer = self.page.goto(self.address + path)
            if answer is None or answer.status != 200:
                self.complains(f"answered {answer and answer.status}")
                continue
            landed = urlsplit(self.page.url)
            pages.add(kind_of(landed.path + (f"?{landed.query}" if landed.query else "")))
            links = self.page.eval_on_selector_all("a[href]", "all => all.map(link => link.getAttribute('href'))")
            self.looks(path)
            for link in reversed(links):
                link = link.partition("#")[0]
                if link.startswith(within) and not re.search(r"\.(xlsx|pdf|ics)|/xlsx|/csv|view=1|export=", link):
                    waiting.append(link)

    def presses(self, name: str) -> None:
        follow(self.page, pressable(self.page, name))

    def fills(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def chooses(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main select[name='{name}']").first.select_option(value)

    def stands_at(self, heading: str) -> None:
        assert heading in self.page.locator("h1").inner_text(), self.page.locator("main").inner_text()
