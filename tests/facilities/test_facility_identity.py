from datetime import date

import pytest

from guyub.facilities import queries
from guyub.sdk.errors import NotFound

NOVEMBER = date(2024, 11, 16)


def test_a_letter_knows_its_sender(acting):
    with acting("kasubsi") as work:
        here = queries.facility(work)
    assert here.long_name == "Rumah Tahanan Negara Kelas IIA Pekalongan"
    assert (here.letter_place, here.zone, here.paper) == ("Pekalongan", "Asia/Jakarta", "F4")
    assert here.letterhead[-1] == "RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN"
    assert here.region.office_name == "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"
    assert here.managed_by == "files"


def test_the_officials_of_a_day_sign_with_their_titles(acting):
    with acting("kasubsi") as work:
        officials = queries.officials(work, NOVEMBER)
    assert officials["head"].name == "Bagus Contoh Wicaksono"
    assert officials["detainee_services"].heading == "Kepala Subseksi Pelayanan Tahanan"


@pytest.mark.parametrize(
    ("on", "heading", "name"),
    [
        (date(2025, 3, 31), "Plt. Kepala Rutan", "Gatot Contoh Supriyanto"),
        (date(2025, 4, 1), "Kepala Rutan", "Rahmat Contoh Widodo"),
    ],
)
def test_an_acting_head_signs_with_the_prefix_until_the_new_one_takes_office(database, on, heading, name):
    with database.work(database.as_service("tests", "rutan-blora")) as work:
        head = queries.officials(work, on)["head"]
    assert (head.heading, head.name) == (heading, name)


def test_before_anyone_held_a_post_nobody_signs(acting):
    with acting("kasubsi") as work:
        assert queries.officials(work, date(2020, 1, 1)) == {}


@pytest.mark.parametrize(
    ("on", "code"),
    [(NOVEMBER, "akselerasi-13"), (date(2025, 12, 31), "akselerasi-13"), (date(2026, 2, 20), "aksi-15")],
)
def test_a_letter_quotes_the_programme_of_its_day(acting, on, code):
    with acting("kasubsi") as work:
        theme = queries.theme(work, on)
    assert theme is not None
    assert theme.code == code


def test_before_the_ministry_announced_anything_no_programme_is_quoted(acting):
    with acting("kasubsi") as work:
        assert queries.theme(work, date(2024, 9, 30)) is None


def test_a_region_is_found_by_its_code_and_an_unknown_one_is_reported(acting):
    with acting("kanwil") as work:
        assert queries.region(work, "jawa-tengah").capital == "Semarang"
        with pytest.raises(NotFound) as refused:
            queries.region(work, "jawa-timur")
    assert refused.value.what.id == "Tidak ada wilayah dengan kode “jawa-timur”."
