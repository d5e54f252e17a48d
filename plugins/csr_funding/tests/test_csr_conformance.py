from pathlib import Path

from guyub.testing.conformance import check


def test_the_plugin_conforms_to_every_rule():
    assert check(Path(__file__).parents[1]) == []
