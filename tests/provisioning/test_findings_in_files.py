import os
from pathlib import Path

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.provisioning import load
from guyub.sdk.errors import Refusal
from guyub.sdk.money import group

KUDUS = "facilities/jawa-tengah/rutan-kudus.toml"


def test_three_wrong_files_of_twenty_give_exactly_their_errors_at_their_lines(files):
    wrong_code = files.change("rutan-kudus", 'city_code = "33.19"', 'city_code = "3319"')
    quota = files.change("rutan-surakarta", "quota = 10", "quota = 0")
    role = files.change("rutan-demak", 'role = "detainee_services"', 'role = "detainee_service"')
    paper = files.change("rutan-demak", 'paper = "F4"', 'paper = "Folio"')
    most = files.plugins.plugin("bansos").config.model_json_schema()["properties"]["quota"]["maximum"]
    assert files.findings() == [
        f"facilities/jawa-tengah/rutan-demak.toml:{paper}: “paper”: “Folio” tidak dikenal; yang dikenal: F4, A4.",
        f"facilities/jawa-tengah/rutan-demak.toml:{role}: “detainee_service” tidak dikenal;"
        " mungkin maksud Anda “detainee_services”.",
        f"{KUDUS}:{wrong_code}: “city_code”: “3319” tidak diterima; contohnya “33.75”.",
        f"facilities/jawa-tengah/rutan-surakarta.toml:{quota}: Rutan Kelas I Surakarta, Bansos sembako:"
        f" “Kuota per bulan” (quota): 0 tidak diterima; isi 1 sampai {group(most)} paket.",
    ]


def test_the_same_errors_are_reported_in_english(files):
    line = files.change("rutan-surakarta", "quota = 10", 'quota = "many"')
    assert files.finding("en") == (
        f"facilities/jawa-tengah/rutan-surakarta.toml:{line}: Rutan Kelas I Surakarta, Staple-food aid:"
        " “Quota per month” (quota) must be a whole number, not “many”; enter 1 to 100,000 packages."
    )


def test_a_file_with_an_error_of_form_still_tells_its_other_errors(files):
    name = files.change("rutan-kudus", 'name = "Rutan Kelas IIB Kudus"', 'nama = "Rutan Kelas IIB Kudus"')
    quota = files.change("rutan-kudus", "quota = 8", "kuota = 8")
    assert files.findings() == [
        f"{KUDUS}:1: “name” belum diisi.",
        f"{KUDUS}:{name}: “nama” tidak dikenal; mungkin maksud Anda “name”.",
        f"{KUDUS}:{quota}: rutan-kudus, Bansos sembako: “kuota” tidak dikenal; mungkin maksud Anda “quota”.",
    ]
    assert name == 2


def test_a_syntax_error_names_line_and_column_and_hides_no_other_file(files):
    line = files.change("rutan-kudus", 'city = "Kabupaten Kudus"', "city = Kabupaten Kudus")
    other = files.change("rutan-demak", 'zone = "Asia/Jakarta"', 'zone = "Asia/Jakart"')
    assert files.findings() == [
        f"facilities/jawa-tengah/rutan-demak.toml:{other}: “zone”: “Asia/Jakart” tidak dikenal;"
        " mungkin maksud Anda “Asia/Jakarta”.",
        f'{KUDUS}:{line}: Penulisan TOML salah pada kolom 8: nilainya tidak dikenal; tulis teks dalam tanda kutip “"”,'
        " tanggal sebagai 2024-11-01.",
    ]


def test_a_broken_regional_file_brings_no_errors_upon_its_facilities(files):
    line = files.change("region", 'capital = "Semarang"', 'capital = "Semarang')
    # Above the ceiling of the region and of the plugin alike: nobody knows which of the two holds.
    files.change("rutan-pekalongan", "price = 15_673", "price = 156_730")
    assert [finding.split(": ")[0] for finding in files.findings()] == [f"facilities/jawa-tengah/region.toml:{line}"]


def test_a_broken_national_file_makes_no_role_unknown(files):
    files.change("national", 'scope = "national"', "scope = national")
    assert len(files.findings()) == 1


def test_a_date_in_quotes_is_no_date(files):
    line = files.change("rutan-pekalongan", "from = 2024-11-01\nreason", 'from = "2024-11-01"\nreason')
    assert files.finding() == (
        f"facilities/jawa-tengah/rutan-pekalongan.toml:{line}: “plugins.bansos.from” harus berupa"
        " tanggal seperti 2024-11-01, tanpa tanda kutip, bukan “2024-11-01”."
    )


def test_a_file_name_that_is_no_code_is_refused(files):
    path = files.path("rutan-kudus")
    path.rename(path.with_name("Rutan Kudus.toml"))
    assert files.finding().startswith(
        "facilities/jawa-tengah/Rutan Kudus.toml:1: Kode “Rutan Kudus” tidak dapat dipakai"
    )


def test_a_facility_stands_in_one_region_only(files):
    text = files.path("rutan-kudus").read_text()
    region = files.path("region").read_text()
    files.add("../jawa-timur/rutan-kudus", text)
    files.add(
        "../jawa-timur/region", region.replace('name = "Jawa Tengah"', 'name = "Jawa Timur"').replace("W.13", "W.15")
    )
    assert files.finding() == (
        "facilities/jawa-timur/rutan-kudus.toml:1: Kode “rutan-kudus” sudah dipakai oleh"
        f" {KUDUS}; ganti nama salah satu berkas."
    )


def test_a_region_without_its_file_is_reported(files):
    files.path("region").unlink()
    assert files.finding() == (
        "facilities/jawa-tengah/region.toml:1: Berkas ini belum ada; setiap folder memerlukannya."
    )


def test_a_folder_without_a_national_file_is_reported(files):
    files.path("national").unlink()
    assert files.finding().startswith("facilities/national.toml:1: Berkas ini belum ada")


def test_a_file_outside_the_folder_of_a_region_is_reported(files):
    files.path("rutan-kudus").rename(files.root / "rutan-kudus.toml")
    assert files.finding() == (
        "facilities/rutan-kudus.toml:1: Berkas UPT berada langsung di dalam folder wilayahnya,"
        " misalnya facilities/jawa-tengah/rutan-kudus.toml."
    )


def test_a_misspelt_plugin_is_recognised(files):
    line = files.add("rutan-demak", "\n[plugins.banso]\nfrom = 2025-01-01\n") + 1
    assert files.finding() == (
        f"facilities/jawa-tengah/rutan-demak.toml:{line}: “banso” tidak dikenal; mungkin maksud Anda “bansos”."
    )


def test_a_plugin_that_is_not_installed_is_named_with_its_remedy(files):
    line = files.add("rutan-demak", "\n[plugins.scholarship]\nfrom = 2025-01-01\n") + 1
    assert files.finding("en") == (
        f"facilities/jawa-tengah/rutan-demak.toml:{line}: Plugin “scholarship” is not installed."
        " Install it again (pip install guyub-scholarship), then restart Guyub. Its books stay readable."
    )


def test_an_uninstalled_plugin_is_reported_wherever_it_is_used(files):
    bare = type(files)(files.root, plugin_registry([]))
    assert {finding.split(" ", 1)[0].rpartition("/")[2].split(":")[0] for finding in bare.findings()} == {
        "national.toml",
        "region.toml",
        "rutan-banyumas.toml",
        "rutan-kebumen.toml",
        "rutan-kudus.toml",
        "rutan-pekalongan.toml",
        "rutan-surakarta.toml",
    }


def test_a_value_that_the_region_locks_is_refused_at_the_facility(files):
    line = files.change("rutan-kebumen", "quota = 3", "quota = 3\nceiling = 300_000") + 1
    assert files.finding() == (
        f"facilities/jawa-tengah/rutan-kebumen.toml:{line}: Rutan Kelas IIB Kebumen, Bansos sembako: “ceiling” dikunci oleh"
        " Jawa Tengah sejak 1 November 2024 (facilities/jawa-tengah/region.toml) dan tidak dapat diubah di sini."
        " Hapus baris ini; nilai dari sebelum hari itu tetap pada tabel dengan from-nya sendiri, lalu"
        ' [[plugins.bansos.later]] dengan inherit = ["ceiling"].'
    )


def test_a_lock_without_a_value_is_refused(files):
    line = files.change("region", 'locked = ["ceiling"]', 'locked = ["ceiling", "quota"]')
    assert files.finding().startswith(f"facilities/jawa-tengah/region.toml:{line}: “quota” dikunci tanpa nilai")


def test_a_package_above_the_regional_ceiling_is_reported_at_the_package(files):
    line = files.change("rutan-pekalongan", "package = [", "package = [ # dear")
    files.change("rutan-pekalongan", "price = 15_673", "price = 45_000")
    assert files.finding() == (
        f"facilities/jawa-tengah/rutan-pekalongan.toml:{line}: Rutan Kelas IIA Pekalongan, Bansos sembako:"
        " Nilai satu paket Rp264.142 melebihi batas Rp250.000. Kurangi isi paket atau naikkan batasnya."
    )


def test_a_ceiling_below_the_usual_package_is_the_regions_error_and_reported_once(files):
    line = files.change("region", "ceiling = 250_000", "ceiling = 100_000")
    assert files.finding().startswith(
        f"facilities/jawa-tengah/region.toml:{line - 1}: Jawa Tengah, Bansos sembako: Nilai satu paket Rp117.507"
    )


def test_a_wrong_line_of_a_package_is_reported_with_its_place_in_the_list(files):
    line = files.change("rutan-pekalongan", 'unit = "liter", quantity = 1', 'unit = "liter", quantity = 0')
    assert files.finding().startswith(
        f"facilities/jawa-tengah/rutan-pekalongan.toml:{line}: Rutan Kelas IIA Pekalongan, Bansos sembako:"
        " “Isi paket”, baris 3, kolom “Jumlah” (package.2.quantity): 0 tidak diterima; isi lebih dari 0"
    )


def test_a_permission_that_no_code_asks_for_is_refused(files):
    line = files.change("national", '"programs.approve",\n    "funds.read"', '"programs.aprove",\n    "funds.read"')
    assert files.finding() == (
        f"facilities/national.toml:{line}: “programs.aprove” tidak dikenal; mungkin maksud Anda “programs.approve”."
    )


def test_a_role_that_holds_both_sides_of_a_separation_is_refused(files):
    files.change(
        "national", '"programs.approve",\n    "funds.read"', '"programs.approve",\n    "funds.spend",\n    "funds.read"'
    )
    assert "Peran “head” memegang funds.spend dan programs.approve, padahal keduanya dipisahkan." in files.finding()


def test_an_official_whose_post_ends_before_it_begins_is_refused(files):
    line = files.change("rutan-blora", "until = 2025-03-31", "until = 2023-03-31")
    assert files.finding() == (
        f"facilities/jawa-tengah/rutan-blora.toml:{line}: Berakhir (2023-03-31) sebelum mulai (2024-01-01);"
        " perbaiki salah satu tanggalnya."
    )


def test_the_same_post_from_the_same_day_twice_is_refused(files):
    line = files.change("rutan-blora", "from = 2025-04-01", "from = 2024-01-01") - 3
    assert f"rutan-blora.toml:{line}: “head, 2024-01-01” tercantum dua kali" in files.finding()


def test_a_token_of_letter_numbers_that_there_is_not_is_refused(files):
    line = files.change("region", "{seq} TAHUN", "{nomor} TAHUN")
    assert f"region.toml:{line}: Pola nomor surat" in files.finding()


def test_a_mark_of_windows_editors_and_its_line_ends_are_no_error(files):
    path = files.path("rutan-kudus")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert files.load().facilities["rutan-kudus"].name == "Rutan Kelas IIB Kudus"


def test_a_file_in_another_encoding_is_reported_at_the_line_of_the_first_foreign_sign(files):
    path = files.path("rutan-kudus")
    path.write_bytes(path.read_bytes().replace(b'place = "Kudus"', b'place = "Kud\xfcs"'))
    assert files.finding() == f"{KUDUS}:8: Berkas bukan teks UTF-8; simpan ulang sebagai UTF-8."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_reported(files):
    files.path("rutan-kudus").chmod(0)
    assert files.finding().startswith(f"{KUDUS}:1: Berkas tidak dapat dibaca")


def test_a_folder_that_is_not_there_is_one_clear_sentence(plugins):
    with pytest.raises(Refusal) as refused:
        load(Path("nowhere"), plugins)
    assert refused.value.what.id == "Folder “nowhere” tidak ada."


def test_the_refusal_as_a_whole_counts_the_errors_and_says_that_nothing_was_applied(files):
    files.change("rutan-kudus", 'city_code = "33.19"', 'city_code = "3319"')
    with pytest.raises(Refusal) as refused:
        files.load()
    assert refused.value.code == "provisioning.mistakes"
    assert refused.value.what.en.startswith("One ")
