"""From the proposal on, nobody changes the list, its packages, its funds or its figures: not with any SQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from guyub.programs import cycles, proposal
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import APPROVED, PEKALONGAN, Attacker, World

FROZEN, DENIED, NOT_UNDER_A_POLICY = "GU006", "42501", "0A000"

EDITS = {
    "a household is added": "INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, "
    "reasons, state) SELECT c.facility_id, c.id, h.id, h.category, 1, 99, '{}', 'selected' FROM guyub.cycle c, guyub.household h "
    "WHERE NOT EXISTS (SELECT FROM guyub.entitlement e WHERE e.household_id = h.id) LIMIT 1",
    "a household is chosen": "UPDATE guyub.entitlement SET state = 'selected' WHERE state = 'candidate'",
    "a household is passed off as approved": "UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'candidate'",
    "a household is passed off as served": "UPDATE guyub.entitlement SET state = 'received' WHERE state = 'candidate'",
    "the chosen are dropped": "UPDATE guyub.entitlement SET state = 'candidate' WHERE state <> 'candidate'",
    "the others are deleted": "DELETE FROM guyub.entitlement WHERE state = 'candidate'",
    "it is merged": "MERGE INTO guyub.entitlement e USING guyub.cycle c ON e.cycle_id = c.id AND e.state = 'candidate' "
    "WHEN MATCHED THEN UPDATE SET state = 'selected'",
    "it is done within a larger statement": "WITH x AS (UPDATE guyub.entitlement SET state = 'selected' "
    "WHERE state = 'candidate' RETURNING 1) SELECT * FROM x",
    "packages grow": "INSERT INTO guyub.entitlement_line (facility_id, entitlement_id, line, quantity, price) "
    "SELECT facility_id, id, 9, 1, 1000000 FROM guyub.entitlement",
    "packages vanish": "DELETE FROM guyub.entitlement_line",
    "a name is added": "INSERT INTO guyub.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, "
    "address, relationship, inmate_name) SELECT id, facility_id, 99, 'Saya Contoh', '', '', '', '' FROM guyub.entitlement "
    "WHERE state = 'candidate'",
    "names vanish": "DELETE FROM guyub.recipient_snapshot",
    "the package grows": "INSERT INTO guyub.package_line (facility_id, cycle_id, line, quantity, price) "
    "SELECT facility_id, id, 9, 1, 1000000 FROM guyub.cycle",
    "the package vanishes": "DELETE FROM guyub.package_line",
    "a fund is added": "INSERT INTO guyub.cycle_fund (facility_id, cycle_id, fund_id, priority) "
    "SELECT c.facility_id, c.id, f.id, 0 FROM guyub.cycle c, guyub.fund f "
    "WHERE NOT EXISTS (SELECT FROM guyub.cycle_fund x WHERE x.fund_id = f.id)",
    "funds vanish": "DELETE FROM guyub.cycle_fund",
}  # fmt: skip
NEVER = (
    "UPDATE guyub.entitlement SET score = 99",
    "UPDATE guyub.entitlement SET household_id = (SELECT id FROM guyub.household LIMIT 1)",
    "UPDATE guyub.entitlement SET id = uuidv7(), state = 'approved' WHERE state = 'candidate'",
    "UPDATE guyub.entitlement SET cycle_id = cycle_id",
    "UPDATE guyub.entitlement_line SET quantity = 99",
    "UPDATE guyub.recipient_snapshot SET full_name = 'Saya Contoh'",
    "UPDATE guyub.package_line SET price = 1",
    "UPDATE guyub.cycle_fund SET priority = 1",
    "UPDATE guyub.cycle SET quota = 99",
    "UPDATE guyub.cycle SET settings = '{}'",
    "UPDATE guyub.cycle SET exclusion_group = 'another'",
    "UPDATE guyub.cycle SET period = '2024-12-01'",
    "UPDATE guyub.cycle SET program_id = program_id",
    "UPDATE guyub.cycle SET approved_by = NULL",
    "DELETE FROM guyub.cycle",
    "TRUNCATE guyub.entitlement CASCADE",
    "TRUNCATE guyub.recipient_snapshot",
    "COPY guyub.recipient_snapshot FROM STDIN",
)


@pytest.fixture(scope="module", params=["proposed", "approved", "distributing", "closed"])
def frozen(request: pytest.FixtureRequest, cluster: Any) -> Iterator[World]:
    """November at each step from its proposal on, and one more fund and family that are not of it."""
    with worlds.a_world(cluster) as made:
        worlds.november_until(made.pekalongan, request.param)
        with made.database.work(made.database.as_service("tests", PEKALONGAN)) as work:
            work.run(
                "INSERT INTO guyub.household (facility_id, category) VALUES (:here, 'neighbour')", here=work.here.id
            )
            work.run(
                "INSERT INTO guyub.fund (facility_id, code, name, plugin, source) VALUES (:here, 'LAIN', 'Lain', 'x', 'x')",
                here=work.here.id,
            )
        yield made


@pytest.fixture
def attacker(frozen: World) -> Iterator[Attacker]:
    with worlds.attacker(frozen.installation, frozen.database) as made:
        yield made


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("who", ["kasubsi", "karutan", "the system"])
def test_nobody_edits_the_list(attacker: Attacker, who: str, edit: str):
    if who == "the system":
        attacker.enter_service(PEKALONGAN)
    else:
        attacker.enter(who, PEKALONGAN)
    assert attacker.tries(EDITS[edit]) == FROZEN


@pytest.mark.parametrize("edit", NEVER)
def test_some_columns_are_nobody_s_to_write_at_any_time(attacker: Attacker, edit: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(edit) in {DENIED, NOT_UNDER_A_POLICY}


@pytest.mark.parametrize("edit", ["the others are deleted", "packages vanish", "names vanish", "funds vanish"])
def test_leaving_the_scope_half_way_through_the_statement_does_not_help(attacker: Attacker, edit: str):
    """Triggers run at its end: had they asked what the scope shows, they would have seen no cycle and nothing frozen."""
    attacker.enter("kasubsi", PEKALONGAN)
    left = f"{EDITS[edit]} RETURNING set_config('guyub.scope', '', true)"
    assert attacker.tries(left) == FROZEN
    attacker.enter("kasubsi", PEKALONGAN)
    last = "(SELECT max(id::text) FROM guyub.entitlement WHERE state = 'candidate')"
    assert attacker.tries(
        f"UPDATE guyub.entitlement SET state = 'selected', state_reason = CASE WHEN id::text = {last} "
        "THEN set_config('guyub.scope', '', true) ELSE '' END WHERE state = 'candidate'"
    ) in {FROZEN, DENIED}


def test_a_trigger_of_one_s_own_does_not_pass_for_the_cycle_s(attacker: Attacker):
    """What the steps of a cycle may change, they change as the owner; being called by a trigger is not enough."""
    attacker.enter("kasubsi", PEKALONGAN)
    attacker.connection.execute("CREATE TEMP TABLE bait (x integer)")
    attacker.connection.execute(
        f"""CREATE FUNCTION pg_temp.edit() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN {EDITS["the others are deleted"]}; RETURN NULL; END $$"""
    )
    attacker.connection.execute(
        "CREATE TRIGGER edit AFTER INSERT ON pg_temp.bait FOR EACH ROW EXECUTE FUNCTION pg_temp.edit()"
    )
    assert attacker.tries("INSERT INTO pg_temp.bait VALUES (1)") == FROZEN


def test_a_cycle_takes_no_step_out_of_its_order(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    state = attacker.value("SELECT state FROM guyub.cycle")
    allowed = {"proposed": {"planned", "approved", "cancelled"}, "approved": {"distributing", "cancelled"},
               "distributing": {"closed"}, "closed": set[str]()}[state]  # fmt: skip
    for step in {"planned", "proposed", "approved", "distributing", "closed", "cancelled"} - allowed - {state}:
        outcome = attacker.tries("UPDATE guyub.cycle SET state = %(step)s", {"step": step})
        assert outcome == (FROZEN if state == "closed" else "GU003"), step
    if state == "closed":
        assert attacker.tries("UPDATE guyub.cycle SET place = 'Lapangan'") == FROZEN


def test_a_change_of_the_registry_rewrites_no_list(world: World):
    rutan = world.pekalongan
    cycle = worlds.november_until(rutan, "proposed")
    with rutan.work_of("kasubsi") as work:
        before = work.run("SELECT * FROM guyub.recipient_snapshot ORDER BY number").all()
        work.run("UPDATE guyub.member SET full_name = 'Nama Baru Contoh'")
        work.run("UPDATE guyub.household SET village = 'Desa Baru', children_under_5 = 9, category = 'neighbour'")
        after = work.run("SELECT * FROM guyub.recipient_snapshot ORDER BY number").all()
        members = work.run("SELECT DISTINCT members FROM guyub.entitlement WHERE cycle_id = :id", id=cycle.id).all()
    assert after == before
    assert all(count < 9 for (count,) in members)


def test_an_edit_that_began_before_the_proposal_does_not_slip_in_after_it(world: World, attackers: Any):
    """Without a lock on the cycle both commit, and the approver signs another list than the one that stands."""
    rutan = world.pekalongan
    cycle = worlds.november_until(rutan, "planned")
    slow = attackers()
    slow.enter("kasubsi", PEKALONGAN)
    assert slow.tries("UPDATE guyub.entitlement SET state = 'excluded' WHERE state = 'candidate'") == "7 rows"

    def propose() -> None:
        with rutan.work_of("kasubsi") as work:
            work.run("SET LOCAL lock_timeout = '5s'")
            proposal.propose(work, cycle)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(propose)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        slow.connection.commit()
        waiting.result(timeout=10)
    with rutan.work_of("kasubsi") as work:
        assert work.run("SELECT count(*) FROM guyub.entitlement WHERE state = 'excluded'").scalar_one() == 7
    slow.enter("kasubsi", PEKALONGAN)
    assert slow.tries("UPDATE guyub.entitlement SET state = 'candidate' WHERE state = 'excluded'") == FROZEN


def test_an_old_snapshot_of_the_database_does_not_show_an_open_list(world: World, attackers: Any):
    """In a transaction that still sees the cycle as planned, its list is frozen all the same."""
    rutan = world.pekalongan
    worlds.november_until(rutan, "planned")
    past = attackers()
    past.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    past.enter("kasubsi", PEKALONGAN)
    assert past.value("SELECT state FROM guyub.cycle") == "planned"
    with rutan.work_of("kasubsi") as work:
        proposal.propose(work, cycles.get(work, "bansos", APPROVED.replace(day=1)))
    assert past.value("SELECT state FROM guyub.cycle") == "planned"
    assert past.tries(EDITS["the others are deleted"]) == "40001"


def test_staff_read_why_in_their_own_words(world: World):
    rutan = world.pekalongan
    worlds.november_until(rutan, "proposed")
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        work.run("DELETE FROM guyub.cycle_fund")
    assert refused.value.code == "programs.frozen"
    assert refused.value.what.id == "Daftar periode ini sudah dikunci."
