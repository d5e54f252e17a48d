"""A facility that the web manages is renamed, closed, merged, reopened and opened through its pages, with its history kept."""

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import queries, service
from tests import places, worlds
from tests.visits import NewVisitor, Visitor, hidden_in, text_of

KUDUS = "rutan-kudus"
PROFILE = "/f/rutan-kudus/profile"
IDENTITY, CLOSE, REOPEN = f"{PROFILE}/identity", f"{PROFILE}/close", f"{PROFILE}/reopen"
LIST, NEW = "/region/jawa-tengah/facilities", "/region/jawa-tengah/facilities/new"

RENAMED = {
    "name": "Lapas Kelas IIB Kudus",
    "long_name": "Lembaga Pemasyarakatan Kelas IIB Kudus",
    "facility_type": "lapas",
    "facility_class": "IIB",
    "variant": "",
    "city": "Kabupaten Kudus",
    "city_code": "33.19",
    "letter_place": "Kudus",
    "zone": "Asia/Jakarta",
    "paper": "F4",
    "letterhead": "KEMENTERIAN CONTOH\r\nLAPAS KELAS IIB KUDUS",
    "letter_template": "W.13.PAS-{class}-{seq:04} TAHUN {year}",
    "name_from": "2026-03-01",
    "reason": "keputusan contoh",
}
OPENED = RENAMED | {
    "code": "lapas-contoh",
    "name": "Lapas Kelas III Contoh",
    "long_name": "Lembaga Pemasyarakatan Kelas III Contoh",
    "facility_class": "III",
    "letterhead": "",
    "letter_template": "",
    "name_from": "",
    "opened_on": "2026-06-01",
}


def hand_over(database: Database, code: str = KUDUS) -> None:
    with database.work(database.as_service("tests", code)) as work:
        service.set_managed_by(work, "web")


@pytest.fixture
def office(visitor: NewVisitor, database: Database) -> Visitor:
    """The regional administrator, with Kudus and the region managed through the web."""
    hand_over(database)
    with database.work(database.as_service("tests")) as work:
        service.set_region_managed_by(work, "jawa-tengah", "web")
    return visitor("kanwil")


def facility(database: Database, code: str = KUDUS, on: Any = None) -> queries.FacilityProfile:
    with database.work(database.as_service("tests", code)) as work:
        return queries.facility(work, on)


def audited(database: Database, action: str, code: str = KUDUS) -> list[Any]:
    with database.work(database.as_service("tests", code)) as work:
        return list(
            work.run("SELECT actor_label, reason, details FROM guyub.audit_entry WHERE action = :action", action=action)
        )


def test_a_facility_is_renamed_after_a_preview_and_its_former_name_stays_on_the_days_before(
    office: Visitor, database: Database
):
    preview = text_of(office.fills(IDENTITY, RENAMED))
    assert "Nama Rutan Kelas IIB Kudus Lapas Kelas IIB Kudus" in preview
    assert "Jenis Rutan Lapas" in preview
    assert "Nama berlaku sejak – 1 Maret 2026" in preview
    assert "Kepala surat tidak ikut berubah" not in preview
    assert facility(database).name == "Rutan Kelas IIB Kudus"
    page = office.follows(office.sends_hidden(IDENTITY, "confirm"))
    assert "Jawa Tengah 1 Maret 2026 sekarang kanwil" in page
    now, before = facility(database), facility(database, on=datetime(2026, 2, 28).date())
    assert (now.facility_type, now.letterhead) == ("lapas", ("KEMENTERIAN CONTOH", "LAPAS KELAS IIB KUDUS"))
    assert (before.name, before.facility_type) == ("Rutan Kelas IIB Kudus", "rutan")
    ((who, why, details),) = audited(database, "facilities.identity")
    assert (who, why) == ("kanwil", "keputusan contoh")
    assert details["name"] == ["Rutan Kelas IIB Kudus", "Lapas Kelas IIB Kudus"]


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"name": ""}, "name", "Belum diisi"),
        ({"reason": ""}, "reason", "Belum diisi"),
        ({"facility_class": "III", "facility_type": "rutan"}, "facility_class", "Kelas ini tidak ada untuk jenis UPT"),
        ({"variant": "narkotika", "facility_type": "rutan"}, "variant", "hanya untuk lapas"),
        ({"city_code": "3319"}, "city_code", "misalnya 33.75"),
        ({"letter_template": "W.13-{nomor}"}, "letter_template", "Pola nomor surat ini tidak dikenali"),
        ({"zone": "Europe/Paris"}, "zone", "Pilihan ini tidak dikenal"),
        ({"name_from": "2099-01-01"}, "name_from", "Nama itu berlaku mulai 1 Januari 2099"),
        ({"name_from": "kapan"}, "name_from", "Tanggal ini tidak dikenali"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(
    office: Visitor, database: Database, wrong: dict[str, str], field: str, said: str
):
    answer = office.fills(IDENTITY, RENAMED | wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'id="f-{field}-error"' in answer.text
    assert "LAPAS KELAS IIB KUDUS</textarea>" in answer.text
    assert facility(database).name == "Rutan Kelas IIB Kudus"


@pytest.mark.parametrize("day", ["2026-02-28", "2026-03-01"], ids=["before the present name", "on its very day"])
def test_another_name_does_not_hold_since_a_day_on_which_one_is_recorded(office: Visitor, database: Database, day: str):
    office.fills(IDENTITY, RENAMED)
    office.sends_hidden(IDENTITY, "confirm")
    answer = office.fills(IDENTITY, RENAMED | {"name": "Lapas Kudus", "name_from": day})
    assert answer.status_code == 422
    assert "Nama sejak 1 Maret 2026 sudah tercatat" in text_of(answer)
    assert facility(database).name == "Lapas Kelas IIB Kudus"


def test_a_form_sent_as_it_stands_changes_nothing_and_says_so(office: Visitor):
    office.opens(IDENTITY)
    held = facility_as_typed(office)
    answer = office.sends(IDENTITY, held | {"reason": "contoh"})
    assert answer.status_code == 422
    assert "Tidak ada yang berubah" in text_of(answer)


def test_a_city_that_was_wrong_is_fixed_without_a_new_name(office: Visitor, database: Database):
    office.opens(IDENTITY)
    answer = office.sends(
        IDENTITY, facility_as_typed(office) | {"letter_place": "Kota Contoh", "reason": "salah tulis"}
    )
    assert "Tempat surat Kudus Kota Contoh" in text_of(answer)
    assert "Nama berlaku sejak" not in text_of(answer)
    office.sends_hidden(IDENTITY, "confirm")
    with database.work(database.as_service("tests", KUDUS)) as work:
        assert (
            work.run(
                "SELECT count(*) FROM guyub.facility_name WHERE facility_id = :here", here=work.here.id
            ).scalar_one()
            == 1
        )
    assert facility(database).letter_place == "Kota Contoh"


def test_what_somebody_else_changed_after_the_preview_is_not_undone(office: Visitor, database: Database):
    office.fills(IDENTITY, RENAMED)
    places.change_facility(database, KUDUS, letter_place="Lain")
    answer = office.sends_hidden(IDENTITY, "confirm")
    assert answer.status_code == 422
    assert "sudah diubah sejak halaman itu dibuka" in text_of(answer)
    assert (facility(database).name, facility(database).letter_place) == ("Rutan Kelas IIB Kudus", "Lain")


def test_a_letterhead_that_keeps_the_former_name_is_reported_in_the_preview(office: Visitor):
    office.opens(IDENTITY)
    answer = office.sends(IDENTITY, facility_as_typed(office) | {"long_name": "Rutan Lain", "reason": "contoh"})
    assert "Kepala surat tidak ikut berubah" in text_of(answer)


def test_from_the_preview_one_goes_back_to_what_was_typed(office: Visitor):
    office.fills(IDENTITY, RENAMED)
    answer = office.sends_hidden(IDENTITY, "again")
    assert answer.status_code == 200
    assert 'value="Lapas Kelas IIB Kudus"' in answer.text
    assert "KEMENTERIAN CONTOH" in answer.text


def test_a_facility_is_merged_after_a_preview_and_opened_again_when_that_was_an_error(
    office: Visitor, database: Database
):
    closing = {"closed_on": "2026-06-30", "successor": "rutan-demak", "reason": "digabung"}
    preview = text_of(office.fills(CLOSE, closing))
    assert "Hari terakhir – 30 Juni 2026 Digabung ke – Rutan Kelas IIB Demak" in preview
    assert facility(database).closed_on is None
    page = office.follows(office.sends_hidden(CLOSE, "confirm"))
    assert "UPT ini ditutup sejak 30 Juni 2026" in page
    assert "Ubah identitas" not in page
    assert facility(database).successor_code == "rutan-demak"
    again = office.fills(CLOSE, closing)
    assert "sudah ditutup sejak 30 Juni 2026" in text_of(again)
    assert office.fills(REOPEN, {}).status_code == 422
    page = office.follows(office.sends(REOPEN, {"reason": "keliru"}))
    assert "UPT ini ditutup" not in page
    assert (facility(database).closed_on, facility(database).successor) == (None, "")
    assert [(row.reason, row.details["merged_into"]) for row in audited(database, "facilities.closed")] == [
        ("digabung", "rutan-demak")
    ]
    assert audited(database, "facilities.reopened")[0].details["closed_on"] == "2026-06-30"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closed_on": "2099-01-01"}, "Tanggal tutup 1 Januari 2099 belum tiba"),
        ({"closed_on": ""}, "Belum diisi"),
        ({"successor": KUDUS}, "UPT penerus itu tidak ada"),
        ({"successor": "rutan-khayal"}, "UPT penerus itu tidak ada"),
        ({"reason": ""}, "Belum diisi"),
    ],
)
def test_an_end_that_cannot_be_is_said_at_the_form(office: Visitor, wrong: dict[str, str], said: str):
    answer = office.fills(CLOSE, {"closed_on": "2026-06-30", "successor": "", "reason": "contoh"} | wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.parametrize(
    ("state", "said"), [("proposed", "1 periode belum selesai"), ("closed", "masih ada uang atau")]
)
def test_what_is_left_open_is_said_at_the_form_before_anything_closes(
    cluster: Any, installation: Any, visitor: NewVisitor, database: Database, plugins: Any, state: str, said: str
):
    worlds.november_until(worlds.pekalongan(cluster, installation, database, plugins), state)
    hand_over(database, worlds.PEKALONGAN)
    address = f"/f/{worlds.PEKALONGAN}/profile/close"
    answer = visitor("kanwil").fills(address, {"closed_on": "2026-06-30", "reason": "alasan yang diketik"})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "alasan yang diketik" in answer.text
    assert 'value="2026-06-30"' in answer.text


def test_a_region_opens_a_facility_which_gets_the_letterhead_of_its_office(office: Visitor, database: Database):
    assert "Buka UPT baru" in office.reads(LIST)
    preview = text_of(office.fills(NEW, OPENED))
    assert "LEMBAGA PEMASYARAKATAN KELAS III CONTOH" in preview
    with database.work(database.as_service("tests")) as work:
        assert not work.run("SELECT count(*) FROM guyub.facility WHERE code = 'lapas-contoh'").scalar_one()
    page = office.follows(office.sends_hidden(NEW, "confirm"))
    assert "Lembaga Pemasyarakatan Kelas III Contoh" in page
    assert "Catat pejabat" in page
    opened, sibling = facility(database, "lapas-contoh"), facility(database)
    assert (opened.managed_by, opened.region.code, opened.province) == ("web", "jawa-tengah", "Jawa Tengah")
    assert opened.letterhead == (*sibling.letterhead[:-1], "LEMBAGA PEMASYARAKATAN KELAS III CONTOH")
    assert opened.letter_template == sibling.letter_template
    ((who, why, details),) = audited(database, "facilities.opened", "lapas-contoh")
    assert (who, why, details["name"]) == ("kanwil", "keputusan contoh", "Lapas Kelas III Contoh")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": KUDUS}, "Kode “rutan-kudus” sudah dipakai Rutan Kelas IIB Kudus"),
        ({"code": "Lapas Contoh"}, "Kode ini tidak dapat dipakai"),
        ({"opened_on": "2099-01-01"}, "Hari itu belum tiba"),
        ({"reason": ""}, "Belum diisi"),
    ],
)
def test_a_facility_that_cannot_be_opened_is_reported_at_the_form(office: Visitor, wrong: dict[str, str], said: str):
    answer = office.fills(NEW, OPENED | wrong)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="Lapas Kelas III Contoh"' in answer.text


def test_what_files_manage_is_read_only_here_and_says_how_to_change_it(visitor: NewVisitor):
    kanwil = visitor("kanwil")
    page = kanwil.reads(PROFILE)
    assert "Ubah identitas" not in page
    assert "facilities/jawa-tengah/rutan-kudus.toml" in page
    for address in (IDENTITY, CLOSE, REOPEN):
        answer = kanwil.opens(address)
        assert answer.status_code == 409
        assert "Rutan Kelas IIB Kudus dikelola melalui berkas" in text_of(answer)
    assert "UPT baru dibuka dengan berkas" in kanwil.reads(LIST)
    answer = kanwil.opens(NEW)
    assert answer.status_code == 409
    assert "alihkan wilayah ini ke pengelolaan melalui web" in text_of(answer)


def test_staff_of_a_facility_neither_change_nor_close_it_nor_open_another(visitor: NewVisitor, database: Database):
    hand_over(database, worlds.PEKALONGAN)
    head = visitor("karutan")
    profile = f"/f/{worlds.PEKALONGAN}/profile"
    page = head.reads(profile)
    assert "Ubah identitas" not in page
    assert "Tutup atau gabungkan" not in page
    assert [head.opens(f"{profile}/{what}").status_code for what in ("identity", "close", "reopen")] == [403] * 3
    assert head.opens(NEW).status_code == 404


def facility_as_typed(visitor: Visitor) -> dict[str, Any]:
    """What the form in view would send as it stands."""
    text = visitor.page.text
    main = re.sub(r"(?s).*<main.*?>(.*)</main>.*", r"\1", text)
    found = {
        name: unescape(value)
        for name, value in re.findall(r'<input class="form-control[^>]*name="([^"]+)" value="([^"]*)"', main)
    }
    for name, value in re.findall(r'(?s)<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', main):
        found[name] = unescape(value)
    for name, inside in re.findall(r'(?s)<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main):
        selected = re.search(r'value="([^"]*)" selected', inside)
        found[name] = unescape(selected[1]) if selected else ""
    return found | hidden_in(visitor.page)


def test_a_change_sent_twice_is_said_to_be_saved_already(office: Visitor):
    office.fills(IDENTITY, RENAMED)
    form = hidden_in(office.page) | {"confirm": "yes"}
    office.sends(IDENTITY, form)
    again = office.follows(office.sends(IDENTITY, form))
    assert "Perubahan ini sudah tersimpan." in again
    assert "Lembaga Pemasyarakatan Kelas IIB Kudus" in again


def test_a_facility_does_not_close_before_its_present_name_and_the_preview_says_so(office: Visitor):
    office.fills(IDENTITY, RENAMED)
    office.sends_hidden(IDENTITY, "confirm")
    answer = office.fills(CLOSE, {"closed_on": "2026-02-28", "reason": "contoh"})
    assert answer.status_code == 422
    assert "Hari terakhir mendahului 1 Maret 2026, hari pertama nama yang sekarang" in text_of(answer)
    assert 'id="f-closed_on-error"' in answer.text
    assert "Hari terakhir – 1 Maret 2026" in text_of(
        office.fills(CLOSE, {"closed_on": "2026-03-01", "reason": "contoh"})
    )


def test_a_facility_that_is_active_is_not_opened_again(office: Visitor):
    answer = office.opens(REOPEN)
    assert answer.status_code == 409
    assert "Rutan Kelas IIB Kudus tidak sedang ditutup" in text_of(answer)


def test_a_name_that_another_facility_has_is_reported_in_the_preview(office: Visitor):
    twin = "nama ini sudah dipakai Rutan Kelas IIB Blora (rutan-blora, wilayah Jawa Tengah)"
    assert twin in text_of(office.fills(IDENTITY, RENAMED | {"name": "rutan kelas IIB BLORA"}))
    assert twin in text_of(office.fills(NEW, OPENED | {"name": "Rutan Kelas IIB Blora"}))
    assert twin not in text_of(office.fills(IDENTITY, RENAMED))
