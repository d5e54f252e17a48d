"""Types, provinces, names and the end of a facility, as its file says them."""

from datetime import date

import pytest

from guyub.facilities import queries
from guyub.provisioning import apply, plan
from guyub.sdk.errors import Refusal
from guyub.sdk.words import format_date

PLACE = "facilities/jawa-tengah/rutan-kudus.toml"
NAME = 'name = "Rutan Kelas IIB Kudus"\n'


def here(database, code="rutan-kudus", on=None):
    with database.work(database.as_service("tests", code)) as work:
        return queries.facility(work, on)


def applied(database, host, files):
    with database.work(database.as_service("tests")) as work:
        return apply(work, host, files.load())


def against(database, host, files):
    """What stands against the plan: place and sentence."""
    with database.work(database.as_service("tests")) as work:
        found = plan(work, host, files.load()).findings
    return [(one.place, one.sentence.id) for one in found if one.is_blocking]


def is_settled(database, host, files):
    with database.work(database.as_service("tests")) as work:
        return not plan(work, host, files.load()).changes


@pytest.mark.parametrize("written", ["Kelas II B", "Klas IIB", "Kelas II-B", "2B"])
def test_a_class_is_read_as_people_write_it(files, written):
    files.change("rutan-kudus", 'class = "IIB"', f'class = "{written}"')
    assert files.load().facilities["rutan-kudus"].facility_class == "IIB"


def test_a_class_that_the_type_does_not_have_is_a_mistake_at_its_line(files):
    line = files.change("rutan-kudus", 'class = "IIB"', 'class = "Kelas III"')
    assert files.mistake() == f"{PLACE}:{line}: rutan tidak memiliki kelas “Kelas III”; kelasnya I, IIA, IIB."


def test_a_type_without_classes_takes_none(files):
    files.change("rutan-kudus", 'type = "rutan"', 'type = "lpas"')
    assert "lpas tidak memiliki kelas; hapus baris ini." in files.mistake()
    files.change("rutan-kudus", 'class = "IIB"\n', "")
    assert files.load().facilities["rutan-kudus"].facility_class == ""


def test_only_a_lapas_has_a_variant(files):
    line = files.change("rutan-kudus", 'type = "rutan"', 'type = "rutan"\nvariant = "narkotika"') + 1
    assert files.mistake() == f"{PLACE}:{line}: Hanya lapas yang memiliki “variant”; hapus baris ini."


def test_a_region_that_spans_provinces_asks_each_facility_for_its_own(files):
    files.change("region", 'capital = "Semarang"', 'capital = "Semarang"\nprovinces = ["Jawa Tengah", "Contoh Utara"]')
    mistakes = files.mistakes()
    assert len(mistakes) == 59
    assert mistakes[0].endswith("Jawa Tengah meliputi Jawa Tengah, Contoh Utara; tulis province = “…” untuk UPT ini.")


def test_a_province_that_the_region_does_not_serve_is_a_mistake(files):
    line = files.change("rutan-kudus", 'place = "Kudus"', 'province = "Jawa Tenggah"\nplace = "Kudus"')
    assert files.mistake() == f"{PLACE}:{line}: “Jawa Tenggah” tidak dikenal; mungkin maksud Anda “Jawa Tengah”."


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ('merged_into = "rutan-demak"\n', "tulis hari terakhirnya"),
        ('closed = 2026-06-30\nmerged_into = "rutan-demek"\n', "mungkin maksud Anda “rutan-demak”"),
        ('closed = 2026-06-30\nmerged_into = "rutan-kudus"\n', "“rutan-kudus” tidak dikenal"),
        ("opened = 2026-07-01\nclosed = 2026-06-30\n", "Tutup (2026-06-30) sebelum buka (2026-07-01)"),
    ],
)
def test_an_end_that_cannot_be_is_a_mistake(files, said, complaint):
    files.change("rutan-kudus", NAME, NAME + said)
    assert complaint in files.mistake()


def test_two_holders_of_one_post_are_a_mistake_at_the_later_one(files):
    line = files.add(
        "rutan-salatiga", '\n[[officials]]\nrole = "head"\nname = "Lain Contoh Orang"\nfrom = 2025-01-01\n'
    )
    found = files.mistake()
    assert (
        f"rutan-salatiga.toml:{line + 4}: Jabatan “head” masih dipegang pejabat sejak {format_date(date(2024, 1, 1))}"
        in found
    )


def test_a_stand_in_beside_the_holder_is_none(files):
    files.add(
        "rutan-salatiga",
        '\n[[officials]]\nrole = "head"\nname = "Lain Contoh Orang"\nacting = "Plh."\nfrom = 2025-01-01\nuntil = 2025-01-07\n',
    )
    assert files.load()


def test_a_renamed_facility_keeps_its_old_name_for_the_days_before(database, host, files):
    files.change("rutan-kudus", NAME, 'name = "Lapas Kelas IIB Kudus"\nname_from = 2026-03-01\n')
    changed = applied(database, host, files).changes
    assert {one.what for one in changed} == {"facility.name", "facility.name_from"}
    assert here(database).name == "Lapas Kelas IIB Kudus"
    assert here(database, on=date(2026, 2, 28)).name == "Rutan Kelas IIB Kudus"
    assert is_settled(database, host, files)


def test_a_new_letterhead_of_the_nation_heads_no_paper_of_the_past(database, host, files):
    files.change("national", '"DIREKTORAT JENDERAL PEMASYARAKATAN"', '"DIREKTORAT JENDERAL CONTOH"')
    applied(database, host, files)
    assert "DIREKTORAT JENDERAL CONTOH" in here(database).letterhead
    assert "DIREKTORAT JENDERAL PEMASYARAKATAN" in here(database, on=date(2024, 11, 16)).letterhead


def test_a_facility_is_merged_by_its_file_and_opened_again_by_it(database, host, files):
    end = 'closed = 2026-06-30\nmerged_into = "rutan-demak"\n'
    files.change("rutan-kudus", NAME, NAME + end)
    applied(database, host, files)
    assert (here(database).closed_on, here(database).successor_code) == (date(2026, 6, 30), "rutan-demak")
    assert is_settled(database, host, files)
    files.change("rutan-kudus", end, "")
    applied(database, host, files)
    assert here(database).closed_on is None


def test_a_day_to_come_stands_against_the_plan_and_applies_nothing_at_all(database, host, files):
    files.change("rutan-demak", 'paper = "F4"', 'paper = "A4"')
    files.change("rutan-kudus", NAME, NAME + "closed = 2999-12-31\n")
    files.change("rutan-wonosobo", 'place = "Wonosobo"', 'place = "Wonosobo"\nname_from = 2999-12-31')
    assert against(database, host, files) == [
        ("rutan-kudus", "Tanggal tutup 31 Desember 2999 belum tiba."),
        ("rutan-wonosobo", "Nama itu berlaku mulai 31 Desember 2999, jadi belum dapat dicatat."),
    ]
    with pytest.raises(Refusal, match="The last day, 31 December 2999, is still to come"):
        applied(database, host, files)
    assert here(database, "rutan-demak").paper == "F4"


def test_a_facility_moves_when_its_file_does(database, host, files):
    other = files.root / "contoh"
    other.mkdir()
    (other / "region.toml").write_text(
        'name = "Contoh"\noffice_name = "Kanwil Contoh"\nletterhead = ["KANWIL CONTOH"]\n', encoding="utf-8"
    )
    files.change("rutan-wonosobo", 'place = "Wonosobo"', 'place = "Wonosobo"\nname_from = 2026-03-01')
    files.path("rutan-wonosobo").rename(other / "rutan-wonosobo.toml")
    applied(database, host, files)
    assert here(database, "rutan-wonosobo").region.code == "contoh"
    assert here(database, "rutan-wonosobo", date(2024, 11, 16)).region.code == "jawa-tengah"
