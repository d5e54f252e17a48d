"""When something was recorded is the clock's to say; callers say only when it happened."""

import pytest

from tests.security.conftest import World
from tests.worlds import PEKALONGAN

NOT_GRANTED = "42501"
NOW = "BETWEEN transaction_timestamp() AND clock_timestamp()"

WRITABLE = """
    SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'timestamptz'::regtype
      AND (has_column_privilege(%(app)s::text, c.oid, a.attnum, 'INSERT')
           OR has_column_privilege(%(app)s::text, c.oid, a.attnum, 'UPDATE')) ORDER BY 1"""
HAPPENED = {"cycle.approved_from", "handover.handed_at", "delivery.due_at"}
"""What a caller says: when it happened, compared with what must have come before it; or when to try again."""
STAMPED = {
    "campaign.cancelled_at",
    "cycle.scored_at",
    "document.made_at",
    "facility.created_at",
    "handover.reversed_at",
    "household.created_at",
    "household_event.recorded_at",
    "inmate_event.recorded_at",
    "package_number.recorded_at",
    "plugin_activation.recorded_at",
    "plugin_switch.recorded_at",
    "survey.recorded_at",
}
"""What a trigger writes over."""


def test_no_other_moment_can_be_written(closed: World):
    with closed.superuser() as root:
        written = {name for (name,) in root.execute(WRITABLE, {"app": f"{closed.installation.roles}_app"}).fetchall()}
    assert written == HAPPENED | STAMPED


@pytest.mark.parametrize("moment", ["1900-01-01", "2099-01-01"])
def test_a_hand_over_is_undone_now(distributing: World, moment: str):
    with distributing.attacker() as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        values = {
            "moment": moment,
            "handover": attacker.value("SELECT id FROM guyub.handover LIMIT 1"),
            "journal": attacker.value(
                """INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                   VALUES ((guyub.scope())[1], 'reversal', '2024-11-20', 'x', %(holder)s) RETURNING id""",
                {"holder": distributing.cycle.id},
            ),
        }
        back = """INSERT INTO guyub.transfer
                      (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
                  SELECT t.facility_id, %(journal)s, t.fund_id, t.debit_account, t.credit_account, l.rupiah, l.quantity, t.id
                  FROM guyub.handover_line l JOIN guyub.transfer t ON t.id = l.transfer_id
                  WHERE l.handover_id = %(handover)s"""
        undone = """UPDATE guyub.handover SET reversed_at = %(moment)s, reversed_by = guyub.actor(),
                           reversal_reason = 'keliru', reversal_journal_id = %(journal)s WHERE id = %(handover)s"""
        attacker.tries(back, values, half_way=True)
        assert attacker.tries(undone, values) == "1 rows"
        is_now = f"SELECT reversed_at {NOW} FROM guyub.handover WHERE id = %(handover)s"
        assert attacker.value(is_now, values) is True


def test_neither_scores_nor_facilities_nor_funds_are_dated_by_their_writer(distributing: World):
    with distributing.attacker() as attacker:
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries("UPDATE guyub.cycle SET scored_at = '1900-01-01'") == "1 rows"
        assert attacker.value(f"SELECT scored_at {NOW} FROM guyub.cycle") is True
        fund = (
            "INSERT INTO guyub.fund (facility_id, opened_at) SELECT facility_id, '1900-01-01' FROM guyub.fund LIMIT 1"
        )
        assert attacker.tries(fund) == NOT_GRANTED
        household = """INSERT INTO guyub.household (facility_id, {columns}, created_at)
                       SELECT facility_id, {columns}, '1900-01-01' FROM guyub.household LIMIT 1 RETURNING created_at"""
        columns = ", ".join(
            name
            for (name,) in attacker.sees(
                """SELECT attname FROM pg_attribute WHERE attrelid = 'guyub.household'::regclass AND attnum > 0
                   AND NOT attisdropped AND attnotnull AND NOT atthasdef AND attname <> 'facility_id'"""
            )
        )
        assert (
            attacker.value(f"WITH made AS ({household.format(columns=columns)}) SELECT created_at {NOW} FROM made")
            is True
        )
        attacker.enter_service(PEKALONGAN)
        before = attacker.value("SELECT created_at FROM guyub.facility WHERE code = %(code)s", {"code": PEKALONGAN})
        attacker.tries("UPDATE guyub.facility SET created_at = '1900-01-01'")
        after = attacker.value("SELECT created_at FROM guyub.facility WHERE code = %(code)s", {"code": PEKALONGAN})
        assert after == before
