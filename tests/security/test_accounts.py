"""Passwords, ends and returns by raw SQL: only a process with the service key, and no open door remains after an end."""

import psycopg
import pytest

from guyub.access import accounts, sign_in, tokens
from guyub.db.unit_of_work import SessionCredential
from tests.conftest import PASSWORD
from tests.worlds import attacker, superuser

REASON = "Pindah tugas ke kantor lain (contoh)."
END = "SELECT guyub.end_person(%(key)s, 'kasubsi', 'Pindah tugas (contoh).')"
RESET = "SELECT guyub.reset_person(%(key)s, 'kasubsi', 'x')"
RESTORE = "SELECT guyub.reset_person(%(key)s, 'kasubsi', 'x', 'Kembali bertugas (contoh).')"
LIST = "SELECT * FROM guyub.accounts(%(key)s)"


@pytest.fixture
def thief(installation, database):
    with attacker(installation, database) as one:
        yield one


@pytest.fixture
def end(database):
    def by_command(login):
        with database.work(database.as_service("cli: tests")) as work:
            accounts.end(work, key=database.service_key, login=login, reason=REASON)

    return by_command


def doors(thief):
    return (
        lambda: thief.enter("karutan", "rutan-pekalongan"),
        lambda: thief.enter("kanwil"),
        thief.enter_service,
        thief.leave,
    )


@pytest.mark.parametrize("key", ["", "guess", None])
@pytest.mark.parametrize("call", [END, RESET, RESTORE, LIST])
def test_the_doors_of_accounts_need_the_key(thief, call, key):
    for enter in doors(thief):
        enter()
        assert thief.tries(call, {"key": key}) == "GU001"


@pytest.mark.parametrize("call", [END, RESET])
def test_the_key_alone_changes_no_account_outside_the_door_of_the_service(thief, database, call):
    thief.leave()
    assert thief.tries(call, {"key": database.service_key}) == "GU001"
    thief.enter("kanwil")
    assert thief.tries(call, {"key": database.service_key}) == "GU001"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guyub.person SET password_hash = 'x'",
        "UPDATE guyub.person SET active = false",
        "UPDATE guyub.person SET active = true, ended_at = NULL, ended_by = '', end_reason = ''",
        "UPDATE guyub.person SET signed_in_at = now()",
        "DELETE FROM guyub.person",
        "SELECT end_reason FROM guyub.person",
        "SELECT password_hash FROM guyub.person",
        "SELECT * FROM guyub.close_account(gen_random_uuid())",
        "SELECT guyub.audit_account(gen_random_uuid(), 'access.end_person', '', '{}')",
        "SELECT guyub.administered_only_by(gen_random_uuid())",
    ],
)
def test_accounts_have_no_way_in_but_their_doors(thief, statement):
    for enter in doors(thief):
        enter()
        assert thief.tries(statement) == "42501"


@pytest.mark.parametrize("reason", ["", "pindah", "         pindah         ", None])
def test_the_database_asks_for_the_reason_itself(thief, database, reason):
    thief.enter_service()
    values = {"key": database.service_key, "reason": reason}
    assert thief.tries("SELECT guyub.end_person(%(key)s, 'kasubsi', %(reason)s)", values) == "GU018"


def test_even_the_administrator_of_the_server_ends_no_account_without_a_reason(installation):
    with superuser(installation) as root:
        for change in ("ended_at = now()", "active = false, ended_at = now(), ended_by = 'x', end_reason = 'pendek'"):
            with pytest.raises(psycopg.errors.CheckViolation):
                root.execute(f"UPDATE guyub.person SET {change} WHERE login = 'kasubsi'".encode())


def test_what_was_open_at_the_end_opens_nothing_even_after_a_return(thief, database, end):
    session = sign_in.sign_in(database, "kasubsi", PASSWORD, "tests")
    with database.work(SessionCredential(session, "rutan-pekalongan")) as work:
        token = tokens.make(work, "Kalender contoh", ["calendar"], "f/rutan-pekalongan", 30)
    opened = {
        "SELECT guyub.enter(%(secret)s, NULL)": session,
        "SELECT guyub.enter_token(%(secret)s, 'calendar')": token,
    }
    thief.leave()
    for statement, secret in opened.items():
        assert thief.tries(statement, {"secret": secret}) == "1 rows"
    thief.leave()
    end("kasubsi")
    for statement, secret in opened.items():
        assert thief.tries(statement, {"secret": secret}) == "GU010"
    with database.work(database.as_service("cli: tests")) as work:
        accounts.reset(
            work,
            key=database.service_key,
            login="kasubsi",
            password=PASSWORD,
            restore_reason="Kembali bertugas (contoh).",
        )
    for statement, secret in opened.items():
        assert thief.tries(statement, {"secret": secret}) == "GU010"


def test_nobody_gets_a_session_for_an_ended_account_with_the_key(thief, database, end):
    end("kasubsi")
    thief.enter_service()
    call = """SELECT guyub.open_session(%(key)s, id, 'x', interval '1 day', 'x') FROM guyub.person WHERE login = 'kasubsi'"""
    assert thief.tries(call, {"key": database.service_key}) == "GU018"


def test_two_administrators_who_are_ended_at_the_same_moment_come_one_after_the_other(thief, installation, database):
    thief.enter_service()
    assert thief.tries(END, {"key": database.service_key}) == "1 rows"
    with attacker(installation, database) as other:
        other.enter_service()
        other.connection.execute("SET LOCAL lock_timeout = '50ms'")
        call = "SELECT guyub.end_person(%(key)s, 'karutan', 'Pindah tugas (contoh).')"
        assert other.tries(call, {"key": database.service_key}) == "55P03"


@pytest.mark.parametrize(("name", "nip"), [("A" * 5000, ""), ("Contoh", "1" * 5000)])
def test_the_database_takes_no_name_or_staff_number_of_any_length(thief, database, name, nip):
    thief.enter_service()
    values = {"key": database.service_key, "name": name, "nip": nip}
    assert thief.tries("SELECT guyub.create_person(%(key)s, 'contoh', %(name)s, %(nip)s, 'x')", values) == "23514"
