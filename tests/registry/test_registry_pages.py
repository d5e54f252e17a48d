"""The households pages: what an officer sees, what is refused at its field, and what never leaves the encrypted columns."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.registry import service
from guyub.registry.schemas import NewMember, RegisterHousehold
from guyub.registry.tables import HOUSEHOLDS
from tests.visits import NewVisitor, Visitor, text_of

HERE = "/f/rutan-pekalongan/households"
FAMILY = {
    "category": "inmate_family",
    "recipient.full_name": "Siti Contoh Aminah",
    "recipient.nik": "3375014708909901",
    "recipient.sex": "female",
    "recipient.relation": "wife",
    "family_card": "3375011601209901",
    "phone": "0812-3456-7890",
    "street": "Jalan Contoh Nomor 9",
    "rt": "7",
    "rw": "8",
    "village": "Krapyak",
    "district": "Pekalongan Utara",
    "city": "Kota Pekalongan",
    "children_under_5": "2",
    "adults": "1",
    "inmate.full_name": "Budi Contoh",
    "inmate.relationship": "wife",
    "inmate.status": "detainee",
    "inmate.register_number": "A.III 45/2024",
}
NEIGHBOUR = {
    "category": "neighbour",
    "recipient.full_name": "Darsono Contoh",
    "recipient.nik": "3375010708609902",
    "adults": "2",
}
JOINED = {"occurred_on": "2024-11-05", "reason": "Tinggal bersama", "age_band": "none"}
ANSWERS = {
    "surveyed_on": "2024-11-08",
    "answer.monthly_income": "600.000",
    "answer.breadwinner_detained": "yes",
    "answer.earth_floor": "no",
    "answer.bamboo_walls": "no",
    "answer.no_own_toilet": "yes",
    "answer.other_aid": "no",
    "answer.evidence": "SKTM kelurahan",
}


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def registered(someone: Visitor, values: dict[str, str]) -> str:
    """The address of the household that was registered."""
    someone.lands(someone.fills(f"{HERE}/new", values))
    return str(someone.page.url.path)


def error_at(answer: Any, name: str) -> str:
    found = re.search(rf'(?s)id="f-{re.escape(name.replace(".", "-"))}-error">.*?</p>', answer.text)
    return text_of_fragment(found[0]) if found else ""


def text_of_fragment(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup.partition(">")[2]).split())


# --- registering -------------------------------------------------------------------------------------------------


def test_an_empty_registry_says_what_to_do_first(kasubsi: Visitor):
    page = kasubsi.opens(HERE)
    assert "Belum ada keluarga yang terdaftar" in text_of(page)
    assert f'href="{HERE}/new"' in page.text


def test_a_registered_household_is_shown_with_its_next_step(kasubsi: Visitor):
    page = kasubsi.lands(kasubsi.fills(f"{HERE}/new", FAMILY))
    said = text_of(page)
    assert "Keluarga Siti Contoh Aminah terdaftar." in said
    assert "Belum disurvei" in said
    assert "Survei sekarang" in said
    assert "RT 007/RW 008, Krapyak, Pekalongan Utara, Kota Pekalongan" in said
    assert "Jumlah jiwa 3 Balita (di bawah 5 tahun): 2 Dewasa (18–59 tahun): 1" in said
    assert "Budi Contoh Tahanan" in said
    assert "A.III 45/2024 sejak 16 November 2024" in said
    assert "3375••••••••9901" in said


def test_numbers_phone_and_street_never_stand_in_a_page_that_was_not_asked_for_them(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    for path in (HERE, household, f"{household}/edit", f"{household}/archive", f"{household}/survey"):
        page = kasubsi.opens(path).text
        for secret in (FAMILY["recipient.nik"], FAMILY["family_card"], "34567890", "Jalan Contoh"):
            assert secret not in page, path


def test_every_error_stands_at_its_field_and_nothing_is_saved(kasubsi: Visitor):
    wrong = FAMILY | {
        "category": "",
        "recipient.full_name": "",
        "recipient.nik": "33750147",
        "phone": "1",
        "rt": "tujuh",
        "adults": "satu",
    }
    answer = kasubsi.fills(f"{HERE}/new", wrong)
    assert answer.status_code == 422
    for name in ("category", "recipient.full_name", "recipient.nik", "phone", "rt", "adults"):
        assert error_at(answer, name), name
    assert "NIK harus 16 angka; yang diisi 8 angka." in error_at(answer, "recipient.nik")
    assert 'value="Krapyak"' in answer.text
    assert "Belum ada keluarga" in text_of(kasubsi.opens(HERE))


def test_the_household_of_an_inmate_needs_each_part_of_the_link(kasubsi: Visitor):
    answer = kasubsi.fills(f"{HERE}/new", {name: value for name, value in FAMILY.items() if "inmate." not in name})
    assert [bool(error_at(answer, f"inmate.{name}")) for name in ("full_name", "relationship", "status")] == [True] * 3


def test_a_link_typed_for_a_neighbour_is_refused_where_it_can_be_seen(kasubsi: Visitor):
    answer = kasubsi.fills(f"{HERE}/new", FAMILY | {"category": "neighbour"})
    assert "tidak disimpan untuk kategori ini" in error_at(answer, "inmate.full_name")
    assert "link-only" not in answer.text
    assert "link-only" in kasubsi.opens(f"{HERE}/new").text


def test_what_looks_odd_is_saved_only_after_it_was_confirmed(kasubsi: Visitor):
    odd = FAMILY | {"recipient.sex": "male"}
    answer = kasubsi.fills(f"{HERE}/new", odd)
    assert answer.status_code == 422
    assert "Jenis kelamin diisi “Laki-laki”, sedangkan menurut NIK “Perempuan”." in text_of(answer)
    assert "Ya, data ini benar" in text_of(answer)
    shown = re.search(r'name="shown" value="(\w+)"', answer.text)
    assert shown
    confirmed = {"confirmed": "yes", "shown": shown[1]}
    other = kasubsi.sends(f"{HERE}/new", odd | confirmed | {"family_card": FAMILY["recipient.nik"]})
    assert other.status_code == 422, "a confirmation holds for what was shown, not for other warnings"
    page = kasubsi.lands(kasubsi.sends(f"{HERE}/new", odd | confirmed))
    assert "terdaftar" in text_of(page)


def test_a_known_nik_is_refused_with_the_way_to_its_household(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    answer = kasubsi.fills(f"{HERE}/new", NEIGHBOUR | {"recipient.nik": FAMILY["recipient.nik"]})
    assert answer.status_code == 422
    assert "3375••••••••9901 sudah terdaftar di UPT ini atas nama Siti Contoh Aminah" in error_at(
        answer, "recipient.nik"
    )
    assert f'href="{household}"' in answer.text


# --- finding -----------------------------------------------------------------------------------------------------


def test_the_list_finds_by_beginnings_of_a_name_and_filters(kasubsi: Visitor):
    registered(kasubsi, FAMILY)
    registered(kasubsi, NEIGHBOUR)
    page = kasubsi.lands(kasubsi.fills(HERE, {"name": "amin sit"}))
    assert kasubsi.page.url.query == b"name=amin+sit"
    assert "Siti Contoh Aminah" in text_of(page)
    assert "Darsono" not in text_of(page)
    page = kasubsi.lands(kasubsi.fills(HERE, {"category": "neighbour", "surveyed": "no"}))
    assert "1 keluarga" in text_of(page)
    assert "Darsono Contoh" in text_of(page)
    assert "Siti" not in text_of(page)
    assert "belum disurvei" in text_of(page)
    page = kasubsi.lands(kasubsi.fills(HERE, {"name": "zulkarnaen"}))
    assert "Tidak ada yang cocok" in text_of(page)


@pytest.mark.parametrize(
    ("registered_as", "asked"),
    [
        ("Siti Nur Aini", "nuraini"),
        ("Siti Nur Aini", "siti nuraini"),
        ("Siti Nuraini", "nur aini"),
        ("Siti Nuraini", "nur aini siti"),
        ("Nur’aini Contoh", "nur'aini"),
        ("Nur'aini Contoh", "nur aini"),
        ("Désirée Contoh", "desiree"),
        ("Kembar 2 Contoh", "Kembar 2"),
        ("ꦱꦶꦠꦶ Contoh", "ꦱꦶꦠꦶ"),
    ],
)
def test_a_name_is_found_however_it_is_written(kasubsi: Visitor, registered_as: str, asked: str):
    registered(kasubsi, FAMILY | {"recipient.full_name": registered_as})
    registered(kasubsi, NEIGHBOUR)
    page = text_of(kasubsi.lands(kasubsi.fills(HERE, {"name": asked})))
    assert registered_as in page
    assert "Darsono" not in page


@pytest.mark.parametrize("asked", ["%", "_", "%%", "Siti%"])
def test_a_sign_that_stands_for_anything_elsewhere_stands_for_itself(kasubsi: Visitor, asked: str):
    registered(kasubsi, FAMILY)
    registered(kasubsi, NEIGHBOUR)
    page = text_of(kasubsi.lands(kasubsi.fills(HERE, {"name": asked})))
    assert "Darsono" not in page
    assert ("Siti Contoh" in page) == asked.startswith("Siti")


def test_a_whole_number_leads_to_its_household_and_never_into_an_address(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    for typed in ("3375 0147 0890 9901", "NIK 3375014708909901", FAMILY["family_card"]):
        answer = kasubsi.fills(HERE, {"name": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, household)
    unknown = kasubsi.fills(HERE, {"name": "3375014708909988"})
    assert unknown.status_code == 200
    assert "Tidak ada yang cocok" in text_of(unknown)
    assert "3375014708909988" not in "".join(re.findall(r'href="[^"]*"|action="[^"]*"', unknown.text))


def test_part_of_a_number_is_not_searched(kasubsi: Visitor):
    registered(kasubsi, FAMILY)
    answer = kasubsi.fills(HERE, {"name": "337501470890"})
    assert answer.status_code == 422
    assert "yang diisi 12 angka" in text_of(answer)
    assert "Siti" not in text_of(answer)


def neighbour(number: int) -> RegisterHousehold:
    """One of many households, each with a number of its own."""
    recipient = NewMember(full_name=f"Contoh {number}", nik=f"337501{number % 28 + 1:02}017099{number:02}", sex="male")
    return RegisterHousehold(category="neighbour", recipient=recipient, adults=1)


@pytest.mark.parametrize(("typed", "is_name"), [("Contoh 12", True), ("3375", False), ("NIK 3375019900000001", False)])
def test_a_name_with_digits_is_a_name_and_a_number_never_stands_in_the_address(
    kasubsi: Visitor, typed: str, is_name: bool
):
    kasubsi.opens(HERE)
    answer = kasubsi.sends(HERE, {"name": typed})
    assert ("name=" in answer.headers.get("location", "")) is is_name


def test_a_long_list_is_read_page_by_page(kasubsi: Visitor, database: Database, protector: Protector):
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        service.register_many(work, protector, [neighbour(number) for number in range(1, 61)], date(2024, 11, 8))
    first = kasubsi.opens(HERE)
    assert "1–50 dari 60 Berikutnya" in text_of(first)
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = kasubsi.opens(following[1].replace("&amp;", "&"))
    assert "51–60 dari 60 Ke awal" in text_of(second)
    names = [re.findall(r">(Contoh \d+)</a>", page.text) for page in (first, second)]
    assert [len(some) for some in names] == [50, 10]
    assert not set(names[0]) & set(names[1])
    by_name = [
        re.findall(r">(Contoh \d+)</a>", kasubsi.opens(f"{HERE}?sort=-recipient&page={number}").text)
        for number in (1, 2)
    ]
    assert by_name[0] + by_name[1] == sorted({*names[0], *names[1]}, reverse=True)
    assert 'rel="prev" href="/f/rutan-pekalongan/households?sort=-recipient"' in kasubsi.page.text
    rows = kasubsi.opens(f"{HERE}?sort=-recipient&table=households&export=json").json()
    assert [row["recipient"].split(";")[0] for row in rows] == by_name[0] + by_name[1]


# --- changing ----------------------------------------------------------------------------------------------------


def test_a_change_keeps_what_is_encrypted_unless_it_is_replaced_or_removed(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    form = kasubsi.opens(f"{household}/edit")
    assert "Tersimpan: 3375••••••••9901. Kosongkan bila tidak berubah." in text_of(form)
    left = {name: value for name, value in FAMILY.items() if name not in ("family_card", "phone", "street")}
    changed = left | {"village": "Klego", "inmate.register_number": "B.I 12/2024", "remove_phone": "yes"}
    page = kasubsi.lands(kasubsi.sends(f"{household}/edit", changed))
    said = text_of(page)
    assert "Perubahan data keluarga Siti Contoh Aminah tersimpan." in said
    assert "Klego" in said
    assert "B.I 12/2024 sejak 16 November 2024 A.III 45/2024" in said
    assert "No. KK 3375••••••••9901 Tampilkan" in said
    assert "Telepon belum ada" in said
    assert "Jalan dan nomor rumah tersimpan" in said


def test_a_change_that_is_refused_changes_nothing(kasubsi: Visitor):
    registered(kasubsi, NEIGHBOUR | {"family_card": "3375010101209903"})
    household = registered(kasubsi, FAMILY)
    answer = kasubsi.fills(f"{household}/edit", FAMILY | {"family_card": "3375010101209903", "village": "Tirto"})
    assert answer.status_code == 422
    assert "sudah terdaftar di UPT ini atas nama Darsono Contoh" in error_at(answer, "family_card")
    assert 'value="Tirto"' in answer.text
    assert "Krapyak" in text_of(kasubsi.opens(household))


def test_a_linked_household_offers_only_categories_that_may_be_linked(kasubsi: Visitor):
    page = kasubsi.opens(f"{registered(kasubsi, FAMILY)}/edit").text
    assert 'value="former_inmate"' in page
    assert 'value="neighbour"' not in page


def test_a_link_cannot_be_emptied_without_a_word(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    emptied = {name: value for name, value in FAMILY.items() if "inmate." not in name} | {"category": "former_inmate"}
    answer = kasubsi.fills(f"{household}/edit", emptied)
    assert error_at(answer, "inmate.full_name")
    assert "Budi Contoh" in text_of(kasubsi.opens(household))


def test_a_new_member_may_become_the_recipient(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    page = kasubsi.lands(
        kasubsi.fills(
            f"{household}/members/new",
            {"full_name": "Tutik Contoh", "nik": "3375014101609904", "sex": "female", **JOINED},
        )
    )
    assert "Tutik Contoh ditambahkan sebagai anggota keluarga." in text_of(page)
    member = re.search(rf'href="({household}/members/[0-9a-f-]+)">Ubah<span class="visually-hidden"> Tutik', page.text)
    assert member
    (inmate,) = re.findall(rf"{household}/inmates/([0-9a-f-]+)/status", page.text)
    asked = {"occurred_on": "2024-11-10", "reason": "Penerima lama bekerja di luar kota"}
    untied = kasubsi.fills(f"{member[1]}/recipient", asked)
    assert error_at(untied, f"relationships.{inmate}")
    page = kasubsi.lands(kasubsi.fills(f"{member[1]}/recipient", asked | {f"relationships.{inmate}": "mother"}))
    assert "Penerima adalah Ibu" in text_of(page)
    assert "Tutik Contoh sekarang menerima untuk keluarga ini." in text_of(page)
    assert "<h1>Tutik Contoh</h1>" in page.text
    assert "Tutik Contoh penerima 3375••••••••9904" in text_of(page)


def test_a_member_with_an_odd_or_known_nik_is_not_added(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    odd = kasubsi.fills(
        f"{household}/members/new", {"full_name": "Tutik Contoh", "nik": "3375014101609904", "sex": "male", **JOINED}
    )
    assert odd.status_code == 422
    assert "Ya, data ini benar" in text_of(odd)
    known = kasubsi.fills(
        f"{household}/members/new", {"full_name": "Tutik Contoh", "nik": FAMILY["recipient.nik"], **JOINED}
    )
    assert "sudah terdaftar" in error_at(known, "nik")
    assert "Tutik" not in text_of(kasubsi.opens(household))


def test_a_member_is_found_only_in_their_own_household(kasubsi: Visitor):
    household, other = registered(kasubsi, FAMILY), registered(kasubsi, NEIGHBOUR)
    member = re.search(rf"{household}(/members/[0-9a-f]+-[0-9a-f-]+)", kasubsi.opens(household).text)
    assert member
    assert kasubsi.opens(f"{household}{member[1]}").status_code == 200
    assert kasubsi.opens(f"{other}{member[1]}").status_code == 404


def test_archiving_needs_a_reason_and_can_be_undone(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    asked = kasubsi.opens(f"{household}/archive")
    assert "Keluarga Siti Contoh Aminah (3 jiwa) keluar dari daftar" in text_of(asked)
    assert error_at(kasubsi.sends(f"{household}/archive"), "reason")
    page = kasubsi.lands(kasubsi.sends(f"{household}/archive", {"reason": "Pindah ke luar kota"}))
    assert "Keluarga ini diarsipkan" in text_of(page)
    assert f"{household}/edit" not in page.text
    assert kasubsi.opens(f"{household}/edit").status_code == 404
    assert "Siti" not in text_of(kasubsi.opens(HERE))
    assert "Siti Contoh Aminah" in text_of(kasubsi.opens(f"{HERE}?archived=yes"))
    page = kasubsi.lands(kasubsi.fills(f"{household}/restore", {"reason": "Kembali tinggal di sini"}))
    assert "kembali ke daftar" in text_of(page)
    assert "Siti Contoh Aminah" in text_of(kasubsi.opens(HERE))


# --- the home visit ----------------------------------------------------------------------------------------------


def test_a_survey_is_recorded_with_its_answers_and_surveyor(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    page = kasubsi.lands(kasubsi.fills(f"{household}/survey", ANSWERS))
    said = text_of(page)
    assert "Survei keluarga Siti Contoh Aminah tanggal 8 November 2024 tersimpan." in said
    assert "8 November 2024 · oleh Kasubsi Contoh Satu" in said
    assert "Penghasilan keluarga sebulan Rp600.000" in said
    assert "Tidak memiliki jamban sendiri ya" in said
    assert "Desil kesejahteraan (DTSEN) tidak dijawab" in said
    assert "1 keluarga" in text_of(kasubsi.opens(f"{HERE}?surveyed=yes"))


def test_a_visit_of_before_that_is_entered_later_is_history(kasubsi: Visitor):
    household = registered(kasubsi, NEIGHBOUR)
    kasubsi.lands(kasubsi.fills(f"{household}/survey", ANSWERS))
    before = ANSWERS | {"answer.monthly_income": "9000000", "surveyed_on": "1999-11-08"}
    page = text_of(kasubsi.lands(kasubsi.fills(f"{household}/survey", before)))
    assert "Survei rumah 8 November 2024" in page
    assert "8 November 1999" in page
    assert "Survei rumah 8 November 1999" not in page


def test_the_next_survey_hints_at_the_last_one_without_answering_for_it(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    kasubsi.lands(kasubsi.fills(f"{household}/survey", ANSWERS))
    form = kasubsi.opens(f"{household}/survey")
    said = text_of(form)
    assert "Survei terakhir: 8 November 2024" in said
    assert "0 bila tidak ada. Sebelumnya: Rp600.000." in said
    assert "Sebelumnya: ya." in said
    assert "Sebelumnya: SKTM kelurahan." in said
    assert " checked" not in form.text
    later = ANSWERS | {"answer.monthly_income": "1200000", "surveyed_on": "15/11/2024"}
    page = kasubsi.lands(kasubsi.sends(f"{household}/survey", later))
    assert "15 November 2024 · oleh Kasubsi Contoh Satu" in text_of(page)
    assert "Sebelumnya 8 November 2024" in text_of(page)


def test_each_question_without_a_fitting_answer_is_named(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    wrong = ANSWERS | {
        "surveyed_on": "2024-11-17",
        "answer.monthly_income": "banyak",
        "answer.other_aid": "",
        "answer.welfare_decile": "11",
    }
    answer = kasubsi.fills(f"{household}/survey", wrong)
    assert answer.status_code == 422
    assert "belum tiba" in error_at(answer, "surveyed_on")
    assert "Tulis rupiah bulat" in error_at(answer, "answer.monthly_income")
    assert "belum dijawab" in error_at(answer, "answer.other_aid")
    assert "Tulis bilangan 1 sampai 10." in error_at(answer, "answer.welfare_decile")
    assert 'value="banyak"' in answer.text
    assert "Belum disurvei" in text_of(kasubsi.opens(household))


# --- what is kept encrypted --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("nik", "3375014708909901"),
        ("family_card", "3375011601209901"),
        ("phone", "+6281234567890"),
        ("street", "Jalan Contoh Nomor 9"),
    ],
)
def test_a_secret_is_shown_for_a_reason_on_a_page_that_nothing_keeps(
    kasubsi: Visitor, database: Database, what: str, value: str
):
    household = registered(kasubsi, FAMILY)
    refused = kasubsi.fills(f"{household}/reveal/{what}", {"reason": " "})
    assert error_at(refused, "reason")
    assert value not in refused.text
    shown = kasubsi.sends(f"{household}/reveal/{what}", {"reason": "Mencocokkan KTP di loket"})
    assert value in text_of(shown)
    assert shown.headers["cache-control"] == "no-store"
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        entry = work.run(
            """SELECT reason, details FROM guyub.audit_entry WHERE facility_id = :here AND action = 'registry.reveal'""",
            here=work.here.id,
        ).one()
    assert entry.reason == "Mencocokkan KTP di loket"
    assert value not in str(entry.details)


def test_what_is_not_kept_cannot_be_asked_for(kasubsi: Visitor):
    household = registered(kasubsi, NEIGHBOUR)
    assert kasubsi.opens(f"{household}/reveal/phone").status_code == 404
    assert kasubsi.opens(f"{household}/reveal/offence").status_code == 404


# --- who may -----------------------------------------------------------------------------------------------------

STEPS = ("edit", "archive", "survey", "members/new", "reveal/nik")


def test_a_reader_sees_households_but_no_button_that_is_not_theirs(kasubsi: Visitor, visitor: NewVisitor):
    household = registered(kasubsi, FAMILY)
    karutan = visitor("karutan")
    assert "Siti Contoh Aminah" in text_of(karutan.opens(HERE))
    assert f"{HERE}/new" not in karutan.page.text
    page = karutan.opens(household)
    assert page.status_code == 200
    assert 'href="/f/rutan-pekalongan/households" aria-current="page"' in page.text
    for step in STEPS:
        assert f"{household}/{step}" not in page.text
        assert karutan.opens(f"{household}/{step}").status_code == 403
        assert karutan.sends(f"{household}/{step}", {"reason": "mencoba"}).status_code == 403
    assert karutan.opens(f"{HERE}/new").status_code == 403
    assert karutan.sends(f"{HERE}/new", FAMILY).status_code == 403


@pytest.mark.parametrize("login", ["pengelola", "kanwil"])
def test_who_has_no_part_in_households_sees_none(kasubsi: Visitor, visitor: NewVisitor, login: str):
    household = registered(kasubsi, FAMILY)
    other = visitor(login)
    for path in (HERE, household, f"{household}/survey"):
        answer = other.opens(path)
        assert answer.status_code in (403, 404)
        assert "Siti" not in answer.text
        assert 'href="/f/rutan-pekalongan/households"' not in answer.text


def test_another_facility_finds_neither_list_nor_household(kasubsi: Visitor, visitor: NewVisitor):
    household = registered(kasubsi, FAMILY)
    kebumen = visitor("kasubsi.kebumen")
    assert kebumen.opens(HERE).status_code == 404
    assert kebumen.opens(household).status_code == 404
    elsewhere = household.replace("rutan-pekalongan", "rutan-kebumen")
    for step in ("", *(f"/{step}" for step in STEPS)):
        answer = kebumen.opens(elsewhere + step)
        assert answer.status_code == 404
        assert "Siti" not in answer.text
    found = kebumen.fills("/f/rutan-kebumen/households", {"name": FAMILY["recipient.nik"]})
    assert found.status_code == 200
    assert "Siti" not in found.text


def test_a_form_without_its_token_changes_nothing(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    for path in (HERE, f"{HERE}/new", f"{household}/archive"):
        assert kasubsi.client.post(path, data=FAMILY | {"reason": "mencoba"}).status_code == 403
    assert "Siti Contoh Aminah" in text_of(kasubsi.opens(HERE))


def test_an_address_that_names_no_household_is_a_page_that_says_so(kasubsi: Visitor):
    for path in (f"{HERE}/0190a0a0-0000-7000-8000-000000000000", f"{HERE}/siti"):
        answer = kasubsi.opens(path)
        assert answer.status_code == 404


def test_the_pages_speak_english(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    kasubsi.client.cookies.set("guyub_lang", "en")
    for path in (HERE, f"{HERE}/new", household, f"{household}/survey", f"{household}/edit", f"{household}/reveal/nik"):
        page = kasubsi.opens(path)
        assert page.status_code == 200
        for indonesian in ("Keluarga", "Simpan", "Daftarkan", "Alasan", "tidak wajib", "Survei"):
            assert indonesian not in text_of(page), path


@pytest.mark.parametrize("key", [column.key for column in HOUSEHOLDS.columns if column.sorts])
def test_the_list_is_sorted_by_each_column_that_says_so(kasubsi, key):
    assert kasubsi.opens(f"{HERE}?sort=-{key}").status_code == 200
