"""What users can see of the month of November 2024, compared with files that a person has read.

For each reader: every page (its heading and its figures), every table as JSON (whole), every document (its text). A change of
these files is reviewed like code; after a change that is meant, write them anew: ``GUYUB_WRITE_GOLDEN=1 make test
ARGS=tests/golden``.
"""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from guyub.app import create_app
from guyub.programs import cycles
from guyub.programs.documents import bundle as document_bundle
from guyub.sdk.words import format_date
from tests import worlds
from tests.visits import text_of, visitors
from tests.walking import Walk
from tests.worlds import PEKALONGAN, World

HERE = Path(__file__).parent
NOW = datetime(2024, 11, 20, 3, tzinfo=UTC)
BASE = f"/f/{PEKALONGAN}"
READERS = {
    "kasubsi": (f"{BASE}/",),
    "karutan": (f"{BASE}/",),
    "pengelola": (f"{BASE}/", f"{BASE}/funds/purchases/2024-11"),
    "pengamanan": (f"{BASE}/",),
    "kanwil": ("/region/jawa-tengah/", f"{BASE}/plugins/bansos/history?on=2024-11-20"),
    "pusat": ("/", "/national"),
}
_GROWS = ("trail", "audit", "pages_that_were_opened")
"""Lists that grow by being read, or hold moments of the real clock."""
_VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|\b\d{1,2}[.:]\d{2}(?:[.:]\d{2})?\b(?= ?WI| ?$|,)|\b[0-9a-f]{12,}\b|v=[0-9a-f]{12}"
)
_FIGURE = re.compile(r"-?\d[\d.,]*")


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        worlds.employ(made.database, "pusat", "national_admin")
        yield made


@pytest.mark.parametrize("login", READERS)
def test_pages_and_tables_are_those_of_the_golden_files(world, cluster, login):
    application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
    with visitors(application, world.database) as come:
        visitor = come(login)
        walk = _Looks(visitor, *READERS[login])
        walk.go()
        tables = {
            walk.kind(link): _table(visitor.client.get(link.replace("export=csv", "export=json")).json())
            for link in walk.files
            if not any(word in link for word in _GROWS)
        }
    compare(f"pages-{login}", walk.pages)
    compare(f"tables-{login}", tables)


def test_documents_are_those_of_the_golden_files(world):
    here = world.pekalongan
    with here.work_of(here.services) as work:
        cycle = cycles.get(work, "bansos", date(2024, 11, 1))
        kept = document_bundle.produce_all(work, cycle, date(2024, 11, 16), NOW)
        read = {
            f"{document.kind} {document.file_name}": _text(document.file_name, document_bundle.content(work, document))
            for document in kept
        }
    compare("documents", read)


class _Looks(Walk):
    """Keeps of each page its heading and its figures, in their order."""

    def __init__(self, visitor: Any, *starts: str) -> None:
        super().__init__(visitor, *starts)
        self.pages: dict[str, Any] = {}

    def opens(self, path: str) -> Any:
        answer = super().opens(path)
        kind = self.kind(path)
        if not any(word in path for word in _GROWS):
            self.pages[kind] = _page(answer)
        return answer


def _page(answer: Any) -> Any:
    if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
        return answer.status_code
    heading = re.search(r"(?s)<h1>(.*?)</h1>", answer.text)
    text = _VARIES.sub("*", _without_the_real_day(text_of(answer)))
    return [heading[1].strip() if heading else "", " ".join(_FIGURE.findall(text))]


def _table(rows: list[dict[str, Any]]) -> Any:
    lines = sorted(_without_the_real_day(json.dumps(row, ensure_ascii=False)) for row in rows)
    return [json.loads(_VARIES.sub("*", line)) for line in lines]


def _text(name: str, content: bytes) -> Any:
    if name.endswith(".txt"):
        return content.decode().splitlines()
    if name.endswith(".pdf"):
        pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
        return [" ".join(line.split()) for page in pages for line in page.splitlines() if line.strip()]
    return "binary"


def _without_the_real_day(text: str) -> str:
    """Moments that the database stamped bear the day on which the test runs."""
    today = datetime.now(UTC).date()
    for day in (today, today.fromordinal(today.toordinal() + 1), today.fromordinal(today.toordinal() - 1)):
        spoken = (format_date(day), format_date(day, "en"), f"{day:%Y-%m-%d}")
        for form in spoken:
            text = re.sub(
                rf"{re.escape(form)}(?:[T ]\d\d:\d\d[0-9:.+]*| pukul \d\d\.\d\d| at \d\d[.:]\d\d)?", "*", text
            )
    return text


def compare(name: str, found: Any) -> None:
    file = HERE / f"{name}.json"
    text = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("GUYUB_WRITE_GOLDEN"):
        file.write_text(text)
    expected = json.loads(file.read_text())
    actual = json.loads(text)
    different = {key for key in expected.keys() | actual.keys() if expected.get(key) != actual.get(key)}
    assert not different, "\n".join(
        f"{key}\n  golden: {expected.get(key)}\n  now:    {actual.get(key)}" for key in sorted(different)[:20]
    )
