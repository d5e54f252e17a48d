"""The approver's page where two people approve: what is needed, who approved first, and for whom it waits."""

from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.programs.pages.conftest import Books
from tests.visits import NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"
APPROVAL = f"{MONTH}/approval"


def test_the_first_press_waits_for_the_second_person(visitor: NewVisitor, rutan: Rutan, proposed: Cycle, books: Books):
    worlds.employ(rutan.opened.database, "plh", "head", worlds.PEKALONGAN)
    worlds.configure(rutan.opened.database, "bansos", worlds.PEKALONGAN, second_approval_above=500_000)
    karutan = visitor("karutan")
    karutan.opens(APPROVAL)
    assert "Nilainya di atas Rp500.000, jadi perlu dua penyetuju." in text_of(karutan.page)
    assert "Setujui sebagai penyetuju pertama" in text_of(karutan.page)
    karutan.follows(karutan.sends(APPROVAL, hidden_in(karutan.page)))
    assert books.cycle().state == "proposed"
    assert "Persetujuan pertama tercatat" in text_of(karutan.page)
    assert "Anda penyetuju pertama; penyetuju kedua orang lain." in text_of(karutan.page)
    assert "Plh Contoh" in text_of(karutan.page)
    karutan.opens(APPROVAL)
    assert "Setujui dan cadangkan dana" not in text_of(karutan.page)
    plh = visitor("plh")
    plh.opens(f"{MONTH}/")
    assert "Persetujuan kedua" in text_of(plh.page)
    plh.opens(APPROVAL)
    assert "Disetujui lebih dahulu oleh Karutan Contoh Dua" in text_of(plh.page)
    plh.follows(plh.sends(APPROVAL, hidden_in(plh.page)))
    assert books.cycle().state == "approved"
