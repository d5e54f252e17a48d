"""Types, provinces, names and the end of a facility, as its file says them."""

from dataclasses import replace
from datetime import date

import pytest

from guyub.configuration.apply import carry_out
from guyub.facilities import queries
from guyub.provisioning import apply, plan
from guyub.provisioning.export import export
from guyub.sdk.errors import Refusal
from guyub.sdk.words import format_date

PLACE = "facilities/jawa-tengah/rutan-kudus.toml"
NAME = 'name = "Rutan Kelas IIB Kudus"\n'


def here(database, code="rutan-kudus", on=None):
    with database.work(database.as_service("tests", code)) as work:
        return queries.facility(work, on)


def applied(database, plugins, files):
    with database.work(database.as_service("tests")) as work:
        return apply(work, plugins, files.load())


def against(database, plugins, files):
    """What stands against the plan: place and sentence."""
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load()).issues
    return [(item.place, item.sentence.id) for item in found if item.is_blocking]


def is_settled(database, plugins, files):
    with database.work(database.as_service("tests")) as work:
        return not plan(work, plugins, files.load()).changes


@pytest.mark.parametrize("written", ["Kelas II B", "Klas IIB", "Kelas II-B", "2B"])
def test_a_class_is_read_as_people_write_it(files, written):
    files.change("rutan-kudus", 'class = "IIB"', f'class = "{written}"')
    assert files.load().facilities["rutan-kudus"].facility_class == "IIB"


def test_a_class_that_the_type_does_not_have_is_an_error_at_its_line(files):
    line = files.change("rutan-kudus", 'class = "IIB"', 'class = "Kelas III"')
    assert files.finding() == f"{PLACE}:{line}: rutan tidak memiliki kelas “Kelas III”; kelasnya I, IIA, IIB."


def test_a_type_without_classes_takes_none(files):
    files.change("rutan-kudus", 'type = "rutan"', 'type = "lpas"')
    assert "lpas tidak memiliki kelas; hapus baris ini." in files.finding()
    files.change("rutan-kudus", 'class = "IIB"\n', "")
    assert files.load().facilities["rutan-kudus"].facility_class == ""


def test_only_a_lapas_has_a_variant(files):
    line = files.change("rutan-kudus", 'type = "rutan"', 'type = "rutan"\nvariant = "narkotika"') + 1
    assert files.finding() == f"{PLACE}:{line}: Hanya lapas yang memiliki “variant”; hapus baris ini."


def test_a_region_that_spans_provinces_asks_each_facility_for_its_own(files):
    files.change("region", 'capital = "Semarang"', 'capital = "Semarang"\nprovinces = ["Jawa Tengah", "Contoh Utara"]')
    findings = files.findings()
    assert len(findings) == 59
    assert findings[0].endswith("Jawa Tengah meliputi Jawa Tengah, Contoh Utara; tulis province = “…” untuk UPT ini.")


def test_a_province_that_the_region_does_not_serve_is_an_error(files):
    line = files.change("rutan-kudus", 'place = "Kudus"', 'province = "Jawa Tenggah"\nplace = "Kudus"')
    assert files.finding() == f"{PLACE}:{line}: “Jawa Tenggah” tidak dikenal; mungkin maksud Anda “Jawa Tengah”."


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ('merged_into = "rutan-demak"\n', "tulis hari terakhirnya"),
        ('closed = 2026-06-30\nmerged_into = "rutan-demek"\n', "mungkin maksud Anda “rutan-demak”"),
        ('closed = 2026-06-30\nmerged_into = "rutan-kudus"\n', "UPT tidak dapat dilanjutkan oleh dirinya sendiri"),
        ("opened = 2026-07-01\nclosed = 2026-06-30\n", "Tutup (2026-06-30) sebelum buka (2026-07-01)"),
    ],
)
def test_an_end_that_cannot_be_is_an_error(files, said, complaint):
    files.change("rutan-kudus", NAME, NAME + said)
    assert complaint in files.finding()


def test_two_holders_of_one_post_are_an_error_at_the_later_one(files):
    line = files.add(
        "rutan-salatiga", '\n[[officials]]\nrole = "head"\nname = "Lain Contoh Orang"\nfrom = 2025-01-01\n'
    )
    found = files.finding()
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


def test_a_renamed_facility_keeps_its_old_name_for_the_days_before(database, plugins, files):
    files.change("rutan-kudus", NAME, 'name = "Lapas Kelas IIB Kudus"\nname_from = 2026-03-01\n')
    changed = applied(database, plugins, files).changes
    assert {item.what for item in changed} == {"facility.name", "facility.name_from"}
    assert here(database).name == "Lapas Kelas IIB Kudus"
    assert here(database, on=date(2026, 2, 28)).name == "Rutan Kelas IIB Kudus"
    assert is_settled(database, plugins, files)


def test_a_new_letterhead_of_the_nation_heads_no_document_of_the_past(database, plugins, files):
    files.change("national", '"DIREKTORAT JENDERAL PEMASYARAKATAN"', '"DIREKTORAT JENDERAL CONTOH"')
    applied(database, plugins, files)
    assert "DIREKTORAT JENDERAL CONTOH" in here(database).letterhead
    assert "DIREKTORAT JENDERAL PEMASYARAKATAN" in here(database, on=date(2024, 11, 16)).letterhead


def test_a_facility_is_merged_by_its_file_and_opened_again_by_it(database, plugins, files):
    end = 'closed = 2026-06-30\nmerged_into = "rutan-demak"\n'
    files.change("rutan-kudus", NAME, NAME + end)
    applied(database, plugins, files)
    assert (here(database).closed_on, here(database).successor_code) == (date(2026, 6, 30), "rutan-demak")
    assert is_settled(database, plugins, files)
    files.change("rutan-kudus", end, "")
    applied(database, plugins, files)
    assert here(database).closed_on is None


def test_a_day_to_come_stands_against_the_plan_and_applies_nothing_at_all(database, plugins, files):
    files.change("rutan-demak", 'paper = "F4"', 'paper = "A4"')
    files.change("rutan-kudus", NAME, NAME + "closed = 2099-12-31\n")
    files.change("rutan-wonosobo", 'place = "Wonosobo"', 'place = "Wonosobo"\nname_from = 2099-12-31')
    assert against(database, plugins, files) == [
        ("rutan-kudus", "Tanggal tutup 31 Desember 2099 belum tiba."),
        ("rutan-wonosobo", "Nama itu berlaku mulai 31 Desember 2099, jadi belum dapat dicatat."),
    ]
    with pytest.raises(Refusal, match="The last day, 31 December 2099, is still to come"):
        applied(database, plugins, files)
    assert here(database, "rutan-demak").paper == "F4"


def test_a_facility_moves_when_its_file_does(database, plugins, files):
    other = files.root / "contoh"
    other.mkdir()
    (other / "region.toml").write_text(
        'name = "Contoh"\noffice_name = "Kanwil Contoh"\nletterhead = ["KANWIL CONTOH"]\n', encoding="utf-8"
    )
    files.change("rutan-wonosobo", 'place = "Wonosobo"', 'place = "Wonosobo"\nname_from = 2026-03-01')
    files.path("rutan-wonosobo").rename(other / "rutan-wonosobo.toml")
    applied(database, plugins, files)
    assert here(database, "rutan-wonosobo").region.code == "contoh"
    assert here(database, "rutan-wonosobo", date(2024, 11, 16)).region.code == "jawa-tengah"


def test_an_official_whose_first_day_is_moved_stands_against_the_plan_with_place_post_and_file(
    database, plugins, files
):
    files.change(
        "rutan-kudus",
        'name = "Arief Contoh Rahman"\nfrom = 2024-01-01',
        'name = "Arief Contoh Rahman"\nfrom = 2020-01-01',
    )
    ((place, said),) = against(database, plugins, files)
    assert place == "rutan-kudus"
    assert said == (
        "Rutan Kelas IIB Kudus: jabatan Kepala Rutan sudah dipegang Arief Contoh Rahman sejak 1 Januari 2024 menurut catatan,"
        " sehingga Arief Contoh Rahman tidak dapat memegangnya sejak 1 Januari 2020. Pejabat yang tercatat tidak dihapus dan"
        " hari mulainya tidak berubah: tulis ia dalam jawa-tengah/rutan-kudus.toml dengan from = 2024-01-01, dan until bila"
        " masa jabatannya berakhir."
    )
    with pytest.raises(Refusal) as refused:
        applied(database, plugins, files)
    assert refused.value.code == "configuration.blocked"


def test_an_official_who_ends_before_the_recorded_one_begins_stands_in_nobodys_way(database, plugins, files):
    files.change(
        "rutan-kudus",
        'name = "Arief Contoh Rahman"\nfrom = 2024-01-01',
        'name = "Arief Contoh Rahman"\nfrom = 2020-01-01\nuntil = 2023-12-31',
    )
    assert against(database, plugins, files) == []
    applied(database, plugins, files)


def test_two_facilities_that_are_merged_into_one_another_block_the_plan(database, plugins, files):
    for code, other in (("rutan-kudus", "rutan-demak"), ("rutan-demak", "rutan-kudus")):
        name = next(line for line in files.path(code).read_text().splitlines() if line.startswith("name = "))
        files.change(code, f"{name}\n", f'{name}\nclosed = 2026-06-30\nmerged_into = "{other}"\n')
    found = against(database, plugins, files)
    assert [place for place, _ in found] == ["rutan-demak", "rutan-kudus"]
    assert found[0][1] == (
        "Rutan Kelas IIB Demak digabung ke UPT yang pada akhirnya digabung ke Rutan Kelas IIB Demak sendiri. (Rutan Kelas IIB"
        " Demak → Rutan Kelas IIB Kudus → Rutan Kelas IIB Demak) Perbaiki merged_into dalam jawa-tengah/rutan-demak.toml."
    )


BLORA = "rutan-blora"
TO_A_LAPAS = (
    (
        'name = "Rutan Kelas IIB Blora"\nlong_name = "Rumah Tahanan Negara Kelas IIB Blora"\ntype = "rutan"',
        'name = "Lapas Kelas IIB Blora"\nlong_name = "Lembaga Pemasyarakatan Kelas IIB Blora"\ntype = "lapas"\n'
        "name_from = 2026-11-20",
    ),
)


def heads(database, *days):
    found = []
    for day in days:
        with database.work(database.as_service("tests", BLORA)) as work:
            found.append(queries.officials(work, day)["head"].heading)
    return found


def test_a_rutan_that_becomes_a_lapas_leaves_the_titles_of_the_days_before(database, plugins, files):
    for old, new in TO_A_LAPAS:
        files.change(BLORA, old, new)
    changed = {change.what for change in applied(database, plugins, files).changes}
    assert not {what for what in changed if what.startswith("official.")}
    days = date(2024, 11, 16), date(2026, 11, 19), date(2026, 11, 20)
    assert heads(database, *days) == ["Plt. Kepala Rutan", "Kepala Rutan", "Kepala Lapas"]
    assert is_settled(database, plugins, files)
    with database.work(database.as_service("tests")) as work:
        export(work, plugins, files.root)
    assert "Kepala" not in files.path(BLORA).read_text()
    assert is_settled(database, plugins, files)


def test_who_begins_after_it_and_who_has_a_title_of_their_own_keep_it(database, plugins, files):
    for old, new in TO_A_LAPAS:
        files.change(BLORA, old, new)
    files.change(
        BLORA,
        "from = 2025-04-01\n",
        "from = 2025-04-01\nuntil = 2026-11-22\n\n[[officials]]\n"
        'role = "head"\nname = "Baru Contoh Kepala"\nfrom = 2026-11-23\n',
    )
    files.change(
        BLORA, 'acting = "Plt."\nfrom = 2024-01-01', 'acting = "Plt."\ntitle = "Kepala Contoh"\nfrom = 2024-01-01'
    )
    applied(database, plugins, files)
    days = date(2024, 11, 16), date(2026, 11, 22), date(2026, 11, 23)
    assert heads(database, *days) == ["Plt. Kepala Contoh", "Kepala Lapas", "Kepala Lapas"]
    assert is_settled(database, plugins, files)


@pytest.mark.parametrize(
    "begins",
    [
        "\n[plugins.canteen_profit]\nfrom = 2025-01-01\n",
        "\n[[plugins.bansos.later]]\nfrom = 2026-11-01\n[plugins.bansos.later.config]\nquota = 9\n",
        '\n[[officials]]\nrole = "head"\nname = "Baru Contoh"\nfrom = 2026-11-01\n',
    ],
)
def test_what_begins_where_the_same_plan_closes_stands_against_it_and_the_database_agrees(
    database, plugins, files, begins
):
    files.change("rutan-kudus", NAME, NAME + "closed = 2026-10-31\n")
    if "officials" in begins:
        files.change(
            "rutan-kudus",
            'name = "Arief Contoh Rahman"\nfrom = 2024-01-01\n',
            'name = "Arief Contoh Rahman"\nfrom = 2024-01-01\nuntil = 2026-10-31\n' + begins,
        )
    else:
        files.add("rutan-kudus", begins)
    ((place, said),) = against(database, plugins, files)
    assert place == "rutan-kudus"
    assert "Rutan Kelas IIB Kudus sudah ditutup sejak 31 Oktober 2026." in said
    assert "jawa-tengah/rutan-kudus.toml" in said
    with database.work(database.as_service("tests")) as work:
        unread = replace(plan(work, plugins, files.load()), issues=())
    with pytest.raises(Refusal, match="Rutan Kelas IIB Kudus"), database.work(database.as_service("tests")) as work:
        carry_out(work, plugins, unread, None)
