"""A regional officer states a purpose in the browser, reads for a while, and the facility sees it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from guyub.access import audit
from guyub.access.purposes import PurposeView
from guyub.app import create_app
from guyub.db.unit_of_work import SessionCredential
from tests import damaged_rows, worlds
from tests.visits import NewVisitor, Visitor, text_of, visitors
from tests.worlds import PEKALONGAN, World

BASE = f"/f/{PEKALONGAN}"
MONTH = f"{BASE}/cycles/2024-11"
NOW = datetime(2024, 11, 18, 2, tzinfo=UTC)
WHY = "Pengaduan nomor 12 tentang daftar November"
GOOD = {"kind": "complaint", "explanation": WHY, "minutes": "60"}


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="distributing") as made:
        yield made


@pytest.fixture
def come(world: World, cluster: Any) -> Iterator[NewVisitor]:
    application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
    with visitors(application, world.database) as come:
        yield come


@pytest.fixture
def office(come: NewVisitor) -> Visitor:
    return come("kanwil")


@pytest.fixture
def reader(office: Visitor) -> Visitor:
    """The officer, who has stated a purpose."""
    assert office.fills(f"{BASE}/purpose", GOOD).status_code == 303
    return office


def views(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    with world.database.work(world.database.as_service("tests", PEKALONGAN)) as work:
        rows = work.run(
            "SELECT subject, reason, details FROM guyub.audit_entry WHERE action = 'access.purpose_view' ORDER BY seq"
        )
        return [tuple(row) for row in rows]


def over(world: World) -> None:
    """The hour is over: the purpose is put back in time, which only the server's administrator can do."""
    damaged_rows.purposes_are_over(world.installation)


def test_without_a_purpose_households_are_shut_and_the_refusal_says_what_to_do(office):
    answer = office.opens(f"{BASE}/households")
    assert answer.status_code == 403
    assert "Nyatakan dahulu keperluan Anda di menu “Lihat data keluarga”" in text_of(answer)
    assert "Nyatakan keperluan" in text_of(answer)
    assert f'href="{BASE}/purpose"' in office.opens(f"{BASE}/").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": ""}, "Keperluan belum dipilih."),
        ({"explanation": "ingin tahu"}, "Penjelasan ini 10 huruf; diperlukan 20 sampai 500."),
        ({"minutes": "9999"}, "Waktu belum dipilih."),
    ],
)
def test_a_purpose_that_says_too_little_opens_nothing(office, change, said):
    answer = office.fills(f"{BASE}/purpose", GOOD | change)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert office.opens(f"{BASE}/households").status_code == 403


def test_a_purpose_opens_list_household_candidates_and_recipients_with_its_banner(reader):
    page = reader.reads(f"{BASE}/households")
    assert "Sulastri Contoh" in page
    assert "Anda membaca data keluarga untuk: Menindaklanjuti pengaduan" in page
    assert WHY in page
    assert "tinggal 60 menit" in page
    household = reader.page.text.split(f'href="{BASE}/households/')[-1][:36]
    assert "Akhiri sekarang" in reader.reads(f"{BASE}/households?name=Sulastri")
    for path in (f"{BASE}/households/{household}", f"{MONTH}/candidates", f"{MONTH}/distribution"):
        assert "Anda membaca data keluarga untuk" in reader.reads(path), path


def test_nothing_can_be_written_or_revealed_for_a_purpose(reader, world):
    reader.reads(f"{BASE}/households?name=Sulastri")
    household = next(part[:36] for part in reader.page.text.split(f'href="{BASE}/households/')[1:] if part[8] == "-")
    page = reader.reads(f"{BASE}/households/{household}")
    assert "Ubah data" not in page
    assert "Tampilkan" not in page
    for path in ("edit", "archive", "survey", "reveal/nik", "members/new"):
        assert reader.opens(f"{BASE}/households/{household}/{path}").status_code == 403, path
    reader.reads(f"{MONTH}/distribution")
    for path in ("distribution/many", "close", "start", "score"):
        assert reader.sends(f"{MONTH}/{path}", {"whom": "all"}).status_code in (403, 404, 405), path
    assert reader.opens(f"{MONTH}/documents").status_code == 403


def test_a_purpose_is_for_reading_and_gives_no_file_of_households(reader):
    reader.reads(f"{BASE}/households")
    assert "CSV" not in text_of(reader.page)
    answer = reader.opens(f"{BASE}/households?table=households&export=csv")
    assert answer.status_code == 403
    assert "tidak dapat diunduh sebagai berkas" in text_of(answer)


def test_another_facility_stays_shut(reader):
    assert reader.opens("/f/rutan-kebumen/households").status_code == 403


def test_every_page_about_people_is_in_the_facilitys_audit_log_without_a_personal_value(reader, world):
    reader.reads(f"{BASE}/households")
    reader.reads(f"{MONTH}/distribution")
    household = reader.reads(f"{BASE}/households?name=Sulastri") and next(
        part[:36] for part in reader.page.text.split(f'href="{BASE}/households/')[1:] if part[8] == "-"
    )
    reader.reads(f"{BASE}/households/{household}")
    seen = {subject: details for subject, _, details in views(world)}
    assert seen["cycles/2024-11/distribution"]["households"] == 5
    assert seen["households/{household_id}"]["ids"] == [household]
    assert {reason for _, reason, _ in views(world)} == {WHY}
    assert "Sulastri" not in str(views(world))
    with world.database.work(world.database.as_service("tests", PEKALONGAN)) as work:
        assert audit.verify(work).ok


def test_searching_by_a_number_is_reading_and_leaves_no_number(reader, world):
    reader.opens(f"{BASE}/households")
    answer = reader.sends(f"{BASE}/households", {"name": "3375990101800001"})
    assert answer.status_code in (200, 303)
    assert len(views(world)) >= 2
    assert "3375990101800001" not in str(views(world))


def test_no_address_stands_among_the_pages_that_were_opened():
    """What a program or an unnamed page opened is told in words too."""
    view = PurposeView(NOW, "Kanwil Contoh", "", None, "complaint")
    for page in ("/api/v1/f/rutan-pekalongan/programs", f"{MONTH}/documents", f"{BASE}/households"):
        title = replace(view, page=page).title
        assert "/" not in title.id + title.en


def test_the_facility_sees_who_looked_why_and_at_how_many(reader, come):
    reader.reads(f"{BASE}/households")
    page = come("karutan").reads(f"{BASE}/purpose/views")
    for told in ("Kanwil Contoh Tujuh", "Menindaklanjuti pengaduan", WHY, "Daftar keluarga"):
        assert told in page
    assert f'href="{BASE}/purpose/views"' in come("kasubsi").opens(f"{BASE}/").text
    assert come("pengelola").opens(f"{BASE}/purpose/views").status_code == 403


def test_after_its_time_nothing_is_open_within_the_same_session(reader, world):
    assert reader.opens(f"{BASE}/households").status_code == 200
    over(world)
    for path in (f"{BASE}/households", f"{MONTH}/candidates", f"{MONTH}/distribution"):
        assert reader.opens(path).status_code == 403, path
    assert "Anda membaca data keluarga" not in reader.reads(f"{BASE}/")


def test_it_can_be_ended_at_will(reader):
    reader.opens(f"{BASE}/households")
    said = reader.follows(reader.sends(f"{BASE}/purpose/end"))
    assert "Data keluarga UPT ini tidak lagi terbuka bagi Anda." in said
    assert reader.opens(f"{BASE}/households").status_code == 403


def test_a_second_one_waits_for_the_end_of_the_first(reader):
    answer = reader.fills(f"{BASE}/purpose", GOOD)
    assert answer.status_code == 409 or "sudah terbuka bagi Anda" in text_of(answer)


def test_the_staff_of_the_facility_needs_none(come):
    for login in ("kasubsi", "pengelola"):
        assert come(login).opens(f"{BASE}/purpose").status_code == 403


def test_a_purpose_lends_no_permission_of_a_plugin_and_none_outside_the_pages(reader, world):
    from guyub.access import sign_in

    token = sign_in.session_for(world.database, "kanwil", "tests")
    with world.database.work(SessionCredential(token, PEKALONGAN)) as work:
        assert work.purpose is not None
        assert not work.may("registry.read")
        assert not work.may("programs.read")
