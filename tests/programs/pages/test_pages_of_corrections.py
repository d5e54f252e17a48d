"""Pages that correct a closed month: taken back, handed over late, and what the month's page says of it."""

from guyub.demo.month import Rutan
from guyub.programs import corrections, cycle_facts, queries
from guyub.programs.cycles import Cycle
from tests.programs.pages.conftest import Books
from tests.visits import NewVisitor, hidden_in, text_of

MONTH = "/f/rutan-pekalongan/cycles/2024-11"


def test_a_hand_over_is_taken_back_and_made_late(visitor: NewVisitor, rutan: Rutan, closed: Cycle, books: Books):
    with rutan.work_of("kasubsi") as work:
        first = queries.recipients(work, closed)[0]
    kasubsi = visitor("kasubsi")
    assert "Koreksi bulan ini" in kasubsi.reads(f"{MONTH}/")
    assert "Belum ada." in kasubsi.reads(f"{MONTH}/corrections")
    page = f"{MONTH}/corrections/household/{first.id}"
    assert page in kasubsi.opens(f"{MONTH}/distribution/{first.id}").text
    kasubsi.opens(page)
    stale = hidden_in(kasubsi.page)
    silent = kasubsi.sends(page, hidden_in(kasubsi.page))
    assert silent.status_code == 422
    assert "Koreksi memerlukan alasan." in text_of(silent)
    kasubsi.opens(page)
    kasubsi.follows(kasubsi.sends(page, hidden_in(kasubsi.page) | {"reason": "Paketnya kembali."}))
    assert f"{first.name}: penyerahan ditarik kembali" in text_of(kasubsi.page)
    assert "Penyerahan ditarik kembali" in kasubsi.reads(f"{MONTH}/")
    assert "Dikembalikan" in kasubsi.reads(f"{MONTH}/")
    again = kasubsi.sends(page, stale | {"reason": "Paketnya kembali."})
    assert again.status_code == 409
    kasubsi.opens(page)
    late = hidden_in(kasubsi.page) | {
        "kind": "handed_over_late",
        "mark": "signature",
        "witness": "another",
        "witness_name": "Saksi Contoh",
        "reason": "Baru sempat mengambil.",
    }
    kasubsi.follows(kasubsi.sends(page, late))
    with rutan.work_of("kasubsi") as work:
        assert cycle_facts.figures(work, books.cycle()).received == 5
        assert [line.kind for line in corrections.of_cycle(work, books.cycle())] == ["handed_over_late", "taken_back"]


def test_an_open_month_offers_no_correction(visitor: NewVisitor, rutan: Rutan, begun: Cycle):
    with rutan.work_of("kasubsi") as work:
        first = queries.recipients(work, begun)[0]
    kasubsi = visitor("kasubsi")
    assert "belum selesai" in kasubsi.reads(f"{MONTH}/corrections")
    assert (
        kasubsi.sends(f"{MONTH}/corrections/household/{first.id}", {"reason": "x", "kind": "taken_back"}).status_code
        == 409
    )


def test_who_approved_and_who_buys_take_nothing_back(visitor: NewVisitor, rutan: Rutan, closed: Cycle):
    with rutan.work_of("kasubsi") as work:
        first = queries.recipients(work, closed)[0]
    for login in ("karutan", "pengelola"):
        page = f"{MONTH}/corrections/household/{first.id}"
        assert visitor(login).client.get(page).status_code == 403


def test_a_note_whose_goods_were_given_is_refused_on_its_page(visitor: NewVisitor, rutan: Rutan, closed: Cycle):
    pengelola = visitor("pengelola")
    page = f"{MONTH}/corrections/note/2024/1"
    assert page in pengelola.opens(f"{MONTH}/corrections").text
    pengelola.opens(page)
    assert "Nota 0412" in text_of(pengelola.page)
    answer = pengelola.sends(page, hidden_in(pengelola.page) | {"on": "2024-11-16", "reason": "Keliru."})
    assert answer.status_code == 409
    assert "Keliru." in answer.text
