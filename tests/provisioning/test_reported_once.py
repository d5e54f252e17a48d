"""What is the same at many facilities is said of them in one sentence, in the words of staff, with the facilities beside it."""

from datetime import date

import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.configuration.pages.plan_view import sentences
from guyub.configuration.plan_summary import consequence_groups, noted
from guyub.configuration.planning import plan_requests
from guyub.provisioning import plan
from tests import places, worlds

DECEMBER = date(2024, 12, 1)
RUTAN = ("rutan-pekalongan", "rutan-kebumen", "rutan-kudus")


@pytest.fixture
def everywhere(database):
    """All facilities of the region, managed through the web as the region is."""
    places.managed_by(database, "web")
    return places.codes_of(database)


def test_a_locked_field_at_59_facilities_is_one_issue_with_their_names(everywhere, acting, plugins):
    assert len(everywhere) == 59
    with acting("kanwil") as work:
        planned = plan_requests(
            work, plugins, [ChangeRequest("bansos", DECEMBER, everywhere, values={"ceiling": 300_000})]
        )
    assert planned.is_blocked
    against = [issue for issue in planned.issues if issue.is_blocking]
    (only,) = noted(against)
    assert set(only.places) == set(everywhere)
    assert "“Bansos sembako: Batas nilai paket” tidak dapat diubah" in only.sentence.id
    assert "Jawa Tengah · dikunci sejak 1 November 2024 oleh tests" in only.sentence.id
    assert len(against) == 59, "each is told once"
    assert all("ceiling" not in issue.sentence.id and issue.field == "ceiling" for issue in against)
    (shown, *_) = sentences(planned, {code: code.upper() for code in everywhere})
    assert shown.places == tuple(code.upper() for code in everywhere)


def test_a_value_that_is_not_valid_at_several_facilities_is_one_issue(everywhere, acting, plugins):
    with acting("kanwil") as work:
        planned = plan_requests(
            work, plugins, [ChangeRequest("bansos", DECEMBER, region="jawa-tengah", values={"quota": 0})]
        )
    assert [item.first.is_blocking for item in noted(planned.issues)] == [True]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2024, 10, 5), "sudah disetujui dan tidak berubah."),
        (date(2024, 11, 5), "Perubahan berlaku mulai bulan Desember 2024."),
        (date(2024, 12, 1), "Perubahan berlaku mulai bulan Desember 2024."),
        (date(2025, 1, 2), "Perubahan berlaku mulai bulan Februari 2025."),
        (date(9999, 12, 31), "sudah disetujui dan tidak berubah."),
    ],
)
def test_an_open_month_says_from_which_month_the_change_counts(cluster_of_november, day, said):
    world = cluster_of_november
    with world.database.work(world.database.as_service("tests")) as work:
        planned = plan_requests(work, world.plugins, [ChangeRequest("bansos", day, (RUTAN[0],), values={"quota": 9})])
    (first, *_) = consequence_groups(planned.consequences)
    assert first.sentence.id.startswith("Bansos sembako bulan November 2024 masih terbuka")
    assert first.sentence.id.endswith(said)
    assert "Pekalongan" not in first.sentence.id, "its name stands beside it"
    assert planned.consequences[0].as_json()["id"].startswith("Rutan Kelas IIA Pekalongan: ")


@pytest.fixture(scope="module")
def cluster_of_november(cluster):
    with worlds.a_world(cluster, until="approved") as made:
        yield made


def test_a_name_or_code_of_letters_that_is_used_twice_is_reported_and_blocks_nothing(files, database, plugins):
    text = files.path("region").read_text(encoding="utf-8")
    files.add("../contoh-utara/region", text.replace('"Jawa Tengah"', '"jawa  tengah"'))
    files.change("rutan-kudus", 'name = "Rutan Kelas IIB Kudus"', 'name = "Rutan Kelas IIB Demak"')
    with database.work(database.as_service("tests")) as work:
        found = plan(work, plugins, files.load())
    told = {
        (finding.place, finding.sentence.id.split(",")[0])
        for finding in found.issues
        if "sulit dibedakan" in finding.sentence.id
    }
    assert told == {
        ("rutan-kudus", "“Rutan Kelas IIB Demak” juga dipakai rutan-demak"),
        ("jawa-tengah", "“Jawa Tengah” juga dipakai contoh-utara"),
        ("jawa-tengah", "“W.13” juga dipakai contoh-utara"),
    }
    assert not found.is_blocked
