"""The catalogue that is committed is what the migrations make."""

from guyub.db import catalogue
from guyub.db.installation import Installation
from tests import catalogue as this_version

REGENERATE = "the schema was changed: run .venv/bin/python -m tests.catalogue and commit what it writes"


def test_what_is_committed_is_what_the_migrations_make(installation: Installation):
    assert catalogue.differences(this_version.of(installation), catalogue.expected()) == [], REGENERATE
    assert this_version.of(installation).keys() == catalogue.expected().keys(), REGENERATE


def test_another_major_version_of_the_server_compares_the_names_alone():
    wanted = {"table item": "1", "table fund": "1"}
    assert catalogue.differences({"table item": "2", "table fund": "1"}, wanted, catalogue.MADE_ON + 1) == []
    assert len(catalogue.differences({"table item": "2"}, wanted, catalogue.MADE_ON + 1)) == 1


def test_the_committed_file_has_one_object_a_line_in_their_order():
    text = catalogue.COMMITTED.read_text(encoding="utf-8")
    assert text == catalogue.written(catalogue.expected())
    assert len(text.splitlines()) == len(catalogue.expected()) + 2
