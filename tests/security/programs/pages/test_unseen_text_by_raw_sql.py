"""Reasons and notes that nobody sees, written by raw SQL."""

from collections.abc import Iterator

import pytest

from guyub.demo.month import Rutan
from guyub.programs import selection
from guyub.programs.cycles import Cycle
from guyub.programs.queries import candidates
from guyub.sdk.errors import Invalid
from tests import worlds
from tests.programs.pages.test_text_that_nobody_sees import UNSEEN
from tests.worlds import Attacker


@pytest.fixture
def thief(rutan: Rutan, begun: Cycle) -> Iterator[Attacker]:
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as attacker:
        yield attacker


def test_nobody_is_selected_by_hand_for_a_reason_that_nobody_sees(rutan: Rutan, scored: Cycle):
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


def test_no_note_audit_entry_or_campaign_is_written_in_nothing(thief: Attacker):
    statements = {
        "UPDATE guyub.cycle SET closing_note = %(text)s": "karutan",
        """SELECT guyub.audit((SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan'), 'x', 'x', %(text)s,
           '{}')""": "karutan",
    }
    for statement, login in statements.items():
        thief.enter(login, worlds.PEKALONGAN)
        assert {thief.tries(statement, {"text": text}) for text in UNSEEN} == {"23514"}, statement
