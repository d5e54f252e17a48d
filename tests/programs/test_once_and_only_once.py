"""Each package is handed over once, what was undone may be given again, and nobody is served twice in a month."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from guyub.cli.demonstration import families, november
from guyub.cli.demonstration.month import Rutan, moment
from guyub.db.work import Work
from guyub.funds import queries as books
from guyub.programs import closing, cycles, distribution, proposal, queries, selection
from guyub.programs.cycles import Cycle
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Forbidden, Refusal
from tests import worlds
from tests.worlds import PEKALONGAN, Attacker, World

AT = moment(november.DISTRIBUTION, november.BEGINS)
PROOF = Proof("Saksi Contoh")
UNIQUE, STATE, DUTIES, BOOKS, EDITED, FROZEN = "23505", "GU003", "GU004", "GU005", "GU002", "GU006"

HANDED_OVER = "SELECT count(*) FROM guyub.handover WHERE reversed_at IS NULL"
GIVE = """
    INSERT INTO guyub.handover (facility_id, entitlement_id, journal_id, number, handed_at, given_by, witness, proof)
    SELECT e.facility_id, e.id, {journal}, 1, now(), {giver}, 'Saksi Contoh', 'signature'
    FROM guyub.entitlement e WHERE e.state = {state} ORDER BY e.id LIMIT 1"""


@pytest.fixture
def rutan(world: World) -> Rutan:
    return world.pekalongan


@pytest.fixture(scope="module")
def begun(cluster: Any) -> Iterator[World]:
    """Distribution day: goods are there, one of five families was served. No test commits anything."""
    with worlds.a_world(cluster) as made:
        cycle = worlds.november_until(made.pekalongan, "distributing")
        with made.pekalongan.work_of("kasubsi") as work:
            first = queries.recipients(work, cycle)[0]
            distribution.hand_over(work, cycle, [first.id], AT, PROOF)
        yield made


@pytest.fixture
def attacker(begun: World) -> Iterator[Attacker]:
    with worlds.attacker(begun.installation, begun.database) as made:
        yield made


def ids(rutan: Rutan, cycle: Cycle) -> list[UUID]:
    with rutan.work_of("kasubsi") as work:
        return [one.id for one in queries.recipients(work, cycle)]


def served(rutan: Rutan) -> int:
    with rutan.work_of("kasubsi") as work:
        count: int = work.run(HANDED_OVER).scalar_one()
        return count


def test_a_package_is_not_handed_over_twice(rutan: Rutan):
    cycle = worlds.november_until(rutan, "served")
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.hand_over(work, cycle, ids(rutan, cycle)[:1], AT, PROOF)
    assert refused.value.code == "programs.already_handed_over"
    assert served(rutan) == 5


def test_two_clerks_at_the_same_moment_hand_it_over_once(rutan: Rutan):
    cycle = worlds.november_until(rutan, "distributing")
    first = ids(rutan, cycle)[:1]
    worlds.employ(rutan.opened.database, "petugas", "detainee_services", PEKALONGAN)

    def give(login: str) -> str:
        try:
            with rutan.work_of(login) as work:
                distribution.hand_over(work, cycle, first, AT, PROOF)
        except Refusal as refusal:
            return refusal.code
        return "given"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(give, ["kasubsi", "petugas"] * 2))
    assert outcomes.count("given") == 1
    assert set(outcomes) <= {"given", "programs.already_handed_over", "programs.goods_missing"}
    assert served(rutan) == 1


def test_what_was_undone_is_handed_over_again_and_traced_anew(rutan: Rutan):
    cycle = worlds.november_until(rutan, "served")
    one = ids(rutan, cycle)[0]
    with rutan.work_of("kasubsi") as work:
        before = books.spending(work, cycle.id)
        distribution.undo(work, cycle, one, "Salah orang", november.DISTRIBUTION)
    assert served(rutan) == 4
    with rutan.work_of("kasubsi") as work:
        assert queries.recipient(work, cycle, one).state == "approved"
        assert queries.figures(work, cycle).value < sum(fund.amount for fund in before)
        distribution.hand_over(work, cycle, [one], AT, PROOF)
    assert served(rutan) == 5
    with rutan.work_of("kasubsi") as work:
        assert books.spending(work, cycle.id) == before
        assert queries.figures(work, cycle).value == sum(fund.amount for fund in before)
        assert books.check_ledger(work).ok


def test_an_undoing_happens_once(rutan: Rutan):
    cycle = worlds.november_until(rutan, "served")
    one = ids(rutan, cycle)[0]
    with rutan.work_of("kasubsi") as work:
        distribution.undo(work, cycle, one, "Salah orang", november.DISTRIBUTION)
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        distribution.undo(work, cycle, one, "Sekali lagi", november.DISTRIBUTION)
    assert refused.value.code == "programs.not_handed_over"


def test_nothing_is_undone_without_a_reason_or_after_the_closing(rutan: Rutan):
    cycle = worlds.november_until(rutan, "served")
    one = ids(rutan, cycle)[0]
    with pytest.raises(Refusal), rutan.work_of("kasubsi") as work:
        distribution.undo(work, cycle, one, "  ", november.DISTRIBUTION)
    rutan.close(cycle, november.DISTRIBUTION, "")
    with pytest.raises(Refusal), rutan.work_of("kasubsi") as work:
        distribution.undo(work, cycle, one, "Terlambat", november.DISTRIBUTION)
    assert served(rutan) == 5


@pytest.mark.parametrize("state", ["candidate", "received"])
def test_raw_sql_hands_over_only_to_those_who_wait(attacker: Attacker, state: str):
    attacker.enter("kasubsi", PEKALONGAN)
    give = GIVE.format(journal="NULL", giver="guyub.actor()", state=f"'{state}'")
    assert attacker.tries(give) == (UNIQUE if state == "received" else STATE)


def test_raw_sql_hands_over_no_empty_package(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(GIVE.format(journal="NULL", giver="guyub.actor()", state="'approved'")) == BOOKS


def test_raw_sql_hands_over_in_nobody_else_s_name(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    colleague = "(SELECT id FROM guyub.person WHERE login = 'pengamanan')"
    assert attacker.tries(GIVE.format(journal="NULL", giver=colleague, state="'approved'")) == DUTIES


@pytest.mark.parametrize("who", ["karutan", "the system"])
def test_raw_sql_hands_over_by_nobody_who_may_not(attacker: Attacker, who: str):
    if who == "the system":
        attacker.enter_service(PEKALONGAN)
        giver = "(SELECT id FROM guyub.person WHERE login = 'kasubsi')"
    else:
        attacker.enter(who, PEKALONGAN)
        giver = "guyub.actor()"
    assert attacker.tries(GIVE.format(journal="NULL", giver=giver, state="'approved'")) == DUTIES


def test_a_hand_over_does_not_begin_undone(attacker: Attacker):
    """It would leave a household marked as served with no hand-over that stands."""
    attacker.enter("kasubsi", PEKALONGAN)
    give = GIVE.format(journal="NULL", giver="guyub.actor()", state="'approved'")
    undone = give.replace("proof)", "proof, reversed_at)").replace("'signature'", "'signature', now()")
    assert attacker.tries(undone) == "42501"


def test_goods_do_not_leave_without_a_hand_over(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(OUT_WITHOUT_A_HOUSEHOLD) == BOOKS


OUT_WITHOUT_A_HOUSEHOLD = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
                     SELECT facility_id, 'hand_over', '2024-11-16', 'contoh', id FROM guyub.cycle RETURNING id)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
    SELECT held.facility_id, journal.id, held.fund_id, held.id, far.id, 0, 1
    FROM journal, guyub.account held JOIN guyub.account far ON far.lot_id = held.lot_id AND far.kind = 'distributed'
    WHERE held.kind = 'stock_reserved' AND held.quantity >= 1 LIMIT 1"""

BACK_WITHOUT_AN_UNDOING = """
    WITH journal AS (INSERT INTO guyub.journal (facility_id, kind, on_date, memo, holder_id)
                     SELECT facility_id, 'reversal', '2024-11-16', 'contoh', id FROM guyub.cycle RETURNING id)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity, reverses)
    SELECT t.facility_id, journal.id, t.fund_id, t.debit_account, t.credit_account, t.rupiah, t.quantity, t.id
    FROM journal, guyub.transfer t JOIN guyub.handover_line l ON l.transfer_id = t.id LIMIT 1"""


def test_goods_do_not_come_back_without_an_undoing(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(BACK_WITHOUT_AN_UNDOING) == BOOKS


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ("UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor(), reversal_reason = 'x'", BOOKS),
        ("UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor()", EDITED),
        ("UPDATE guyub.handover SET reversed_at = now(), reversal_reason = 'x'", EDITED),
        ("UPDATE guyub.handover SET reversal_reason = 'x'", EDITED),
        ("UPDATE guyub.handover SET witness = 'x'", "42501"),
        ("UPDATE guyub.handover SET entitlement_id = entitlement_id", "42501"),
        ("DELETE FROM guyub.handover", "42501"),
        ("TRUNCATE guyub.handover CASCADE", "42501"),
        ("UPDATE guyub.handover_line SET quantity = 1", "42501"),
        ("DELETE FROM guyub.handover_line", "42501"),
        ("INSERT INTO guyub.handover_line SELECT facility_id, handover_id, uuidv7(), item_id, 1, 1 FROM guyub.handover_line",
         "23503"),
        ("UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'received'", FROZEN),
        ("UPDATE guyub.entitlement SET state = 'received' WHERE state = 'approved'", FROZEN),
    ],
)  # fmt: skip
def test_a_hand_over_is_not_edited(attacker: Attacker, change: str, outcome: str):
    attacker.enter("kasubsi", PEKALONGAN)
    assert attacker.tries(change) == outcome


@pytest.mark.parametrize("item", ["the same", "another"])
def test_a_household_gets_no_more_than_its_package(attacker: Attacker, item: str):
    """Goods of the same voucher, one more line for the same household; or rice that is called sugar."""
    attacker.enter("kasubsi", PEKALONGAN)
    statement = """
        WITH more AS (
            INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah, quantity)
            SELECT held.facility_id, h.journal_id, held.fund_id, held.id, far.id, 0, 1
            FROM guyub.handover h, guyub.account held
            JOIN guyub.account far ON far.lot_id = held.lot_id AND far.kind = 'distributed'
            WHERE held.kind = 'stock_reserved' AND held.quantity >= 1 LIMIT 1
            RETURNING id, facility_id, rupiah, lot_id)
        INSERT INTO guyub.handover_line (facility_id, handover_id, transfer_id, item_id, quantity, rupiah)
        SELECT more.facility_id, h.id, more.id, {item}, 1, more.rupiah
        FROM more JOIN guyub.lot o ON o.id = more.lot_id, guyub.handover h"""
    items = {
        "the same": "o.item_id",
        "another": "(SELECT i.id FROM guyub.item i WHERE i.id <> o.item_id LIMIT 1)",
    }
    assert attacker.tries(statement.format(item=items[item])) == BOOKS


def test_a_closing_that_is_being_written_lets_no_hand_over_in(rutan: Rutan, attackers: Callable[[], Attacker]):
    """The one who closes has counted; whoever hands over at that moment waits, and is refused."""
    cycle = worlds.november_until(rutan, "distributing")
    late = attackers()
    with rutan.work_of("kasubsi") as work:
        waiting = [one.id for one in queries.recipients(work, cycle)]
        distribution.mark_absent(work, cycle, waiting, "Tidak datang")
    late.enter("kasubsi", PEKALONGAN)
    late.connection.execute("SET LOCAL lock_timeout = '300ms'")
    with rutan.work_of("kasubsi") as work:
        closing.close(work, cycle, november.DISTRIBUTION, "")
        assert late.tries("UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'absent'") == "55P03"
    late.enter("kasubsi", PEKALONGAN)
    assert late.tries("UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'absent'") == FROZEN


# --- one benefit a month -------------------------------------------------------------------------------------------


def also_registered(rutan: Rutan, places: slice = slice(0, 1)) -> None:
    rutan.register(families.PEKALONGAN[places], worlds.SURVEYED)


def open_and_score(rutan: Rutan, period: date = november.PERIOD) -> Cycle:
    with rutan.work_of(rutan.services) as work:
        cycle = cycles.open_cycle(
            work, rutan.opened.host, "bansos", period, distribution_on=november.DISTRIBUTION, place="Aula"
        )
        selection.score(work, rutan.opened.host, cycle)
        return cycles.get(work, "bansos", period)


def test_who_was_served_elsewhere_this_month_is_named_by_the_place_and_nothing_else(world: World):
    worlds.november_until(world.pekalongan, "approved")
    also_registered(world.kebumen, slice(0, 7))
    cycle = open_and_score(world.kebumen)
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        judged = queries.candidates(work, cycle)
        excluded = [one for one in judged if one.state == "excluded"]
        assert len(judged) == 7
        assert {one.name for one in excluded} == {
            "Sulastri Contoh", "Murni Contoh", "Kasmuri Contoh", "Nur Aini Contoh", "Rohmah Contoh",
        }  # fmt: skip
        assert {queries.why_excluded(cycle, one.state_reason).id for one in excluded} == {
            "Sudah menerima bantuan bulan ini di Rutan Kelas IIA Pekalongan"
        }
        columns = work.run("SELECT * FROM guyub.served_elsewhere(:cycle) LIMIT 1", cycle=cycle.id).keys()
        assert list(columns) == ["entitlement_id", "facility"]


def test_the_second_approval_of_one_person_is_refused_though_the_list_was_scored_before(world: World):
    """Both facilities chose her while neither had approved."""
    also_registered(world.kebumen, slice(0, 1))
    funds = world.kebumen.receive(november.INCOMES[1:], worlds.RECEIVED)
    second = world.kebumen.propose(
        november.PERIOD, funds, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )
    worlds.november_until(world.pekalongan, "approved")
    with pytest.raises(Refusal) as refused:
        world.kebumen.approve(second, worlds.APPROVED)
    assert refused.value.code == "programs.already_served"
    assert "Rutan Kelas IIA Pekalongan" in refused.value.what.id
    assert "Sulastri" not in refused.value.what.id
    with world.kebumen.work_of("karutan.kebumen") as work:
        assert cycles.get(work, "bansos", november.PERIOD).state == "proposed"
        assert work.run("SELECT count(*) FROM guyub.reservation").scalar_one() == 0


def test_leaving_the_scope_before_the_question_is_asked_serves_nobody_twice(world: World, attackers: Any):
    """RETURNING runs before the step's own trigger; had that asked what the scope shows, nobody would have been served."""
    also_registered(world.kebumen, slice(0, 1))
    funds = world.kebumen.receive(november.INCOMES[1:], worlds.RECEIVED)
    second = world.kebumen.propose(
        november.PERIOD, funds, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family"
    )
    worlds.november_until(world.pekalongan, "approved")

    def approve(work: Work) -> None:
        holder = proposal.Holder(second.id, "bansos", november.PERIOD, "contoh")
        fund_ids = proposal.funds_of(work, second)
        needs = proposal.needs(work, second, fund_ids)
        proposal.reservations.reserve(work, holder, needs, fund_ids, worlds.APPROVED)
        work.run("UPDATE guyub.cycle SET state = 'approved' RETURNING set_config('guyub.scope', '', true)")

    with pytest.raises(Refusal), world.kebumen.work_of("karutan.kebumen") as work:
        approve(work)
    with world.kebumen.work_of("karutan.kebumen") as work:
        assert cycles.get(work, "bansos", november.PERIOD).state == "proposed"


def test_two_facilities_that_approve_the_same_person_at_once_serve_her_once(world: World):
    also_registered(world.kebumen, slice(0, 1))
    funds = world.kebumen.receive(november.INCOMES[1:], worlds.RECEIVED)
    place = ("Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
    there = world.kebumen.propose(november.PERIOD, funds, *place)
    here = worlds.november_until(world.pekalongan, "proposed")

    def approve(rutan: Rutan, cycle: Cycle) -> str:
        try:
            rutan.approve(cycle, worlds.APPROVED)
        except Refusal as refusal:
            return refusal.code
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(approve, [world.pekalongan, world.kebumen], [here, there]))
    assert sorted(outcomes) == ["approved", "programs.already_served"]


@pytest.mark.parametrize("ending", ["cancelled", "absent"])
def test_who_did_not_receive_may_be_served_elsewhere(world: World, ending: str):
    rutan = world.pekalongan
    if ending == "cancelled":
        cycle = worlds.november_until(rutan, "approved")
        with rutan.work_of("karutan") as work:
            closing.cancel(work, cycle, worlds.APPROVED, "Banjir")
    else:
        cycle = worlds.november_until(rutan, "distributing")
        with rutan.work_of("kasubsi") as work:
            waiting = [one.id for one in queries.recipients(work, cycle)]
            distribution.mark_absent(work, cycle, waiting[:1], "Tidak datang")
            distribution.hand_over(work, cycle, waiting[1:], AT, PROOF)
            closing.close(work, cycle, november.DISTRIBUTION, "")
    also_registered(world.kebumen, slice(0, 2))
    there = open_and_score(world.kebumen)
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        states = {one.name: one.state for one in queries.candidates(work, there)}
    assert states["Sulastri Contoh"] == "candidate"
    assert states["Murni Contoh"] == ("candidate" if ending == "cancelled" else "excluded")


def test_another_month_is_another_benefit(world: World):
    worlds.november_until(world.pekalongan, "closed")
    also_registered(world.kebumen)
    december = open_and_score(world.kebumen, date(2024, 12, 1))
    with world.kebumen.work_of("kasubsi.kebumen") as work:
        assert [one.state for one in queries.candidates(work, december)] == ["candidate"]


def test_a_household_stands_once_on_a_list(rutan: Rutan, attackers: Callable[[], Attacker]):
    worlds.november_until(rutan, "planned")
    attacker = attackers()
    attacker.enter("kasubsi", PEKALONGAN)
    again = """INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, reasons)
               SELECT facility_id, cycle_id, household_id, category, members, score, reasons FROM guyub.entitlement"""
    assert attacker.tries(again) == UNIQUE


def test_a_month_of_a_programme_is_opened_once(rutan: Rutan):
    worlds.november_until(rutan, "planned")
    with pytest.raises(Refusal) as refused, rutan.work_of("kasubsi") as work:
        cycles.open_cycle(work, rutan.opened.host, "bansos", november.PERIOD)
    assert refused.value.code == "programs.cycle_exists"


def test_nobody_reads_who_was_served_where(attacker: Attacker):
    for statement in (
        "SELECT * FROM guyub.claim",
        "INSERT INTO guyub.claim DEFAULT VALUES",
        "UPDATE guyub.claim SET released_at = now()",
        "DELETE FROM guyub.claim",
        "SELECT * FROM guyub.identities_of((SELECT id FROM guyub.cycle LIMIT 1))",
        "SELECT * FROM guyub.served_already((SELECT id FROM guyub.cycle LIMIT 1))",
    ):
        attacker.enter("kasubsi", PEKALONGAN)
        assert attacker.tries(statement) == "42501"


def test_only_who_may_hand_over_undoes_it(begun: World):
    with begun.pekalongan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        one = queries.recipients(work, cycle)[0]
    with pytest.raises(Forbidden), begun.pekalongan.work_of("karutan") as work:
        distribution.undo(work, cycle, one.id, "Salah orang", november.DISTRIBUTION)
