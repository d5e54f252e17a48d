"""A lock above what facilities have set already: their history stays, what begins under it is refused."""

from datetime import date

import pytest

from guyub.provisioning import apply, load, plan
from guyub.provisioning.export import export
from tests.config_changes import set_active
from tests.stored_values import set_values

LOCK = date(2026, 12, 1)
OWN = {"rutan-kebumen", "rutan-kudus", "rutan-pekalongan", "rutan-surakarta"}
IN_REGION = f"""
[[plugins.bansos.later]]
from = {LOCK}
locked = ["quota"]
[plugins.bansos.later.config]
quota = 5
"""


def planned(database, plugins, folder, on=None):
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, load(folder, plugins), on)


def exported(database, plugins, folder):
    with database.work(database.as_service("tests")) as work:
        export(work, plugins, folder)


def locked_by_the_region(database, day=LOCK):
    with database.work(database.as_service("tests")) as work:
        region = work.run("SELECT id FROM guyub.region").scalar_one()
        set_values(
            work, "bansos", {"quota": 5}, valid_from=day, reason="kunci", region_id=region, locked=frozenset({"quota"})
        )


@pytest.mark.parametrize("today", [date(2026, 11, 25), date(2027, 2, 1)])
def test_an_export_after_the_region_has_locked_what_facilities_set_plans_nothing(database, plugins, tmp_path, today):
    locked_by_the_region(database)
    exported(database, plugins, tmp_path)
    found = planned(database, plugins, tmp_path, today)
    assert (found.changes, found.is_blocked) == ((), False)
    told = {
        finding.place
        for finding in found.issues
        if "“Bansos sembako: Kuota per bulan” dikunci pada lapisan di atasnya" in finding.sentence.id
    }
    assert told == OWN
    assert all("sejak 1 Desember 2026" in finding.sentence.id for finding in found.issues)


def test_a_table_that_changed_under_the_lock_is_written_with_the_sleeping_value_on_its_own_day(
    database, plugins, tmp_path
):
    locked_by_the_region(database, date(2025, 3, 1))
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_active(work, plugins, "bansos", work.here.id, False, date(2026, 1, 1), "selesai")
    exported(database, plugins, tmp_path)
    text = (tmp_path / "jawa-tengah" / "rutan-kudus.toml").read_text()
    assert "[plugins.bansos]\nfrom = 2025-01-01\n" in text
    assert "[[plugins.bansos.later]]\nfrom = 2026-01-01\nactive = false" in text
    assert planned(database, plugins, tmp_path).changes == ()


def test_a_lock_in_the_file_of_the_region_leaves_what_was_set_before_it(files, database, plugins):
    files.add("region", IN_REGION)
    found = planned(database, plugins, files.root, date(2026, 11, 25))
    assert {(change.region, change.facility, change.what) for change in found.changes} == {
        ("jawa-tengah", "", "config.bansos.quota")
    }
    assert not found.is_blocked
    with database.work(database.as_service("tests")) as work:
        apply(work, plugins, load(files.root, plugins))
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        quotas = [plugins.resolve(work, "bansos", work.here.id, day).config.quota for day in (date(2025, 3, 3), LOCK)]
    assert quotas == [8, 5]


@pytest.mark.parametrize("day", ["2026-12-01", "2027-01-01"])
def test_what_begins_under_the_lock_is_refused_with_the_form_that_fixes_it(files, day):
    files.add("region", IN_REGION)
    files.add("rutan-kudus", f"\n[[plugins.bansos.later]]\nfrom = {day}\n[plugins.bansos.later.config]\nquota = 9\n")
    said = files.finding()
    assert "“quota” dikunci oleh Jawa Tengah sejak 1 Desember 2026" in said
    assert '[[plugins.bansos.later]] dengan inherit = ["quota"]' in said
