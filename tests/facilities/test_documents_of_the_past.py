"""A paper of a past month, printed again today: the letterhead, the name and the officials of its own day."""

from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.facilities import officials
from guyub.facilities.officials import Appointment
from guyub.funds import monthly_ledger, queries
from guyub.programs import cycles
from guyub.programs.documents import bundle as document_bundle
from tests import places, worlds

REPRINTED = datetime(2026, 7, 1, 3, tzinfo=UTC)


@pytest.fixture
def november_of_pekalongan(cluster: Any, installation: Any, database: Database, plugins: Any) -> Any:
    here = worlds.pekalongan(cluster, installation, database, plugins)
    worlds.november_until(here, "closed")
    with here.work_of(here.services) as work:
        return here, cycles.get(work, "bansos", november.PERIOD)


@pytest.fixture
def another_name_and_head(database: Database) -> None:
    """Since 2026 the rutan is a lapas with a new letterhead and a new head."""
    since = date(2026, 3, 1)
    places.change_facility(
        database,
        worlds.PEKALONGAN,
        name="Lapas Baru",
        long_name="Lembaga Baru",
        facility_type="lapas",
        letterhead=("KEPALA SURAT BARU",),
        name_from=since,
    )
    places.managed_by(database, "web", worlds.PEKALONGAN)
    new_head = Appointment("head", "Baru Contoh Kepala", "", "", "Kepala Lapas", since, None, ends_former=True)
    with database.work(database.as_service("tests", worlds.PEKALONGAN)) as work:
        officials.appoint(work, new_head)


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_minutes_printed_again_are_those_of_their_day(november_of_pekalongan: Any, another_name_and_head: None):
    here, cycle = november_of_pekalongan
    with here.work_of(here.services) as work:
        (kept,) = document_bundle.produce(work, cycle, ["handover_record"], november.DISTRIBUTION, REPRINTED)
        said = words(document_bundle.content(work, kept))
    assert "RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN" in said
    assert "Bagus Contoh Wicaksono" in said
    for new in ("KEPALA SURAT BARU", "Lembaga Baru", "Lapas Baru", "Baru Contoh Kepala"):
        assert new not in said


@pytest.mark.parametrize(("month", "is_new"), [(date(2024, 11, 1), False), (date(2026, 6, 1), True)])
def test_a_cash_book_is_signed_by_the_head_of_its_month(
    november_of_pekalongan: Any, another_name_and_head: None, month: date, is_new: bool
):
    here, _ = november_of_pekalongan
    with here.work_of(here.services) as work:
        fund = queries.balances(work)[0]
        rows = queries.cash_book(work, fund.id)
        _, pdf = monthly_ledger.print_month(work, fund, rows, month, REPRINTED.date(), REPRINTED)
    said = words(pdf)
    assert ("KEPALA SURAT BARU" in said, "Baru Contoh Kepala" in said) == (is_new, is_new)
    assert ("Bagus Contoh Wicaksono" in said) is not is_new
