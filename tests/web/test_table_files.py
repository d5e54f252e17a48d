"""Every table of every page as a file: found by walking all pages of worlds with data, and by reading all templates."""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from fastapi import FastAPI
from python_calamine import CalamineWorkbook

import guyub
from guyub.host.plugin_host import PluginHost
from guyub.programs import cycles, distribution, queries
from guyub.programs.cycles import Cycle
from guyub.ui.collecting import Tables
from guyub.web import create_app
from tests import plugin_on_the_web as infak
from tests import sample_plugins, worlds
from tests.distributions import shelf_in
from tests.visits import Visitor, text_of, visitors
from tests.worlds import PEKALONGAN, World

NOW = datetime(2024, 11, 20, 3, tzinfo=UTC)
CORE = Path(guyub.__file__).parent
MARK = chr(0xE000)
ONLY_SENT: dict[str, str] = {
    "facilities/templates/preview.html": "what a change of a place would do, shown by the form that was sent and not yet saved",
    "host/templates/_parts.html": "what a change would do, shown by the form that was sent and not yet saved",
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


def kind_of(path: str) -> str:
    """The address with what only tells one thing from the next of its kind left out: ids, places, days."""
    kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|rutan-(?!pekalongan)[a-z-]+|(?:lpp|lpka|lapas|bapas)-[a-z-]+", "*", path)
    return re.sub(r"([?&](month|since|until|on|first|second|day|field)=)[^&]*", r"\1*", kind)


class Walk:
    """All pages that links lead to, each address once."""

    def __init__(self, visitor: Visitor, *starts: str) -> None:
        self.visitor = visitor
        self.waiting = list(starts)
        self.seen: set[str] = set()
        self.files: dict[str, tuple[str, str]] = {}

    def go(self) -> None:
        while self.waiting:
            path = self.waiting.pop()
            kind = re.sub(
                r"[0-9a-f]{8}-[0-9a-f-]{27}|rutan-(?!pekalongan|kebumen)[a-z-]+|lapas-[a-z-]+|bapas-[a-z-]+", "*", path
            )
            kind = re.sub(r"([?&](month|since|until|on|first|second|day)=)[^&]*", r"\1*", kind)
            if kind in self.seen or len(self.seen) > 400:
                continue
            self.seen.add(kind)
            answer = self.visitor.opens(path)
            if answer.status_code == 303:
                self.waiting.append(answer.headers["location"])
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            for given in re.findall(r'href="([^"#]+)"', answer.text):
                link = unescape(given)
                if not link.startswith("/") or link.startswith("/static"):
                    continue
                if "export=" in link:
                    if link.endswith("export=csv"):
                        self.files[link] = (path, answer.text)
                elif not re.search(r"\.(xlsx|pdf|ics)|/xlsx|/csv|view=1", link):
                    self.waiting.append(link)


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
MONTH = f"{BASE}/programs/bansos/2024-11"
PURCHASES = f"{BASE}/funds/purchases/bansos/2024-11"
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
                host = PluginHost(sample_plugins.entries("hibah"))
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
        distribution.mark_absent(work, cycle, [one.id for one in queries.recipients(work, cycle)], "tidak datang")


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


def problems(visitor: Visitor, link: str, page: str) -> Iterator[str]:
    """What keeps the three files from being that table."""
    answers = {
        shape: visitor.client.get(link.replace("export=csv", f"export={shape}")) for shape in ("csv", "xlsx", "json")
    }
    for shape, answer in answers.items():
        if answer.status_code != 200 or "attachment" not in answer.headers.get("content-disposition", ""):
            yield f"{link} {shape}: {answer.status_code}"
            return
    if "table=pages_that_were_opened" in link or "/trail?" in link:
        return  # these grow by being read or taken
    visitor.client.cookies.set("guyub_lang", "id")
    translated = visitor.client.get(link.replace("export=csv", "export=json")).content
    visitor.client.cookies.set("guyub_lang", "en")
    text = answers["csv"].content.decode("utf-8-sig")
    if translated != answers["json"].content:
        yield f"{link}: {different(json.loads(answers['json'].content), json.loads(translated))} by language"
    yield from (
        f"{link}: {cell!r} counts in words" for row in table_rows(text) for cell in row if _COUNTED.search(cell)
    )
    yield from (f"{link}: {words!r} is a link's" for words in beside_text(page, link) if words in text)
    head, *rows = csv.reader(StringIO(text), delimiter=";")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answers["xlsx"].content)).get_sheet_by_index(0).to_python()
    objects = json.loads(answers["json"].content)
    if MARK in text or MARK in answers["json"].text or "<" in text.replace("<=", ""):
        yield f"{link}: {text[:200]}"
    if not len(rows) == len(sheet) - 1 == len(objects):
        yield f"{link}: {len(rows)} rows in CSV, {len(sheet) - 1} in XLSX, {len(objects)} in JSON"
    if head != sheet[0] or any(len(one) != len(head) for one in objects):
        yield f"{link}: {head} {sheet[0]} {objects[:1]}"
    shown = table_of(page, link)
    columns = [name for name in head if not name.endswith(" (unit)")]
    if shown is not None:
        if [name for name in columns if name in shown[0]] != shown[0]:
            yield f"{link}: {head} is not {shown[0]}"
        if 'rel="next"' not in page and len(rows) != shown[1]:
            yield f"{link}: {len(rows)} rows, the page shows {shown[1]}"


_COUNTED = re.compile(r"(?<![\w.])[\d.,]+ (?:of|dari) [\d.,]+(?!\w)")


def table_rows(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text), delimiter=";"))[1:]


def different(ours: list[Any], theirs: list[Any]) -> list[Any]:
    """The first that differs, of each file: what it says in English and in Indonesian."""
    return next(
        ([one, row[name], other.get(name)] for row, other in zip(ours, theirs, strict=False) for one, name in
         enumerate(row) if row[name] != other.get(name)), [],
    )  # fmt: skip


def beside_text(page: str, link: str) -> list[str]:
    """What links say that stand in a cell behind its text: they lead elsewhere."""
    found = []
    for cell in re.findall(r"<t[dh]\b[^>]*>(.*?)</t[dh]>", drawn_table(page, link) or "", re.DOTALL):
        first, *others = re.split(r"<a\b", cell)
        before = bool(text_of_html(first))
        for other in others:
            words, _, after = other.partition(">")[2].partition("</a>")
            if before and (said := text_of_html(words)):
                found.append(said)
            before = before or bool(text_of_html(words + after))
    return found


def text_of_html(html: str) -> str:
    html = re.sub(r'<span class="visually-hidden">.*?</span>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def table_of(page: str, link: str) -> tuple[list[str], int] | None:
    """Headings and number of rows of the table above this link, as the page has them; None for a list that is no table."""
    table = drawn_table(page, link)
    if table is None:
        return None
    heads = re.findall(r'<th scope="col"([^>]*)>(.*?)</th>', table, re.DOTALL)
    kept = [unescape(text) for attributes, text in heads if "cell-action" not in attributes]
    body = re.search(r"<tbody>(.*)</tbody>", table, re.DOTALL)
    return kept, len(re.findall(r"<tr>", body[1])) if body else 0


def drawn_table(page: str, link: str) -> str | None:
    at = page.find(link.replace("&", "&amp;"))
    start = page.rfind("<table", 0, at)
    if (
        start < 0
        or '<ol class="list-group' in page[start:at]
        or '<table class="bars"' in page[start:at]
        or page.rfind("export=csv", 0, at) > start
    ):
        return None
    return page[start:at]


def test_every_table_of_every_template_was_taken_as_a_file(collected):
    """A new table needs a page in the worlds above, or a reason in ``ONLY_SENT``."""
    missing = [f"{file}:{line}" for file, line in sorted(uses() - collected.gave) if file not in ONLY_SENT]
    assert not missing, "\n".join(missing)


def test_every_file_holds_its_table(collected):
    assert len(collected.taken) > 30
    assert not collected.wrong, "\n".join(collected.wrong)


def test_an_exemption_is_still_needed(collected):
    assert set(ONLY_SENT) <= {file for file, _ in uses() - collected.gave}
