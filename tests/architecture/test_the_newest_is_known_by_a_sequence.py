"""Ids and moments follow the clock, and clocks jump: no statement asks them which of two rows is the newest."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BY_THE_CLOCK = re.compile(
    r"\bid\s+DESC\b|\bmax\((\w+\.)?id\)|\b(recorded|made|applied|sent|created|handed)_at\s+DESC\b", re.I
)


def by_the_clock(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if BY_THE_CLOCK.search(line)]


def test_no_statement_finds_the_newest_row_by_an_id_or_a_moment():
    files = [*ROOT.glob("core/guyub/**/*"), *ROOT.glob("plugins/**/*")]
    read = [file for file in files if file.suffix in (".py", ".sql")]
    assert len(read) > 200
    assert {
        str(file.relative_to(ROOT)): found for file in read if (found := by_the_clock(file.read_text("utf-8")))
    } == {}


@pytest.mark.parametrize(
    "statement",
    [
        "ORDER BY a.valid_from DESC, a.id DESC LIMIT 1",
        "SELECT max(v.id)",
        "ORDER BY made_at DESC",
        "order by name, id  desc",
    ],
)
def test_such_a_statement_is_noticed(statement: str):
    assert by_the_clock(statement) == [statement]
