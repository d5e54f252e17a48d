"""What a plan changed is taken back whole: values of several days, records above the facilities, and nothing beside them."""

from datetime import date

import pytest

from guyub.configuration.plan_history import applied
from guyub.configuration.revert import plan_revert, revert
from guyub.provisioning import apply, plan
from guyub.provisioning.current import current_state
from guyub.provisioning.export import export
from tests import places

DEMAK = "rutan-demak"
FIRST, SECOND = date(2027, 1, 1), date(2027, 6, 1)
LATER = """
[plugins.bansos]
from = 2025-01-01
[plugins.bansos.config]
quota = 8
"""


def carried_out(database, plugins, files):
    with database.work(database.as_service("tests")) as work:
        return apply(work, plugins, files.load())


def taken_back(database, plugins, plan_id):
    with database.work(database.as_service("tests")) as work:
        back = plan_revert(work, plugins, plan_id)
    with database.work(database.as_service("tests")) as work:
        return revert(work, plugins, plan_id, back.digest, reason="")


def quotas(database, plugins, *days):
    """Quota and whether it is locked, on each day."""
    with database.work(database.as_service("tests", DEMAK)) as work:
        found = [plugins.resolve(work, "bansos", work.here.id, day) for day in days]
    return [(item.config.quota, item.origins["quota"].locked) for item in found]


@pytest.fixture
def demak(files, database, plugins):
    """Rutan Demak with a quota of 8."""
    files.add(DEMAK, LATER)
    carried_out(database, plugins, files)
    return files


def test_a_field_that_a_plan_changed_on_several_days_is_as_it_was_on_all_of_them(demak, database, plugins):
    for day, value in ((FIRST, 20), (SECOND, 30)):
        demak.add(DEMAK, f"[[plugins.bansos.later]]\nfrom = {day}\n[plugins.bansos.later.config]\nquota = {value}\n")
    done = carried_out(database, plugins, demak)
    assert [(change.old, change.new) for change in done.changes] == [(8, 20), (20, 30)]
    assert quotas(database, plugins, FIRST, SECOND) == [(20, False), (30, False)]
    with database.work(database.as_service("tests")) as work:
        (told, *_) = applied(work)
    assert [(change.old, change.new) for change in told.changes] == [(8, 20), (20, 30)]
    taken_back(database, plugins, done.id)
    assert quotas(database, plugins, date(2026, 11, 1), FIRST, SECOND, date(2028, 1, 1)) == [(8, False)] * 4


def test_a_lock_that_never_was_and_a_value_between_two_alike_are_gone_after_it(demak, database, plugins):
    locked = "[plugins.bansos.later.config]\nquota = 20\n"
    demak.add(DEMAK, f'[[plugins.bansos.later]]\nfrom = {FIRST}\nlocked = ["quota"]\n{locked}')
    demak.add(DEMAK, f"[[plugins.bansos.later]]\nfrom = {SECOND}\n[plugins.bansos.later.config]\nquota = 8\n")
    done = carried_out(database, plugins, demak)
    assert [(change.what, change.old, change.new) for change in done.changes] == [
        ("config.bansos.quota", 8, 20),
        ("config.bansos.quota", 20, 8),
    ]
    assert quotas(database, plugins, FIRST, SECOND) == [(20, True), (8, False)]
    taken_back(database, plugins, done.id)
    assert quotas(database, plugins, FIRST, SECOND) == [(8, False)] * 2


def test_what_is_inherited_again_later_is_as_it_was_as_well(demak, database, plugins):
    demak.add(DEMAK, f"[[plugins.bansos.later]]\nfrom = {FIRST}\n[plugins.bansos.later.config]\nquota = 20\n")
    demak.add(DEMAK, f'[[plugins.bansos.later]]\nfrom = {SECOND}\ninherit = ["quota"]\n')
    done = carried_out(database, plugins, demak)
    assert quotas(database, plugins, FIRST, SECOND) == [(20, False), (5, False)]
    taken_back(database, plugins, done.id)
    assert quotas(database, plugins, FIRST, SECOND) == [(8, False)] * 2


def test_a_plan_that_was_taken_back_can_be_had_again_by_taking_that_back(demak, database, plugins):
    for day, value in ((FIRST, 20), (SECOND, 30)):
        demak.add(DEMAK, f"[[plugins.bansos.later]]\nfrom = {day}\n[plugins.bansos.later.config]\nquota = {value}\n")
    back = taken_back(database, plugins, carried_out(database, plugins, demak).id)
    taken_back(database, plugins, back.id)
    assert quotas(database, plugins, FIRST, SECOND) == [(20, False), (30, False)]
    with database.work(database.as_service("tests")) as work:
        assert plan(work, plugins, demak.load()).changes == ()


def as_recorded(database, plugins):
    with database.work(database.as_service("tests")) as work:
        return current_state(work, plugins)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("", 'label = "Lain"', "theme"),
        ('    "programs.approve",\n    "funds.read",\n    "funds.topup"', '    "programs.approve"', "role"),
        ('rutan = { id = "Kepala Rutan"', 'rutan = { id = "Ketua Rutan"', "titles"),
        ('"DIREKTORAT JENDERAL PEMASYARAKATAN"', '"DIREKTORAT JENDERAL CONTOH"', "letters"),
    ],
)
def test_what_the_nation_says_is_taken_back_as_well_and_nothing_is_left_to_export(
    files, database, plugins, old, new, what
):
    with database.work(database.as_service("tests")) as work:
        export(work, plugins, files.root)
    before = as_recorded(database, plugins)
    if what == "theme":
        line = next(line for line in files.path("national").read_text().splitlines() if line.startswith("label = "))
        old = line
    files.change("national", old, new)
    done = carried_out(database, plugins, files)
    assert done.changes
    back = taken_back(database, plugins, done.id)
    assert not [finding for finding in back.issues if "tetap ada" in finding.sentence.id]
    after = as_recorded(database, plugins)
    assert (after.themes, after.roles, after.letters) == (before.themes, before.roles, before.letters)
    assert (after.facilities, after.officials) == (before.facilities, before.officials)
    with database.work(database.as_service("tests")) as work:
        assert [path.name for path in export(work, plugins, files.root).written] == ["national.toml"]


def test_what_a_plan_has_made_stays_and_is_reported(files, database, plugins):
    files.add("national", '[[separations]]\nfirst = "programs.open"\nsecond = "audit.read"\n')
    done = carried_out(database, plugins, files)
    with database.work(database.as_service("tests")) as work:
        back = plan_revert(work, plugins, done.id)
    assert (back.changes, [finding.sentence.id for finding in back.issues]) == (
        (),
        ["Pemisahan tugas tetap ada: yang sudah dibuat tidak dihapus."],
    )


def test_a_person_takes_back_nothing_that_files_alone_may_say(files, database, plugins, acting):
    files.change("region", '"KANTOR WILAYAH JAWA TENGAH"', '"KANTOR WILAYAH CONTOH"')
    done = carried_out(database, plugins, files)
    places.managed_by(database, "web")
    with acting("kanwil") as work:
        back = plan_revert(work, plugins, done.id)
    against = [finding.sentence.id for finding in back.issues if finding.is_blocking]
    assert against == [
        "Kop dan pola nomor surat hanya diubah melalui berkas; minta administrator membatalkannya dengan guyub facilities revert."
    ]
