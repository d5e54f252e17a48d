"""A wrong value in the form of a plugin is said as in files and through the API: field, place, plugin, and what is allowed."""

from typing import Any

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from tests import places
from tests.visits import Visitor, text_of
from tests.worlds import PEKALONGAN

from .test_configuration_of_a_region import WHY, fields_of

HERE = f"/f/{PEKALONGAN}/plugins/bansos/configure"
REGION = "/region/jawa-tengah/plugins/bansos/configure"
AT = "Rutan Kelas IIA Pekalongan, Bansos sembako: "


@pytest.fixture
def plugins(protector: Protector) -> PluginRegistry:
    return plugin_registry(protector=protector)


@pytest.fixture(autouse=True)
def by_web(database: Database) -> None:
    places.managed_by(database, "web", PEKALONGAN)


def says(kanwil: Visitor, path: str, **changed: Any) -> str:
    kanwil.opens(path)
    answer = kanwil.sends(path, fields_of(kanwil) | WHY | changed)
    assert answer.status_code == 422, text_of(answer)
    return text_of(answer)


@pytest.mark.parametrize(
    ("control", "typed", "said"),
    [
        (
            "quota",
            "lima",
            "“Kuota per bulan” (quota) harus berupa bilangan bulat, bukan “lima”; isi 1 sampai 100.000 paket.",
        ),
        ("quota", "", "“Kuota per bulan” (quota) belum diisi; isi 1 sampai 100.000 paket."),
        (
            "package.0.price",
            "abc",
            "“Isi paket”, baris 1, kolom “Harga satuan” (package.0.price) harus berupa jumlah rupiah tanpa sen,"
            " seperti 1.500.000, bukan “abc”; isi",
        ),
        (
            "package.0.quantity",
            "-1",
            "“Isi paket”, baris 1, kolom “Jumlah” (package.0.quantity): -1 tidak diterima; isi lebih dari 0",
        ),
    ],
)
def test_at_a_facility(kanwil: Visitor, control: str, typed: str, said: str):
    assert f"{AT}{said}" in says(kanwil, HERE, **{control: typed})


def test_for_a_region(kanwil: Visitor):
    office = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah, Bansos sembako: "
    said = says(kanwil, REGION, ceiling="seratus")
    assert (
        f"{office}“Batas nilai paket” (ceiling) harus berupa jumlah rupiah tanpa sen, seperti 1.500.000, bukan “seratus”; isi"
        in said
    )


def test_in_english_numbers_are_grouped_as_in_english_and_read_so(kanwil: Visitor):
    kanwil.client.cookies.set("guyub_lang", "en")
    assert "must be a whole number, not “lima”; enter 1 to 100,000 packages." in says(kanwil, HERE, quota="lima")
    answer = kanwil.sends(HERE, fields_of(kanwil) | WHY | {"quota": "1,500"})
    assert answer.status_code == 200, text_of(answer)
    assert "1.500" in text_of(answer) or "1,500" in text_of(answer)
