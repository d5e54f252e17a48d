"""Days that cannot be planned, written by raw SQL."""

from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.programs.pages.test_days_that_can_be_planned import OUTSIDE, WITHIN


def test_raw_sql_plans_no_such_day(rutan: Rutan, planned: Cycle):
    plan = "UPDATE guyub.cycle SET distribution_on = %(day)s"
    with worlds.attacker(rutan.opened.installation, rutan.opened.database) as thief:
        thief.enter("kasubsi", worlds.PEKALONGAN)
        assert {thief.tries(plan, {"day": day}) for day in OUTSIDE} == {"23514"}
        assert {thief.tries(plan, {"day": day}) for day in WITHIN} == {"1 rows"}
