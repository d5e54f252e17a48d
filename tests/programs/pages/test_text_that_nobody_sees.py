"""What must be written must be read: signs that nobody sees are no reason, no name and no note, for the database as well."""

from collections.abc import Iterator

import pytest

from guyub.access.required_reason import require_reason
from guyub.db.unit_of_work import Database
from guyub.demo.month import Rutan
from guyub.programs import selection
from guyub.programs.cycles import Cycle
from guyub.programs.queries import candidates
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.unseen import is_blank, seen_length, trimmed
from tests import worlds
from tests.worlds import Attacker

UNSEEN = ["\u200b", " \u200b\u2060 ", "\u3164", "\u00ad\ufeff", "\u2800", "\t\n", "\u00a0", "\U000e0020"]
SEEN = ["banjir", "a\u200bb", "👩\u200d👧", ".", "ꦲ", "漢"]


@pytest.fixture
def thief(rutan: Rutan, begun: Cycle) -> Iterator[Attacker]:
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as attacker:
        yield attacker


def test_people_and_the_database_see_the_same(database: Database):
    with database.work(database.as_service("tests")) as work:
        for text in [*UNSEEN, *SEEN, "", " a b ", "a\u00a0 b"]:
            row = work.run("SELECT guyub.is_blank(:t) AS blank, guyub.seen_length(:t) AS seen", t=text).one()
            assert tuple(row) == (is_blank(text), seen_length(text)), ascii(text)
        assert work.run("SELECT guyub.is_blank(NULL)").scalar_one()


def test_a_reason_that_nobody_sees_is_none():
    for text in UNSEEN:
        with pytest.raises(Invalid):
            require_reason("x", text, Text(id="x", en="x"), Text(id="x", en="x"))
        assert trimmed(text) == ""
    assert require_reason("x", " banjir ", Text(id="x", en="x"), Text(id="x", en="x")) == "banjir"


def test_nobody_is_chosen_by_hand_for_a_reason_that_nobody_sees(rutan: Rutan, scored: Cycle):
    with rutan.work_of("kasubsi") as work:
        [first, *_] = candidates(work, scored)
        for text in UNSEEN:
            with pytest.raises(Invalid, match="no_reason"):
                selection.choose(work, scored, first.id, True, text)
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as thief:
        thief.enter("kasubsi", worlds.PEKALONGAN)
        choose = "UPDATE guyub.entitlement SET state = 'selected', state_reason = %(reason)s WHERE state = 'candidate'"
        assert {thief.tries(choose, {"reason": text}) for text in UNSEEN} == {"23514"}


def test_an_absence_has_a_reason_by_raw_sql_too(thief: Attacker):
    thief.enter("kasubsi", worlds.PEKALONGAN)
    absent = "UPDATE guyub.entitlement SET state = 'absent', state_reason = %(reason)s WHERE state = 'approved'"
    assert {thief.tries(absent, {"reason": text}) for text in ["", *UNSEEN]} == {"23514"}


def test_no_note_audit_entry_or_order_is_written_in_nothing(thief: Attacker):
    statements = {
        "UPDATE guyub.cycle SET closing_note = %(text)s": "karutan",
        """SELECT guyub.audit((SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan'), 'x', 'x', %(text)s,
           '{}')""": "karutan",
    }
    for statement, login in statements.items():
        thief.enter(login, worlds.PEKALONGAN)
        assert {thief.tries(statement, {"text": text}) for text in UNSEEN} == {"23514"}, statement


def test_every_free_reason_of_the_database_has_the_rule(database: Database):
    """A column that is added later has it too."""
    with database.work(database.as_service("tests")) as work:
        without = (
            work.run(
                """SELECT c.relname || '.' || a.attname FROM pg_class c
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'text'::regtype
                     AND (a.attname ~ 'reason$' OR a.attname IN ('closing_note', 'witness', 'proxy_name', 'memo', 'explanation'))
                     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
                                     AND pg_get_constraintdef(k.oid) ~ 'is_blank|is_reason|seen_length')"""
            )
            .scalars()
            .all()
        )
    assert without == []
