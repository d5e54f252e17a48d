"""All pages that the offices and the staff of a rutan are led to, in a browser: nothing that axe objects to, nothing wider
than the window, nothing that the browser complains of, nothing that the keyboard cannot reach.

A walk comes to every kind of page, in both languages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from guyub.access import sign_in

from .. import worlds
from ..visits import Clock
from ..worlds import KEBUMEN, PEKALONGAN, World
from .conftest import served
from .looking import WIDE, Seen, Walk, rendered

REGION = "/region/jawa-tengah"
MATRIX = f"{REGION}/configuration"
HERE, THERE = f"/f/{PEKALONGAN}", f"/f/{KEBUMEN}"
COMPARED = f"compare?a={PEKALONGAN}&b={KEBUMEN}&same=yes"
ON_A_DAY = f"values?facility={PEKALONGAN}&plugin=bansos"
OFFICES = ("kanwil", "pusat")


class Office:
    """The application on a port over a world with data, and the people who come to it."""

    def __init__(self, chromium: Browser, address: str, world: World, rendered: list[str]) -> None:
        self.chromium, self.address, self.world = chromium, address, world
        self.rendered = rendered
        self.faults: list[str] = []
        self.templates: set[str] = set()
        self.seen = {side: Seen(self.faults, templates=self.templates) for side in ("office", "staff")}

    def person(self, login: str) -> Walk:
        context = self.chromium.new_context(viewport=WIDE, locale="id-ID")
        token = sign_in.session_for(self.world.database, login, "tests")
        context.add_cookies([{"name": "guyub_session", "value": token, "url": self.address}])
        page = context.new_page()
        # An answer to a form is asked for again in the other language; test_back_after_an_answer sees what people see.
        page.add_init_script("history.replaceState = () => {}")
        page.set_default_timeout(15_000)
        seen = self.seen["office" if login in OFFICES else "staff"]
        walk = Walk(page, self.address, login, seen, self.rendered)
        page.on("console", lambda message: walk.hears(message.text))
        page.on("pageerror", lambda error: walk.complains(f"error {error}"))
        return walk


pytestmark = [pytest.mark.deep, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def walked(chromium: Browser, cluster: Any) -> Iterator[Office]:
    with everybody_walks(chromium, cluster) as office:
        yield office


@contextmanager
def everybody_walks(chromium: Browser, cluster: Any) -> Iterator[Office]:
    clock = Clock(datetime(2024, 11, 25, 1, tzinfo=UTC))
    with worlds.a_world(cluster) as world, rendered() as templates:
        fill(world)
        with served(world.database, world.plugins, cluster.keys.protector(), clock) as address:
            office = Office(chromium, address, world, templates)
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
    office.walks(f"{HERE}/households", within=f"{HERE}/households", again=True)


def test_the_walk_comes_to_every_kind_of_page(walked: Office):
    seen = walked.seen["office"].pages | walked.seen["staff"].pages
    assert (len(seen) > 60, len(walked.templates) > 50) == (True, True)
    for page in (
        "/national",
        f"{REGION}/recap",
        f"{MATRIX}/changes/*/revert",
        f"{REGION}/campaigns/*/cancel",
        "/f/*/households",
    ):
        assert page in seen


def test_no_page_has_a_fault(walked: Office):
    assert walked.faults == [], "\n".join(walked.faults)
