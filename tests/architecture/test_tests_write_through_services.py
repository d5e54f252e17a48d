"""Tests begin through services; a row is written by SQL where it is attacked, or left by time, damage or an older version."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAY_WRITE = ("security/", "damaged_rows.py", "architecture/")
"""Attacks; rows that no service writes; and tests like this one, which quote statements and send none."""
_WRITE = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE(?: TABLE)?)\s+guyub\.", re.IGNORECASE)


def raw_writes(text: str) -> int:
    return len(_WRITE.findall(text))


def test_no_test_writes_by_raw_sql():
    """Take a verb of ``tests/worlds.py``, ``tests/places.py`` or ``tests/damaged_rows.py``; an attack is one of security."""
    files = {str(path.relative_to(TESTS)): path for path in sorted(TESTS.rglob("*.py"))}
    written = {
        name: number
        for name, path in files.items()
        if not name.startswith(MAY_WRITE) and (number := raw_writes(path.read_text(encoding="utf-8")))
    }
    assert written == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("UPDATE guyub.cycle SET place = ''", 1),
        ("insert into guyub.fund\n  VALUES (1); DELETE FROM guyub.fund", 2),
        ("TRUNCATE guyub.fund; TRUNCATE TABLE guyub.fund", 2),
        ("SELECT * FROM guyub.fund FOR UPDATE", 0),
        ("UPDATE pg_temp.household_facts", 0),
    ],
)
def test_a_raw_write_is_counted(text: str, number: int):
    assert raw_writes(text) == number
