"""The list of a region's facilities, and the page of one with its names and officials through time."""

import re
from datetime import date

from guyub.db.unit_of_work import Database
from guyub.facilities import service
from tests import places
from tests.visits import NewVisitor

LIST = "/region/jawa-tengah/facilities"
PROFILE = "/f/rutan-kudus/profile"


def test_a_region_lists_its_facilities_with_type_class_city_and_head(visitor: NewVisitor):
    page = visitor("kanwil").reads(LIST)
    assert "Rutan 19 · Lapas 30 · Lapas Perempuan 1 · LPKA 1 · Bapas 8" in page
    assert "Rutan Kelas IIA Pekalongan Rutan IIA Kota Pekalongan WIB Bagus Contoh Wicaksono berkas bekerja" in page
    assert "Lapas Narkotika Kelas IIB Purwokerto Lapas (narkotika) IIB Kabupaten Banyumas WIB belum dicatat" in page


def test_a_merged_facility_is_listed_last_with_its_successor_and_says_so_itself(
    visitor: NewVisitor, database: Database
):
    places.close_facility(database, "rutan-kudus", date(2026, 6, 30), "rutan-demak")
    kanwil = visitor("kanwil")
    page = kanwil.reads(f"{LIST}?page=2")
    assert "tutup 30 Juni 2026, digabung ke Rutan Kelas IIB Demak" in page
    assert page.index("Rutan Kelas IIB Wonosobo") < page.index("Rutan Kelas IIB Kudus")
    assert "UPT ini ditutup sejak 30 Juni 2026" in kanwil.reads(PROFILE)


def test_the_list_is_narrowed_searched_sorted_and_paged_by_its_address(visitor: NewVisitor):
    kanwil = visitor("kanwil")
    rows = kanwil.opens(f"{LIST}?table=facilities_of_this_region&export=json").json()
    assert len(rows) == 59
    women = kanwil.opens(f"{LIST}?type=Women%27s+prison&table=facilities_of_this_region&export=json").json()
    assert {row["type"] for row in women} == {"Women's prison"}
    kanwil.opens(f"{LIST}?search=kota+semarang&sort=-facility")
    names = re.findall(r'<a href="/f/[a-z-]+/profile">([^<]+)</a>', kanwil.page.text)
    assert len(names) > 2
    assert names == sorted(names, reverse=True)
    assert 'rel="next"' not in kanwil.page.text
    assert (
        'rel="next" href="/region/jawa-tengah/facilities?sort=city&amp;page=2"'
        in kanwil.opens(f"{LIST}?sort=city").text
    )


def test_the_page_of_a_facility_shows_its_names_through_time(visitor: NewVisitor, database: Database):
    places.change_facility(database, "rutan-kudus", name="Lapas Kudus", name_from=date(2026, 3, 1))
    page = visitor("kanwil").reads(PROFILE)
    assert "Jawa Tengah 1 Maret 2026 sekarang tests" in page
    assert "Jawa Tengah sejak awal 28 Februari 2026" in page


def test_who_signs_is_asked_for_any_day(visitor: NewVisitor):
    kanwil = visitor("kanwil")
    assert "Plt. Kepala Rutan Gatot Contoh Supriyanto" in kanwil.reads("/f/rutan-blora/profile?on=31/3/2025")
    assert "Belum ada pejabat pada hari itu" in kanwil.reads("/f/rutan-blora/profile?on=2020-01-01")
    assert "Tanggal ini tidak dikenali" in kanwil.reads("/f/rutan-blora/profile?on=kapan")


def test_a_facility_managed_by_files_is_read_and_names_its_file(visitor: NewVisitor):
    page = visitor("kanwil").reads(PROFILE)
    assert "facilities/jawa-tengah/rutan-kudus.toml" in page
    assert "Catat pejabat" not in page


def test_the_office_records_a_new_head_and_ends_a_post(visitor: NewVisitor, database: Database):
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        service.set_managed_by(work, "web")
    kanwil = visitor("kanwil")
    new = "/f/rutan-kudus/officials/new"
    refused = kanwil.fills(new, {"role": "head", "name": "Baru Contoh Kepala", "since": "1/7/2026"})
    assert refused.status_code == 422
    assert "Akhiri dulu masa jabatannya" in refused.text
    page = kanwil.follows(
        kanwil.sends(new, {"role": "head", "name": "Baru Contoh Kepala", "since": "1/7/2026", "ends_former": "yes"})
    )
    assert "Kepala Rutan Baru Contoh Kepala 1 Juli 2026 menjabat Akhiri" in page
    assert "30 Juni 2026" in page
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        post = work.run("SELECT id FROM guyub.official WHERE name = 'Baru Contoh Kepala'").scalar_one()
    end = f"/f/rutan-kudus/officials/{post}/end"
    assert kanwil.fills(end, {"until": "31/7/2026"}).status_code == 422
    assert "31 Juli 2026" in kanwil.follows(kanwil.sends(end, {"until": "31/7/2026", "reason": "pindah"}))


def test_staff_read_who_signs_but_record_nobody(visitor: NewVisitor):
    clerk = visitor("kasubsi")
    assert "Bagus Contoh Wicaksono" in clerk.reads("/f/rutan-pekalongan/profile")
    assert clerk.opens("/f/rutan-pekalongan/officials/new").status_code == 403
    assert clerk.opens(LIST).status_code == 404
