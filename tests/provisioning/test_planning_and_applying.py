from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Thread

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from guyub.configuration.plan import Plan
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import apply, plan
from guyub.provisioning.desired import DesiredState
from guyub.sdk.errors import Refusal
from tests import places
from tests.config_changes import set_active
from tests.stored_values import set_values

NOVEMBER, DECEMBER, MARCH = date(2024, 11, 16), date(2024, 12, 14), date(2025, 3, 3)
TABLES = (
    "region",
    "facility",
    "official",
    "theme",
    "role",
    "separation_of_duties",
    "plugin_activation",
    "config_value",
    "audit_entry",
)


def planned(database: Database, plugins: PluginRegistry, declared: DesiredState) -> Plan:
    with database.work(database.as_service("tests")) as work:
        return plan(work, plugins, declared)


def applied(database: Database, plugins: PluginRegistry, declared: DesiredState, digest: str | None = None) -> Plan:
    with database.work(database.as_service("tests")) as work:
        return apply(work, plugins, declared, digest)


def rows(database: Database) -> dict[str, int]:
    with database.work(database.as_service("tests")) as work:
        return {table: work.run(f"SELECT count(*) FROM guyub.{table}").scalar_one() for table in TABLES}


def quota(database: Database, plugins: PluginRegistry, rutan: str, on: date) -> tuple[int, str]:
    """Quota and the layer that it comes from."""
    with database.work(database.as_service("tests", rutan)) as work:
        resolved = plugins.resolve(work, "bansos", work.here.id, on)
    return resolved.config.quota, resolved.origins["quota"].layer  # type: ignore[attr-defined]  # the plugin's own configuration


def active(database: Database, plugins: PluginRegistry, rutan: str, on: date) -> tuple[str, ...]:
    with database.work(database.as_service("tests", rutan)) as work:
        return plugins.active(work, work.here.id, on)


def kept_through_the_web(database: Database, code: str) -> None:
    places.managed_by(database, "web", code, regions=())


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_applying_the_same_files_again_changes_nothing_and_writes_no_row(files, database, plugins):
    before = rows(database)
    with database.work(database.as_service("tests")) as work:
        epoch = work.epoch
    assert applied(database, plugins, files.load()).changes == ()
    assert rows(database) == before
    with database.work(database.as_service("tests")) as work:
        assert work.epoch == epoch


def test_a_plan_says_what_changes_where_and_from_when_and_writes_nothing(files, database, plugins):
    before = rows(database)
    files.change("rutan-pekalongan", "reason =", "# reason =")
    files.change("rutan-pekalongan", "quota = 5", "quota = 10")
    files.change("rutan-kudus", 'paper = "F4"', 'paper = "A4"')
    changes = [change.as_json() for change in planned(database, plugins, files.load()).changes]
    assert changes == [
        {
            "facility": "rutan-kudus",
            "region": "jawa-tengah",
            "what": "facility.paper",
            "old": "F4",
            "new": "A4",
            "origin": "facility",
            "valid_from": None,
        },
        {
            "facility": "rutan-pekalongan",
            "region": "jawa-tengah",
            "what": "config.bansos.quota",
            "old": 5,
            "new": 10,
            "origin": "facility",
            "valid_from": "2024-11-01",
        },
    ]
    assert rows(database) == before


def test_a_changed_value_is_a_new_row_and_the_days_before_keep_the_old_one(files, database, plugins):
    before = rows(database)
    files.change(
        "rutan-kebumen", "from = 2024-11-01\n[plugins.bansos.config]", "from = 2025-01-01\n[plugins.bansos.config]"
    )
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    applied(database, plugins, files.load())
    after = rows(database)
    assert after["config_value"] == before["config_value"] + 1
    assert after["plugin_activation"] == before["plugin_activation"]
    assert quota(database, plugins, "rutan-kebumen", NOVEMBER) == (3, "facility")
    assert quota(database, plugins, "rutan-kebumen", MARCH) == (6, "facility")
    assert planned(database, plugins, files.load()).changes == ()


def test_a_value_that_no_longer_stands_in_its_table_is_inherited_again(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "")
    files.change(
        "rutan-kebumen", "from = 2024-11-01\n[plugins.bansos.config]", "from = 2024-12-01\n[plugins.bansos.config]"
    )
    (change,) = applied(database, plugins, files.load()).changes
    assert (change.what, change.old, change.new) == ("config.bansos.quota", 3, None)
    assert quota(database, plugins, "rutan-kebumen", NOVEMBER) == (3, "facility")
    assert quota(database, plugins, "rutan-kebumen", DECEMBER) == (5, "default")
    assert planned(database, plugins, files.load()).changes == ()


def test_files_of_an_earlier_state_overrule_what_was_recorded_for_later_days(files, database, plugins):
    first = files.load()
    files.change(
        "rutan-kebumen", "from = 2024-11-01\n[plugins.bansos.config]", "from = 2025-01-01\n[plugins.bansos.config]"
    )
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    applied(database, plugins, files.load())
    applied(database, plugins, first)
    assert quota(database, plugins, "rutan-kebumen", MARCH) == (3, "facility")
    assert planned(database, plugins, first).changes == ()


def test_a_value_that_begins_earlier_than_recorded_begins_earlier(files, database, plugins):
    files.change(
        "rutan-kudus", "from = 2025-01-01\n[plugins.bansos.config]", "from = 2024-11-01\n[plugins.bansos.config]"
    )
    changed = {change.what for change in applied(database, plugins, files.load()).changes}
    assert changed == {"plugin.bansos", "config.bansos.quota"}
    assert active(database, plugins, "rutan-kudus", NOVEMBER) == ("bansos",)
    assert quota(database, plugins, "rutan-kudus", NOVEMBER) == (8, "facility")
    assert planned(database, plugins, files.load()).changes == ()


def test_a_plugin_is_deactivated_from_a_day_on_and_was_on_before(files, database, plugins):
    since = "[plugins.canteen_profit]\nfrom = "
    files.change("rutan-kebumen", f"{since}2024-11-01", f"{since}2025-02-01\nactive = false")
    applied(database, plugins, files.load())
    assert active(database, plugins, "rutan-kebumen", NOVEMBER) == ("bansos", "canteen_profit")
    assert active(database, plugins, "rutan-kebumen", MARCH) == ("bansos",)


def test_a_table_that_is_gone_turns_nothing_off_and_says_so(files, database, plugins):
    files.change("rutan-kebumen", "[plugins.canteen_profit]\nfrom = 2024-11-01\n", "")
    found = planned(database, plugins, files.load())
    assert found.changes == ()
    assert [(finding.place, finding.sentence.id) for finding in found.issues] == [
        (
            "rutan-kebumen",
            "Keuntungan kantin dan bama tetap berlaku seperti tercatat karena berkas tidak menyebutnya; "
            "tulis [plugins.canteen_profit].",
        )
    ]


def test_a_new_facility_comes_with_its_officials_and_plugins_in_one_go(files, database, plugins):
    text = files.path("rutan-kudus").read_text().replace("Kudus", "Percobaan")
    files.add("rutan-percobaan", text)
    done = applied(database, plugins, files.load())
    assert [change.what for change in done.changes] == [
        "facility",
        "official.head",
        "official.detainee_services",
        "official.management",
        "official.security",
        "plugin.bansos",
        "config.bansos.quota",
        "plugin.csr_funding",
    ]
    assert active(database, plugins, "rutan-percobaan", MARCH) == ("bansos", "csr_funding")


def test_a_new_head_and_the_end_of_the_old_ones_post_are_two_changes(files, database, plugins):
    files.change(
        "rutan-kudus",
        'name = "Arief Contoh Rahman"\nfrom = 2024-01-01\n',
        'name = "Arief Contoh Rahman"\nfrom = 2024-01-01\nuntil = 2025-05-31\n\n'
        '[[officials]]\nrole = "head"\nname = "Baru Contoh Sekali"\nfrom = 2025-06-01\n',
    )
    changes = applied(database, plugins, files.load()).changes
    assert {(change.what, change.valid_from) for change in changes} == {
        ("official.head.valid_until", date(2024, 1, 1)),
        ("official.head", date(2025, 6, 1)),
    }


def test_an_official_who_is_gone_from_the_file_is_reported_and_kept(files, database, plugins):
    files.change(
        "rutan-kudus", '[[officials]]\nrole = "security"\nname = "Heru Contoh Susilo"\nfrom = 2024-01-01\n', ""
    )
    found = planned(database, plugins, files.load())
    assert found.changes == ()
    assert "Pejabat “security” sejak 2024-01-01 masih tercatat" in found.issues[0].sentence.id


def test_a_facility_without_a_file_is_reported_and_kept(files, database, plugins):
    files.path("rutan-kudus").unlink()
    found = planned(database, plugins, files.load())
    assert found.changes == ()
    assert [finding.place for finding in found.issues] == ["rutan-kudus"]


def test_a_file_for_a_facility_managed_through_the_web_is_refused_and_nothing_is_changed(files, database, plugins):
    kept_through_the_web(database, "rutan-kudus")
    files.change("rutan-kudus", "quota = 8", "quota = 9")
    files.change("rutan-kudus", 'paper = "F4"', 'paper = "A4"')
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    before = rows(database)
    with pytest.raises(Refusal) as refused:
        applied(database, plugins, files.load())
    assert (
        "Rutan Kelas IIB Kudus dikelola melalui web, padahal berkasnya hendak mengubah 2 hal" in refused.value.what.id
    )
    assert "Data UPT, Bansos sembako: Kuota per bulan" in refused.value.what.id
    assert rows(database) == before


def test_a_file_that_says_what_the_web_has_recorded_is_reported_and_stands_in_nobodys_way(files, database, plugins):
    kept_through_the_web(database, "rutan-kudus")
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    done = applied(database, plugins, files.load())
    assert [change.facility for change in done.changes] == ["rutan-kebumen"]
    assert [issue.sentence.id for issue in done.issues if issue.severity == "notes"] == [
        "Rutan Kelas IIB Kudus dikelola melalui web: berkasnya tidak diterapkan."
    ]


def test_a_regional_value_that_would_spoil_a_facility_kept_through_the_web_is_refused(files, database, plugins):
    kept_through_the_web(database, "rutan-pekalongan")
    files.path("rutan-pekalongan").unlink()
    cheap = '{ code = "beras", name = "Beras", unit = "kg", quantity = 5, price = 12_000 }'
    files.add("national", f"\n[plugins.bansos]\nfrom = 2024-11-01\n[plugins.bansos.config]\npackage = [{cheap}]\n")
    files.change("region", "ceiling = 250_000", "ceiling = 100_000")
    before = rows(database)
    with pytest.raises(Refusal) as refused:
        applied(database, plugins, files.load())
    assert "melebihi batas Rp100.000" in refused.value.what.id
    assert refused.value.what.id.startswith("Tidak diterapkan, 1 hal menghalangi. rutan-pekalongan")
    assert rows(database) == before


def test_what_was_not_valid_before_is_reported_and_blocks_nothing(files, database, plugins):
    kept_through_the_web(database, "rutan-kudus")
    files.path("rutan-kudus").unlink()
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_values(work, "bansos", {"quota": 0}, valid_from=MARCH, reason="percobaan", facility_id=work.here.id)
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    done = applied(database, plugins, files.load())
    assert [change.facility for change in done.changes] == ["rutan-kebumen"]
    assert any("“Kuota per bulan” (quota): 0 tidak diterima" in finding.sentence.id for finding in done.issues)


def test_a_lock_that_is_recorded_but_in_no_file_is_reported_where_it_would_hide_a_value(files, database, plugins):
    with database.work(database.as_service("tests")) as work:
        set_values(work, "bansos", {"quota": 4}, valid_from=MARCH, reason="percobaan", locked=frozenset({"quota"}))
    found = planned(database, plugins, files.load())
    assert {finding.place for finding in found.issues} == {
        "",
        "rutan-kebumen",
        "rutan-kudus",
        "rutan-pekalongan",
        "rutan-surakarta",
    }
    assert not found.is_blocked


def test_a_plan_that_was_read_is_applied_by_its_digest(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    read = planned(database, plugins, files.load())
    assert applied(database, plugins, files.load(), read.digest).digest == read.digest


def test_a_plan_is_refused_when_the_world_has_moved_since_it_was_read(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    read = planned(database, plugins, files.load())
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        set_active(work, plugins, "canteen_profit", work.here.id, True, MARCH, "percobaan")
    before = rows(database)
    with pytest.raises(Refusal) as refused:
        applied(database, plugins, files.load(), read.digest)
    assert refused.value.code == "configuration.plan_moved"
    assert rows(database) == before


def test_what_the_database_refuses_half_way_leaves_nothing_behind(files, database, plugins):
    files.change("region", 'capital = "Semarang"', 'capital = "Salatiga"')
    declared = files.load()
    key = next(iter(declared.officials))
    # A title that no file can declare and no table can hold, written after the region.
    broken = replace(declared, officials={**declared.officials, key: replace(declared.officials[key], acting="Pj.")})
    before = rows(database)
    with pytest.raises(IntegrityError):
        applied(database, plugins, broken)
    assert rows(database) == before
    with database.work(database.as_service("tests")) as work:
        assert work.run("SELECT capital FROM guyub.region").scalar_one() == "Semarang"


def test_each_facility_has_an_entry_in_its_own_audit_log_and_no_name_of_a_person_in_it(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    files.change("rutan-kudus", "Arief Contoh Rahman", "Arif Contoh Rahman")
    before = rows(database)["audit_entry"]
    applied(database, plugins, files.load())
    assert rows(database)["audit_entry"] == before + 2
    with database.work(database.as_service("tests", "rutan-kudus")) as work:
        entry = work.run(
            "SELECT actor_label, action, details FROM guyub.audit_entry WHERE chain = :here ORDER BY seq DESC LIMIT 1",
            here=work.here.id,
        ).one()
    assert (entry.actor_label, entry.action) == ("tests", "facilities.apply")
    assert entry.details["changed"] == ["official.head.name"]
    assert "Contoh" not in str(entry.details)


def test_a_row_keeps_who_wrote_it_and_which_file_said_so(files, database, plugins):
    with database.work(database.as_service("tests")) as work:
        kept = work.run(
            "SELECT v.actor, v.reason FROM guyub.config_value v JOIN guyub.facility f ON f.id = v.facility_id "
            "WHERE f.code = 'rutan-kudus'"
        ).one()
    assert tuple(kept) == ("tests", "facilities/jawa-tengah/rutan-kudus.toml")


def test_the_regional_office_cannot_apply_files_by_its_own_door(files, acting, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    with pytest.raises(Refusal, match="managed_by_files"), acting("kanwil") as work:
        apply(work, plugins, files.load())
    assert quota(database, plugins, "rutan-kebumen", MARCH) == (3, "facility")


def test_two_at_once_apply_once(files, database, plugins):
    files.change("rutan-kebumen", "quota = 3", "quota = 6")
    declared = files.load()
    second: list[Plan] = []
    other = Thread(target=lambda: second.append(applied(database, plugins, declared)))
    with database.work(database.as_service("tests")) as work:
        first = apply(work, plugins, declared)
        other.start()
        other.join(timeout=0.5)
        assert second == []
    other.join()
    assert (len(first.changes), len(second[0].changes)) == (1, 0)


@pytest.mark.deep
def test_a_plan_takes_as_many_queries_for_three_hundred_facilities_as_for_eighteen(files, database, plugins):
    few = files.load()
    text = files.path("rutan-pekalongan").read_text()
    for number in range(300):
        files.add(f"rutan-contoh-{number}", text.replace("Rutan Kelas IIA Pekalongan", f"Rutan Contoh {number}"))
    many = files.load()
    with counted(database) as for_few:
        planned(database, plugins, few)
    with counted(database) as for_many:
        planned(database, plugins, many)
    # One more for what is at work where the plan changes something.
    assert len(for_few) <= len(for_many) <= 21
    with counted(database) as for_applying:
        applied(database, plugins, many)
    assert len(for_applying) <= 32  # one of them asks for more time
