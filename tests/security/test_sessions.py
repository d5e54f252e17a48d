"""Coming in: a token is kept as its hash, an end is an end, and the doors of the service need its key."""

from datetime import timedelta
from hashlib import sha256

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from guyub.access import sign_in
from tests.conftest import PASSWORD
from tests.worlds import attacker

ENTER = "SELECT guyub.enter(%(token)s, NULL)"


@pytest.fixture
def thief(installation, database):
    with attacker(installation, database) as one:
        yield one


@pytest.fixture
def root(installation):
    url = installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def token(database):
    return sign_in.sign_in(database, "kasubsi", PASSWORD, "tests")


def test_a_token_opens_its_session_and_is_kept_only_as_a_hash(token, thief, root):
    assert thief.tries(ENTER, {"token": token}) == "1 rows"
    kept = root.execute("SELECT token_hash FROM guyub.session").fetchall()
    assert (sha256(token.encode()).digest(),) in kept
    for table in ("session", "audit_entry", "person"):
        [text] = root.execute(f"SELECT string_agg(to_jsonb(t)::text, '') FROM guyub.{table} t".encode()).fetchone()
        assert token not in text


def test_a_stolen_hash_is_no_token(token, thief):
    for stolen in (sha256(token.encode()).hexdigest(), "\\x" + sha256(token.encode()).hexdigest()):
        assert thief.tries(ENTER, {"token": stolen}) == "GU010"


@pytest.mark.parametrize(
    "ending",
    [
        "UPDATE guyub.session SET expires_at = now()",
        "UPDATE guyub.session SET closed_at = now()",
        "UPDATE guyub.session SET last_seen_at = now() - interval '61 minutes'",
        "UPDATE guyub.person SET active = false WHERE login = 'kasubsi'",
    ],
)
def test_a_session_that_ended_opens_nothing(token, thief, root, ending):
    root.execute(ending.encode())
    assert thief.tries(ENTER, {"token": token}) == "GU010"


def test_signing_out_ends_the_session(database, token, thief):
    sign_in.sign_out(database, token)
    assert thief.tries(ENTER, {"token": token}) == "GU010"


def test_a_session_has_an_end(token, root):
    [(lifetime,)] = root.execute("SELECT expires_at - opened_at FROM guyub.session").fetchall()
    assert lifetime <= timedelta(hours=12)


def test_a_deactivated_person_does_not_sign_in(database, root):
    root.execute("UPDATE guyub.person SET active = false WHERE login = 'kasubsi'")
    with pytest.raises(sign_in.WrongCredentials):
        sign_in.sign_in(database, "kasubsi", PASSWORD, "tests")


def test_a_role_that_ended_opens_no_facility(token, thief, root):
    root.execute("UPDATE guyub.role_assignment SET valid_until = current_date - 2")
    assert thief.tries("SELECT guyub.enter(%(token)s, 'rutan-pekalongan')", {"token": token}) == "GU011"


def test_five_failures_close_the_account_even_for_the_right_password(database):
    for _ in range(5):
        with pytest.raises(sign_in.WrongCredentials):
            sign_in.sign_in(database, "kasubsi", "bukan kata sandinya", "tests")
    with pytest.raises(sign_in.TooManyAttempts):
        sign_in.sign_in(database, "kasubsi", PASSWORD, "tests")
    assert sign_in.sign_in(database, "karutan", PASSWORD, "tests")


def test_a_closed_account_opens_again_when_its_time_is_over(database, root):
    for _ in range(5):
        with pytest.raises(sign_in.WrongCredentials):
            sign_in.sign_in(database, "kasubsi", "bukan kata sandinya", "tests")
    root.execute("UPDATE guyub.person SET locked_until = now() - interval '1 second' WHERE login = 'kasubsi'")
    assert sign_in.sign_in(database, "kasubsi", PASSWORD, "tests")


@pytest.mark.parametrize("key", ["", "guess", None])
@pytest.mark.parametrize(
    "call",
    [
        "guyub.enter_service(%(key)s, 'thief', NULL)",
        "guyub.credential_of(%(key)s, 'kasubsi')",
        "guyub.record_sign_in(%(key)s, 'kasubsi', true)",
        "guyub.open_session(%(key)s, gen_random_uuid(), 'x', interval '1 day', 'x')",
        "guyub.create_person(%(key)s, 'thief', 'Thief', '', 'x')",
        "guyub.assign_role(%(key)s, gen_random_uuid(), 'head', NULL, NULL, current_date, NULL, '', 'x')",
    ],
)
def test_the_doors_of_the_service_need_its_key(thief, call, key):
    assert thief.tries(f"SELECT {call}", {"key": key}) == "GU001"
    thief.enter("karutan", "rutan-pekalongan")
    assert thief.tries(f"SELECT {call}", {"key": key}) == "GU001"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM guyub.session",
        "UPDATE guyub.session SET expires_at = 'infinity'",
        """INSERT INTO guyub.session (person_id, token_hash, expires_at)
           SELECT id, sha256('mine'), 'infinity' FROM guyub.person""",
        "UPDATE guyub.person SET active = true",
        "UPDATE guyub.person SET failures = 0, locked_until = NULL",
        "INSERT INTO guyub.person (login, full_name, password_hash) VALUES ('thief', 'Thief', 'x')",
        "INSERT INTO guyub.role_assignment (person_id, role_code, valid_from, granted_by) "
        "SELECT id, 'national_admin', current_date, 'x' FROM guyub.person",
        "UPDATE guyub.role_assignment SET valid_until = NULL",
        "DELETE FROM guyub.role_assignment",
    ],
)
def test_people_sessions_and_roles_have_no_way_in_but_their_doors(thief, statement):
    for enter in (lambda: thief.enter("karutan", "rutan-pekalongan"), thief.enter_service, thief.leave):
        enter()
        assert thief.tries(statement) == "42501"


@pytest.mark.parametrize("login", ["karutan", "kanwil"])
def test_nobody_gives_a_role_more_permissions(thief, login):
    thief.enter(login)
    assert thief.tries("UPDATE guyub.role SET permissions = permissions || '{programs.approve}'") == "0 rows"
    assert thief.tries("INSERT INTO guyub.role VALUES ('mine', 'national', '{}', '{programs.approve}')") == "42501"
    assert thief.tries("DELETE FROM guyub.separation_of_duties") == "42501"
    assert thief.tries("UPDATE guyub.facility SET region_id = region_id") == "0 rows"


@pytest.mark.parametrize(("minutes", "outcome"), [(29, "1 rows"), (31, "GU010")])
def test_a_session_lies_unused_as_long_as_its_installation_says(database, thief, root, minutes, outcome):
    idle = timedelta(minutes=30)
    token = sign_in.sign_in(database, "kasubsi", PASSWORD, "tests", idle_limit=idle)
    root.execute(f"UPDATE guyub.session SET last_seen_at = now() - interval '{minutes} minutes'".encode())
    assert thief.tries(ENTER, {"token": token}) == outcome


def test_what_is_used_does_not_lie_idle(token, thief, root):
    for _ in range(3):
        root.execute(b"UPDATE guyub.session SET last_seen_at = last_seen_at - interval '50 minutes'")
        assert thief.tries(ENTER, {"token": token}) == "1 rows"
        thief.connection.commit()


@pytest.mark.parametrize("idle", [timedelta(minutes=4), timedelta(hours=13)])
def test_nobody_opens_a_session_that_never_lies_idle(database, idle):
    with pytest.raises(IntegrityError):
        sign_in.sign_in(database, "kasubsi", PASSWORD, "tests", idle_limit=idle)
