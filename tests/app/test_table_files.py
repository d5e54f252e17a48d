"""Every table of every page as a file: found by walking all pages of worlds with data, and by reading all templates."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from fastapi import FastAPI

import guyub
from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.programs import cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.ui.collecting import Tables
from tests import plugin_on_the_web as infak
from tests import sample_plugins, worlds
from tests.distributions import shelf_in
from tests.visits import text_of, visitors
from tests.walking import Walk, kind_of, problems
from tests.worlds import PEKALONGAN, World

NOW = datetime(2024, 11, 20, 3, tzinfo=UTC)
CORE = Path(guyub.__file__).parent
ONLY_SENT: dict[str, str] = {
    "facilities/templates/preview.html": "what a change of a place would do, shown by the form that was sent and not yet saved",
    "configuration/templates/_parts.html": "what a change would do, shown by the form that was sent and not yet saved",
    "programs/templates/campaign_preview.html": "what an order would do, shown by the form that was sent and not yet issued",
}
"""Templates whose tables stand on answers to a form alone: such a page has no address to ask again."""

Use = tuple[str, int]


def uses() -> set[Use]:
    """Where a template of the core or of a plugin draws a table: file and line."""
    found = set()
    for folder in (CORE, CORE.parents[1] / "plugins"):
        for file in folder.rglob("*.html"):
            if file.name == "components.html":
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                if "ui.table(" in line:
                    found.add((_short(str(file)), number))
    return found


def _short(file: str) -> str:
    parts = Path(file).parts
    return "/".join(parts[-3:])


def calling_use() -> Use:
    """The place in a template whose table is being begun."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        name = frame.f_code.co_filename
        template = frame.f_globals.get("__jinja_template__")
        if name.endswith(".html") and not name.endswith("ui/templates/components.html") and template is not None:
            return _short(name), template.get_corresponding_lineno(frame.f_lineno)
        frame = frame.f_back
    raise LookupError("no template draws this table")


@dataclass
class Collection:
    """Which uses of a table gave files, and what was wrong with any of them; a table of a kind of page is taken once."""

    gave: set[Use]
    wrong: list[str]
    taken: set[str]

    def walk(self, application: FastAPI, world: World, login: str, *starts: str) -> None:
        with visitors(application, world.database) as come:
            visitor = come(login)
            visitor.client.cookies.set("guyub_lang", "en")
            walk = Walk(visitor, *starts)
            walk.go()
            for link, (path, page) in walk.files.items():
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
    begin = Tables.begin

    def watched(self: Tables, caption: Any, columns: Any) -> str:
        name = begin(self, caption, columns)
        if self.keeps(name):
            found.gave.add(calling_use())
        return name

    protector = cluster.keys.protector()
    with patch.object(Tables, "begin", watched):
        for step, people in SOME.items():
            with worlds.a_world(cluster) as world:
                cycle = worlds.november_until(world.pekalongan, step)
                if step == "distributing":
                    nobody_came(world, cycle)
                application = create_app(world.database, world.host, protector=protector, clock=lambda: NOW)
                for login, starts in people.items():
                    found.walk(application, world, login, *starts)
        with pytest.MonkeyPatch.context() as patching, shelf_in(tmp_path_factory.mktemp("shelf"), patching) as shelf:
            infak.install(shelf)
            with worlds.a_world(cluster, "hibah") as world:
                host = plugin_registry(sample_plugins.entries("hibah"))
                infak.switch_on(world.database, host)
                worlds.november_until(world.pekalongan, "closed")
                worlds.employ(world.database, "pusat", "national_admin")
                state_a_purpose(world)
                application = create_app(world.database, host, protector=protector, clock=lambda: NOW)
                keep_a_paper(application, world)
                order_and_keep_a_template(application, world)
                for login, starts in EVERYTHING.items():
                    found.walk(application, world, login, *starts)
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


def test_every_table_of_every_template_was_taken_as_a_file(collected):
    """A new table needs a page in the worlds above, or a reason in ``ONLY_SENT``."""
    missing = [f"{file}:{line}" for file, line in sorted(uses() - collected.gave) if file not in ONLY_SENT]
    assert not missing, "\n".join(missing)


def test_every_file_holds_its_table(collected):
    assert len(collected.taken) > 30
    assert not collected.wrong, "\n".join(collected.wrong)


def test_an_exemption_is_still_needed(collected):
    assert set(ONLY_SENT) <= {file for file, _ in uses() - collected.gave}
