"""What the files of tables are called: by what they hold, of what and where, and of which month or day."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from guyub.db.unit_of_work import CodeName
from guyub.http.table_download import name_of
from guyub.sdk.text import Text
from guyub.ui.render import PageContext

HOUSEHOLDS = Text(id="Keluarga", en="Households")
NOW = datetime(2024, 11, 16, 2, tzinfo=UTC)
JATENG = CodeName("jawa-tengah", "Jawa Tengah")


AID = Text(id="Bansos sembako", en="Staple-food aid")


@dataclass
class Month:
    """A page of a cycle names its files."""

    file_subject: Text = AID
    file_period: str = "2024-11"


def page(address: str, lang: str = "id") -> PageContext:
    return PageContext(lang=lang, path=address.partition("?")[0], here=address, csrf_token="", now=NOW, region=JATENG)


def test_a_file_is_named_in_the_language_of_its_reader_with_place_and_day():
    assert name_of(HOUSEHOLDS, page("/x"), "csv", {}, {}) == "keluarga-jawa-tengah-2024-11-16.csv"
    assert name_of(HOUSEHOLDS, page("/x", "en"), "xlsx", {}, {}) == "households-jawa-tengah-2024-11-16.xlsx"


def test_a_file_of_a_cycle_is_named_by_its_programme_and_month():
    name = name_of(Text(id="Daftar penyaluran", en="x"), page("/x"), "json", {"rows": 1, "month": Month()}, {})
    assert name == "daftar-penyaluran-bansos-sembako-jawa-tengah-2024-11.json"


@pytest.mark.parametrize(
    ("address", "parameters", "name"),
    [
        ("/region/jawa-tengah/recap?month=2024-10", {}, "keluarga-jawa-tengah-2024-10.csv"),
        ("/region/jawa-tengah/recap?month=..%2F", {}, "keluarga-jawa-tengah-2024-11-16.csv"),
        (
            "/region/jawa-tengah/plugins/csr_funding/?on=2024-01-02",
            {"region": "jawa-tengah", "slug": "csr_funding"},
            "keluarga-csr-funding-jawa-tengah-2024-01-02.csv",
        ),
        ("/region/jawa-tengah/audit?since=2024-01-02&until=", {}, "keluarga-jawa-tengah-2024-01-02.csv"),
        (
            "/region/jawa-tengah/facilities/rutan-pekalongan/cycles?month=2025-03&months=12",
            {"code": "rutan-pekalongan"},
            "keluarga-rutan-pekalongan-jawa-tengah-2025-03.csv",
        ),
    ],
)
def test_a_file_is_named_by_what_its_address_asks_for(address: str, parameters: dict[str, object], name: str):
    assert name_of(HOUSEHOLDS, page(address), "csv", {}, parameters) == name
