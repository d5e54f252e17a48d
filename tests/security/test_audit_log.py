"""The audit log: written by the database alone, never rewritten, and whoever rewrites it below the database is found."""

import psycopg
import pytest

from guyub.access import audit

NIL = "00000000-0000-0000-0000-000000000000"
RECORD = "SELECT guyub.audit(%(chain)s, 'x', 'x', '', '{}')"


@pytest.fixture
def own(own_approved):
    return own_approved


def verify(world):
    with world.database.work(world.database.as_service("tests")) as work:
        return audit.verify(work)


def tamper(world, *statements):
    """As a superuser who silences every trigger, and commits."""
    with world.superuser() as root:
        root.execute("SET session_replication_role = replica")
        for statement in statements:
            assert root.execute(statement.encode(), {"chain": world.pekalongan}).rowcount > 0, statement
        root.commit()


def test_a_month_leaves_an_unbroken_audit_log(closed):
    found = verify(closed)
    assert found.ok
    assert found.checked > 20
    with closed.superuser() as root:
        actions = {action for (action,) in root.execute("SELECT action FROM guyub.audit_entry").fetchall()}
    assert {"programs.propose", "programs.approve", "programs.hand_over", "programs.close"} <= actions


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.audit_entry SET reason = 'x'",
        "DELETE FROM guyub.audit_entry",
        "TRUNCATE guyub.audit_entry CASCADE",
        "UPDATE guyub.audit_chain SET seq = 0",
        "DELETE FROM guyub.audit_chain",
        "INSERT INTO guyub.audit_chain (id) VALUES (gen_random_uuid())",
        "INSERT INTO guyub.audit_entry (chain, seq, at, actor_label, action, subject, previous, hash) "
        "SELECT chain, seq + 1000, at, 'x', action, subject, previous, hash FROM guyub.audit_entry",
    ],
)
def test_the_audit_log_is_not_the_applications_to_write(closed, statement):
    with closed.attacker() as thief:
        for enter in (lambda: thief.enter("karutan", "rutan-pekalongan"), thief.enter_service, thief.leave):
            enter()
            assert thief.tries(statement) == "42501"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE guyub.audit_entry SET reason = 'x'", "DELETE FROM guyub.audit_entry", "TRUNCATE guyub.audit_entry"],
)
def test_the_audit_log_is_append_only_for_its_owner_too(closed, statement):
    with closed.superuser() as owner:
        owner.execute(f'SET ROLE "{closed.installation.roles}_owner"'.encode())
        with pytest.raises(psycopg.Error) as refused:
            owner.execute(statement.encode())
    assert refused.value.sqlstate == "GU002"


def test_an_entry_says_who_and_when_by_itself(closed):
    with closed.attacker() as thief:
        thief.enter("karutan", "rutan-pekalongan")
        assert thief.tries(RECORD, {"chain": closed.pekalongan}) == "1 rows"
        [entry] = thief.sees(
            """SELECT actor = guyub.actor(), actor_label, at BETWEEN now() AND clock_timestamp(), facility_id
               FROM guyub.audit_entry ORDER BY seq DESC LIMIT 1"""
        )
        assert entry == (True, "karutan", True, closed.pekalongan)


def test_nobody_writes_into_a_chain_that_is_not_theirs(closed):
    with closed.attacker() as thief:
        assert thief.tries(RECORD, {"chain": closed.pekalongan}) == "GU001"
        thief.enter("karutan", "rutan-pekalongan")
        for chain in (closed.kebumen, NIL, None):
            assert thief.tries(RECORD, {"chain": chain}) == "GU001"
        thief.enter_service("rutan-kebumen")
        assert thief.tries(RECORD, {"chain": closed.pekalongan}) == "GU001"


def test_the_audit_log_of_another_facility_is_not_read(closed):
    with closed.attacker() as thief:
        thief.enter("karutan.kebumen", "rutan-kebumen")
        assert thief.sees("SELECT DISTINCT facility_id FROM guyub.audit_entry") in ([], [(closed.kebumen,)])
        assert thief.sees("SELECT count(*) FROM guyub.audit_entry WHERE facility_id IS NULL") == [(0,)]


LAST = "(SELECT max(seq) FROM guyub.audit_entry WHERE chain = %(chain)s)"
EDITS = {
    "who": "actor_label = 'someone'",
    "what": "action = 'x'",
    "when": "at = at + interval '1 second'",
    "why": "reason = 'x'",
    "details": "details = '{\"x\": 1}'",
    "subject": "subject = 'x'",
    "actor": "actor = NULL",
    "id": "id = gen_random_uuid()",
}


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_every_part_of_an_entry_is_sealed(closed, edit):
    with closed.superuser() as root:
        root.execute("SET session_replication_role = replica")
        changed = root.execute(
            f"""UPDATE guyub.audit_entry SET {EDITS[edit]} WHERE chain = %(chain)s AND seq =
                (SELECT min(seq) FROM guyub.audit_entry WHERE chain = %(chain)s AND actor IS NOT NULL) RETURNING seq""".encode(),
            {"chain": closed.pekalongan},
        ).fetchall()
        problems = root.execute("SELECT chain, seq, problem FROM guyub.audit_problems()").fetchall()
    assert problems == [(closed.pekalongan, changed[0][0], "edited")]


def test_an_edited_entry_is_named(own):
    tamper(own, "UPDATE guyub.audit_entry SET reason = 'x' WHERE chain = %(chain)s AND seq = 2")
    assert verify(own).problems == ("rutan-pekalongan #2: edited",)


def test_an_edited_entry_with_its_hash_fixed_breaks_the_next_link(own):
    tamper(
        own,
        "UPDATE guyub.audit_entry SET reason = 'x' WHERE chain = %(chain)s AND seq = 2",
        "UPDATE guyub.audit_entry e SET hash = guyub.audit_hash(e) WHERE chain = %(chain)s AND seq = 2",
    )
    assert verify(own).problems == ("rutan-pekalongan #3: not linked",)


def test_an_entry_missing_in_the_middle_is_named(own):
    tamper(own, "DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq = 2")
    assert verify(own).problems == ("rutan-pekalongan #3: missing before",)


def test_an_entry_missing_at_the_beginning_is_named(own):
    tamper(own, "DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq = 1")
    assert verify(own).problems == ("rutan-pekalongan #2: missing before",)


def test_entries_missing_at_the_end_are_named(own):
    tamper(own, f"DELETE FROM guyub.audit_entry WHERE chain = %(chain)s AND seq = {LAST}")
    [problem] = verify(own).problems
    assert problem.startswith("rutan-pekalongan #")
    assert problem.endswith("last entries missing")


def test_a_chain_that_is_gone_but_for_its_head_is_named(own):
    tamper(own, "DELETE FROM guyub.audit_entry WHERE chain = %(chain)s")
    [problem] = verify(own).problems
    assert problem.endswith("last entries missing")


def test_a_head_that_is_gone_is_named(own):
    tamper(own, "DELETE FROM guyub.audit_chain WHERE id = %(chain)s")
    [problem] = verify(own).problems
    assert problem.endswith("head missing")


def test_an_entry_slipped_in_at_the_end_is_named(own):
    tamper(
        own,
        f"""INSERT INTO guyub.audit_entry (chain, seq, at, actor_label, action, subject, previous, hash)
            SELECT chain, seq + 1, at, 'x', 'x', 'x', hash, sha256('x') FROM guyub.audit_entry
            WHERE chain = %(chain)s AND seq = {LAST}""",
    )
    assert verify(own).problems[0].endswith("edited")


def test_an_entry_with_a_good_hash_slipped_in_at_the_end_is_no_head(own):
    tamper(
        own,
        f"""INSERT INTO guyub.audit_entry (chain, seq, at, actor_label, action, subject, previous, hash)
            SELECT chain, seq + 1, at, 'x', 'x', 'x', hash, '' FROM guyub.audit_entry
            WHERE chain = %(chain)s AND seq = {LAST}""",
        f"UPDATE guyub.audit_entry e SET hash = guyub.audit_hash(e) WHERE chain = %(chain)s AND seq = {LAST}",
    )
    [problem] = verify(own).problems
    assert problem.endswith("beyond the head")
