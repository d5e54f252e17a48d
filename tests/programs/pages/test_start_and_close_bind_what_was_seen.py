"""Beginning a distribution and closing a month bind what their page showed."""

from concurrent.futures import ThreadPoolExecutor

from guyub.programs.cycles import Cycle
from tests.visits import NewVisitor, text_of

from .conftest import Books

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"


def test_a_month_whose_day_changed_is_not_begun_from_an_older_page(visitor: NewVisitor, approved: Cycle, books: Books):
    kasubsi, other = visitor("kasubsi"), visitor("kasubsi")
    other.opens(f"{NOVEMBER}/")
    kasubsi.lands(kasubsi.fills(f"{NOVEMBER}/day", {"on": "2024-11-16", "at": "10.00", "place": "Lapangan"}))
    answer = other.sends(f"{NOVEMBER}/start")
    assert answer.status_code == 409
    assert "Data ini berubah sejak Anda membacanya" in text_of(answer)
    assert books.cycle().state == "approved"
    assert other.sends(f"{NOVEMBER}/start").status_code == 303
    assert books.cycle().state == "distributing"


def test_a_month_is_not_closed_by_a_page_that_knew_of_fewer_hand_overs(visitor: NewVisitor, begun: Cycle, books: Books):
    kasubsi, other = visitor("kasubsi"), visitor("kasubsi")
    first, *others = [str(recipient.id) for recipient in books.recipients()]
    proof = {"whom": "ticked", "mark": "signature", "witness": books.witness}
    kasubsi.fills(f"{NOVEMBER}/distribution/many", proof | {"household": others})
    kasubsi.fills(f"{NOVEMBER}/distribution/absent", {"whom": "ticked", "household": [first], "reason": "Di luar kota"})
    other.opens(f"{NOVEMBER}/close")
    kasubsi.fills(f"{NOVEMBER}/distribution/{first}", {"mark": "signature", "witness": books.witness})
    note = {"note": "Satu keluarga tidak hadir"}
    answer = other.sends(f"{NOVEMBER}/close", note)
    assert answer.status_code == 409
    assert "Sudah menerima: 4 → 5" in text_of(answer)
    assert note["note"] in answer.text
    assert other.sends(f"{NOVEMBER}/close", note).status_code == 303


def test_a_form_without_what_it_showed_closes_no_month_and_begins_none(visitor: NewVisitor, begun: Cycle, books: Books):
    kasubsi = visitor("kasubsi")
    all_of_them = [str(recipient.id) for recipient in books.recipients()]
    proof = {"whom": "ticked", "mark": "signature", "witness": books.witness, "household": all_of_them}
    kasubsi.fills(f"{NOVEMBER}/distribution/many", proof)
    kasubsi.opens(f"{NOVEMBER}/close")
    answer = kasubsi.client.post(f"{NOVEMBER}/close", data={"csrf_token": kasubsi.token, "note": "Selesai"})
    assert answer.status_code == 409
    assert "Formulirnya lama" in text_of(answer)
    assert books.cycle().state == "distributing"


def test_of_four_who_begin_at_once_one_does(visitor: NewVisitor, approved: Cycle, books: Books):
    people = [visitor("kasubsi") for _ in range(4)]
    sent = []
    for person in people:
        person.opens(f"{NOVEMBER}/")
        sent.append({"csrf_token": person.token} | person.shown_by(f"{NOVEMBER}/start"))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda n: people[n].client.post(f"{NOVEMBER}/start", data=sent[n]), range(4)))
    assert sorted(answer.status_code for answer in answers)[:2] == [303, 409]
    assert books.cycle().state == "distributing"
