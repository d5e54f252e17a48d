"""Families as they live, on pages: people come, leave, die, move and receive; inmates are released. Each on a day."""

import re
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from tests.registry.test_registry_pages import FAMILY, HERE, JOINED, NEIGHBOUR, error_at, registered
from tests.visits import NewVisitor, Visitor, text_of

ACT = {"occurred_on": "2024-11-10", "reason": "Menurut keterangan ketua RT", "age_band": "adults"}
MEMBER = {"full_name": "Tutik Contoh", "nik": "3375014101609904", "sex": "female", **JOINED}


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def member(visitor: Visitor, household: str, name: str) -> str:
    """Returns the address of a member's page."""
    page = visitor.opens(household).text
    (address,) = re.findall(
        rf'href="({household}/members/[0-9a-f-]+)">Ubah<span class="visually-hidden"> {name}<', page
    )
    return str(address)


def with_tutik(visitor: Visitor, household: str) -> str:
    visitor.lands(visitor.fills(f"{household}/members/new", MEMBER))
    return member(visitor, household, MEMBER["full_name"])


def audited(database: Database, action: str) -> list[Any]:
    with database.work(database.as_service("tests")) as work:
        rows = work.run("SELECT reason, details ->> 'on' FROM guyub.audit_entry WHERE action = :action", action=action)
        return [tuple(row) for row in rows]


def test_a_recipient_dies_and_the_household_asks_for_another(kasubsi: Visitor, database: Database):
    household = registered(kasubsi, FAMILY | {"adults": "2"})
    tutik = with_tutik(kasubsi, household)
    siti = member(kasubsi, household, "Siti Contoh Aminah")
    page = kasubsi.lands(kasubsi.fills(f"{siti}/died", ACT))
    said = text_of(page)
    assert "Meninggalnya Siti Contoh Aminah tercatat." in said
    assert "Belum ada penerima" in said
    assert "Jumlah jiwa 3" in said
    assert "Siti Contoh Aminah · Meninggal dunia 10 November 2024" in said
    assert audited(database, "registry.member_died") == [(ACT["reason"], "2024-11-10")]
    assert f'href="{tutik}/recipient"' in page.text
    assert kasubsi.client.get(f"{siti}/recipient").status_code == 404


def test_the_last_person_s_death_takes_the_household_off_the_list(kasubsi: Visitor):
    household = registered(kasubsi, NEIGHBOUR | {"adults": "1"})
    page = kasubsi.lands(kasubsi.fills(f"{member(kasubsi, household, 'Darsono Contoh')}/died", ACT))
    assert "Keluarga ini diarsipkan" in text_of(page)


def test_an_act_without_day_reason_or_age_group_is_refused_at_its_field(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    siti = member(kasubsi, household, "Siti Contoh Aminah")
    assert "Paling akhir 16 November 2024." in text_of(kasubsi.opens(f"{siti}/left"))
    for name, value in (
        ("reason", " "),
        ("age_band", ""),
        ("occurred_on", ""),
        ("occurred_on", "2024-11-17"),
        ("occurred_on", "0202-11-10"),
        ("occurred_on", "Senin, 10 November 2024"),
        ("occurred_on", "31/11/2024"),
        ("occurred_on", "1988-12-31"),
    ):
        refused = kasubsi.fills(f"{siti}/left", ACT | {name: value})
        assert refused.status_code == 422, (name, value)
        assert error_at(refused, name), (name, value)
    assert "lebih awal" not in text_of(kasubsi.opens(household))


def test_whoever_left_comes_back_no_earlier_than_they_left(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY | {"adults": "2"})
    tutik = with_tutik(kasubsi, household)
    kasubsi.lands(kasubsi.fills(f"{tutik}/left", ACT))
    assert "Paling awal 10 November 2024, paling akhir 16 November 2024." in text_of(kasubsi.opens(f"{tutik}/returned"))
    early = kasubsi.fills(f"{tutik}/returned", ACT | {"occurred_on": "2024-11-09"})
    assert "10 November 2024" in error_at(early, "occurred_on")
    said = text_of(kasubsi.lands(kasubsi.fills(f"{tutik}/returned", ACT | {"occurred_on": "2024-11-12"})))
    assert "Tutik Contoh kembali menjadi anggota keluarga ini." in said
    assert "Jumlah jiwa 4" in said


def test_a_newcomer_is_counted_and_someone_who_lived_there_is_not(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    with_tutik(kasubsi, household)
    assert "Jumlah jiwa 3" in text_of(kasubsi.opens(household))
    half = kasubsi.fills(
        f"{household}/members/new", {"full_name": "Bayu Contoh", "joined": "yes", "occurred_on": "2024-11-10"}
    )
    assert error_at(half, "reason")
    assert error_at(half, "age_band")
    coming = ACT | {"full_name": "Bayu Contoh", "joined": "yes", "age_band": "children_under_5", "reason": "Lahir"}
    said = text_of(kasubsi.lands(kasubsi.fills(f"{household}/members/new", coming)))
    assert "Jumlah jiwa 4" in said
    assert "Balita (di bawah 5 tahun): 3" in said


def test_a_person_moves_with_the_nik_to_a_household_that_is_found_by_name_or_number(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY | {"adults": "2"})
    tutik = with_tutik(kasubsi, household)
    other = registered(kasubsi, NEIGHBOUR)
    registered(kasubsi, NEIGHBOUR | {"recipient.full_name": "Darsono Lain Contoh", "recipient.nik": "3375010708609905"})
    assert error_at(kasubsi.fills(f"{tutik}/moved", ACT), "household")
    assert error_at(kasubsi.fills(f"{tutik}/moved", ACT | {"household": "Entah"}), "household")
    assert error_at(kasubsi.fills(f"{tutik}/moved", ACT | {"household": "Siti"}), "household")
    several = kasubsi.fills(f"{tutik}/moved", ACT | {"household": "Darsono"})
    assert error_at(several, "target")
    assert text_of(several).count("Darsono") >= 2
    page = kasubsi.lands(
        kasubsi.fills(f"{tutik}/moved", ACT | {"household": "Darsono", "target": other.rsplit("/", 1)[1]})
    )
    assert page.url.path == other
    said = text_of(page)
    assert "Tutik Contoh pindah ke keluarga ini." in said
    assert "Tutik Contoh 3375••••••••9904" in said
    assert "Jumlah jiwa 3" in said
    left = text_of(kasubsi.opens(household))
    assert "3375••••••••9904" not in left
    assert "Jumlah jiwa 3" in left
    again = kasubsi.fills(f"{household}/members/new", MEMBER)
    assert "sudah terdaftar" in error_at(again, "nik")


def test_an_inmate_is_released_on_a_day_and_another_is_tied_to_the_household(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    (status,) = re.findall(rf"{household}/inmates/[0-9a-f-]+/status", kasubsi.opens(household).text)
    released = {"status": "released", "occurred_on": "2024-11-10", "reason": "Surat lepas dari registrasi"}
    for name, value in (("status", "detainee"), ("status", ""), ("occurred_on", "2024-11-17"), ("reason", "")):
        assert error_at(kasubsi.fills(status, released | {name: value}), name), (name, value)
    said = text_of(kasubsi.lands(kasubsi.fills(status, released)))
    assert "Budi Contoh Bebas" in said
    assert "Status itu sejak 10 November 2024" in said
    early = released | {"status": "client", "destination": "Bapas Pekalongan", "occurred_on": "2024-11-09"}
    assert error_at(kasubsi.fills(status, early), "occurred_on")
    second = {"inmate.full_name": "Joko Contoh", "inmate.relationship": "mother", "inmate.status": "convict"}
    assert error_at(kasubsi.fills(f"{household}/inmates/new", second | {"inmate.status": ""}), "inmate.status")
    said = text_of(kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", second)))
    assert "Joko Contoh Narapidana" in said
    assert "Penerima adalah Ibu" in said


def test_the_form_of_a_household_keeps_the_status_which_is_an_act(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    form = kasubsi.opens(f"{household}/edit").text
    assert 'name="inmate.status"' not in form
    kept = {name: value for name, value in FAMILY.items() if name != "inmate.status"}
    kasubsi.lands(kasubsi.fills(f"{household}/edit", kept | {"village": "Klego"}))
    forged = kasubsi.fills(f"{household}/edit", FAMILY | {"inmate.status": "released"})
    assert forged.status_code == 422
    assert "Catat perubahan statusnya" in text_of(forged)
    assert "Budi Contoh Tahanan" in text_of(kasubsi.opens(household))


def test_whoever_may_not_change_households_is_told_so(visitor: NewVisitor, kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    siti = member(kasubsi, household, "Siti Contoh Aminah")
    karutan = visitor("karutan")
    assert karutan.client.get(f"{siti}/died").status_code == 403
    assert "Catat status baru" not in karutan.opens(household).text
    assert HERE in household


def test_an_act_in_error_is_undone_from_the_timeline_and_both_stay_in_it(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY | {"adults": "2"})
    tutik = with_tutik(kasubsi, household)
    page = kasubsi.lands(kasubsi.fills(f"{tutik}/died", ACT))
    undo, *_ = re.findall(rf'href="({household}/undo/acts/[0-9a-f-]+)"', page.text)
    assert error_at(kasubsi.fills(undo, {"reason": " "}), "reason")
    page = kasubsi.lands(kasubsi.fills(undo, {"reason": "Salah orang"}))
    said = text_of(page)
    assert "Tutik Contoh: Meninggal dunia (dibatalkan)" in said
    assert "Tutik Contoh: Catatan dibatalkan Salah orang" in said
    assert "Jumlah jiwa 4" in said
    assert "Pernah menjadi anggota" not in said
    assert kasubsi.client.get(undo).status_code == 404
    (status,) = re.findall(rf"{household}/inmates/[0-9a-f-]+/status", page.text)
    released = {"status": "released", "occurred_on": "2024-11-10", "reason": "Surat lepas"}
    page = kasubsi.lands(kasubsi.fills(status, released))
    (undo,) = re.findall(rf'href="({household}/undo/statuses/[0-9a-f-]+)"', page.text)
    said = text_of(kasubsi.lands(kasubsi.fills(undo, {"reason": "Salah nama"})))
    assert "Budi Contoh Tahanan" in said
    assert "Warga binaan Budi Contoh: Bebas (dibatalkan)" in said


def test_households_are_found_by_the_name_of_their_inmate(kasubsi: Visitor):
    registered(kasubsi, FAMILY)
    registered(kasubsi, NEIGHBOUR)
    page = text_of(kasubsi.opens(f"{HERE}?name=budi"))
    assert "Siti Contoh Aminah" in page
    assert "Darsono" not in page
    assert "belum pernah" in page
    assert "Tidak ada yang cocok" in text_of(kasubsi.opens(f"{HERE}?name=budi&received=yes"))


def test_a_household_of_nobody_comes_back_when_the_last_entry_is_undone(kasubsi: Visitor):
    household = registered(kasubsi, NEIGHBOUR | {"adults": "1"})
    page = kasubsi.lands(kasubsi.fills(f"{member(kasubsi, household, 'Darsono Contoh')}/died", ACT))
    assert "Tidak ada lagi orang" in error_at(kasubsi.fills(f"{household}/restore", {"reason": "Keliru"}), "reason")
    undo, *_ = re.findall(rf'href="({household}/undo/acts/[0-9a-f-]+)"', page.text)
    kasubsi.lands(kasubsi.fills(undo, {"reason": "Salah orang"}))
    said = text_of(kasubsi.lands(kasubsi.fills(f"{household}/restore", {"reason": "Keliru"})))
    assert "Darsono Contoh" in said
    assert "Keluarga ini diarsipkan" not in said


def test_households_are_found_by_who_once_belonged_to_them_and_in_the_archive(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY | {"adults": "2"})
    tutik = with_tutik(kasubsi, household)
    kasubsi.lands(kasubsi.fills(f"{tutik}/died", ACT))
    assert "Siti Contoh Aminah" in text_of(kasubsi.opens(f"{HERE}?name=tutik"))
    number = {"name": MEMBER["nik"]}
    assert kasubsi.fills(HERE, number).headers["location"].startswith(household)
    kasubsi.lands(kasubsi.fills(f"{household}/archive", {"reason": "Pindah kota"}))
    assert kasubsi.fills(HERE, number).headers["location"].startswith(household)
    page = kasubsi.opens(f"{HERE}?name=tutik")
    assert "archived=yes&amp;name=tutik" in page.text


def test_each_inmate_of_a_household_is_corrected_by_a_form_of_their_own(kasubsi: Visitor):
    household = registered(kasubsi, FAMILY)
    second = {"inmate.full_name": "Joko Contoh", "inmate.relationship": "mother", "inmate.status": "convict"}
    page = kasubsi.lands(kasubsi.fills(f"{household}/inmates/new", second))
    joko = re.findall(rf'href="({household}/inmates/[0-9a-f-]+)"', page.text)[-1]
    assert 'value="Joko Contoh"' in kasubsi.opens(joko).text
    right = {
        "inmate.full_name": "Joko Contoh Wibowo",
        "inmate.relationship": "wife",
        "inmate.register_number": "B.I 7/2024",
    }
    assert error_at(kasubsi.fills(joko, right | {"inmate.full_name": ""}), "inmate.full_name")
    said = text_of(kasubsi.lands(kasubsi.fills(joko, right)))
    assert "Joko Contoh Wibowo Narapidana" in said
    assert "B.I 7/2024 sejak 16 November 2024" in said
    assert "Budi Contoh Tahanan" in said
    assert "Data warga binaan diubah" in said
