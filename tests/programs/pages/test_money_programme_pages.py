"""A programme that pays money goes the same way: no goods are named, nothing is bought, the amount is handed over."""

from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint, entry_points

import pytest
from fastapi import FastAPI

from guyub.cli.demonstration.month import Rutan
from guyub.db.keys import Protector
from guyub.db.work import Database
from guyub.host.plugin_host import PluginHost
from guyub.programs import routes
from guyub.web import create_app
from guyub.web.rooms import Room
from tests.visits import NewVisitor, visitors

from .conftest import Books, Clock

HERE = "/f/rutan-pekalongan/programs/beasiswa"
NOVEMBER = f"{HERE}/2024-11"


@pytest.fixture
def with_scholarship(database: Database, protector: Protector, clock: Clock) -> Iterator[NewVisitor]:
    scholarship = EntryPoint("beasiswa", "tests.programs.pages.scholarship:plugin", "guyub")
    host = PluginHost([*entry_points(group="guyub"), scholarship])
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        host.set_active(work, "beasiswa", work.here.id, True, date(2024, 11, 1), "percobaan")
    application: FastAPI = create_app(database, host, protector=protector, clock=clock, rooms=[Room.of(routes)])
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
    assert "Bantuan sekolah – Rp300.000" in page
    kasubsi.opens(f"{NOVEMBER}/candidates")
    assert "Tidak ada anak usia sekolah." in kasubsi.reads(f"{NOVEMBER}/candidates?state=excluded")
    kasubsi.opens(f"{NOVEMBER}/candidates")
    kasubsi.sends(f"{NOVEMBER}/candidates/select", {"wanted": "2"})
    kasubsi.fills(f"{NOVEMBER}/propose", {})
    page = karutan.follows(karutan.fills(f"{NOVEMBER}/approval", {}))
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
    assert "Bantuan sekolah Rp300.000" in kasubsi.reads(f"{NOVEMBER}/distribution/{first}")
    page = kasubsi.reads(f"{NOVEMBER}/close")
    assert "Tidak ada sisa" in page
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/close"))
    assert "Nilai diserahkan Rp600.000" in page
