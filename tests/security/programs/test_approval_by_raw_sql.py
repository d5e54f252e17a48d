"""A list is approved by another person who may, with money and goods behind it: whatever SQL is sent."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from guyub.access import sign_in
from guyub.programs import proposal
from guyub.sdk.errors import Forbidden
from tests import worlds
from tests.worlds import APPROVED, KEBUMEN, PEKALONGAN, Attacker, World

APPROVE = "UPDATE guyub.cycle SET state = 'approved', decided_version = revision"
RETURN = "UPDATE guyub.cycle SET state = 'planned', decided_version = revision"
PROPOSE = "UPDATE guyub.cycle SET state = 'proposed'"
STATE, DUTIES, FROZEN = "GU003", "GU004", "GU006"

JOURNAL = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, booked_on, memo, holder_id)
                     SELECT facility_id, 'reservation', '2024-11-12', 'contoh', id FROM guyub.cycle RETURNING id)
"""
PROMISES_WITHOUT_MONEY = f"""{JOURNAL}
    INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id, category, quantity,
                                   price, from_stock)
    SELECT c.facility_id, c.id, journal.id, 'bansos', c.period, f.fund_id, l.item_id, e.category, sum(l.quantity),
           max(l.price), {{from_stock}}
    FROM journal, guyub.cycle c JOIN guyub.entitlement e ON e.cycle_id = c.id AND e.state = 'selected'
    JOIN guyub.entitlement_line l ON l.entitlement_id = e.id
    JOIN guyub.cycle_fund f ON f.cycle_id = c.id AND f.priority = 1
    GROUP BY c.id, journal.id, c.facility_id, c.period, f.fund_id, l.item_id, e.category"""


@pytest.fixture(scope="module")
def proposed(cluster: Any) -> Iterator[World]:
    """November proposed by the Kasubsi at both facilities; people with two roles at Pekalongan; nothing is committed."""
    with worlds.a_world(cluster) as made:
        worlds.employ(made.database, "keduanya", "head", PEKALONGAN)
        worlds.employ(made.database, "keduanya", "detainee_services", PEKALONGAN)
        worlds.november_until(made.pekalongan, "proposed")
        worlds.november_until(made.kebumen, "proposed")
        yield made


@pytest.fixture
def attacker(proposed: World) -> Iterator[Attacker]:
    with worlds.attacker(proposed.installation, proposed.database) as made:
        yield made


def test_the_proposer_does_not_approve_even_where_they_hold_both_roles(attacker: Attacker):
    attacker.enter("keduanya", PEKALONGAN)
    assert attacker.tries(RETURN) == "1 rows"
    attacker.tries("DELETE FROM guyub.entitlement_line")
    attacker.tries("DELETE FROM guyub.recipient_snapshot")
    assert attacker.tries("UPDATE guyub.entitlement SET state = 'selected' WHERE false") == "0 rows"
    write_the_list(attacker)
    assert attacker.tries(PROPOSE) == "1 rows"
    assert attacker.value("SELECT proposed_by = guyub.actor() FROM guyub.cycle") is True
    assert attacker.tries(APPROVE) == DUTIES


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        ("kasubsi", DUTIES),
        ("pengelola", DUTIES),
        ("pengamanan", DUTIES),
        ("karutan", STATE),  # may, but nothing is reserved
    ],
)
def test_only_who_may_approve_does(attacker: Attacker, who: str, outcome: str):
    attacker.enter(who, PEKALONGAN)
    assert attacker.tries(APPROVE) == outcome


@pytest.mark.parametrize("step", ["planned", "approved", "cancelled"])
def test_a_job_or_the_command_line_is_no_person(attacker: Attacker, step: str):
    attacker.enter_service()
    assert attacker.tries(f"UPDATE guyub.cycle SET state = '{step}'") == DUTIES
    attacker.enter_service(PEKALONGAN)
    assert attacker.tries(f"UPDATE guyub.cycle SET state = '{step}'") == DUTIES


def test_a_head_of_another_facility_does_not_reach_the_list(attacker: Attacker):
    there = "(SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan')"
    attacker.enter("karutan.kebumen", KEBUMEN)
    assert attacker.tries(f"{APPROVE} WHERE facility_id = {there}") == "0 rows"


def test_the_regional_office_sees_the_month_and_takes_no_step(attacker: Attacker):
    attacker.enter("kanwil")
    assert len(attacker.sees("SELECT id FROM guyub.cycle")) == 2
    for step in ("planned", "approved", "cancelled"):
        assert attacker.tries(f"UPDATE guyub.cycle SET state = '{step}'") == DUTIES


def test_who_did_a_step_is_not_what_the_statement_says(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    for column in ("proposed_by", "approved_by", "opened_by", "approved_at", "closed_by", "revision"):
        assert attacker.tries(f"UPDATE guyub.cycle SET {column} = NULL") == "42501"


def test_leaving_one_s_scope_half_way_makes_nobody_an_approver(attacker: Attacker):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(f"{APPROVE}, place = set_config('guyub.scope', '', true)") in {DUTIES, "42501"}


@pytest.mark.parametrize("from_stock", ["false", "true"])
def test_promises_without_money_or_goods_behind_them_do_not_carry_an_approval(attacker: Attacker, from_stock: str):
    attacker.enter("karutan", PEKALONGAN)
    assert attacker.tries(PROMISES_WITHOUT_MONEY.format(from_stock=from_stock), half_way=True) == "3 rows"
    assert attacker.tries(APPROVE, half_way=True) == STATE


@pytest.mark.parametrize(
    ("column", "value", "outcome"),
    [
        ("holder_id", "uuidv7()", STATE),
        ("program", "'another'", STATE),
        ("period", "'2024-12-01'", STATE),
        ("price", "1", STATE),
        ("fund_id", "(SELECT id FROM guyub.fund WHERE code = 'LAIN')", STATE),
    ],
)
def test_a_promise_is_for_a_proposed_cycle_at_its_prices_and_from_its_funds(
    attacker: Attacker, column: str, value: str, outcome: str
):
    attacker.enter("karutan", PEKALONGAN)
    attacker.tries(
        "INSERT INTO guyub.fund (facility_id, code, name, plugin, source) "
        "SELECT id, 'LAIN', 'Lain', 'x', 'x' FROM guyub.facility WHERE code = 'rutan-pekalongan'",
        half_way=True,
    )
    columns = {
        "facility_id": "c.facility_id",
        "holder_id": "c.id",
        "journal_id": "journal.id",
        "program": "'bansos'",
        "period": "c.period",
        "fund_id": "f.fund_id",
        "item_id": "l.item_id",
        "category": "'inmate_family'",
        "quantity": "1",
        "price": "l.price",
        "from_stock": "false",
    }
    insert = """INSERT INTO guyub.reservation ({names}) SELECT {values} FROM journal, guyub.cycle c
                JOIN guyub.cycle_fund f ON f.cycle_id = c.id AND f.priority = 1
                JOIN guyub.package_line l ON l.cycle_id = c.id AND l.line = 1"""
    as_it_should = JOURNAL + insert.format(names=", ".join(columns), values=", ".join(columns.values()))
    assert attacker.tries(as_it_should, half_way=True) == "1 rows"
    columns[column] = value
    not_so = JOURNAL + insert.format(names=", ".join(columns), values=", ".join(columns.values()))
    assert attacker.tries(not_so, half_way=True) == outcome


def test_a_promise_cannot_name_the_cycle_of_another_facility(attacker: Attacker):
    """It would hold up that cycle's approval and its closing for good."""
    attacker.enter("karutan.kebumen", KEBUMEN)
    theirs = attacker.value("SELECT id FROM guyub.cycle")
    attacker.enter("karutan", PEKALONGAN)
    outcome = attacker.tries(
        f"""{JOURNAL}
           INSERT INTO guyub.reservation (facility_id, holder_id, journal_id, program, period, fund_id, item_id, category,
                                          quantity, price, from_stock)
           SELECT c.facility_id, %(theirs)s, journal.id, 'bansos', c.period, f.fund_id, l.item_id, 'inmate_family', 1, l.price,
                  false
           FROM journal, guyub.cycle c JOIN guyub.cycle_fund f ON f.cycle_id = c.id
           JOIN guyub.package_line l ON l.cycle_id = c.id""",
        {"theirs": theirs},
        half_way=True,
    )
    assert outcome == STATE


def test_nobody_but_the_approver_promises_anything(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(PROMISES_WITHOUT_MONEY.format(from_stock="false")) == DUTIES


def write_the_list(attacker: Attacker, quantity: str = "p.quantity", members: str = "true") -> None:
    lines = f"""INSERT INTO guyub.entitlement_line (facility_id, entitlement_id, line, item_id, quantity, price)
        SELECT e.facility_id, e.id, p.line, p.item_id, {quantity}, p.price
        FROM guyub.entitlement e JOIN guyub.package_line p ON p.cycle_id = e.cycle_id WHERE e.state = 'selected'"""
    names = f"""INSERT INTO guyub.recipient_snapshot (entitlement_id, facility_id, number, full_name, nik_masked, address,
                                                      relationship, inmate_name)
        SELECT id, facility_id, 1, 'Contoh', '', '', '', '' FROM guyub.entitlement WHERE state = 'selected' AND {members}"""
    for statement in (lines, names):
        assert attacker.tries(statement).endswith("rows")


def back_to_planning(attacker: Attacker) -> None:
    attacker.enter("kasubsi", PEKALONGAN)
    for statement in (
        RETURN,
        "DELETE FROM guyub.entitlement_line",
        "DELETE FROM guyub.recipient_snapshot",
    ):
        assert attacker.tries(statement).endswith("rows")


def test_a_list_is_proposed_whole(attacker: Attacker):
    back_to_planning(attacker)
    assert attacker.tries(PROPOSE) == STATE, "nothing is written"
    back_to_planning(attacker)
    write_the_list(attacker, quantity="2 * p.quantity")
    assert attacker.tries(PROPOSE) == STATE, "twice the package"
    back_to_planning(attacker)
    write_the_list(attacker, members="score < (SELECT max(score) FROM guyub.entitlement)")
    assert attacker.tries(PROPOSE) == STATE, "a household without its name"
    back_to_planning(attacker)
    write_the_list(attacker)
    attacker.tries("UPDATE guyub.entitlement SET state = 'candidate' WHERE state = 'selected'")
    assert attacker.tries(PROPOSE) == STATE, "names of nobody"
    back_to_planning(attacker)
    attacker.tries("UPDATE guyub.entitlement SET state = 'selected' WHERE state = 'candidate'")
    write_the_list(attacker)
    assert attacker.tries(PROPOSE) == STATE, "more than the quota"
    back_to_planning(attacker)
    write_the_list(attacker)
    assert attacker.tries(PROPOSE) == "1 rows"


@pytest.mark.parametrize("who", ["karutan", "pengelola", "pengamanan"])
def test_only_who_may_propose_does(attacker: Attacker, who: str):
    back_to_planning(attacker)
    write_the_list(attacker)
    # The list lies ready in this transaction; another person takes the last step.
    token = sign_in.session_for(attacker.database, who, "tests")
    attacker.connection.execute(worlds.LEFT.encode())
    attacker.connection.execute("SELECT guyub.enter(%s, %s)", (token, PEKALONGAN))
    assert attacker.tries(PROPOSE) == DUTIES


@pytest.mark.parametrize("who", ["karutan", "pengelola", "pengamanan", "kanwil"])
def test_only_who_may_open_opens_a_month(attacker: Attacker, who: str):
    attacker.enter(who, None if who == "kanwil" else PEKALONGAN)
    assert (
        attacker.tries(
            """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
           SELECT facility_id, program_id, '2025-01-01', 5, 'x', settings FROM guyub.cycle LIMIT 1"""
        )
        == DUTIES
    )


def test_a_month_does_not_begin_half_way(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert (
        attacker.tries(
            """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, state)
           SELECT facility_id, program_id, '2025-01-01', 5, 'x', settings, 'approved' FROM guyub.cycle LIMIT 1"""
        )
        == "42501"
    )


def test_who_visited_a_home_does_not_approve_its_aid(world: World):
    """Declared as data (registry.survey / programs.approve); so a Plh. who did the visits waits for somebody else."""
    rutan = world.pekalongan
    worlds.employ(world.database, "pengganti", "detainee_services", PEKALONGAN)
    worlds.employ(world.database, "pengganti", "head", PEKALONGAN)
    rutan.services = "pengganti"
    rutan.register(worlds.families.PEKALONGAN, worlds.SURVEYED)
    rutan.services = "kasubsi"
    funds = rutan.receive(worlds.november.INCOMES, worlds.RECEIVED)
    cycle = rutan.propose(
        worlds.november.PERIOD, funds, "Aula", worlds.november.DISTRIBUTION, worlds.november.BEGINS, "inmate_family"
    )
    rutan.head = "pengganti"
    with pytest.raises(Forbidden) as refused:
        rutan.approve(cycle, APPROVED)
    assert refused.value.code == "access.duties"
    rutan.head = "karutan"
    rutan.approve(cycle, APPROVED)


def test_who_spends_the_money_did_not_approve_it(world: World):
    rutan = world.pekalongan
    worlds.employ(world.database, "pengganti", "head", PEKALONGAN)
    worlds.employ(world.database, "pengganti", "management", PEKALONGAN)
    rutan.head = "pengganti"
    cycle = worlds.november_until(rutan, "approved")
    rutan.management = "pengganti"
    with pytest.raises(Forbidden):
        rutan.shop(cycle, worlds.november.SHOPPING)
    rutan.management = "pengelola"
    rutan.shop(cycle, worlds.november.SHOPPING)


def test_where_no_duty_is_declared_apart_the_proposer_still_never_approves(world: World):
    rutan = world.pekalongan
    with worlds.superuser(world.installation) as server:
        server.execute("ALTER TABLE guyub.separation_of_duties DISABLE ROW LEVEL SECURITY")
        server.execute("DELETE FROM guyub.separation_of_duties")
    worlds.employ(world.database, "pengganti", "detainee_services", PEKALONGAN)
    worlds.employ(world.database, "pengganti", "head", PEKALONGAN)
    rutan.services = rutan.head = "pengganti"
    cycle = worlds.november_until(rutan, "proposed")
    with pytest.raises(Forbidden) as refused:
        rutan.approve(cycle, APPROVED)
    assert refused.value.what.id == "Pengusul tidak boleh menyetujui usulannya sendiri."
    with worlds.attacker(world.installation, world.database) as attacker:
        attacker.enter("pengganti", PEKALONGAN)
        assert attacker.tries(APPROVE) == DUTIES


def test_two_heads_at_once_approve_once(world: World, attackers: Any):
    rutan = world.pekalongan
    worlds.employ(world.database, "wakil", "head", PEKALONGAN)
    cycle = worlds.november_until(rutan, "proposed")
    with rutan.work_of("karutan") as work:
        proposal.approve(work, rutan.opened.plugins, cycle, APPROVED, version=cycle.version)
        second = attackers()
        second.enter("wakil", PEKALONGAN)
        second.connection.execute("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.connection.execute("SELECT FROM guyub.cycle FOR NO KEY UPDATE")
    second.enter("wakil", PEKALONGAN)
    assert second.tries(APPROVE) == "1 rows"  # already so: no step, no second promise
    with rutan.work_of("karutan") as work:
        assert work.run("SELECT count(*) FROM guyub.journal WHERE kind = 'reservation'").scalar_one() == 1
