"""Every released version is upgraded to this one, with what it held, and the doctor finds nothing."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import typer

from guyub.cli import doctor_command
from guyub.configuration.assembly import plugin_registry
from guyub.db import repeatable
from guyub.db.installation import Installation
from guyub.db.installing import upgrade
from guyub.db.migration_sql import MIGRATIONS
from guyub.db.schema_state import schema_state
from guyub.operations.context import AppContext
from guyub.plugins import plugin_tables, table_migrations
from guyub.sdk.errors import Refusal
from tests.plugin_with_tables import COLLECTION, LINE, SLUG, Kas
from tests.upgrade.releases import released, restored
from tests.worlds import superuser

FROZEN = {
    "0001": "e99785763b3bbdba869613db71b7228f09b4e7b237690444667ea6a2a4c004c6",
}
"""Of each migration that was released: the digest of its SQL. It is never edited; what follows is the next migration."""


@pytest.fixture(params=released())
def old(request: pytest.FixtureRequest, cluster: Any) -> Iterator[Installation]:
    with restored(cluster, request.param) as installation:
        yield installation


@pytest.mark.parametrize("revision", FROZEN)
def test_a_released_migration_is_never_edited(revision: str):
    digest = hashlib.sha256()
    for path in sorted((MIGRATIONS / "sql").glob(f"{revision}_*.sql")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    assert digest.hexdigest() == FROZEN[revision], "released: write the next migration (CONTRIBUTING.md)"


def test_an_old_release_is_behind_and_nothing_starts_on_it(old: Installation):
    state = schema_state(old)
    assert (state.schema, state.upgrade_helps) == ("behind", True)
    assert state.refusal is not None
    assert state.refusal.code == "db.behind"


def test_an_old_release_is_upgraded_and_its_doctor_finds_nothing(
    old: Installation, cluster: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    upgrade(old)
    state = schema_state(old)
    assert (state.schema, state.refusal) == ("current", None)
    checks = doctor(old, cluster, monkeypatch, capsys)
    assert [check for check in checks if not check["ok"]] == []
    assert {"ledger", "audit", "rollup", "configuration"} <= {check["check"] for check in checks}
    with superuser(old) as root:
        assert root.execute(
            """SELECT (SELECT state FROM guyub.cycle WHERE code = '2024-11'),
                      (SELECT count(*) FROM guyub.handover WHERE reversed_at IS NULL),
                      (SELECT count(*) FROM guyub.campaign_facility),
                      (SELECT count(*) > 0 FROM guyub.applied_plan)"""
        ).fetchone() == ("closed", 5, 2, True)


def doctor(
    old: Installation, cluster: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    """What ``guyub doctor --json`` says of an installation."""

    @contextmanager
    def opened() -> Iterator[AppContext]:
        database = old.database()
        yield AppContext(cluster.home, old.keys, old, database, plugin_registry(), old.keys.protector())
        database.close()

    monkeypatch.setattr(doctor_command, "open_app", opened)
    capsys.readouterr()
    with suppress(typer.Exit):
        doctor_command.doctor(as_json=True, fix=False)
    checks: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["checks"]
    return checks


def test_the_tables_of_a_plugin_upgrade_alone(old: Installation, tmp_path: Any, monkeypatch: pytest.MonkeyPatch):
    upgrade(old)
    kas = Kas(tmp_path, SLUG)
    monkeypatch.syspath_prepend(str(kas.root))
    plugins = kas.with_migrations(COLLECTION, LINE)
    plugin_tables.upgrade(old, plugins, SLUG)
    with superuser(old) as root:
        assert root.execute(f"SELECT note, amount, doubled FROM {SLUG}.collection").fetchall() == [
            ("Kas contoh", 150_000, 300_000)
        ]
        assert root.execute(f"SELECT version_num FROM {SLUG}.schema_version").fetchall() == [("k2",)]
        assert root.execute(f"SELECT count(*) FROM {SLUG}.a_line").fetchall() == [(0,)]
    assert schema_state(old).schema == "current"


def test_a_plugin_whose_migration_fails_half_way_keeps_its_tables_as_they_were(
    old: Installation, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
):
    upgrade(old)
    kas = Kas(tmp_path, SLUG)
    monkeypatch.syspath_prepend(str(kas.root))
    plugins = kas.with_migrations(COLLECTION, "ALTER TABLE collection ADD COLUMN paid boolean; SELECT 1 / 0;")
    with pytest.raises(Refusal) as refused:
        plugin_tables.upgrade(old, plugins, SLUG)
    assert refused.value.code == "db.migration_failed"
    with superuser(old) as root:
        assert root.execute(f"SELECT * FROM {SLUG}.collection").description is not None
        assert [column.name for column in root.execute(f"SELECT * FROM {SLUG}.collection").description or ()] == [
            "id",
            "facility_id",
            "number",
            "note",
            "amount",
            "doubled",
        ]
    scripts = plugin_tables.with_tables(plugins)[SLUG]
    assert table_migrations.heads(scripts) == {"k2"}


def test_an_edited_release_is_refused_after_its_upgrade_and_stays_as_it_was(old: Installation):
    with superuser(old) as root:
        root.execute("ALTER TABLE guyub.reminder ADD COLUMN extra text")
    with pytest.raises(Refusal) as refused:
        upgrade(old)
    assert refused.value.code == "db.upgrade_differs"
    assert "column reminder.extra" in refused.value.what.en
    state = schema_state(old)
    assert (state.revision, state.schema) == ("0001", "behind")


def test_a_migration_that_fails_is_said_and_changes_nothing(old: Installation):
    with superuser(old) as root:
        root.execute("CREATE INDEX audit_entry_subject ON guyub.audit_entry (subject)")
    with pytest.raises(Refusal) as refused:
        upgrade(old)
    assert refused.value.code == "db.upgrade_failed"
    assert "audit_entry_subject" in refused.value.what.en
    assert schema_state(old).revision == "0001"


def test_the_files_of_functions_are_those_of_this_version_after_the_upgrade(old: Installation):
    upgrade(old)
    with superuser(old) as root:
        kept = dict(root.execute("SELECT name, sha256 FROM guyub.repeatable_file").fetchall())
    assert kept == repeatable.hashes()
