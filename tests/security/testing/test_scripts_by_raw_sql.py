"""A migration of a plugin that writes to a table of the core is found by the check."""

from pathlib import Path

from guyub.testing.conformance import check
from tests.testing.test_sandbox import infak, prepend

__all__ = ["infak"]


def test_a_script_that_writes_to_the_core_is_told(infak: Path):
    prepend(infak, 'op.execute("UPDATE guyub.facility SET id = id")')
    told = [item.sentence for item in check(infak) if item.rule == "DATA009"]
    assert any("outside its schema" in sentence for sentence in told)
