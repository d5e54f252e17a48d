"""The form that opens a month offers those that are due, and asks for a reason for any other."""

from datetime import date

import pytest

from guyub.db.unit_of_work import Database
from tests import worlds
from tests.visits import NewVisitor, text_of
from tests.worlds import PEKALONGAN

OPEN = "/f/rutan-pekalongan/programs/bansos/open"
NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11/"


@pytest.fixture
def quarterly(database: Database) -> None:
    """Bansos in January, April, July and October only."""
    worlds.configure(database, "bansos", PEKALONGAN, date(2024, 1, 2), months=["01", "04", "07", "10"])


def test_every_month_is_due_by_default_and_no_reason_is_asked(visitor: NewVisitor):
    page = visitor("kasubsi").reads(OPEN)
    assert "November 2024" in page
    assert "di luar jadwal" not in page


@pytest.mark.usefixtures("quarterly")
def test_months_that_are_not_due_are_named_so_and_need_a_reason(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    page = kasubsi.reads(OPEN)
    assert "November 2024 – di luar jadwal" in page
    assert "Januari 2025" in page
    refused = kasubsi.fills(OPEN, {"month": "2024-11", "on": "", "at": "", "place": "Aula Contoh", "reason": " "})
    assert refused.status_code == 422
    assert "November 2024 di luar jadwal Bantuan sosial sembako" in text_of(refused)
    assert "Aula Contoh" in refused.text
    taken = kasubsi.fills(
        OPEN, {"month": "2024-11", "on": "", "at": "", "place": "", "reason": "banjir di Kota Contoh"}
    )
    page = kasubsi.follows(taken)
    assert "banjir di Kota Contoh" in page
    assert "Bulan di luar jadwal dibuka" in page


@pytest.mark.usefixtures("quarterly")
def test_the_first_month_that_is_due_is_chosen(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert 'value="2025-01" selected' in kasubsi.opens(OPEN).text
