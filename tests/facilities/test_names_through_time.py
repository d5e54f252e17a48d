"""What a facility is called on a day: kept by the database, printed on the papers of that day."""

from datetime import date, timedelta

import pytest

from guyub.db.unit_of_work import Database
from guyub.facilities import history, queries
from guyub.sdk.errors import Refusal
from tests import places

KUDUS = "rutan-kudus"
RENAMED = date(2026, 3, 1)


def rename(database: Database, name: str, since: date | None = RENAMED, **others: object) -> None:
    places.change_facility(database, KUDUS, name=name, long_name=name, letterhead=(name,), name_from=since, **others)


def name_on(database: Database, day: date) -> str:
    with database.work(database.as_service("tests", KUDUS)) as work:
        return queries.facility(work, day).name


def test_a_renamed_facility_has_its_old_name_and_letterhead_on_the_days_before(database: Database):
    rename(database, "Lapas Kelas IIB Kudus", facility_type="lapas")
    with database.work(database.as_service("tests", KUDUS)) as work:
        before, after = queries.facility(work, date(2024, 11, 16)), queries.facility(work, RENAMED)
    assert (before.name, before.facility_type) == ("Rutan Kelas IIB Kudus", "rutan")
    assert before.letterhead[-1] == "RUMAH TAHANAN NEGARA KELAS IIB KUDUS"
    assert (after.name, after.facility_type, after.letterhead) == (
        "Lapas Kelas IIB Kudus",
        "lapas",
        ("Lapas Kelas IIB Kudus",),
    )


def test_a_change_without_a_day_holds_from_today_and_rewrites_no_past(database: Database):
    with database.work(database.as_service("tests", KUDUS)) as work:
        today = work.run("SELECT guyub.today_at('Asia/Jakarta')").scalar_one()
    rename(database, "Rutan Kudus", since=None)
    assert name_on(database, today) == "Rutan Kudus"
    assert name_on(database, today - timedelta(days=1)) == "Rutan Kelas IIB Kudus"


def test_the_day_of_a_name_may_be_recorded_afterwards(database: Database):
    rename(database, "Rutan Kudus", since=None)
    rename(database, "Rutan Kudus")
    assert name_on(database, RENAMED) == "Rutan Kudus"
    assert name_on(database, RENAMED - timedelta(days=1)) == "Rutan Kelas IIB Kudus"


def test_a_move_is_recorded_no_earlier_than_what_is_known_of_the_facility(database: Database):
    rename(database, "Rutan Kudus")
    places.add_regions(database)
    with pytest.raises(Refusal) as refused:
        places.change_facility(database, KUDUS, region="contoh", name_from=RENAMED - timedelta(days=1))
    assert "2026" in refused.value.what.id


@pytest.mark.parametrize(
    "since", [date(2099, 1, 1), RENAMED - timedelta(days=1)], ids=["to come", "before another name"]
)
def test_a_name_from_a_day_that_cannot_be_is_refused(database: Database, since: date):
    rename(database, "Lapas Kelas IIB Kudus")
    with pytest.raises(Refusal) as refused:
        rename(database, "Lapas Kudus", since=since)
    assert refused.value.code in ("facilities.name_ahead", "facilities.before_known_name")
    assert name_on(database, RENAMED) == "Lapas Kelas IIB Kudus"


def test_every_name_is_listed_with_its_days_and_who_recorded_it(database: Database):
    rename(database, "Lapas Kelas IIB Kudus")
    with database.work(database.as_service("tests", KUDUS)) as work:
        now, before = history.names(work)
    assert (now.since, now.until, now.actor) == (RENAMED, None, "tests")
    assert (before.since, before.until) == (history.EVER, RENAMED - timedelta(days=1))


def test_a_facility_that_moves_to_another_office_takes_its_history_along_and_the_former_one_says_where_to(
    database: Database,
):
    places.add_regions(database)
    places.change_facility(database, KUDUS, region="contoh", name_from=RENAMED)
    with database.work(database.as_service("tests", KUDUS)) as work:
        assert queries.facility(work, date(2024, 11, 16)).region.code == "jawa-tengah"
        assert queries.facility(work, RENAMED).region.code == queries.facility(work).region.code == "contoh"
        moved = history.moved_away(work, queries.region(work, "jawa-tengah").id)
    assert [(item.name, item.region, item.since) for item in moved] == [("Rutan Kelas IIB Kudus", "Contoh", RENAMED)]
