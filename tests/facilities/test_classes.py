import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities.classes import CLASSES, normal_class

SPELLINGS = {
    "IIA": (
        "IIA",
        "Kelas IIA",
        "Klas IIA",
        "Kelas II A",
        "Kelas II-A",
        "KELAS II.A",
        "kls. iia",
        "2A",
        "Kelas 2 a",
        "II/A",
        "II – A",
        "2a",
        "II\u200bA",
        "Klas\u00a0IIa",
    ),
    "IIB": ("IIB", "Kelas II B", "klas ii b"),
    "I": ("I", "Kelas I", "Kelas 1", "Klas 1"),
    "II": ("II", "Kelas 2", "Kelas II"),
    "III": ("III", "Kelas III", "3"),
    "": ("", "Kelas", " "),
}


@pytest.mark.parametrize(("normal", "given"), [(one, given) for one, many in SPELLINGS.items() for given in many])
def test_a_class_is_understood_however_it_is_written(normal, given):
    assert normal_class(given) == normal


@pytest.mark.parametrize("given", ["Kelas IV", "A", "IIC", "Kelas 22", "besar"])
def test_what_is_no_class_is_left_as_it_was_written(given):
    assert normal_class(given) == given


def _types_and_classes():
    known = sorted({one for classes in CLASSES.values() for one in classes})
    return [(kind, one, one in classes) for kind, classes in CLASSES.items() for one in known]


@pytest.mark.parametrize(("kind", "given", "fits"), _types_and_classes())
def test_the_database_knows_the_same_classes_as_the_files(database: Database, kind, given, fits):
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT guyub.is_class_of(:kind, :given)", kind=kind, given=given).scalar_one() is fits
        assert work.run("SELECT guyub.is_class_of(:kind, '')", kind=kind).scalar_one()


def test_a_narcotics_lapas_of_the_second_class_is_a_lapas(database: Database):
    with database.work(database.as_service("tests")) as work:
        found = work.run(
            "SELECT facility_type, variant, facility_class FROM guyub.facility WHERE code = 'lapas-narkotika-nusakambangan'"
        ).one()
    assert tuple(found) == ("lapas", "narkotika", "IIA")


@pytest.mark.parametrize("shown", sorted({name for classes in CLASSES.values() for name in classes}))
def test_a_class_that_a_page_shows_is_read_as_itself(shown: str):
    assert normal_class(shown) == normal_class(f"Kelas {shown}") == shown
