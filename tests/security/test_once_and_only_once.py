"""One package for one household, one benefit a month for one identity: whoever asks, from wherever, however often."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from threading import Barrier
from unittest.mock import patch

import pytest

from guyub.access import people
from guyub.demo import families, november
from guyub.demo.month import Rutan, moment
from guyub.funds import ledger
from guyub.programs import closing, cycles, distribution, proposal, queries
from guyub.programs.distribution import Proof
from guyub.sdk.errors import Refusal

LATER = moment(november.DISTRIBUTION, time(11, 0))


def hand_over(world, number: int) -> str:
    """The code of the refusal, or nothing."""
    with world.rutan.work_of("kasubsi") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        selected = [recipient.id for recipient in queries.recipients(work, cycle) if recipient.number == number]
    try:
        with world.rutan.work_of("kasubsi") as work:
            cycle = cycles.get(work, "bansos", november.PERIOD)
            distribution.hand_over(work, cycle, selected, LATER, Proof("Saksi Contoh"))
    except Refusal as refusal:
        return refusal.code
    return ""


def both_at_once(act: Callable[[int], str]) -> list[str]:
    ready = Barrier(2)

    def run(which: int) -> str:
        ready.wait(timeout=30)
        return act(which)

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(run, range(2)))


def test_a_package_is_handed_over_once(distributing):
    assert hand_over(distributing, 1) == distribution.ALREADY


@pytest.mark.parametrize("own_lock", [True, False])
def test_of_two_counters_at_once_one_hands_over(own_distributing, own_lock):
    """Without the application's own lock on the books as well: then the database alone must hold."""
    world = own_distributing
    if own_lock:
        found = both_at_once(lambda _: hand_over(world, 5))
    else:
        with patch.object(ledger, "lock", lambda work: None):
            found = both_at_once(lambda _: hand_over(world, 5))
    assert found == ["", distribution.ALREADY]
    with world.superuser() as root:
        assert root.execute("SELECT count(*), count(DISTINCT entitlement_id) FROM guyub.handover").fetchone() == (5, 5)
        assert root.execute("SELECT * FROM guyub.ledger_problems()").fetchall() == []


HANDOVER = """INSERT INTO guyub.handover (facility_id, entitlement_id, number, handed_at, given_by, witness, proof)
              SELECT facility_id, id, 1, now(), %(giver)s, %(witness)s, 'signature' FROM guyub.entitlement
              WHERE state = %(state)s LIMIT 1"""


@pytest.mark.parametrize(
    "witness", ["Kasubsi Contoh Satu", "KASUBSI CONTOH SATU", "H. Kasubsi Contoh Satu, S.H.", "S" * 121, "\u200b"]
)
def test_the_one_who_hands_over_is_no_witness_and_a_name_is_a_line(distributing, witness):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(me,)] = thief.sees("SELECT guyub.actor()")
        assert thief.tries(HANDOVER, {"giver": me, "state": "approved", "witness": witness}) == "23514"


@pytest.mark.parametrize(
    ("state", "code"), [("received", "23505"), ("approved", "GU005"), ("candidate", "GU003"), ("excluded", "0 rows")]
)
def test_a_bare_row_hands_nothing_over(distributing, state, code):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        [(me,)] = thief.sees("SELECT guyub.actor()")
        assert thief.tries(HANDOVER, {"giver": me, "state": state, "witness": "Saksi Contoh"}) == code


def test_nobody_hands_over_in_anothers_name(distributing):
    with distributing.attacker() as thief:
        thief.enter("pengamanan", "rutan-pekalongan")
        [(other,)] = thief.sees("SELECT id FROM guyub.person WHERE login = 'kasubsi'")
        assert thief.tries(HANDOVER, {"giver": other, "state": "approved", "witness": "Saksi Contoh"}) == "GU004"
        thief.enter_service("rutan-pekalongan")
        assert thief.tries(HANDOVER, {"giver": other, "state": "approved", "witness": "Saksi Contoh"}) == "GU004"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("DELETE FROM guyub.handover", "42501"),
        ("UPDATE guyub.handover SET witness = 'x'", "42501"),
        ("UPDATE guyub.handover SET handed_at = now()", "42501"),
        ("UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor(), reversal_reason = 'x'", "GU005"),
        ("UPDATE guyub.handover SET reversed_at = now(), reversed_by = guyub.actor()", "GU002"),
        ("UPDATE guyub.handover SET reversal_reason = 'x'", "GU002"),
        ("UPDATE guyub.entitlement SET state = 'approved' WHERE state = 'received'", "GU006"),
        (
            """UPDATE guyub.entitlement SET state = 'absent', state_reason = 'Tidak datang', absent_on = '2024-11-16'
               WHERE state = 'received'""",
            "GU006",
        ),
        ("UPDATE guyub.handover_line SET quantity = 0", "42501"),
        ("DELETE FROM guyub.handover_line", "42501"),
        (
            """INSERT INTO guyub.handover_line (facility_id, handover_id, transfer_id, item_id, quantity, rupiah)
               SELECT l.facility_id, l.handover_id, t.id, l.item_id, 1, 1 FROM guyub.handover_line l, guyub.transfer t
               WHERE NOT EXISTS (SELECT FROM guyub.handover_line o WHERE o.handover_id = l.handover_id
                                                                     AND o.transfer_id = t.id) LIMIT 1""",
            "GU005",
        ),
    ],
)
def test_what_was_handed_over_stands(distributing, statement, code):
    with distributing.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        assert thief.tries(statement) == code


def test_a_household_is_on_a_list_once(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        again = """INSERT INTO guyub.entitlement (facility_id, cycle_id, household_id, category, members, score, reasons)
                   SELECT facility_id, cycle_id, household_id, category, members, score, reasons FROM guyub.entitlement LIMIT 1"""
        assert thief.tries(again) == "23505"


def test_a_program_has_one_cycle_a_month(closed):
    with closed.attacker() as thief:
        thief.enter("kasubsi", "rutan-pekalongan")
        again = """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings)
                   SELECT facility_id, program_id, period, quota, 'other', settings FROM guyub.cycle"""
        assert thief.tries(again) == "23505"


@pytest.mark.parametrize("login", ["kasubsi", "karutan", "kanwil"])
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM guyub.claim",
        "DELETE FROM guyub.claim",
        "UPDATE guyub.claim SET released_at = now()",
        """INSERT INTO guyub.claim (identity, exclusion_group, period, facility_id, entitlement_id)
           VALUES ('x', 'sembako', DATE '2024-11-01', gen_random_uuid(), gen_random_uuid())""",
    ],
)
def test_nobody_reads_or_writes_claims(closed, login, statement):
    with closed.attacker() as thief:
        thief.enter(login, "rutan-pekalongan")
        assert thief.tries(statement) == "42501"
        thief.enter_service()
        assert thief.tries(statement) == "42501"


def kebumen_with_a_family_of_pekalongan(world, place: int) -> tuple[Rutan, cycles.Cycle]:
    """Rutan Kebumen proposes its own list, and on it a family that Pekalongan has as well."""
    database = world.database
    with database.work(database.as_service("tests")) as work:
        key = database.service_key
        people.create_person(
            work, key=key, login="pengelola.kebumen", full_name="Pengelola Contoh Delapan", password="kata sandi contoh"
        )
        people.assign_role(
            work,
            key=key,
            login="pengelola.kebumen",
            role="management",
            valid_from=date(2024, 1, 1),
            facility="rutan-kebumen",
        )
        work.run(
            """INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor)
               SELECT f.id, plugin, true, DATE '2024-01-01', '' FROM guyub.facility f, unnest(CAST(:plugins AS text[])) plugin
               WHERE f.code = 'rutan-kebumen'""",
            plugins=["bansos", "csr_funding"],
        )
    rutan = Rutan(
        world.rutan.opened,
        "rutan-kebumen",
        "kasubsi.kebumen",
        "karutan.kebumen",
        "pengelola.kebumen",
        "kasubsi.kebumen",
        "Saksi Contoh",
    )
    moved = families.PEKALONGAN[place]
    village = families.KEBUMEN[0].registration
    there = moved.registration.model_copy(
        update={part: getattr(village, part) for part in ("village", "village_code", "district", "city")}
    )
    rutan.register([replace(moved, registration=there)], date(2024, 11, 8))
    funds = rutan.receive([november.INCOMES[0]], date(2024, 11, 6))
    cycle = rutan.propose(november.PERIOD, funds, "Aula", november.DISTRIBUTION, november.BEGINS, "inmate_family")
    return rutan, cycle


def test_an_identity_receives_once_a_month_and_only_the_other_facilitys_name_is_reported(own_proposed):
    world = own_proposed
    rutan, cycle = kebumen_with_a_family_of_pekalongan(world, 0)
    world.rutan.approve(world.cycle, date(2024, 11, 12))
    with pytest.raises(Refusal) as refused:
        rutan.approve(cycle, date(2024, 11, 13))
    assert "Rutan Kelas IIA Pekalongan" in str(refused.value.what) + str(refused.value.remedy)
    with world.attacker() as thief:
        thief.enter("karutan.kebumen", "rutan-kebumen")
        assert [told for _, told in thief.sees("SELECT * FROM guyub.served_elsewhere(%(c)s)", {"c": cycle.id})] == [
            "Rutan Kelas IIA Pekalongan"
        ]
        [(hit,)] = thief.sees("SELECT entitlement_id FROM guyub.served_elsewhere(%(c)s)", {"c": cycle.id})
        assert thief.sees("SELECT facility_id FROM guyub.entitlement WHERE id = %(hit)s", {"hit": hit}) == [
            (world.kebumen,)
        ]
        thief.enter("kanwil")
        assert thief.sees("SELECT * FROM guyub.served_elsewhere(%(c)s)", {"c": cycle.id}) == []

    with world.rutan.work_of("karutan") as work:
        cycle = cycles.get(work, "bansos", november.PERIOD)
        closing.cancel(work, cycle, date(2024, 11, 13), "tidak jadi", version=cycle.version)
    rutan.approve(cycle, date(2024, 11, 13))
    with world.superuser() as root:
        standing = root.execute("SELECT DISTINCT facility_id FROM guyub.claim WHERE released_at IS NULL").fetchall()
    assert standing == [(world.kebumen,)]


def test_of_two_facilities_that_approve_the_same_identity_at_once_one_succeeds(own_proposed):
    world = own_proposed
    rutan, cycle = kebumen_with_a_family_of_pekalongan(world, 0)

    def approve(which: int) -> str:
        mine, of = ((world.rutan, world.cycle), (rutan, cycle))[which]
        try:
            with mine.work_of(mine.head) as work:
                proposed = cycles.get(work, "bansos", of.period)
                proposal.approve(work, mine.opened.plugins, proposed, date(2024, 11, 13), version=proposed.version)
        except Refusal as refusal:
            return refusal.code
        return ""

    found = both_at_once(approve)
    assert found[0] == ""
    assert found[1].startswith("programs.")
    with world.superuser() as root:
        assert root.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM guyub.claim WHERE released_at IS NULL GROUP BY identity) x"
        ).fetchone() == (1,)
