"""The trail is written by the database alone, edited by nobody, and says itself where it was tampered with."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
import pytest

from guyub.access import audit
from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, Attacker, World


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        worlds.november_until(made.pekalongan, "closed")
        worlds.november_until(made.kebumen, "proposed")
        yield made


@pytest.fixture
def attacker(world: World) -> Iterator[Attacker]:
    with worlds.attacker(world.installation, world.database) as made:
        yield made


@pytest.mark.parametrize("enter", ["nobody", "kasubsi", "the system"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.audit_entry SET reason = 'x'",
        "DELETE FROM guyub.audit_entry",
        "TRUNCATE guyub.audit_entry",
        "INSERT INTO guyub.audit_entry SELECT * FROM guyub.audit_entry",
        "INSERT INTO guyub.audit_entry (chain, seq, at, actor_label, action, subject, previous, hash) "
        "SELECT chain, seq + 1000, at, 'karutan', 'x', 'x', hash, hash FROM guyub.audit_entry LIMIT 1",
        "UPDATE guyub.audit_chain SET seq = 0",
        "DELETE FROM guyub.audit_chain",
        "INSERT INTO guyub.audit_chain (id) VALUES (uuidv7())",
    ],
)  # fmt: skip
def test_no_statement_of_the_application_writes_the_trail(attacker: Attacker, enter: str, statement: str):
    if enter == "kasubsi":
        attacker.enter("kasubsi", PEKALONGAN)
    elif enter == "the system":
        attacker.enter_service()
    assert attacker.tries(statement) in {"42501", "428C9"}


def test_who_did_it_and_when_is_not_an_argument(attacker: Attacker):
    attacker.enter("kasubsi", PEKALONGAN)
    entry = attacker.value("SELECT guyub.audit((guyub.scope())[1], 'x', 'x', '', '{\"actor\": \"karutan\"}')")
    written = attacker.sees(
        "SELECT actor_label, actor = guyub.actor(), at BETWEEN transaction_timestamp() AND clock_timestamp() "
        "FROM guyub.audit_entry WHERE id = %(id)s",
        {"id": entry},
    )
    assert written == [("kasubsi", True, True)]


def test_each_facility_has_a_chain_of_its_own_and_reads_no_other(world: World):
    checked = {}
    for rutan in (world.pekalongan, world.kebumen):
        with rutan.work_of(rutan.services) as work:
            check = audit.verify(work)
            assert check.ok
            checked[rutan.code] = check.checked
            assert work.run("SELECT count(DISTINCT chain) FROM guyub.audit_entry").scalar_one() == 1
            assert len(work.run("SELECT id FROM guyub.audit_chain").all()) == 1
    assert checked[PEKALONGAN] > checked[KEBUMEN] > 0
    with world.database.work(world.database.as_service("tests")) as work:
        check = audit.verify(work)
        assert check.ok
        assert check.checked > sum(checked.values())


def test_a_check_of_one_facility_is_not_troubled_by_the_chains_that_it_does_not_see(world: World):
    with world.database.work(world.database.as_service("tests", KEBUMEN)) as work:
        assert audit.verify(work).problems == ()


def verify_after(world: World, harm: str) -> list[tuple[int, str]]:
    """What is found after the server's administrator did this; undone again."""
    url = world.installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as server:
        (chain,) = server.execute("SELECT id FROM guyub.facility WHERE code = %s", (PEKALONGAN,)).fetchone() or ()
        server.execute("SET session_replication_role = replica")
        server.execute(harm.encode(), {"chain": chain})
        problems = server.execute(
            "SELECT chain, seq, problem FROM guyub.audit_problems() ORDER BY chain, seq"
        ).fetchall()  # fmt: skip
        server.rollback()
    assert {found for found, _, _ in problems} <= {chain}
    return [(seq, problem) for _, seq, problem in problems]


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "action = 'x'",
        "subject = 'x'",
        "details = '{\"households\": 6}'",
        "actor = NULL",
        "actor_label = 'karutan'",
        "at = at - interval '1 microsecond'",
        "id = uuidv7()",
    ],
)  # fmt: skip
def test_an_edited_entry_is_named(world: World, change: str):
    harm = f"UPDATE guyub.audit_entry SET {change} WHERE chain = %(chain)s AND seq = 7"
    assert verify_after(world, harm) == [(7, "edited")]


def test_an_entry_that_was_edited_with_its_hash_breaks_the_next_link(world: World):
    harm = """UPDATE guyub.audit_entry SET reason = 'x' WHERE chain = %(chain)s AND seq = 7;
              UPDATE guyub.audit_entry e SET hash = guyub.audit_hash(e) WHERE chain = %(chain)s AND seq = 7"""
    with_parameters = harm.replace("%(chain)s", f"'{facility(world)}'::uuid")
    assert verify_after(world, with_parameters) == [(8, "not linked")]


def facility(world: World) -> UUID:
    with world.pekalongan.work_of("kasubsi") as work:
        return work.here.id


@pytest.mark.parametrize(
    ("harm", "first"),
    [
        ("DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq = 1", (2, "missing before")),
        ("DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq = 7", (8, "missing before")),
        ("DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq BETWEEN 5 AND 9", (10, "missing before")),
        ("UPDATE guyub.audit_entry SET seq = seq + 100 WHERE chain = %(chain)s AND seq = 7", (8, "missing before")),
    ],
)
def test_a_gap_is_named_at_the_entry_after_it(world: World, harm: str, first: tuple[int, str]):
    assert verify_after(world, harm)[0] == first


def test_cutting_off_the_end_is_found_at_the_head(world: World):
    with world.pekalongan.work_of("kasubsi") as work:
        last = work.run("SELECT max(seq) FROM guyub.audit_entry").scalar_one()
    cut = "DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq > 7"
    assert verify_after(world, cut) == [(last, "last entries missing")]
    gone = "DELETE FROM guyub.audit_entry WHERE chain = %(chain)s"
    assert verify_after(world, gone) == [(last, "last entries missing")]
    headless = "DELETE FROM guyub.audit_chain WHERE id = %(chain)s"
    assert verify_after(world, headless) == [(last, "head missing")]


def test_staff_are_told_place_number_and_kind(world: World):
    with worlds.superuser(world.installation) as server:
        server.execute("SET session_replication_role = replica")
        kept = server.execute(
            "SELECT id, reason FROM guyub.audit_entry WHERE seq = 3 AND facility_id IS NOT NULL"
        ).fetchall()
        server.execute("UPDATE guyub.audit_entry SET reason = 'x' WHERE seq = 3 AND facility_id IS NOT NULL")
        try:
            with world.database.work(world.database.as_service("tests")) as work:
                check = audit.verify(work)
        finally:
            for entry, reason in kept:
                server.execute("UPDATE guyub.audit_entry SET reason = %s WHERE id = %s", (reason, entry))
    assert not check.ok
    assert f"{PEKALONGAN} #3: edited" in check.problems


def test_entries_of_many_at_once_stand_in_one_line(cluster: Any):
    with worlds.a_world(cluster) as made:

        def write(number: int) -> None:
            with made.pekalongan.work_of("kasubsi") as work:
                audit.record(work, "tests.parallel", str(number))

        with made.pekalongan.work_of("kasubsi"):
            pass  # signed in once, before the threads do
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(write, range(40)))
        with made.pekalongan.work_of("kasubsi") as work:
            assert audit.verify(work).ok
            numbers = (
                work.run("SELECT seq FROM guyub.audit_entry WHERE action = 'tests.parallel' ORDER BY seq")
                .scalars()
                .all()
            )
            assert len(numbers) == 40 == numbers[-1] - numbers[0] + 1


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(cluster: Any):
    with worlds.a_world(cluster) as made:
        with suppress(RuntimeError), made.pekalongan.work_of("kasubsi") as work:
            audit.record(work, "tests.undone", "x")
            raise RuntimeError
        with made.pekalongan.work_of("kasubsi") as work:
            audit.record(work, "tests.done", "x")
            assert audit.verify(work).ok
            assert work.run("SELECT count(*) FROM guyub.audit_entry WHERE action = 'tests.undone'").scalar_one() == 0
