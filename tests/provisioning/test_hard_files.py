"""Files as they come from hurried hands and odd editors: each mistake is one sentence with its place, and the only one."""

import pytest

from guyub.configuration.validation import problems
from guyub.facilities.letter_numbers import letter_number

KUDUS = "facilities/jawa-tengah/rutan-kudus.toml"
TABLE = "\n[plugins.bansos]\nfrom = 2026-01-01\n"
HERE, LATER = (
    "[plugins.bansos.config]\n",
    "[[plugins.bansos.later]]\nfrom = 2027-01-01\n[plugins.bansos.later.config]\n",
)


def package(quantity, price):
    return f'package = [{{ code = "a", name = "A", unit = "kg", quantity = {quantity}, price = {price} }}]'


class TestTypes:
    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ('quota = "5"', "(quota) harus berupa bilangan bulat, bukan “5”"),
            ("quota = 5.0", "(quota) harus berupa bilangan bulat, bukan 5.0"),
            ("survey_required = 1", "(survey_required) harus berupa true atau false, bukan 1"),
            (package(5, '"15673"'), "(package.0.price) harus berupa bilangan bulat, bukan “15673”"),
        ],
    )
    @pytest.mark.parametrize("where", [HERE, LATER])
    def test_a_number_in_quotes_is_none(self, files, written, said, where):
        files.add("rutan-demak", f"{TABLE}{where}{written}\n")
        assert said in files.finding()

    def test_the_regions_ceiling_in_quotes_is_its_error_alone(self, files):
        line = files.change("region", "ceiling = 250_000", 'ceiling = "250000"')
        assert files.finding().startswith(f"facilities/jawa-tengah/region.toml:{line}: ")

    def test_a_decimal_may_be_written_as_text(self, files):
        files.add("rutan-demak", TABLE + HERE + package('"2.5"', 15673))
        assert files.load()

    def test_forms_may_send_numbers_as_text(self, plugins):
        bansos = plugins.plugin("bansos")
        assert problems(bansos, {"quota": "5"}) == []
        assert problems(bansos, {"quota": "5"}, written=True) != []


class TestReading:
    @pytest.mark.parametrize(
        "written",
        [
            "quota = " + "9" * 5000,
            "x = " + "[" * 900 + "]" * 900,
            "x = " + "{ a = " * 900 + "1" + " }" * 900,
            ".".join(["a"] * 900) + " = 1",
        ],
    )
    def test_what_would_break_the_parser_is_one_sentence_with_its_place(self, files, written):
        files.add("rutan-kudus", f"{written}\n")
        assert files.finding().startswith(f"{KUDUS}:")

    @pytest.mark.parametrize("template", ["{seq:99999999999}", "{seq.__class__}", "{seq!r}", "{}", "{seq:>9}", "}"])
    def test_a_template_of_letter_numbers_takes_its_tokens_and_a_width_alone(self, files, template):
        line = files.change("region", "{kanwil_code}.PAS-{class}-{seq} TAHUN {year}", template)
        assert f"region.toml:{line}: Pola nomor surat" in files.finding()
        with pytest.raises(ValueError, match="template"):
            letter_number(template, classification="UM.01.01", sequence=1, year=2024)

    def test_a_template_pads_its_number(self):
        assert (
            letter_number("W.13-{class}-{seq:04}/{year}", classification="UM", sequence=6, year=2024)
            == "W.13-UM-0006/2024"
        )

    @pytest.mark.parametrize("sign", ["\\u0000", "\\u001b", "\\n", "\\t", "\\u2028"])
    def test_no_name_holds_a_sign_that_no_document_can_print(self, files, sign):
        line = files.change("rutan-kudus", 'place = "Kudus"', f'place = "Ku{sign}dus"')
        assert files.finding().startswith(f"{KUDUS}:{line}: Teks ini berisi")

    def test_a_name_in_a_package_holds_none_either(self, files):
        line = files.change("rutan-pekalongan", 'name = "Beras"', 'name = "Be\\u0000ras"')
        assert f"rutan-pekalongan.toml:{line}: Teks ini berisi tanda yang tidak terlihat" in files.finding()

    def test_a_day_that_does_not_exist_is_named(self, files):
        line = files.change("rutan-pekalongan", "from = 2024-11-01\nreason", "from = 2024-11-31\nreason")
        assert f"rutan-pekalongan.toml:{line}: Tanggal 2024-11-31 tidak ada" in files.finding()
        files.change("rutan-pekalongan", "2024-11-31", "2024-13-01")
        assert f"rutan-pekalongan.toml:{line}: Tanggal 2024-13-01 tidak ada" in files.finding()

    @pytest.mark.parametrize(
        ("header", "added", "key"),
        [
            ("[plugins.bansos]", "[plugins.bansos]\nfrom = 2026-01-01\n", "plugins.bansos"),
            ("[plugins.bansos.config]", "[plugins.bansos.config]\n", "bansos.config"),
        ],
    )
    def test_a_table_that_stands_twice_is_named_with_the_line_of_its_first(self, files, header, added, key):
        first = files.path("rutan-kudus").read_text().split("\n").index(header) + 1
        line = files.add("rutan-kudus", added)
        assert files.finding() == (
            f"{KUDUS}:{line}: “{key}” ditulis dua kali, pertama pada baris {first}; hapus salah satunya."
        )


class TestNamesOfFiles:
    @pytest.mark.parametrize(
        ("name", "right"),
        [
            ("jawa-tengah/rutan-baru.TOML", "rutan-baru.toml"),
            ("jawa-tengah/rutan-baru.toml.txt", "rutan-baru.toml"),
            ("jawa-timur/Region.toml", "region.toml"),
        ],
    )
    def test_a_file_under_a_name_that_nobody_reads_is_reported_once_with_the_right_one(self, files, name, right):
        (files.root / name).parent.mkdir(exist_ok=True)
        (files.root / name).write_text("")
        assert files.finding() == (
            f"facilities/{name}:1: Berkas ini tidak terbaca dengan nama itu; ganti namanya menjadi {right}."
        )

    def test_a_national_file_under_such_a_name_is_one_error(self, files):
        (files.root / "national.toml").rename(files.root / "National.toml")
        assert "ganti namanya menjadi national.toml" in files.finding()

    def test_a_link_to_nothing_and_a_folder_are_no_files(self, files):
        (files.root / "jawa-tengah" / "rutan-hilang.toml").symlink_to("nowhere.toml")
        (files.root / "jawa-tengah" / "rutan-folder.toml").mkdir()
        assert [finding.split(" ", 1)[0] for finding in files.findings()] == [
            "facilities/jawa-tengah/rutan-folder.toml:1:",
            "facilities/jawa-tengah/rutan-hilang.toml:1:",
        ]

    def test_a_link_to_the_folder_of_a_region_is_followed_and_one_that_leads_back_is_not(self, files):
        (files.root / "jawa-tengah").rename(files.root.parent / "elsewhere")
        (files.root / "jawa-tengah").symlink_to(files.root.parent / "elsewhere")
        (files.root.parent / "elsewhere" / "back").symlink_to(files.root)
        assert len(files.load().facilities) == 59

    def test_what_begins_with_a_dot_and_copies_of_editors_are_passed_over(self, files):
        for name in (".git/x.toml", "jawa-tengah/.rutan-kudus.toml", "jawa-tengah/rutan-kudus.toml.bak"):
            (files.root / name).parent.mkdir(exist_ok=True)
            (files.root / name).write_text("this is = = no toml")
        assert files.load()


class TestWhatFollows:
    def test_a_misspelt_reach_makes_no_role_unknown(self, files):
        text = files.path("national").read_text()
        files.path("national").write_text(text.replace('scope = "facility"', 'scope = "fasility"', 1))
        assert "“roles.head.scope”: “fasility” tidak dikenal" in files.finding()

    def test_a_province_that_stands_twice_is_reported_where_it_stands(self, files):
        line = files.change(
            "region", 'capital = "Semarang"', 'capital = "Semarang"\nprovinces = ["Jawa Tengah", "Jawa Tengah"]'
        )
        assert files.finding() == (
            f"facilities/jawa-tengah/region.toml:{line + 1}: “Jawa Tengah” tercantum dua kali; hapus salah satunya."
        )

    @pytest.mark.parametrize("provinces", ['"Jawa Tengah"', '["Jawa Tengah", 5]'])
    def test_provinces_of_the_wrong_form_ask_no_facility_for_its_own(self, files, provinces):
        files.change("region", 'capital = "Semarang"', f'capital = "Semarang"\nprovinces = {provinces}')
        assert "region.toml" in files.finding()


class TestNames:
    @pytest.mark.parametrize("name", ["   ", "x" * 121])
    def test_a_name_is_neither_blank_nor_longer_than_the_database_takes(self, files, name):
        line = files.change("rutan-kudus", 'name = "Rutan Kelas IIB Kudus"', f'name = "{name}"')
        assert files.finding().startswith(f"{KUDUS}:{line}: “name”: “")

    def test_a_letterhead_is_no_longer_than_the_database_takes(self, files):
        lines = ", ".join(f'"{"X" * 190}"' for _ in range(5))
        files.change("region", '["KANTOR WILAYAH JAWA TENGAH"]', f"[{lines}]")
        assert "Kepala surat sepanjang" in files.finding()

    @pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01"])
    def test_a_day_of_another_age_is_a_slip_of_the_keyboard(self, files, day):
        line = files.change("rutan-pekalongan", "from = 2024-11-01\nreason", f"from = {day}\nreason")
        assert f"rutan-pekalongan.toml:{line}: {day}: Tanggal ini di luar 1 Januari 1900" in "".join(files.findings())

    def test_nothing_goes_on_in_itself(self, files):
        line = files.change(
            "rutan-kudus", 'place = "Kudus"', 'place = "Kudus"\nclosed = 2026-06-30\nmerged_into = "rutan-kudus"'
        )
        assert f"{KUDUS}:{line + 2}: UPT tidak dapat dilanjutkan oleh dirinya sendiri" in files.finding()

    def test_a_misspelt_lock_is_reported_with_the_nearest_name(self, files):
        files.change("rutan-kudus", "[plugins.bansos.config]", 'locked = ["quotta"]\n[plugins.bansos.config]')
        assert "“quotta” tidak dikenal; mungkin maksud Anda “quota”" in files.finding()

    def test_a_plugin_without_a_name_is_none_to_install(self, files):
        files.add("rutan-demak", '\n[plugins.""]\nfrom = 2026-01-01\n')
        assert "pip install" not in files.finding()
