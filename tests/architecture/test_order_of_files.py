"""The files that a run begins with are there: one that was renamed would be begun last, and the run would wait for it."""

from pathlib import Path

from tests.conftest import LONGEST


def test_the_longest_files_are_there():
    assert [name for name in LONGEST if not (Path(__file__).parents[2] / name).is_file()] == []
