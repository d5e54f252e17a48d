"""Functions, triggers and views are files that run again when they change, in the order of their numbers."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from guyub.db import repeatable
from guyub.db.installing import upgrade
from guyub.db.schema_state import schema_state
from guyub.sdk.errors import Refusal
from tests.damaged_rows import newer_version_upgraded
from tests.worlds import superuser

PLANS = "52_plans.sql"


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    """The files in a folder that the test may change."""
    folder = tmp_path / "repeatable"
    shutil.copytree(repeatable.FOLDER, folder)
    monkeypatch.setattr(repeatable, "FOLDER", folder)
    return folder


def ran(installation: Any) -> dict[str, Any]:
    with superuser(installation) as root:
        return dict(root.execute("SELECT name, applied_at FROM guyub.repeatable_file").fetchall())


def test_each_file_ran_and_is_kept_with_its_digest(installation: Any):
    with superuser(installation) as root:
        kept = dict(root.execute("SELECT name, sha256 FROM guyub.repeatable_file").fetchall())
    assert kept == repeatable.hashes()
    assert list(repeatable.hashes()) == sorted(kept)
    numbers = [name.partition("_")[0] for name in kept]
    assert len(set(numbers)) == len(numbers)


def test_a_file_that_changed_is_behind_and_runs_alone(installation: Any, files: Any):
    before = ran(installation)
    (files / PLANS).write_text((files / PLANS).read_text() + "\n-- Said anew.\n")
    assert schema_state(installation).schema == "behind"
    upgrade(installation)
    assert schema_state(installation).schema == "current"
    after = ran(installation)
    assert [name for name, at in after.items() if at != before[name]] == [PLANS]
    upgrade(installation)
    assert ran(installation) == after


def test_a_file_with_an_error_is_named_and_changes_nothing(installation: Any, files: Any):
    before = ran(installation)
    (files / "10_scope.sql").write_text((files / "10_scope.sql").read_text() + "\n-- First.\n")
    (files / PLANS).write_text("CREATE OR REPLACE FUNCTION guyub.stamp_plan() RETURNS trigger AS 'SELEC' LANGUAGE sql;")
    with pytest.raises(Refusal) as refused:
        upgrade(installation)
    assert refused.value.code == "db.repeatable_failed"
    assert PLANS in refused.value.what.en
    assert ran(installation) == before


def test_a_file_that_makes_what_this_version_does_not_know_is_refused_as_a_whole(installation: Any, files: Any):
    before = ran(installation)
    (files / PLANS).write_text(
        (files / PLANS).read_text() + "\nCREATE FUNCTION guyub.extra() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n"
    )
    with pytest.raises(Refusal) as refused:
        upgrade(installation)
    assert refused.value.code == "db.upgrade_differs"
    assert "extra()" in refused.value.what.en
    assert ran(installation) == before


def test_a_function_that_somebody_changed_by_hand_is_not_fixed_in_silence(installation: Any):
    with superuser(installation) as root:
        root.execute(
            "CREATE OR REPLACE FUNCTION guyub.only_reads() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false'"
        )
    assert schema_state(installation).schema == "differs"


def test_what_a_newer_version_upgraded_is_left_alone(installation: Any):
    newer_version_upgraded(installation, "9.4.1")
    state = schema_state(installation)
    assert state.refusal is not None
    assert (state.refusal.code, state.upgrade_helps) == ("db.upgraded_by_newer", False)
    assert "9.4.1" in state.refusal.what.en
    with pytest.raises(Refusal):
        upgrade(installation)


def test_two_upgrades_at_once_are_one_after_the_other(installation: Any, files: Any):
    before = ran(installation)
    (files / PLANS).write_text((files / PLANS).read_text() + "\n-- Said anew.\n")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgrade, [installation, installation])) == [None, None]
    assert [name for name, at in ran(installation).items() if at != before[name]] == [PLANS]
    assert schema_state(installation).schema == "current"
