"""A value that the regional office locks at one facility: who may not touch it, what they are told, and who may."""

from datetime import date

import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.sdk.errors import Forbidden, Invalid
from tests import config_changes as changes
from tests.config_changes import preview
from tests.worlds import attacker, employ

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
JANUARY, MARCH, JUNE, DECEMBER = date(2025, 1, 1), date(2025, 3, 3), date(2025, 6, 1), date(2025, 12, 1)
OFFICE = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"

INTO = """INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, locked, valid_from, actor)
          SELECT 'facility', id, 'bansos', 'quota', {value}::jsonb, {locked}, '{day}'::date, '' FROM guyub.facility
          WHERE code = 'rutan-pekalongan'"""


def setting(value: str, day: str, locked: bool = False) -> str:
    return INTO.format(value=f"'{value}'" if value != "NULL" else value, day=day, locked=locked)


def change(values, valid_from=MARCH, *, locked=(), facility=PEKALONGAN) -> ChangeRequest:
    return changes.request("bansos", values, valid_from, "Surat edaran", facility=facility, locked=frozenset(locked))


@pytest.fixture
def local(database):
    """``admin.lokal`` configures Pekalongan, and nothing else; the web manages both facilities."""
    with database.work(database.as_service("tests")) as work:
        work.run("UPDATE guyub.facility SET managed_by = 'web' WHERE code IN ('rutan-pekalongan', 'rutan-kebumen')")
        work.run(
            "INSERT INTO guyub.role VALUES ('local_admin', 'facility', '{}', ARRAY['facilities.configure', 'reports.read'])"
        )
    employ(database, "admin.lokal", "local_admin", PEKALONGAN)


@pytest.fixture
def locked(local, acting, plugins, protector):
    with acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 4}, locked=["quota"]))


def resolved(database, plugins, on):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        return plugins.resolve(work, "bansos", work.here.id, on)


def test_the_database_refuses_whoever_configures_only_the_facility(locked, database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter("admin.lokal", PEKALONGAN)
        assert intruder.tries(setting("9", "2025-06-01")) == "GU012", "replaced"
        assert intruder.tries(setting("9", "2025-03-03")) == "GU012", "replaced on its own day"
        assert intruder.tries(setting("NULL", "2025-06-01")) == "GU012", "released"
        assert intruder.tries(setting("4", "2025-06-01")) == "GU012", "the same value without the lock"
        assert intruder.tries(setting("9", "2025-03-02")) == "1 rows", "the lock begins on 3 March"
        assert intruder.tries(setting("9", "2025-03-02", locked=True)) == "GU004", "a lock of their own"
        two = setting("9", "2025-01-01") + " UNION ALL " + setting("9", "2025-06-01").partition("actor)")[2]
        assert intruder.tries(two) == "GU012", "two at once"


def test_nobody_chooses_the_order_in_which_values_count(local, database, installation):
    with attacker(installation, database) as intruder:
        intruder.enter("admin.lokal", PEKALONGAN)
        selected = setting("9", "2025-03-03").replace("(layer,", "(id, layer,").replace("SELECT ", "SELECT uuidv7(), ")
        assert intruder.tries(selected) == "42501"


def test_who_configures_the_region_replaces_and_releases_it(locked, database, installation, acting, plugins, protector):
    with attacker(installation, database) as office:
        office.enter("kanwil", PEKALONGAN)
        assert office.tries(setting("9", "2025-06-01")) == "1 rows"
        assert office.tries(setting("NULL", "2025-06-01")) == "1 rows"
        office.enter_service()
        assert office.tries(setting("9", "2025-06-01")) == "1 rows"
    with acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 4}, JUNE))
    with acting("admin.lokal", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 7}, JUNE))
    assert resolved(database, plugins, MARCH).config.quota == 4
    assert resolved(database, plugins, JUNE).config.quota == 7


def test_the_refusal_names_who_locked_it_and_since_when(locked, acting, plugins, protector):
    with pytest.raises(Invalid) as refused, acting("admin.lokal", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 9}, JUNE))
    said = (
        "“Kuota per bulan” tidak dapat diubah di Rutan Kelas IIA Pekalongan: "
        f"dikunci oleh {OFFICE} (kanwil) sejak 3 Maret 2025."
    )
    assert refused.value.what.id == said
    assert refused.value.field == "quota"
    with pytest.raises(Invalid) as refused, acting("admin.lokal", PEKALONGAN) as work:
        work.run(setting("9", "2025-06-01"))
    assert refused.value.what.id == said.replace("Kuota per bulan", "quota"), (
        "the database knows the name of the field alone"
    )


def test_its_origin_names_the_facility_and_the_office_that_keeps_the_lock(locked, database, plugins):
    found = resolved(database, plugins, JUNE)
    assert found.config.quota == 4
    assert found.origins["quota"].sentence.id == (
        f"Rutan Kelas IIA Pekalongan · dikunci oleh {OFFICE} sejak 3 Maret 2025 (kanwil)"
    )


def test_a_preview_says_that_it_cannot_be_changed(locked, acting, plugins, protector):
    with acting("admin.lokal", PEKALONGAN) as work:
        for values in ({"quota": 9}, {"quota": None}):
            plan = preview(work, plugins, change(values, JUNE))
            assert [issue.code for issue in plan.issues if issue.is_blocking] == ["host.locked"]
    with acting("kanwil", PEKALONGAN) as work:
        plan = preview(work, plugins, change({"quota": 9}, JUNE))
        (effect,) = plan.effects
        assert (effect.kind, plan.is_blocked) == ("changes", False)
        assert effect.after.origin.place.id == "Rutan Kelas IIA Pekalongan"


def test_only_the_regional_office_locks(local, acting, plugins, protector):
    with pytest.raises(Forbidden, match="lock_is_regional"), acting("admin.lokal", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 4}, locked=["quota"]))


def test_a_lock_lasts_beyond_a_value_that_the_facility_had_planned(local, acting, database, plugins, protector):
    with acting("admin.lokal", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 9}, JUNE))
    with acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 4}, MARCH, locked=["quota"]))
    assert resolved(database, plugins, DECEMBER).config.quota == 4
    assert resolved(database, plugins, DECEMBER).origins["quota"].locked
