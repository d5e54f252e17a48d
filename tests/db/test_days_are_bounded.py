"""Every day that somebody writes is one that can be meant: the database has a bound for each column of days."""

from guyub.db.unit_of_work import Database

DERIVED = {
    "facility_name.valid_from": "written by a trigger alone; a name without a known beginning holds since the calendar begins",
    "proposal.distribution_on": "copied from the cycle by a trigger",
    "rollup_month.distribution_on": "copied from the cycle by a trigger",
}


def test_every_column_of_days_has_a_bound(database: Database):
    with database.work(database.as_service("tests")) as work:
        unbounded = (
            work.run(
                """SELECT c.relname || '.' || a.attname FROM pg_class c
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'date'::regtype
                     AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
                                     AND a.attnum = ANY (k.conkey)
                                     AND k.conname IN ('plausible_days', 'plausible_day', 'plausible_month',
                                                       'plausible_days_of_acts', 'plausible_book',
                                                       'day_near_its_month'))"""
            )
            .scalars()
            .all()
        )
    assert set(unbounded) == set(DERIVED)
