"""An institution: a name of its own, a person responsible, and up to thousands of people who are counted and not named."""

import pytest

from tests.registry.test_registry_pages import FAMILY, HERE, NEIGHBOUR, error_at, registered
from tests.visits import NewVisitor, Visitor, text_of

ORPHANAGE = {
    "category": "institution",
    "institution_name": "Panti Asuhan Contoh",
    "people_served": "3.000",
    "recipient.full_name": "Hasan Contoh",
    "recipient.nik": "3375010708609906",
}


def _changed(people: str) -> dict[str, str]:
    return {name: value for name, value in ORPHANAGE.items() if "recipient" not in name} | {"people_served": people}


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


def test_an_institution_has_a_name_a_person_responsible_and_thousands_of_people(kasubsi: Visitor):
    household = registered(kasubsi, ORPHANAGE)
    page = kasubsi.opens(household)
    said = text_of(page)
    assert "<h1>Panti Asuhan Contoh</h1>" in page.text
    assert "Penanggung jawab Hasan Contoh" in said
    assert "Orang yang dilayani 3.000" in said
    assert "Belum disurvei" not in said
    listed = text_of(kasubsi.opens(f"{HERE}?category=institution"))
    assert "Panti Asuhan Contoh · Hasan Contoh" in listed
    assert "semua sudah disurvei" in listed
    assert "belum disurvei" not in listed
    assert "Panti Asuhan" in text_of(kasubsi.opens(f"{HERE}?name=panti+asu"))
    assert "Panti Asuhan" not in text_of(kasubsi.opens(f"{HERE}?surveyed=no"))


def test_an_institution_is_called_one_and_no_home_survey_is_offered(kasubsi: Visitor):
    household = registered(kasubsi, ORPHANAGE)
    page = kasubsi.opens(household)
    assert f'href="{household}/survey"' not in page.text
    assert "Arsipkan lembaga ini" in text_of(page)
    assert "Keluarga ini" not in text_of(page)
    kasubsi.lands(kasubsi.fills(f"{household}/archive", {"reason": "Panti ditutup"}))
    assert "Lembaga ini diarsipkan" in kasubsi.reads(household)


def test_the_number_of_packages_is_an_act_and_more_of_them_than_people_is_said(kasubsi: Visitor):
    household = registered(kasubsi, ORPHANAGE | {"people_served": "45"})
    act = {"occurred_on": "2024-11-05", "reason": "Kesepakatan dengan pengurus"}
    for wrong in ("0", "-1", "10.001", "banyak", ""):
        assert error_at(kasubsi.fills(f"{household}/packages", act | {"packages": wrong}), "packages")
    said = kasubsi.follows(kasubsi.fills(f"{household}/packages", act | {"packages": "45"}))
    assert "Panti Asuhan Contoh sekarang menerima 45 paket." in said
    assert "lebih banyak daripada" not in said
    said = kasubsi.follows(kasubsi.fills(f"{household}/packages", act | {"packages": "450"}))
    assert "lebih banyak daripada orang yang dilayaninya (45)" in said
    assert "Paket setiap bulan 450 paket" in said
    assert "Kesepakatan dengan pengurus" in said


def test_an_institution_without_name_or_people_is_refused_at_its_field_and_so_are_too_many(kasubsi: Visitor):
    for name, value in (
        ("institution_name", " "),
        ("people_served", ""),
        ("people_served", "30.001"),
        ("people_served", "-1"),
        ("people_served", "banyak"),
    ):
        refused = kasubsi.fills(f"{HERE}/new", ORPHANAGE | {name: value})
        assert refused.status_code == 422, (name, value)
        assert error_at(refused, name), (name, value)


def test_a_family_has_no_name_of_an_institution(kasubsi: Visitor):
    for wrong in ({"institution_name": "Panti Contoh"}, {"people_served": "7"}):
        refused = kasubsi.fills(f"{HERE}/new", NEIGHBOUR | wrong)
        assert error_at(refused, "institution_name")


def test_the_number_of_people_served_changes_and_its_carer_too(kasubsi: Visitor):
    household = registered(kasubsi, ORPHANAGE)
    registered(kasubsi, FAMILY)
    form = kasubsi.opens(f"{household}/edit").text
    assert 'value="3000"' in form
    said = text_of(kasubsi.lands(kasubsi.fills(f"{household}/edit", _changed("96"))))
    assert "Orang yang dilayani 96" in said
    page = kasubsi.lands(
        kasubsi.fills(
            f"{household}/members/new",
            {
                "full_name": "Rini Contoh",
                "nik": "3375014708809907",
                "occurred_on": "2024-11-05",
                "reason": "Pengurus baru",
            },
        )
    )
    (rini,) = [line for line in page.text.split('"') if "/members/" in line and "/new" not in line][-1:]
    act = {"occurred_on": "2024-11-10", "reason": "Pengurus baru"}
    said = text_of(kasubsi.lands(kasubsi.fills(f"{rini}/recipient", act)))
    assert "Penanggung jawab Rini Contoh" in said
