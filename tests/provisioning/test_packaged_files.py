import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import guyub
from guyub.access.roles import PERMISSIONS
from guyub.configuration.assembly import plugin_registry
from guyub.configuration.settings import Target
from guyub.provisioning import load, packaged_folder
from guyub.provisioning.desired import DesiredState

# Eighteen that the software began with, and Semarang. Wonogiri stands as it did then, though the press calls it a lapas.
RUTAN = {
    "banjarnegara": "33.04",
    "banyumas": "33.02",
    "blora": "33.16",
    "boyolali": "33.09",
    "demak": "33.21",
    "jepara": "33.20",
    "kebumen": "33.05",
    "kudus": "33.19",
    "pekalongan": "33.75",
    "pemalang": "33.27",
    "purbalingga": "33.03",
    "purworejo": "33.06",
    "rembang": "33.17",
    "salatiga": "33.73",
    "semarang": "33.74",
    "surakarta": "33.72",
    "temanggung": "33.23",
    "wonogiri": "33.12",
    "wonosobo": "33.07",
}
CITIES = {
    "Kabupaten Cilacap": "33.01",
    "Kabupaten Banyumas": "33.02",
    "Kabupaten Purbalingga": "33.03",
    "Kabupaten Banjarnegara": "33.04",
    "Kabupaten Kebumen": "33.05",
    "Kabupaten Purworejo": "33.06",
    "Kabupaten Wonosobo": "33.07",
    "Kabupaten Magelang": "33.08",
    "Kabupaten Boyolali": "33.09",
    "Kabupaten Klaten": "33.10",
    "Kabupaten Wonogiri": "33.12",
    "Kabupaten Sragen": "33.14",
    "Kabupaten Grobogan": "33.15",
    "Kabupaten Blora": "33.16",
    "Kabupaten Rembang": "33.17",
    "Kabupaten Pati": "33.18",
    "Kabupaten Kudus": "33.19",
    "Kabupaten Jepara": "33.20",
    "Kabupaten Demak": "33.21",
    "Kabupaten Semarang": "33.22",
    "Kabupaten Temanggung": "33.23",
    "Kabupaten Kendal": "33.24",
    "Kabupaten Batang": "33.25",
    "Kabupaten Pemalang": "33.27",
    "Kabupaten Tegal": "33.28",
    "Kabupaten Brebes": "33.29",
    "Kota Magelang": "33.71",
    "Kota Surakarta": "33.72",
    "Kota Salatiga": "33.73",
    "Kota Semarang": "33.74",
    "Kota Pekalongan": "33.75",
    "Kota Tegal": "33.76",
}


@pytest.fixture(scope="module")
def jawa_tengah() -> DesiredState:
    return load(packaged_folder(), plugin_registry())


def plugins_of(declared: DesiredState, rutan: str) -> set[str]:
    return {
        one.plugin
        for one, setting in declared.settings.items()
        if one.place == f"rutan-{rutan}" and not one.field and setting[-1].value
    }


def test_the_region_has_its_rutan_with_the_codes_of_their_cities(jawa_tengah):
    codes = {
        code.removeprefix("rutan-"): one.city_code
        for code, one in jawa_tengah.facilities.items()
        if one.facility_type == "rutan"
    }
    assert codes == RUTAN


def test_the_region_has_fifty_nine_units_as_its_office_counted_them(jawa_tengah):
    counted = Counter(facility.facility_type for facility in jawa_tengah.facilities.values())
    assert counted == {"rutan": 19, "lapas": 30, "lpp": 1, "lpka": 1, "bapas": 8}


def test_every_city_has_its_own_code(jawa_tengah):
    for facility in jawa_tengah.facilities.values():
        assert CITIES[facility.city] == facility.city_code, facility.code
        assert facility.province == "Jawa Tengah"


def test_a_name_says_type_variant_and_class(jawa_tengah):
    for facility in jawa_tengah.facilities.values():
        assert f"Kelas {facility.facility_class} " in facility.name
        assert facility.name.split(" Kelas ")[1] == facility.long_name.split(" Kelas ")[1]
        assert facility.variant.title() in facility.name
        assert facility.variant.title() in facility.long_name


def test_what_the_office_has_not_decided_runs_nowhere(jawa_tengah):
    running = {one.place for one, setting in jawa_tengah.settings.items() if not one.field and setting[-1].value}
    assert running <= {code for code, one in jawa_tengah.facilities.items() if one.facility_type == "rutan"}


def test_a_rutan_in_a_city_is_not_taken_for_the_regency_of_the_same_name(jawa_tengah):
    pekalongan = jawa_tengah.facilities["rutan-pekalongan"]
    assert (pekalongan.city, pekalongan.city_code) == ("Kota Pekalongan", "33.75")
    for facility in jawa_tengah.facilities.values():
        assert facility.city.startswith("Kota" if facility.city_code >= "33.71" else "Kabupaten")


def test_classes_are_those_of_the_published_list(jawa_tengah):
    by_class = {
        code: one.facility_class for code, one in jawa_tengah.facilities.items() if one.facility_type == "rutan"
    }
    assert by_class.pop("rutan-surakarta") == "I"
    assert by_class.pop("rutan-semarang") == "I"
    assert by_class.pop("rutan-pekalongan") == "IIA"
    assert set(by_class.values()) == {"IIB"}


def test_a_letterhead_runs_from_the_ministry_down_to_the_rutan(jawa_tengah):
    assert jawa_tengah.facilities["rutan-pekalongan"].letterhead == (
        "KEMENTERIAN IMIGRASI DAN PEMASYARAKATAN REPUBLIK INDONESIA",
        "DIREKTORAT JENDERAL PEMASYARAKATAN",
        "KANTOR WILAYAH JAWA TENGAH",
        "RUMAH TAHANAN NEGARA KELAS IIA PEKALONGAN",
    )


def test_pekalongan_runs_all_three_kebumen_without_csr_and_salatiga_none(jawa_tengah):
    assert plugins_of(jawa_tengah, "pekalongan") == {"bansos", "csr_funding", "canteen_profit"}
    assert plugins_of(jawa_tengah, "kebumen") == {"bansos", "canteen_profit"}
    assert plugins_of(jawa_tengah, "salatiga") == set()


def test_every_official_is_plainly_an_example_and_has_no_number(jawa_tengah):
    for official in jawa_tengah.officials.values():
        assert " Contoh " in official.name
        assert official.nip == ""


def test_every_rutan_has_a_head_and_a_head_of_detainee_services_in_november_2024(jawa_tengah):
    for code in (f"rutan-{city}" for city in RUTAN):
        for role in ("head", "detainee_services"):
            assert (code, role, date(2024, 1, 1)) in jawa_tengah.officials


def test_titles_follow_the_type_of_facility_unless_a_file_names_its_own(jawa_tengah):
    since = date(2024, 1, 1)
    assert jawa_tengah.officials["rutan-kudus", "head", since].title == "Kepala Rutan"
    assert jawa_tengah.officials["rutan-surakarta", "management", since].title == "Kepala Seksi Pengelolaan"


def test_the_region_locks_the_ceiling_that_every_package_stays_under(jawa_tengah):
    (ceiling,) = jawa_tengah.settings[Target("region", "jawa-tengah", "bansos", "ceiling")]
    assert (ceiling.value, ceiling.locked, ceiling.valid_from) == (250_000, True, date(2024, 11, 1))


def test_programmes_of_the_ministry_follow_one_another_without_a_gap(jawa_tengah):
    first, second = jawa_tengah.themes["akselerasi-13"], jawa_tengah.themes["aksi-15"]
    assert (first.valid_from, first.valid_until, second.valid_from, second.valid_until) == (
        date(2024, 10, 1),
        date(2025, 12, 31),
        date(2026, 1, 1),
        None,
    )


def test_no_role_proposes_and_approves():
    roles = load(packaged_folder(), plugin_registry()).roles
    assert not [
        code for code, role in roles.items() if {"programs.propose", "programs.approve"} <= set(role.permissions)
    ]


def test_every_permission_that_the_code_asks_for_can_be_given():
    asked = set()
    for path in Path(guyub.__file__).parent.rglob("*.py"):
        asked |= set(re.findall(r"""(?:require|may)\("([a-z_]+\.[a-z_]+)"\)""", path.read_text(encoding="utf-8")))
    assert asked
    assert asked <= set(PERMISSIONS)


def test_every_permission_is_held_by_some_role(jawa_tengah):
    held = {permission for role in jawa_tengah.roles.values() for permission in role.permissions}
    assert held == set(PERMISSIONS)
