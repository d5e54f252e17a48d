"""All pages that the offices and the staff of a rutan are led to, in a browser: nothing that axe objects to, nothing wider
than the window, nothing that the browser complains of, nothing that the keyboard cannot reach."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from guyub.access import sign_in

from .. import worlds
from ..worlds import KEBUMEN, PEKALONGAN, World
from .conftest import PICTURES, Clock, follow, pressable, served

AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text()
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
REGION = "/region/jawa-tengah"
MATRIX = f"{REGION}/configuration"
HERE, THERE = f"/f/{PEKALONGAN}", f"/f/{KEBUMEN}"
COMPARED = f"compare?a={PEKALONGAN}&b={KEBUMEN}&same=yes"
ON_A_DAY = f"values?facility={PEKALONGAN}&plugin=bansos"
OFFICES = ("kanwil", "pusat")
SHOWS = os.environ.get("GUYUB_SCREENSHOTS", "docs/images") != "docs/images"
"""Whether to leave a picture of every page at both widths, for people to look at: more than the README needs."""

RUN = """contrast => axe.run({
  resultTypes: ["violations"], rules: { "color-contrast": { enabled: contrast } }
})"""
"""Contrast is the dearest of the rules, and the same in both languages."""

FAULTS = r"""() => {
  const faults = []
  const seen = one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const said = one => one.outerHTML.replace(/\s+/g, " ").slice(0, 160)
  const wide = document.documentElement.scrollWidth
  if (wide > innerWidth) {
    const all = [...document.querySelectorAll("body *")]
      .filter(one => seen(one) && one.getBoundingClientRect().right > innerWidth + 1)
    faults.push(`wider than ${innerWidth}: ${wide}; ${all.slice(-1).map(said)}`)
  }
  for (const one of document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")) {
    if (!seen(one) || one.disabled || one.closest("[aria-hidden=true]")) continue
    if (one.tabIndex !== 0 || (one.tagName === "A" && !one.href)) faults.push(`not by keyboard: ${said(one)}`)
  }
  for (const one of document.querySelectorAll("svg text")) {
    const within = one.closest("a")?.querySelector("rect")?.getBoundingClientRect()
    const box = one.getBoundingClientRect()
    if (within && (box.left < within.left - 1 || box.right > within.right + 1)) faults.push(`beyond its tile: ${said(one)}`)
  }
  // Names of files, and what a refusal or the form of a new place says of codes, are for people.
  const text = [...document.querySelectorAll("main")].map(one => one.innerText).join()
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
class Walk:
    """One person's browser, and what was wrong on any page; each kind of page is looked at once."""

    page: Page
    address: str
    login: str
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    here: str = ""

    def complains(self, said: str) -> None:
        self.faults.append(f"{self.login} {self.here}: {said}")

    def hears(self, said: str) -> None:
        """What the browser says of a refused form or page is no fault of the page that refuses."""
        if not re.search("status of 4(03|22)", said):
            self.complains(f"console: {said}")

    def speaks(self, language: str) -> None:
        self.page.context.add_cookies([{"name": "guyub_lang", "value": language, "url": self.address}])

    def looks(self, name: str) -> None:
        """The page in view, in both languages at both widths; an answer to a form is asked for again by the browser."""
        self.here = name
        for language, widths in (("id", (WIDE, NARROW)), ("en", (NARROW, WIDE))):
            if language == "en":
                self.speaks("en")
                self.page.reload()
            for width in widths:
                self.page.set_viewport_size(width)
                for fault in self.page.evaluate(FAULTS):
                    self.complains(f"{language} {width['width']}: {fault}")
                if SHOWS and language == "id":
                    self.picture(name, width["width"])
            self.page.evaluate(AXE)
            for item in self.page.evaluate(RUN, language == "id")["violations"]:
                self.complains(f"{language}: {item['id']} {[node['html'][:200] for node in item['nodes']]}")
        self.speaks("id")
        self.page.set_viewport_size(WIDE)

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

    def walks(self, *starts: str, within: str = "/") -> None:
        """From these pages to all below ``within`` that links lead to."""
        waiting = list(reversed(starts))
        while waiting:
            path = waiting.pop()
            if (kind := kind_of(path)) in self.seen:
                continue
            self.seen.add(kind)
            self.here = path
            answer = self.page.goto(self.address + path)
            if answer is None or answer.status != 200:
                self.complains(f"answered {answer and answer.status}")
                continue
            landed = urlsplit(self.page.url)
            self.seen.add(kind_of(landed.path + (f"?{landed.query}" if landed.query else "")))
            links = self.page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))")
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


class Office:
    """The application on a port over a world with data, and the people who come to it."""

    def __init__(self, chromium: Browser, address: str, world: World) -> None:
        self.chromium, self.address, self.world = chromium, address, world
        self.faults: list[str] = []
        self.seen: dict[str, set[str]] = {"office": set(), "staff": set()}

    def person(self, login: str) -> Walk:
        context = self.chromium.new_context(viewport=WIDE, locale="id-ID")
        token = sign_in.session_for(self.world.database, login, "tests")
        context.add_cookies([{"name": "guyub_session", "value": token, "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        walk = Walk(page, self.address, login, self.faults, self.seen["office" if login in OFFICES else "staff"])
        page.on("console", lambda said: walk.hears(said.text))
        page.on("pageerror", lambda error: walk.complains(f"error {error}"))
        return walk


pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def walked(chromium: Browser, cluster: Any) -> Iterator[Office]:
    clock = Clock()
    clock.becomes("2024-11-25 08:00")
    with worlds.a_world(cluster) as world:
        fill(world)
        with served(world.database, world.plugins, cluster.keys.protector(), clock) as address:
            office = Office(chromium, address, world)
            office.person("kasubsi").walks(f"{HERE}/")
            office.person("pengelola").walks(f"{HERE}/funds")
            office.person("kasubsi.kebumen").walks(f"{THERE}/")
            office.person("karutan.kebumen").walks(f"{THERE}/")
            kanwil = office.person("kanwil")
            manage_on_the_web(kanwil)
            change_a_value(kanwil)
            keep_a_template(kanwil)
            order(kanwil)
            configure_the_region(kanwil)
            remind_and_recap(kanwil)
            kanwil.walks(f"{REGION}/", f"{MATRIX}/{COMPARED}", f"{MATRIX}/{ON_A_DAY}")
            office.person("pusat").walks("/national")
            state_a_purpose(kanwil)
            whom = office.person("kasubsi")
            whom.goes(f"{HERE}/purpose/views")
            whom.looks("who-looked")
            yield office


def fill(world: World) -> None:
    worlds.november_until(world.pekalongan, "closed")
    worlds.november_until(world.kebumen, "distributing")
    worlds.employ(world.database, "pusat", "national_admin")
    for code in ("rutan-blora", "rutan-kudus"):
        worlds.activate(world.database, "bansos", code, since=date(2024, 11, 1))
        worlds.activate(world.database, "canteen_profit", code, since=date(2024, 11, 1))


def manage_on_the_web(office: Walk) -> None:
    office.goes(f"{MATRIX}/managed-by")
    office.looks_and_stays("managed-by")
    office.fills(_reason="Diatur melalui web mulai hari ini")
    office.presses("Kelola nilai wilayah melalui web")
    office.goes(MATRIX)
    office.page.get_by_label("Semua UPT yang ditampilkan").check()
    office.chooses(do="web")
    office.presses("Lanjut")
    office.looks_and_stays("hand-over")
    office.fills(_reason="Diatur melalui web mulai hari ini")
    office.presses("Alihkan")


def change_a_value(office: Walk) -> None:
    begin_a_change(office, "field")
    office.looks_and_stays("change-which-field")
    office.chooses(field="quota")
    office.presses("Lanjut")
    office.looks_and_stays("change-value")
    office.fills(quota="4", _valid_from="2024-12-01", _reason="")
    office.presses("Lihat rencananya")
    office.looks_and_stays("change-refused")
    office.fills(_reason="Dana terbatas")
    office.presses("Lihat rencananya")
    office.looks_and_stays("change-plan")
    office.presses("Terapkan rencana ini")
    office.stands_at("Perubahan yang diterapkan")
    for action in ("lock", "reset", "off", "on", "template"):
        begin_a_change(office, action)
        office.looks_and_stays(f"change-{action}")
    begin_a_change(office, "off")
    office.fills(_valid_from="2024-12-01", _reason="Program dihentikan")
    office.presses("Lihat rencananya")
    office.looks_and_stays("plan-off")


def begin_a_change(office: Walk, action: str) -> None:
    office.goes(f"{MATRIX}?type=rutan&class=IIB")
    for code in (PEKALONGAN, KEBUMEN, "rutan-blora", "rutan-kudus", "rutan-salatiga"):
        if office.page.locator(f"#pick-{code}").count():
            office.page.locator(f"#pick-{code}").check()
    office.chooses(do=action, plugin="bansos")
    office.presses("Lanjut")


def keep_a_template(office: Walk) -> None:
    office.goes(f"{MATRIX}/templates")
    office.looks_and_stays("no-templates")
    office.goes(f"{MATRIX}/templates/new?facility={PEKALONGAN}")
    office.fills(name="Rutan kecil")
    office.page.locator("main input[value='bansos.quota']").check()
    office.presses("Simpan templat")


def order(office: Walk) -> None:
    office.goes(f"{REGION}/campaigns")
    office.looks_and_stays("no-campaigns")
    office.goes(f"{REGION}/campaigns/new")
    office.presses("Lihat pratinjau")
    office.looks_and_stays("campaign-refused")
    office.fills(title="Bakti sosial 14 Desember", on="2024-12-14", quota="5")
    office.presses("Lihat pratinjau")
    office.stands_at("Bakti sosial")
    office.looks_and_stays("campaign-preview")
    office.presses("Terbitkan perintah")


def configure_the_region(office: Walk) -> None:
    office.goes(f"{REGION}/plugins/bansos/configure")
    office.presses("Lihat akibatnya")
    office.looks_and_stays("region-configure-refused")
    office.fills(quota="6", _reason="Dana bertambah")
    office.presses("Lihat akibatnya")
    office.looks_and_stays("region-configure-preview")


def remind_and_recap(office: Walk) -> None:
    office.goes(f"{REGION}/reminders")
    office.looks_and_stays("reminders-to-send")
    office.presses("Kirim pengingat")
    office.goes(f"{REGION}/recap?month=2024-11")
    office.looks_and_stays("recap")
    office.fills(note="Grup WA Bidang Pelayanan")
    office.presses("Catat sudah dikirim")


def state_a_purpose(office: Walk) -> None:
    office.goes(f"{HERE}/purpose")
    office.presses("Buka data keluarga")
    office.looks_and_stays("purpose-refused")
    office.page.locator("main [name=kind]").first.check()
    office.fills(explanation="Memeriksa pertanggungjawaban November")
    office.presses("Buka data keluarga")
    office.seen = set()
    office.walks(f"{HERE}/households", within=f"{HERE}/households")


def test_no_page_has_a_fault(walked: Office):
    assert walked.faults == [], "\n".join(walked.faults)


def test_the_walk_comes_to_every_kind_of_page(walked: Office):
    seen = walked.seen["office"] | walked.seen["staff"]
    assert len(seen) > 60
    for page in (
        "/national",
        f"{REGION}/recap",
        f"{MATRIX}/changes/*/revert",
        f"{REGION}/campaigns/*/cancel",
        "/f/*/households",
    ):
        assert page in seen
