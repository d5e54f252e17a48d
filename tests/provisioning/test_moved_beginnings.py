"""The day of a table is moved: what has not come yet is put off, what has begun is told."""

from datetime import date, timedelta

import pytest

from guyub.provisioning import apply, plan

KEBUMEN, DEMAK = "rutan-kebumen", "rutan-demak"
TODAY = date(2026, 11, 25)
JANUARY, FEBRUARY, MARCH = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
CANTEEN = "[plugins.canteen_profit]\nfrom = "
BANSOS = "[plugins.bansos]\nfrom = 2024-11-01\n"


def carried_out(database, plugins, files):
    with database.work(database.as_service("tests")) as work:
        return apply(work, plugins, files.load(), on=TODAY)


def planned(database, plugins, files):
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, files.load(), on=TODAY)


def runs(database, plugins, place, *days):
    with database.work(database.as_service("tests", place)) as work:
        return ["canteen_profit" in plugins.active(work, work.here.id, day) for day in days]


def quotas(database, plugins, *days):
    with database.work(database.as_service("tests", KEBUMEN)) as work:
        return [plugins.resolve(work, "bansos", work.here.id, day).config.quota for day in days]


def test_a_programme_whose_start_is_put_off_starts_on_the_later_day(files, database, plugins):
    files.add(DEMAK, f"\n{CANTEEN}{JANUARY}\n")
    carried_out(database, plugins, files)
    files.change(DEMAK, f"{CANTEEN}{JANUARY}", f"{CANTEEN}{MARCH}")
    found = planned(database, plugins, files).changes
    assert [(item.what, item.old, item.new, item.valid_from) for item in found] == [
        ("plugin.canteen_profit", True, False, JANUARY),
        ("plugin.canteen_profit", False, True, MARCH),
    ]
    carried_out(database, plugins, files)
    assert runs(database, plugins, DEMAK, JANUARY, FEBRUARY, MARCH) == [False, False, True]
    assert planned(database, plugins, files).changes == ()


def test_a_value_that_is_put_off_leaves_what_holds_today_until_then(files, database, plugins):
    files.change(KEBUMEN, BANSOS, f"[plugins.bansos]\nfrom = {JANUARY}\n")
    files.change(KEBUMEN, "quota = 3", "quota = 6")
    carried_out(database, plugins, files)
    assert quotas(database, plugins, TODAY, JANUARY) == [3, 6]
    files.change(KEBUMEN, f"[plugins.bansos]\nfrom = {JANUARY}", f"[plugins.bansos]\nfrom = {MARCH}")
    carried_out(database, plugins, files)
    assert quotas(database, plugins, TODAY, JANUARY, MARCH - timedelta(1), MARCH) == [3, 3, 3, 6]
    assert planned(database, plugins, files).changes == ()


def test_a_value_that_is_put_off_and_given_up_does_not_begin_at_all(files, database, plugins):
    files.change(KEBUMEN, BANSOS, f"[plugins.bansos]\nfrom = {JANUARY}\n")
    files.change(KEBUMEN, "quota = 3", "quota = 6")
    carried_out(database, plugins, files)
    files.change(KEBUMEN, f"[plugins.bansos]\nfrom = {JANUARY}", f"[plugins.bansos]\nfrom = {MARCH}")
    files.change(KEBUMEN, "quota = 6\n", "")
    carried_out(database, plugins, files)
    assert quotas(database, plugins, JANUARY, MARCH) == [3, 5]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_day_that_moves_forward_over_days_that_have_passed_is_reported_and_changes_nothing(
    files, database, plugins, lang
):
    files.change(KEBUMEN, f"{CANTEEN}2024-11-01", f"{CANTEEN}2025-02-01")
    found = planned(database, plugins, files)
    assert found.changes == ()
    (said,) = found.issues
    assert (said.place, said.is_blocking, said.plugin) == (KEBUMEN, False, "canteen_profit")
    assert (
        getattr(said.sentence, lang)
        == {
            "id": "[plugins.canteen_profit]: tercatat sejak 1 November 2024, padahal berkas menulis mulai 1 Februari 2025."
            " Hari yang sudah lewat tidak ditulis ulang; tulis from = 2024-11-01.",
            "en": "[plugins.canteen_profit]: recorded since 1 November 2024, the file says from 1 February 2025. Days that have"
            " passed are not rewritten; write from = 2024-11-01.",
        }[lang]
    )


def test_a_new_value_from_the_day_of_its_table_is_no_moved_beginning(files, database, plugins):
    files.change(KEBUMEN, BANSOS, "[plugins.bansos]\nfrom = 2025-02-01\n")
    files.change(KEBUMEN, "quota = 3", "quota = 6")
    assert {issue.severity for issue in planned(database, plugins, files).issues} == {"warns"}
    carried_out(database, plugins, files)
    assert planned(database, plugins, files).issues == ()
