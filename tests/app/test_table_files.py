"""Every table of every page as a file: found by walking all pages of worlds with data, and in all declarations."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

import guyub
from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.funds import book_closing, stock_takes
from guyub.funds import queries as books
from guyub.funds.stock_takes import Present, WrittenLine
from guyub.programs import cycles, distribution, queries
from guyub.programs.cycles import Cycle
from tests import plugin_on_the_web as infak
from tests import sample_plugins, worlds
from tests.distributions import shelf_in
from tests.visits import text_of, visitors
from tests.walking import Walk, kind_of, problems
from tests.worlds import PEKALONGAN, World

pytestmark = pytest.mark.deep

NOW = datetime(2024, 11, 20, 3, tzinfo=UTC)
CORE = Path(guyub.__file__).parent
ONLY_SENT: dict[str, str] = {
    "what_changes": "what a change of a place would do, shown by the form that was sent and not yet saved",
    "facilities_that_carry_it_out": "what an order would do, shown by the form that was sent and not yet issued",
    "facilities_left_out": "what an order would do, shown by the form that was sent and not yet issued",
}
"""Tables that stand on answers to a form alone: such a page has no address to ask again."""

_NAMED_THERE = re.compile(r'\.(?:of|part)\((?:[^()]|\([^()]*\))*?\bname="([a-z0-9_]+)"', re.DOTALL)
"""Where a page has two tables of one declaration, or one under another name."""


def declared() -> set[str]:
    """The names of all tables that the core declares."""
    found = set()
    for file in CORE.rglob("*.py"):
        text = file.read_text()
        if file.name in ("tables.py", "audit_log_tables.py") and file.parent.name not in ("sdk", "ui"):
            found |= set(re.findall(r'\bname="([a-z0-9_]+)"', text))
        found |= set(_NAMED_THERE.findall(text))
    return found


@dataclass
class Collection:
    """Which tables gave files, and what was wrong with any of them; a table of a kind of page is taken once."""

    gave: set[str]
    wrong: list[str]
    taken: set[str]

    def walk(self, application: FastAPI, world: World, login: str, *starts: str) -> None:
        with visitors(application, world.database) as come:
            visitor = come(login)
            visitor.client.cookies.set("guyub_lang", "en")
            walk = Walk(visitor, *starts)
            walk.go()
            for link, (path, page) in walk.files.items():
                self.gave |= set(re.findall(r"[?&]table=([a-z0-9_]+)", link))
                if (kind := kind_of(link)) not in self.taken:
                    self.taken.add(kind)
                    self.wrong += [f"{login} at {path}: {problem}" for problem in problems(visitor, link, page)]


BASE = f"/f/{PEKALONGAN}"
MONTH = f"{BASE}/cycles/2024-11"
PURCHASES = f"{BASE}/funds/purchases/2024-11"
EVERYTHING = {
    "kasubsi": (f"{BASE}/",),
    "pengelola": (f"{BASE}/", PURCHASES),
    "kanwil": (
        "/region/jawa-tengah/",
        f"{BASE}/",
        f"{BASE}/plugins/bansos/history?on=2024-11-20",
        "/region/jawa-tengah/configuration/compare?a=rutan-pekalongan&b=rutan-kebumen&same=yes",
        "/region/jawa-tengah/configuration/values?facility=rutan-pekalongan&plugin=bansos",
    ),
    "pusat": ("/", "/national"),
}
EMPTY = (
    "/account/tokens?table=your_tokens",
    "/region/jawa-tengah/facilities?table=moved_to_other_regions",
    "/region/jawa-tengah/recap?table=facilities_that_are_not_in_yet",
    "/region/jawa-tengah/recap?table=recaps_that_were_sent",
    "/region/jawa-tengah/reminders?table=what_is_late",
    "/region/jawa-tengah/reminders?table=reminders_that_were_sent",
    f"{BASE}/reminders?table=reminders",
)
"""Tables that may be without rows here, and are files of headings then."""

SOME = {
    "proposed": {"karutan": (f"{MONTH}/approval",)},
    "approved": {"karutan": (f"{MONTH}/", PURCHASES)},
    "distributing": {"kasubsi": (f"{MONTH}/close",)},
}
"""Where the tables stand that are there only while a month is at that step."""


@pytest.fixture(scope="module")
def collected(cluster: Any, tmp_path_factory: pytest.TempPathFactory) -> Collection:
    found = Collection(set(), [], set())
    protector = cluster.keys.protector()
    for step, people in SOME.items():
        with worlds.a_world(cluster) as world:
            cycle = worlds.november_until(world.pekalongan, step)
            if step == "distributing":
                nobody_came(world, cycle)
            application = create_app(world.database, world.plugins, protector=protector, clock=lambda: NOW)
            for login, starts in people.items():
                found.walk(application, world, login, *starts)
    with pytest.MonkeyPatch.context() as patching, shelf_in(tmp_path_factory.mktemp("shelf"), patching) as shelf:
        infak.install(shelf)
        with worlds.a_world(cluster, "hibah") as world:
            plugins = plugin_registry(sample_plugins.entries("hibah"))
            infak.switch_on(world.database, plugins)
            worlds.november_until(world.pekalongan, "closed")
            worlds.employ(world.database, "pusat", "national_admin")
            state_a_purpose(world)
            application = create_app(world.database, plugins, protector=protector, clock=lambda: NOW)
            for _ in range(2):
                keep_a_paper(application, world)
            archive_a_household(application, world)
            count_the_stock(world)
            close_a_book(world)
            order_and_keep_a_template(application, world)
            for login, starts in EVERYTHING.items():
                found.walk(application, world, login, *starts)
            found.gave |= {table for link in EMPTY for table in re.findall(r"table=([a-z0-9_]+)", link)}
            with visitors(application, world.database) as come:
                found.wrong += [
                    problem for link in EMPTY for problem in problems(come("kanwil"), f"{link}&export=csv", "")
                ]
    return found


def nobody_came(world: World, cycle: Cycle) -> None:
    here = world.pekalongan
    with here.work_of(here.services) as work:
        cycle = cycles.get(work, "bansos", cycle.period)
        distribution.mark_absent(
            work, cycle, [recipient.id for recipient in queries.recipients(work, cycle)], "tidak datang"
        )


def keep_a_paper(application: FastAPI, world: World) -> None:
    with visitors(application, world.database) as come:
        answer = come("kasubsi").fills(f"{MONTH}/documents", {"kind": "recipient_list"})
        assert answer.status_code == 303, text_of(answer)[-600:]


def archive_a_household(application: FastAPI, world: World) -> None:
    with visitors(application, world.database) as come:
        kasubsi = come("kasubsi")
        household = re.search(rf'href="({BASE}/households/[0-9a-f-]{{36}})"', kasubsi.opens(f"{BASE}/households").text)
        assert household
        answer = kasubsi.fills(f"{household[1]}/archive", {"reason": "pindah ke kota lain"})
        assert answer.status_code == 303, text_of(answer)[-600:]


def count_the_stock(world: World) -> None:
    with world.pekalongan.work_of("pengelola") as work:
        line = WrittenLine("beras", Decimal(1), explained={"found": Decimal(1)}, value=14_000)
        counter, witness = Present("Pengelola Contoh"), Present("Saksi Contoh")
        stock_takes.book(work, [line], is_count=True, on=date(2024, 11, 18), counter=counter, witness=witness)


def close_a_book(world: World) -> None:
    with world.pekalongan.work_of("pengelola") as work:
        fund = next(fund for fund in books.balances(work) if fund.plugin == "csr_funding")
        counted = fund.free + fund.reserved
        book_closing.close(work, fund.code, date(2024, 11, 1), date(2024, 12, 2), cash_in_hand=counted, bank=0)


def order_and_keep_a_template(application: FastAPI, world: World) -> None:
    region = "/region/jawa-tengah"
    with visitors(application, world.database) as come:
        office = come("kanwil")
        order = {
            "kind": "bansos/sembako",
            "title": "Bakti sosial",
            "on": "2024-12-14",
            "quota": "5",
            "ceiling": "",
            "facilities": [PEKALONGAN],
        }
        office.fills(f"{region}/campaigns/new", order)
        answer = office.sends_hidden(f"{region}/campaigns/new", "issue")
        assert answer.status_code == 303, text_of(answer)[-600:]
        kept = {"name": "Rutan kecil", "note": "", "facility": PEKALONGAN, "values": ["bansos.quota"]}
        answer = office.fills(f"{region}/configuration/templates/new?facility={PEKALONGAN}", kept)
        assert answer.status_code == 303, text_of(answer)[-600:]


def state_a_purpose(world: World) -> None:
    with worlds.attacker(world.installation, world.database) as reader:
        reader.enter("kanwil")
        reader.sees(
            "SELECT guyub.state_purpose((SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan'), 'audit', "
            "'Memeriksa pertanggungjawaban November', 60)"
        )
        reader.connection.commit()


def test_every_declared_table_was_taken_as_a_file(collected):
    """A new table needs a page in the worlds above, or a reason in ``ONLY_SENT``."""
    assert declared() - collected.gave - ONLY_SENT.keys() == set()


def test_every_file_holds_its_table(collected):
    assert len(collected.taken) > 30
    assert not collected.wrong, "\n".join(collected.wrong)


def test_an_exemption_is_still_needed(collected):
    assert set(ONLY_SENT) <= declared() - collected.gave
