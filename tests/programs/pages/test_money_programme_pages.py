"""A programme that pays money goes the same way: no goods are named, nothing is bought, the amount is handed over."""

import re
from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint, entry_points
from io import BytesIO

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo.month import Rutan
from guyub.programs import routes
from tests.config_changes import set_active
from tests.visits import Clock, NewVisitor, Visitor, hidden_in, visitors

from .conftest import Books

HERE = "/f/rutan-pekalongan/programs/beasiswa"
NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"


@pytest.fixture
def with_scholarship(database: Database, protector: Protector, clock: Clock) -> Iterator[NewVisitor]:
    scholarship = EntryPoint("beasiswa", "tests.programs.pages.scholarship:plugin", "guyub")
    plugins = plugin_registry([*entry_points(group="guyub"), scholarship])
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "beasiswa", work.here.id, True, date(2024, 11, 1), "percobaan")
    application: FastAPI = create_app(database, plugins, protector=protector, clock=clock, rooms=[Room.of(routes)])
    with visitors(application, database) as come:
        yield come


def test_a_month_of_money_from_its_opening_to_its_close(
    rutan: Rutan, funds: list[str], books: Books, with_scholarship: NewVisitor
):
    kasubsi, karutan = with_scholarship("kasubsi"), with_scholarship("karutan")
    both = {f"fund.{funds[0]}": "1", f"fund.{funds[1]}": "2"}
    page = kasubsi.follows(
        kasubsi.fills(f"{HERE}/open", {"month": "2024-11", "on": "2024-11-16", "at": "09.00", "place": "Aula", **both})
    )
    assert "Beasiswa" in kasubsi.page.text
    assert "Uang buku – Rp200.000 Uang jalan – Rp100.000" in page
    kasubsi.opens(f"{NOVEMBER}/candidates")
    assert "Tidak ada anak usia sekolah." in kasubsi.reads(f"{NOVEMBER}/candidates?state=excluded")
    kasubsi.opens(f"{NOVEMBER}/candidates")
    kasubsi.sends(f"{NOVEMBER}/candidates/select", {"wanted": "2"})
    kasubsi.fills(f"{NOVEMBER}/propose", {})
    karutan.client.cookies.set("guyub_lang", "en")
    assert "Money for books – Rp200.000 Money for the way – Rp100.000" in karutan.reads(f"{NOVEMBER}/approval")
    karutan.client.cookies.set("guyub_lang", "id")
    page = karutan.follows(karutan.sends(f"{NOVEMBER}/approval", hidden_in(karutan.page)))
    assert "Disetujui. Rp600.000 dicadangkan" in page
    assert "Masih harus dibeli" not in page

    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "Langkah berikutnya Mulai penyaluran" in page
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/start"))
    kasubsi.follows(
        kasubsi.fills(f"{NOVEMBER}/distribution/many", {"whom": "all", "mark": "signature", "witness": books.witness})
    )
    kasubsi.opens(f"{NOVEMBER}/distribution")
    first = kasubsi.page.text.split(f'href="{NOVEMBER}/distribution/')[1].split('"')[0]
    assert "Uang buku Rp200.000, Uang jalan Rp100.000" in kasubsi.reads(f"{NOVEMBER}/distribution/{first}")
    page = kasubsi.reads(f"{NOVEMBER}/close")
    assert "Tidak ada sisa" in page
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/close"))
    assert "Nilai diserahkan Rp600.000" in page

    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/documents", {"kind": ["receipts", "recipient_list", "handover_record"]}))
    papers = " ".join(paper_in(kasubsi, link) for link in re.findall(r'href="([^"]+)\?view=1"', kasubsi.page.text))
    assert "uang buku berupa uang sebesar Rp200.000 (dua ratus ribu rupiah)" in papers
    assert "uang jalan berupa uang sebesar Rp100.000 (seratus ribu rupiah)" in papers
    assert "Uang buku Rp200.000 Uang jalan Rp100.000" in papers
    assert "Uang buku, Uang jalan" in papers


def paper_in(reader: Visitor, link: str) -> str:
    pages = PdfReader(BytesIO(reader.client.get(link).content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
