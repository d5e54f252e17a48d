"""A value that the regional office locks at one facility: who may not touch it, what they are told, and who may."""

from datetime import date

import pytest

from guyub.configuration.change_request import ChangeRequest
from guyub.sdk.errors import Forbidden, Invalid
from tests import config_changes as changes
from tests import places
from tests.config_changes import preview
from tests.worlds import employ_local_admin

PEKALONGAN, KEBUMEN = "rutan-pekalongan", "rutan-kebumen"
JANUARY, MARCH, JUNE, DECEMBER = date(2025, 1, 1), date(2025, 3, 3), date(2025, 6, 1), date(2025, 12, 1)
OFFICE = "Kantor Wilayah Direktorat Jenderal Pemasyarakatan Jawa Tengah"


def change(values, valid_from=MARCH, *, locked=(), facility=PEKALONGAN) -> ChangeRequest:
    return changes.request("bansos", values, valid_from, "Surat edaran", facility=facility, locked=frozenset(locked))


@pytest.fixture
def local(database):
    """``admin.lokal`` configures Pekalongan, and nothing else; the web manages both facilities."""
    places.managed_by(database, "web", PEKALONGAN, KEBUMEN, regions=())
    employ_local_admin(database, "reports.read")


@pytest.fixture
def locked(local, acting, plugins, protector):
    with acting("kanwil", PEKALONGAN) as work:
        changes.apply(work, plugins, change({"quota": 4}, locked=["quota"]))


def resolved(database, plugins, on):
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        return plugins.resolve(work, "bansos", work.here.id, on)


def test_who_configures_the_region_replaces_and_releases_it(locked, database, acting, plugins, protector):
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
