"""The staff of a facility see its configuration with where each value comes from, and change nothing."""

import pytest

from guyub.db.unit_of_work import Database
from tests import places
from tests.visits import NewVisitor
from tests.worlds import PEKALONGAN

LIST = f"/f/{PEKALONGAN}/plugins"
BANSOS = f"{LIST}/bansos/"


@pytest.fixture
def by_web(database: Database) -> None:
    places.managed_by(database, "web")


@pytest.mark.usefixtures("by_web")
@pytest.mark.parametrize("login", ["kasubsi", "karutan", "pengelola"])
def test_every_value_is_read_with_its_origin_and_nothing_can_be_changed(visitor: NewVisitor, login: str):
    reader = visitor(login)
    assert f'href="{LIST}"' in reader.opens(f"/f/{PEKALONGAN}/").text, "the menu leads there"
    assert "Bansos sembako" in reader.reads(LIST)
    said = reader.reads(BANSOS)
    assert "Hanya dapat dibaca" in said
    assert "Kuota per bulan 5 paket Rutan Kelas IIA Pekalongan · sejak 1 November 2024" in said
    assert "Rp250.000" in said
    assert "dikunci sejak" in said
    for address in ("configure", "activate", "deactivate", "reset/quota", "managed-by"):
        assert f"{BANSOS}{address}" not in reader.page.text
        assert reader.opens(f"{BANSOS}{address}").status_code in (403, 404), address
    assert "Periksa sekarang" not in said


def test_the_history_of_a_value_is_read_too(visitor: NewVisitor):
    assert "mulai 1 November 2024" in visitor("kasubsi").reads(f"{BANSOS}history?field=quota")


def test_the_configuration_of_another_facility_is_nobodys(visitor: NewVisitor):
    assert visitor("kasubsi").opens("/f/rutan-kebumen/plugins").status_code == 404


def test_secrets_stay_hidden(visitor: NewVisitor):
    assert "$sealed" not in visitor("kasubsi").opens(BANSOS).text
