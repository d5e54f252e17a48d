"""Tests begin through services; a row is written by SQL where it is attacked, or left by time, damage or an older version."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAY_WRITE = ("security/", "damaged_rows.py", "architecture/")
"""Attacks; rows that no service writes; and tests like this one, which quote statements and send none."""
LEFT = {
    "app/test_plugin_pages.py": 3,
    "configuration/pages/conftest.py": 3,
    "configuration/pages/test_changing_many_facilities.py": 2,
    "configuration/pages/test_templates_comparison_and_values.py": 7,
    "configuration/test_configuration.py": 6,
    "configuration/test_configuration_locks.py": 3,
    "configuration/test_configuration_of_a_region.py": 3,
    "configuration/test_configuration_properties.py": 2,
    "configuration/test_configuring_together.py": 3,
    "configuration/test_consequences_on_pages.py": 2,
    "configuration/test_four_doors.py": 2,
    "configuration/test_plugin_tables.py": 1,
    "configuration/test_plugin_tables_command.py": 1,
    "configuration/test_plugins_pages.py": 3,
    "configuration/test_purged_plugins.py": 1,
    "db/test_a_clock_that_jumped.py": 1,
    "db/test_repeatable_files.py": 1,
    "db/test_schema_state.py": 10,
    "programs/test_bansos_scoring.py": 5,
    "provisioning/test_drift_and_consequences.py": 4,
    "provisioning/test_exporting.py": 7,
    "provisioning/test_one_region_alone.py": 1,
    "provisioning/test_page_of_a_plan.py": 2,
    "provisioning/test_planning_and_applying.py": 1,
    "provisioning/test_reported_once.py": 2,
    "provisioning/test_stamps_of_configuration.py": 3,
    "provisioning/test_taking_back.py": 2,
    "provisioning/test_wishes.py": 6,
    "testing/test_sandbox.py": 1,
}
"""How many raw writes stand elsewhere, file by file: a number is lowered with what is taken out, and never raised."""
_WRITE = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+guyub\.", re.IGNORECASE)


def raw_writes(text: str) -> int:
    return len(_WRITE.findall(text))


def beyond(written: dict[str, int], allowed: dict[str, int]) -> Iterator[str]:
    for file, number in written.items():
        if number > allowed.get(file, 0):
            yield f"{file} writes {number} times by raw SQL, {allowed.get(file, 0)} are left to it"


def test_no_test_begins_with_more_raw_sql_than_is_left():
    """Take a verb of ``tests/worlds.py``, ``tests/places.py`` or ``tests/damaged_rows.py``."""
    files = {str(path.relative_to(TESTS)): path for path in sorted(TESTS.rglob("*.py"))}
    written = {
        name: raw_writes(path.read_text(encoding="utf-8"))
        for name, path in files.items()
        if not name.startswith(MAY_WRITE)
    }
    assert list(beyond(written, LEFT)) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("UPDATE guyub.cycle SET place = ''", 1),
        ("insert into guyub.fund\n  VALUES (1); DELETE FROM guyub.fund", 2),
        ("SELECT * FROM guyub.fund FOR UPDATE", 0),
        ("UPDATE pg_temp.household_facts", 0),
    ],
)
def test_a_raw_write_is_counted(text: str, number: int):
    assert raw_writes(text) == number


def test_the_question_can_fail():
    assert list(beyond({"a.py": 2, "b.py": 1}, {"a.py": 2})) == ["b.py writes 1 times by raw SQL, 0 are left to it"]
    assert list(beyond({"a.py": 3}, {"a.py": 2})) == ["a.py writes 3 times by raw SQL, 2 are left to it"]
