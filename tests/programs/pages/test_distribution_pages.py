"""Distribution day through its pages: serving each household once, and what to do when something goes wrong."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.programs import proposal, queries, selection
from guyub.programs.cycles import Cycle
from tests import damaged_rows
from tests.visits import Clock, NewVisitor, Visitor, hidden_in, text_of

from .conftest import Books

NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"
LIST = f"{NOVEMBER}/distribution"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def test_the_approved_list_can_be_begun_and_is_called_from(kasubsi: Visitor, approved: Cycle):
    kasubsi.opens(f"{NOVEMBER}/")
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/start"))
    assert "Penyaluran dimulai." in page
    assert "Sudah tercatat 0 / 5" in page
    assert "1 Sulastri Contoh" in page


def test_a_distribution_without_a_day_asks_for_it(kasubsi: Visitor, rutan: Rutan, approved: Cycle):
    with rutan.work_of("kasubsi") as work:
        damaged_rows.month_without_a_place(work, approved)
    kasubsi.opens(f"{NOVEMBER}/")
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/start"))
    assert "Hari dan tempat penyaluran belum ditetapkan." in page
    assert "Hari dan tempat penyaluran" in page


def test_a_household_is_served_with_a_witness_among_colleagues(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    form = kasubsi.reads(f"{LIST}/{first.id}")
    assert "Beras 5 kg, Gula pasir 1 kg, Minyak goreng 1 liter" in form
    assert "Kasubsi Contoh Satu" not in kasubsi.page.text.split('id="f-witness"')[1].split("</select>")[0]
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}", {"mark": "thumbprint", "witness": books.witness}))
    assert "Sulastri Contoh: diserahkan pukul 09.14 WIB." in page
    assert "Sudah tercatat 1 / 5" in page
    served = books.recipients()[0]
    assert (served.state, served.proof, served.witness) == ("received", "thumbprint", "Pengamanan Contoh Empat")
    # The next household begins with the same witness.
    second = kasubsi.opens(f"{LIST}/{books.recipients()[1].id}").text
    assert f'<option value="{books.witness}" selected>' in second


def test_a_second_tap_says_when_and_by_whom_it_was_handed_over(
    kasubsi: Visitor, begun: Cycle, books: Books, clock: Clock
):
    first = books.recipients()[0]
    proof = {"mark": "signature", "witness": books.witness}
    kasubsi.opens(f"{LIST}/{first.id}")
    assert kasubsi.sends(f"{LIST}/{first.id}", proof).status_code == 303
    clock.now = datetime(2024, 11, 16, 2, 20, tzinfo=UTC)
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}", proof))
    assert (
        "Sulastri Contoh sudah menerima pukul 09.14 WIB, diserahkan oleh Kasubsi Contoh Satu. Tidak dicatat dua kali."
        in page
    )
    assert "Sudah tercatat 1 / 5" in page


def test_a_hand_over_without_a_witness_is_refused_at_the_field(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    answer = kasubsi.fills(f"{LIST}/{first.id}", {"mark": "signature", "witness": ""})
    assert answer.status_code == 422
    assert 'href="#f-witness"' in answer.text
    assert "Penyerahan memerlukan saksi selain petugas penyerah." in text_of(answer)
    answer = kasubsi.sends(f"{LIST}/{first.id}", {"mark": "signature", "witness": "another", "witness_name": ""})
    assert answer.status_code == 422
    assert "Nama saksi belum diisi." in text_of(answer)
    assert books.recipients()[0].state == "approved"


def test_the_one_who_hands_over_is_no_witness(kasubsi: Visitor, begun: Cycle, books: Books, rutan: Rutan):
    with rutan.work_of("kasubsi") as work:
        me = str(work.person_id)
    answer = kasubsi.fills(f"{LIST}/{books.recipients()[0].id}", {"mark": "signature", "witness": me})
    assert answer.status_code == 422
    assert books.recipients()[0].state == "approved"


@pytest.mark.parametrize(
    "written", ["Kasubsi Contoh Satu", "kasubsi  contoh satu", "Drs. H. Kasubsi Contoh Satu, S.H."]
)
def test_the_own_name_is_no_witness_however_it_is_written(kasubsi: Visitor, begun: Cycle, books: Books, written: str):
    proof = {"mark": "signature", "witness": "another", "witness_name": written}
    answer = kasubsi.fills(f"{LIST}/{books.recipients()[0].id}", proof)
    assert answer.status_code == 422
    assert 'href="#f-witness_name"' in answer.text
    assert "saksi selain petugas penyerah" in text_of(answer)
    assert books.recipients()[0].state == "approved"


def test_names_on_a_hand_over_have_the_length_of_a_line(kasubsi: Visitor, begun: Cycle, books: Books):
    proof = {
        "mark": "signature",
        "witness": "another",
        "witness_name": "Saksi " * 600,
        "proxy_name": "W" * 121,
        "proxy_letter": "1",
    }
    answer = kasubsi.fills(f"{LIST}/{books.recipients()[0].id}", proof)
    assert answer.status_code == 422
    assert "Isian ini terlalu panjang: 3599 huruf. Pakai paling banyak 120 huruf." in text_of(answer)
    assert 'id="f-proxy_name-error"' in answer.text
    assert books.recipients()[0].state == "approved"


@pytest.mark.parametrize("asked", ["kasmu ri", "Kasmuricontoh", "KASMÚRI", "kas'muri"])
def test_a_name_is_found_without_its_spaces_accents_and_apostrophes(kasubsi: Visitor, begun: Cycle, asked: str):
    assert "3 Kasmuri Contoh" in kasubsi.reads(f"{LIST}?name={asked}")


@pytest.mark.parametrize("asked", ["%25", "_", "%25%25"])
def test_a_sign_that_no_name_has_finds_nobody(kasubsi: Visitor, begun: Cycle, asked: str):
    assert "Tidak ada nama seperti itu" in kasubsi.reads(f"{LIST}?name={asked}")


def test_a_proxy_needs_a_letter(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    proof = {"mark": "signature", "witness": "another", "witness_name": "Ketua RT Contoh", "proxy_name": "Wati Contoh"}
    answer = kasubsi.fills(f"{LIST}/{first.id}", proof)
    assert answer.status_code == 422
    assert 'href="#f-proxy_letter"' in answer.text
    assert 'value="Wati Contoh"' in answer.text
    kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}", proof | {"proxy_letter": "15 November 2024"}))
    page = kasubsi.reads(f"{LIST}/{first.id}")
    assert "Diambil oleh Wati Contoh" in page
    assert "disaksikan Ketua RT Contoh" in page


def test_an_earlier_hour_is_recorded_and_a_future_one_refused(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    proof = {"mark": "signature", "witness": books.witness}
    answer = kasubsi.fills(f"{LIST}/{first.id}", proof | {"at": "10.30"})
    assert answer.status_code == 422
    assert "Waktu penyerahan belum tiba." in text_of(answer)
    kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}", proof | {"on": "2024-11-16", "at": "09.05"}))
    assert books.recipients()[0].handed_at == datetime(2024, 11, 16, 2, 5, tzinfo=UTC)


def test_a_name_or_a_number_on_the_list_is_found(kasubsi: Visitor, begun: Cycle):
    page = kasubsi.reads(f"{LIST}?name=kasmuri")
    assert "3 Kasmuri Contoh" in page
    assert "Sulastri" not in page
    assert "2 Murni Contoh" in kasubsi.reads(f"{LIST}?name=2")
    assert "Tidak ada nama seperti itu" in kasubsi.reads(f"{LIST}?name=tidakada")


def test_the_numbers_of_the_filters_are_those_of_the_search(kasubsi: Visitor, begun: Cycle):
    assert "Semua (5) Belum (5) Sudah (0) Tidak hadir (0)" in kasubsi.reads(LIST)
    found = kasubsi.reads(f"{LIST}?name=kasmuri&state=received")
    assert "Semua (1) Belum (1) Sudah (0) Tidak hadir (0)" in found
    assert "Sudah tercatat 0 / 5" in found


def test_many_are_served_at_once_and_a_second_press_records_nothing(kasubsi: Visitor, begun: Cycle, books: Books):
    ids = [str(recipient.id) for recipient in books.recipients()[:3]]
    proof = {"whom": "ticked", "household": ids, "mark": "signature", "witness": books.witness}
    page = kasubsi.follows(kasubsi.fills(f"{LIST}/many", proof))
    assert "Diserahkan kepada 3 keluarga." in page
    page = kasubsi.follows(kasubsi.fills(f"{LIST}/many", proof))
    assert "3 dari 3 keluarga ini sudah tercatat menerima sebelumnya, jadi tidak ada yang dicatat lagi." in page
    page = kasubsi.follows(
        kasubsi.fills(f"{LIST}/many", {"whom": "all", "mark": "signature", "witness": books.witness})
    )
    assert "Diserahkan kepada 2 keluarga." in page
    assert "Semua keluarga sudah tercatat." in page


def test_many_without_a_tick_are_nobody(kasubsi: Visitor, begun: Cycle, books: Books):
    answer = kasubsi.fills(f"{LIST}/many", {"whom": "ticked", "mark": "signature", "witness": books.witness})
    assert answer.status_code == 422
    assert "Belum ada keluarga yang dipilih." in text_of(answer)
    assert {recipient.state for recipient in books.recipients()} == {"approved"}


@pytest.mark.parametrize(
    ("form", "typed", "fields"),
    [
        (
            "many",
            {"mark": "signature", "proxy_name": "Wakil Contoh", "at": "99"},
            ["household", "witness", "proxy_letter", "at"],
        ),
        ("absent", {"reason": ""}, ["household", "reason"]),
    ],
)
def test_all_that_is_missing_for_several_is_said_at_once(
    kasubsi: Visitor, begun: Cycle, form: str, typed: dict[str, str], fields: list[str]
):
    answer = kasubsi.fills(f"{LIST}/{form}", {"whom": "ticked", **typed})
    assert answer.status_code == 422
    summary = answer.text.partition('id="error-summary"')[2].partition("</div>")[0]
    assert [field for field in fields if f'href="#f-{field}"' not in summary] == []


def test_goods_that_are_not_there_yet_are_named(kasubsi: Visitor, approved: Cycle, books: Books):
    kasubsi.opens(f"{NOVEMBER}/")
    kasubsi.sends(f"{NOVEMBER}/start")
    first = books.recipients()[0]
    answer = kasubsi.fills(f"{LIST}/{first.id}", {"mark": "signature", "witness": books.witness})
    assert answer.status_code == 409
    assert "Barang belum tersedia: Beras, Gula pasir, Minyak goreng." in text_of(answer)


def test_who_did_not_come_is_noted_with_the_reason_and_may_still_come(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    kasubsi.opens(f"{LIST}/{first.id}")
    answer = kasubsi.sends(f"{LIST}/{first.id}/absent", {"absence": ""})
    assert answer.status_code == 422
    assert "Ketidakhadiran memerlukan alasan." in text_of(answer)
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}/absent", {"absence": "sakit"}))
    assert "Sulastri Contoh ditandai tidak hadir." in page
    assert "Tidak hadir (1)" in page
    kasubsi.follows(kasubsi.fills(f"{LIST}/{first.id}", {"mark": "signature", "witness": books.witness}))
    assert books.recipients()[0].state == "received"


def test_several_are_marked_absent_with_one_reason(kasubsi: Visitor, begun: Cycle, books: Books):
    ids = [str(recipient.id) for recipient in books.recipients()[3:]]
    answer = kasubsi.fills(f"{LIST}/absent", {"whom": "ticked", "household": ids, "reason": " "})
    assert answer.status_code == 422
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/absent", {"whom": "ticked", "household": ids, "reason": "banjir"}))
    assert "2 keluarga ditandai tidak hadir." in page
    assert [recipient.state for recipient in books.recipients()] == ["approved"] * 3 + ["absent"] * 2


def test_who_received_meanwhile_is_not_marked_absent_and_the_answer_says_so(
    kasubsi: Visitor, begun: Cycle, books: Books
):
    served, missing, *_ = [str(recipient.id) for recipient in books.recipients()]
    kasubsi.opens(f"{LIST}/absent")
    form = hidden_in(kasubsi.page) | {"whom": "ticked", "reason": "tidak datang", "absent_on": "2024-11-16"}
    kasubsi.fills(f"{LIST}/{served}", {"mark": "signature", "witness": books.witness})
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/absent", form | {"household": [served, missing]}))
    assert "Ditandai tidak hadir: 1. 1 keluarga tidak ditandai, karena sudah menerima" in page
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/absent", form | {"household": [served]}))
    assert "1 keluarga tidak ditandai" in page
    assert [recipient.state for recipient in books.recipients()][:2] == ["received", "absent"]


def test_a_mistaken_hand_over_is_taken_back_with_a_reason(kasubsi: Visitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    kasubsi.fills(f"{LIST}/{first.id}", {"mark": "signature", "witness": books.witness})
    asked = kasubsi.reads(f"{LIST}/{first.id}/undo")
    assert "Batalkan penyerahan kepada Sulastri Contoh?" in asked
    assert "(Beras 5 kg, Gula pasir 1 kg, Minyak goreng 1 liter)" in asked
    answer = kasubsi.sends(f"{LIST}/{first.id}/undo", {"reason": ""})
    assert answer.status_code == 422
    page = kasubsi.follows(kasubsi.sends(f"{LIST}/{first.id}/undo", {"reason": "salah nama"}))
    assert "Penyerahan kepada Sulastri Contoh dibatalkan." in page
    assert "Sudah tercatat 0 / 5" in page
    assert books.recipients()[0].state == "approved"


URGENT = "mendesak sekali"


@pytest.fixture
def put_on_by_hand(rutan: Rutan, selected: Cycle) -> str:
    """The address of a household that was put on the list with a reason of its own; the distribution has begun."""
    with rutan.work_of("kasubsi") as work:
        last = queries.candidates(work, selected, states=("selected",))[-1]
        selection.choose(work, selected, last.id, wanted=True, reason=URGENT)
        proposal.propose(work, rutan.opened.plugins, selected)
    rutan.approve(selected, date(2024, 11, 12))
    rutan.shop(selected, november.SHOPPING)
    rutan.hand_over(selected, datetime(2024, 11, 16, 2, tzinfo=UTC), not_yet=frozenset(range(1, 6)))
    return f"{LIST}/{last.id}"


def all_of_the_desk(someone: Visitor, household: str) -> str:
    """Everything that is read, printed or taken along at the desk."""
    pages = [LIST, f"{LIST}?state=waiting", f"{LIST}/many", f"{LIST}/absent", household, f"{NOVEMBER}/close"]
    files = [f"{LIST}?table=distribution_list&export={shape}" for shape in ("csv", "json")]
    answers = [someone.opens(path) for path in pages + files]
    assert {answer.status_code for answer in answers} == {200}
    sheet = CalamineWorkbook.from_filelike(
        BytesIO(someone.opens(f"{LIST}?table=distribution_list&export=xlsx").content)
    )
    return " ".join([*(answer.text for answer in answers), str(sheet.get_sheet_by_index(0).to_python())])


def test_the_desk_never_shows_why_a_household_was_put_on_the_list(kasubsi: Visitor, put_on_by_hand: str):
    seen = all_of_the_desk(kasubsi, put_on_by_hand)
    assert URGENT not in seen
    assert "dibatalkan" not in seen


def test_the_list_says_that_a_hand_over_was_undone_and_not_why(
    kasubsi: Visitor, put_on_by_hand: str, books: Books, rutan: Rutan
):
    kasubsi.fills(put_on_by_hand, {"mark": "signature", "witness": books.witness})
    kasubsi.fills(f"{put_on_by_hand}/undo", {"reason": "salah nama"})
    assert URGENT not in all_of_the_desk(kasubsi, put_on_by_hand)
    seen = all_of_the_desk(kasubsi, LIST)
    assert seen.count("Penyerahan dibatalkan") >= 4
    assert "salah nama" not in seen
    assert "salah nama" in kasubsi.reads(put_on_by_hand)
    undone = next(recipient for recipient in books.recipients() if put_on_by_hand.endswith(str(recipient.id)))
    assert (undone.reversal, undone.absence) == ("salah nama", "")
    kasubsi.fills(put_on_by_hand, {"mark": "signature", "witness": books.witness})
    assert "salah nama" not in all_of_the_desk(kasubsi, put_on_by_hand)


def test_an_absence_shows_its_reason_and_not_that_of_the_choice(kasubsi: Visitor, put_on_by_hand: str, books: Books):
    kasubsi.opens(put_on_by_hand)
    kasubsi.sends(f"{put_on_by_hand}/absent", {"absence": "sakit"})
    seen = all_of_the_desk(kasubsi, put_on_by_hand)
    assert URGENT not in seen
    assert seen.count("sakit") >= 4
    gone = next(recipient for recipient in books.recipients() if put_on_by_hand.endswith(str(recipient.id)))
    assert (gone.absence, gone.reversal) == ("sakit", "")


def test_who_may_not_hand_over_sees_the_list_without_buttons(visitor: NewVisitor, begun: Cycle, books: Books):
    first = books.recipients()[0]
    karutan = visitor("karutan")
    karutan.opens(f"{LIST}/{first.id}")
    assert "Serahkan sekarang" not in text_of(karutan.page)
    assert karutan.sends(f"{LIST}/{first.id}", {"mark": "signature", "witness": books.witness}).status_code == 403
    assert karutan.opens(f"{LIST}/many").status_code == 403


def test_who_sees_no_people_reads_so(visitor: NewVisitor, begun: Cycle):
    page = visitor("pengelola").reads(LIST)
    assert "Nama penerima di luar jangkauan Anda" in page
    assert "Sulastri" not in page


def test_a_household_of_no_list_is_not_found(kasubsi: Visitor, begun: Cycle):
    assert kasubsi.opens(f"{LIST}/00000000-0000-0000-0000-000000000000").status_code == 404
    assert kasubsi.opens(f"{LIST}/siapa").status_code == 404
