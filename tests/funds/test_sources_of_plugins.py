"""What the funds pages say of a source that is out of service, and of one that records its receipts on a page of its own."""

from datetime import UTC, date, datetime

import pytest

from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.funds import queries, sources
from guyub.plugins.global_disable import switch
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from tests.config_changes import set_active
from tests.conftest import Acting
from tests.distributions import Shelf
from tests.visits import NewVisitor, visitors

HERE = "/f/rutan-pekalongan/funds"
NOON = datetime(2024, 11, 14, 5, tzinfo=UTC)
BOX = """
from datetime import date
from guyub.sdk import FundingSource, FundTerms, Plugin, Posting, Receipt, Router, Text, field

class Emptied(Receipt):
    key = "emptied"
    title = Text(id="Kotak dibuka", en="Box emptied")
    page = "{page}"
    received_on: date = field(Text(id="Tanggal", en="Day"), help=Text(id="Tanggal.", en="Day."))

class Box(FundingSource):
    key = "box"
    title = Text(id="Kotak amal", en="Donation box")
    receipts = (Emptied,)

    def post(self, ctx, receipt):
        return Posting(FundTerms("BOX", "Kotak"), receipt.received_on, "Kotak", "BA-01", 1000)

routes = Router()

@routes.get("/boxes/new", permission="funds.receive")
def new(visit):
    return visit.file(b"its own page", "page.txt", "text/plain", inline=True)

class BoxPlugin(Plugin):
    slug = "box"
    title = Text(id="Kotak amal", en="Donation box")
    summary = Text(id="Kotak.", en="A box.")
    funding_sources = (Box(),)
    routes = routes

plugin = BoxPlugin()
"""


def test_staff_hear_of_a_source_that_is_deactivated_by_its_name_and_administrators_the_command(
    visitor: NewVisitor, database: Database, plugins: PluginRegistry, acting: Acting, funds: list[str]
):
    with database.work(database.as_service("cli: operator@server")) as work:
        switch(work, "csr_funding", disabled=True, reason="Diperiksa")
    for path in (HERE, f"{HERE}/receive"):
        page = visitor("pengelola").reads(path)
        assert "Dinonaktifkan pada" in page
        assert ": Diperiksa." in page
        assert "Hubungi administrator." in page
        assert "guyub plugin" not in page
        assert "operator@server" not in page
    listed = visitor("pengelola").reads(HERE)
    assert "CSR/TJSL perusahaan Rp400.000" in listed
    with acting("kanwil", "rutan-pekalongan") as work:
        why = sources.why_stopped(work, plugins, "csr_funding", NOON.date())
        assert why is not None
    assert why.remedy.id == "Jalankan: guyub plugin enable csr_funding"
    assert "Dinonaktifkan oleh cli: operator@server" in why.what.id


def test_a_source_that_never_loaded_is_called_once():
    assert sources.title_of(plugin_registry([]), "zakat", "zakat") == Text(id="zakat", en="zakat")
    assert sources.title_of(plugin_registry([]), "zakat", "mal").id == "zakat / mal"


def test_a_receipt_with_a_page_of_its_own_has_no_second_form(shelf: Shelf, database: Database, protector: Protector):
    shelf.add("box", BOX.format(page="/boxes/new"))
    plugins = plugin_registry()
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "box", work.here.id, True, date(2024, 1, 1), "uji")
    own, form = "/f/rutan-pekalongan/p/box/boxes/new", f"{HERE}/receive/box/box/emptied"
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: NOON), database) as come:
        treasurer = come("pengelola")
        listed = treasurer.opens(f"{HERE}/receive").text
        assert f'href="{own}"' in listed
        assert form not in listed
        sent = {"received_on": "2024-11-14", "_confirmed": "yes"}
        for answer in (treasurer.sends(form, sent), treasurer.opens(form)):
            assert (answer.status_code, answer.headers["location"]) == (303, own)
        assert treasurer.opens(own).text == "its own page"
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        assert [balance.code for balance in queries.balances(work)] == []


@pytest.mark.parametrize("page", ["/nowhere", "boxes/new"])
def test_a_page_that_is_not_there_quarantines_the_plugin(shelf: Shelf, page: str):
    shelf.add("box", BOX.format(page=page))
    status = plugin_registry().status("box")
    assert status.code == "host.declaration"
    assert f"“emptied” names the page {page}" in status.reason.en
