"""A scope says where somebody works, not what they may do there: every table that the application writes asks a right."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

NO_RIGHT = "GU004"
WITHOUT = {
    "account": "an empty account: what moves into it is asked",
    "delivery": "work for jobs, made with an event",
    "event": "what happened is said by whoever did it",
    "fund_receipt": "belongs to a journal of the same step",
    "goods_arrival": "belongs to a journal of the same step",
    "handover_line": "belongs to a hand-over of the same step",
    "lot": "belongs to a journal of the same step",
    "reminder_seen": "one's own",
    "stock_count": "belongs to a journal of the same step",
    "stock_difference": "belongs to a journal of the same step",
    "stock_take": "belongs to a journal of the same step",
    "written_quantity": "belongs to a journal of the same step",
}
"""Tables that ask no right of their own, and why."""

ASKS = r"permitted|may_|demand_right|scope_is_system|may_configure"
UNASKED = """
    WITH written AS (
        SELECT DISTINCT c.oid, c.relname, p.privilege FROM pg_class c, unnest('{INSERT,UPDATE,DELETE}'::text[]) AS p (privilege)
        WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind IN ('r', 'p')
          AND (has_table_privilege(%(app)s, c.oid, p.privilege)
               OR p.privilege <> 'DELETE' AND has_any_column_privilege(%(app)s, c.oid, p.privilege)))
    SELECT DISTINCT w.relname FROM written w
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
        WHERE t.tgrelid = w.oid AND NOT t.tgisinternal
          AND t.tgtype & CASE w.privilege WHEN 'INSERT' THEN 4 WHEN 'DELETE' THEN 8 ELSE 16 END > 0
          AND pg_get_functiondef(f.oid) ~ %(asks)s)
    AND NOT EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = w.oid
        AND COALESCE(pg_get_expr(p.polwithcheck, p.polrelid), '') || COALESCE(pg_get_expr(p.polqual, p.polrelid), '') ~ %(asks)s)
    ORDER BY 1"""


@pytest.fixture(scope="module")
def planned(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="planned") as made:
        yield made


@pytest.fixture
def attacker(planned: World) -> Iterator[Attacker]:
    with worlds.attacker(planned.installation, planned.database) as made:
        yield made


def test_every_table_asks_who_may_write_it(planned: World):
    with worlds.superuser(planned.installation) as root:
        asked = {"app": planned.installation.app_url.username, "asks": ASKS}
        assert [name for (name,) in root.execute(UNASKED.encode(), asked) if name not in WITHOUT] == []


WRITTEN = {
    "household": "UPDATE guyub.household SET village = 'x', read_revision = revision",
    "member": "UPDATE guyub.member SET full_name = 'Orang Lain', read_revision = revision",
    "inmate": "UPDATE guyub.inmate SET full_name = 'Orang Lain'",
    "inmate link": "UPDATE guyub.inmate_link SET relationship = relationship",
    "programme": "INSERT INTO guyub.program (facility_id, plugin, program_type) SELECT facility_id, 'x', 'x' FROM guyub.program",
    "goods": """INSERT INTO guyub.item (facility_id, code, name, unit) SELECT facility_id, 'x', 'x', 'kg' FROM guyub.cycle""",
    "fund": """INSERT INTO guyub.fund (facility_id, code, name, plugin, source)
               SELECT facility_id, 'x', 'x', 'x', 'x' FROM guyub.cycle""",
    "day of the month": "UPDATE guyub.cycle SET place = 'Lapangan', decided_version = revision",
    "list": "UPDATE guyub.entitlement SET state = 'excluded', state_reason = 'contoh' WHERE state = 'selected'",
    "scores": "DELETE FROM guyub.entitlement",
    "funds of the month": "DELETE FROM guyub.cycle_fund",
    "package": "DELETE FROM guyub.package_line",
    "document": """INSERT INTO guyub.document (facility_id, cycle_id, kind, title, file_name, media_type, content, personal)
                   SELECT facility_id, id, 'x', 'x', 'x.pdf', 'application/pdf', 'x', false FROM guyub.cycle""",
}


@pytest.mark.parametrize("what", WRITTEN)
@pytest.mark.parametrize("who", ["pengamanan", "karutan"])
def test_who_may_not_do_it_does_not_do_it_by_sql(attacker: Attacker, who: str, what: str):
    attacker.enter(who, PEKALONGAN)
    outcome = attacker.tries(WRITTEN[what], half_way=True)
    assert outcome == ("1 rows" if (who, what) == ("karutan", "document") else NO_RIGHT)


def test_who_hands_over_takes_attendance_and_selects_nobody(attacker: Attacker):
    attacker.enter("pengamanan", PEKALONGAN)
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'selected'", half_way=True) == NO_RIGHT
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'selected'", half_way=True).endswith(" rows")
