"""The page that withdraws an approval: what it brings about, the reason, and what the staff sees first afterwards."""

import pytest

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

from .conftest import Books

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"


@pytest.fixture
def karutan(visitor: NewVisitor) -> Visitor:
    return visitor("karutan")


def test_it_says_what_goes_back_and_for_whom_it_is_decided_anew(karutan: Visitor, approved: Cycle):
    assert f"{NOVEMBER}/withdraw?version=" in karutan.opens(f"{NOVEMBER}/").text
    page = karutan.reads(f"{NOVEMBER}/withdraw")
    assert "Daftar 5 keluarga kembali ke tahap rencana" in page
    assert "kembali ke Keuntungan kantin" in page


def test_it_is_withdrawn_with_a_reason_which_the_staff_reads_first(
    karutan: Visitor, visitor: NewVisitor, approved: Cycle, books: Books
):
    version = hidden_in(karutan.opens(f"{NOVEMBER}/withdraw"))["version"]
    answer = karutan.sends(f"{NOVEMBER}/withdraw", {"reason": "Satu keluarga pindah.", "version": version})
    assert "Persetujuan ditarik. Rp587.535 kembali ke dananya" in karutan.follows(answer)
    assert books.cycle().state == "planned"
    page = visitor("kasubsi").reads(f"{NOVEMBER}/")
    assert page.index("Persetujuan ditarik oleh Karutan") < page.index("Langkah berikutnya")
    assert "Satu keluarga pindah." in page


def test_without_a_reason_and_of_an_older_version_nothing_is_withdrawn(karutan: Visitor, approved: Cycle, books: Books):
    now = str(approved.version)
    assert karutan.fills(f"{NOVEMBER}/withdraw", {"reason": "", "version": now}).status_code == 422
    stale = karutan.fills(f"{NOVEMBER}/withdraw", {"reason": "Harga keliru.", "version": str(approved.version - 1)})
    assert stale.status_code == 409
    assert "Harga keliru." in stale.text
    assert books.cycle().state == "approved"


def test_a_form_sent_twice_counts_once(karutan: Visitor, approved: Cycle, books: Books):
    form = {"reason": "Harga keliru.", "version": str(approved.version)}
    karutan.opens(f"{NOVEMBER}/withdraw")
    first, second = karutan.sends(f"{NOVEMBER}/withdraw", form), karutan.sends(f"{NOVEMBER}/withdraw", form)
    assert first.status_code == 303
    assert second.status_code in (303, 409)
    assert books.cycle().state == "planned"


def test_after_purchases_the_page_says_what_to_do(karutan: Visitor, begun: Cycle, books: Books):
    page = karutan.reads(f"{NOVEMBER}/withdraw")
    assert "Batalkan nota belanjanya lebih dahulu" in page
    assert "Mengapa persetujuan ditarik?" not in page


def test_who_may_not_approve_is_refused_and_sees_no_link(visitor: NewVisitor, approved: Cycle):
    kasubsi = visitor("kasubsi")
    assert "/withdraw" not in kasubsi.opens(f"{NOVEMBER}/").text
    assert kasubsi.opens(f"{NOVEMBER}/withdraw").status_code == 403


def test_of_a_month_without_an_approval_it_leads_to_the_month(karutan: Visitor, planned: Cycle):
    answer = karutan.opens(f"{NOVEMBER}/withdraw")
    assert "Tidak ada persetujuan yang dapat ditarik." in text_of(karutan.lands(answer))
