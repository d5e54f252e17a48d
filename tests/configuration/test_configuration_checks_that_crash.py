"""A check of a plugin's configuration that raises what it should not: the plugin stands still, named, and all else goes on."""

import pytest

from guyub.configuration import bulk_write
from guyub.configuration.bulk_write import ValueAt
from guyub.db.unit_of_work import Database
from guyub.facilities import service as facilities
from guyub.plugins.plugin_registry import PluginRegistry
from tests.configuration.conftest import PEKALONGAN, SINCE, SwitchOn
from tests.distributions import Shelf
from tests.visits import NewVisitor

SOURCE = """
from pydantic import model_validator
from guyub.sdk import Card, Config, Plugin, Text, field, hookimpl

def both(words):
    return Text(id=words, en=words)

class Settings(Config):
    unlucky: int = field(both("Angka"), help=both("Angka."), unit=both("buah"), default=3, ge=1, le=1000)

    @model_validator(mode="after")
    def is_lucky(self):
        if self.unlucky == 13:
            {raises}
        return self

class Specimen(Plugin):
    slug = "sial"
    title = both("Contoh sial")
    summary = both("Contoh untuk uji.")
    config = Settings

    @hookimpl
    def guyub_dashboard_cards(self, ctx):
        return [Card(both("Kartu sial"), str(ctx.config.unlucky))]

plugin = Specimen()
"""
HERE = f"/f/{PEKALONGAN}"
PLUGIN = f"{HERE}/plugins/sial"


@pytest.fixture(params=["raise KeyError('x')", "raise SystemExit(3)"])
def plugins(shelf: Shelf, request: pytest.FixtureRequest) -> PluginRegistry:
    shelf.add("sial", SOURCE.replace("{raises}", request.param))
    return shelf.plugins()


@pytest.fixture
def stored(database: Database, plugins: PluginRegistry, switch_on: SwitchOn) -> None:
    """A value is stored that the plugin's check breaks on."""
    switch_on(plugins, "sial")
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        bulk_write.set_many(work, [ValueAt("facility", PEKALONGAN, "sial", "unlucky", 13, False, SINCE, "uji", 1)])


@pytest.fixture
def by_web(database: Database) -> None:
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        facilities.set_managed_by(work, "web")


def test_the_home_page_stands_with_a_card_that_names_the_plugin_and_a_code(visitor: NewVisitor, stored: None):
    page = visitor("pengelola").reads(f"{HERE}/")
    assert "Contoh sial" in page
    assert "Plugin gagal memeriksa nilainya:" in page
    assert "Kode: E-" in page


def test_the_plugins_page_says_it_and_the_form_opens_to_fix_it(visitor: NewVisitor, stored: None, by_web: None):
    kanwil = visitor("kanwil")
    said = kanwil.reads(f"{PLUGIN}/")
    assert "Konfigurasi Contoh sial di Rutan Kelas IIA Pekalongan tidak sah." in said
    assert "Kode: E-" in said
    assert 'value="13"' in kanwil.opens(f"{PLUGIN}/configure").text
    form = {"unlucky": "7", "_valid_from": "2024-11-14", "_reason": "angka sial"}
    assert kanwil.fills(f"{PLUGIN}/configure", form).status_code == 200
    kanwil.follows(kanwil.sends_hidden(f"{PLUGIN}/configure", "_confirmed"))
    assert "Kartu sial" in visitor("pengelola").reads(f"{HERE}/")


def test_a_form_that_the_check_breaks_on_is_refused_by_the_plugins_name(
    visitor: NewVisitor, plugins: PluginRegistry, switch_on: SwitchOn, by_web: None
):
    switch_on(plugins, "sial")
    kanwil = visitor("kanwil")
    form = {"unlucky": "13", "_valid_from": "2024-11-14", "_reason": "coba"}
    answer = kanwil.fills(f"{PLUGIN}/configure", form)
    assert "Contoh sial" in answer.text
    assert "E-" in answer.text
    assert "Kartu sial" in visitor("pengelola").reads(f"{HERE}/")
