"""What must be written must be read: signs that nobody sees are no reason, no name and no note, for the database as well."""

import pytest

from guyub.access.required_reason import require_reason
from guyub.db.unit_of_work import Database
from guyub.registry.refusals import RegistryRefusal
from guyub.sdk.errors import Invalid
from guyub.sdk.unseen import is_blank, seen_length, trimmed

UNSEEN = ["\u200b", " \u200b\u2060 ", "\u3164", "\u00ad\ufeff", "\u2800", "\t\n", "\u00a0", "\U000e0020"]
SEEN = ["banjir", "a\u200bb", "👩\u200d👧", ".", "ꦲ", "漢"]


def test_people_and_the_database_see_the_same(database: Database):
    with database.work(database.as_service("tests")) as work:
        for text in [*UNSEEN, *SEEN, "", " a b ", "a\u00a0 b"]:
            row = work.run("SELECT guyub.is_blank(:t) AS blank, guyub.seen_length(:t) AS seen", t=text).one()
            assert tuple(row) == (is_blank(text), seen_length(text)), ascii(text)
        assert work.run("SELECT guyub.is_blank(NULL)").scalar_one()


def test_a_reason_that_nobody_sees_is_none():
    for text in UNSEEN:
        with pytest.raises(Invalid):
            require_reason(RegistryRefusal.NO_REASON, text)
        assert trimmed(text) == ""
    assert require_reason(RegistryRefusal.NO_REASON, " banjir ") == "banjir"


def test_every_free_reason_of_the_database_has_the_rule(database: Database):
    """A column that is added later has it too; a reason from a closed list is no free text."""
    with database.work(database.as_service("tests")) as work:
        without = (
            work.run(
                """SELECT c.relname || '.' || a.attname FROM pg_class c
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'text'::regtype
                     AND (a.attname ~ 'reason$' OR a.attname IN ('closing_note', 'witness', 'proxy_name', 'memo', 'explanation'))
                     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
                                     AND pg_get_constraintdef(k.oid) ~ 'is_blank|is_reason|seen_length|= ANY .ARRAY')"""
            )
            .scalars()
            .all()
        )
    assert without == []
