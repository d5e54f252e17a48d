"""An account after its beginning: a new password, an end, a way back, and who may not be ended."""

from datetime import date

import pytest

from guyub.access import accounts, people, sign_in
from guyub.sdk.errors import Invalid, NotFound, Refusal
from tests import damaged_rows
from tests.read_once import HASHER
from tests.worlds import employ, superuser

OLD, NEW = "kata sandi contoh", "kata sandi yang baru"
REASON = "Pindah tugas ke kantor lain (contoh)."


@pytest.fixture
def changed(database):
    """``changed(accounts.end, "kasubsi", reason=REASON)``: one operation of the command line."""

    def change(operation, login, **values):
        with database.work(database.as_service("cli: tests")) as work:
            return operation(work, key=database.service_key, login=login, **values)

    return change


@pytest.fixture
def account(database):
    def find(login):
        with database.work(database.as_service("cli: tests")) as work:
            found = accounts.accounts(work, key=database.service_key)
        return next(item for item in found if item.login == login)

    return find


def code_of(refused) -> str:
    return refused.value.code


def test_a_password_has_a_hash_that_is_dear_to_try():
    """The second choice of RFC 9106, for machines with little memory."""
    assert HASHER.hash(OLD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def lock(database, login):
    for _ in range(5):
        with pytest.raises(sign_in.WrongCredentials):
            sign_in.sign_in(database, login, "tebakan yang keliru", "tests")


def trail(installation, action):
    with superuser(installation) as root:
        return root.execute(
            """SELECT COALESCE(f.code, 'installation'), e.subject, e.reason, e.actor_label FROM guyub.audit_entry e
               LEFT JOIN guyub.facility f ON f.id = e.facility_id WHERE e.action = %s ORDER BY 1""",
            (action,),
        ).fetchall()


def test_a_new_password_opens_a_locked_account_and_ends_what_was_open(database, installation, changed, account):
    before = sign_in.sign_in(database, "kasubsi", OLD, "tests")
    lock(database, "kasubsi")
    assert account("kasubsi").state == "locked"
    closed = changed(accounts.reset, "kasubsi", password=NEW)
    assert (closed.sessions, closed.tokens) == (1, 0)
    assert account("kasubsi").state == "active"
    assert sign_in.sign_in(database, "kasubsi", NEW, "tests") != before
    with pytest.raises(sign_in.WrongCredentials):
        sign_in.sign_in(database, "kasubsi", OLD, "tests")
    assert trail(installation, "access.reset_password") == [
        ("installation", "kasubsi", "", "cli: tests"),
        ("rutan-pekalongan", "kasubsi", "", "cli: tests"),
    ]


def test_a_short_password_changes_nothing(database, changed):
    with pytest.raises(Invalid) as refused:
        changed(accounts.reset, "kasubsi", password="pendek")
    assert code_of(refused) == "access.short_password"
    assert sign_in.sign_in(database, "kasubsi", OLD, "tests")


def test_an_ended_account_is_reported_only_to_whoever_knows_its_password(database, installation, changed, account):
    sign_in.sign_in(database, "kasubsi", OLD, "tests")
    assert changed(accounts.end, "kasubsi", reason=f"  {REASON} ").sessions == 1
    with pytest.raises(sign_in.EndedAccount) as refused:
        sign_in.sign_in(database, "kasubsi", OLD, "tests")
    assert code_of(refused) == "access.your_account_ended"
    with pytest.raises(sign_in.WrongCredentials) as guessed:
        sign_in.sign_in(database, "kasubsi", "tebakan yang keliru", "tests")
    assert code_of(guessed) == "access.wrong_credentials"
    ended = account("kasubsi")
    assert (ended.state, ended.end_reason, ended.ended_by) == ("ended", REASON, "cli: tests")
    assert [(held.role, held.facility) for held in ended.roles] == [("detainee_services", "rutan-pekalongan")]
    assert ("rutan-pekalongan", "kasubsi", REASON, "cli: tests") in trail(installation, "access.end_person")


def test_an_ended_account_is_given_no_session_no_role_and_no_second_login(database, changed):
    changed(accounts.end, "kasubsi", reason=REASON)
    key = database.service_key
    with pytest.raises(Refusal) as session:
        sign_in.session_for(database, "kasubsi", "tests")
    with pytest.raises(Refusal) as role:
        changed(people.assign_role, "kasubsi", role="clerk", facility="rutan-kebumen", valid_from=date(2024, 1, 1))
    with pytest.raises(Refusal) as login:
        changed(people.create_person, "kasubsi", full_name="Lain Contoh", password=NEW)
    assert {code_of(session), code_of(role), code_of(login)} == {"access.account_ended"}
    with pytest.raises(Refusal) as by_hand, database.work(database.as_service("tests")) as work:
        work.run(
            """SELECT guyub.open_session(:key, p.id, 'x', interval '1 hour', 'x')
               FROM guyub.person p WHERE p.login = 'kasubsi'""",
            key=key,
        )
    assert code_of(by_hand) == "access.account_ended"


def test_an_ended_account_comes_back_only_on_purpose_and_with_its_roles(database, installation, changed, account):
    before = sign_in.sign_in(database, "kasubsi", OLD, "tests")
    changed(accounts.end, "kasubsi", reason=REASON)
    with pytest.raises(Refusal) as refused:
        changed(accounts.reset, "kasubsi", password=NEW)
    assert code_of(refused) == "access.account_ended"
    changed(accounts.reset, "kasubsi", password=NEW, restore_reason="Kembali bertugas (contoh).")
    assert (account("kasubsi").state, account("kasubsi").end_reason) == ("active", "")
    assert sign_in.sign_in(database, "kasubsi", NEW, "tests") != before
    assert len(trail(installation, "access.restore_person")) == 2
    with pytest.raises(Refusal) as again:
        changed(accounts.reset, "kasubsi", password=NEW, restore_reason="Kembali bertugas (contoh).")
    assert code_of(again) == "access.account_not_ended"


@pytest.mark.parametrize("reason", ["", "   ", "pindah", "x" * 501])
def test_an_end_and_a_return_need_a_reason_that_others_can_read(changed, account, reason):
    with pytest.raises(Invalid) as end:
        changed(accounts.end, "kasubsi", reason=reason)
    with pytest.raises(Invalid) as back:
        changed(accounts.reset, "kasubsi", password=NEW, restore_reason=reason)
    assert {code_of(end), code_of(back)} == {"access.account_reason"}
    assert account("kasubsi").state == "active"


def test_an_account_ends_once(changed):
    changed(accounts.end, "kasubsi", reason=REASON)
    with pytest.raises(Refusal) as refused:
        changed(accounts.end, "kasubsi", reason=REASON)
    assert code_of(refused) == "access.account_already_ended"


@pytest.mark.parametrize(
    ("typed", "meant"), [("kasubs", "kasubsi"), ("karuttan", "karutan"), ("zzz", "guyub user list")]
)
def test_a_login_that_is_mistyped_is_answered_with_those_like_it(changed, typed, meant):
    for operation, values in ((accounts.end, {"reason": REASON}), (accounts.reset, {"password": NEW})):
        with pytest.raises(NotFound) as refused:
            changed(operation, typed, **values)
        assert code_of(refused) == "access.unknown_account"
        assert meant in refused.value.remedy.id


def test_the_only_administrator_of_an_office_is_not_ended_before_there_is_another(database, changed, account):
    with pytest.raises(Refusal) as refused:
        changed(accounts.end, "kanwil", reason=REASON)
    assert code_of(refused) == "access.last_administrator"
    assert account("kanwil").state == "active"
    employ(database, "kanwil.dua", "region_admin", region="jawa-tengah")
    changed(accounts.end, "kanwil", reason=REASON)
    with pytest.raises(Refusal) as second:
        changed(accounts.end, "kanwil.dua", reason=REASON)
    assert code_of(second) == "access.last_administrator"


def test_the_national_administrator_stands_in_for_a_regional_one(database, changed):
    employ(database, "pusat", "national_admin")
    changed(accounts.end, "kanwil", reason=REASON)
    with pytest.raises(Refusal):
        changed(accounts.end, "pusat", reason=REASON)


def test_an_administrator_whose_role_is_over_or_to_come_counts_for_nothing(database, installation, changed):
    employ(database, "kanwil.dua", "region_admin", region="jawa-tengah", since=date(2099, 1, 1))
    with pytest.raises(Refusal):
        changed(accounts.end, "kanwil", reason=REASON)
    damaged_rows.roles_are_over(installation, "kanwil.dua")
    with pytest.raises(Refusal):
        changed(accounts.end, "kanwil", reason=REASON)


def test_the_list_is_narrowed_by_facility_and_by_region(database):
    with database.work(database.as_service("cli: tests")) as work:
        key = database.service_key
        here = {account.login for account in accounts.accounts(work, key=key, facility="rutan-kebumen")}
        region = {account.login for account in accounts.accounts(work, key=key, region="jawa-tengah")}
        everybody = {account.login for account in accounts.accounts(work, key=key)}
        with pytest.raises(NotFound):
            accounts.accounts(work, key=key, facility="rutan-nowhere")
    assert here == {"kasubsi.kebumen", "karutan.kebumen"}
    assert here < region == everybody
    assert "kanwil" in region


def test_the_last_sign_in_is_one_with_a_password(database, account):
    sign_in.session_for(database, "kasubsi", "tests")
    assert account("kasubsi").signed_in_at is None
    sign_in.sign_in(database, "kasubsi", OLD, "tests")
    assert account("kasubsi").signed_in_at is not None


def test_made_passwords_differ_and_are_long_enough():
    made = {accounts.new_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(item) for item in made} == {19}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"full_name": "A" * 121}, "access.full_name_length"),
        ({"full_name": "Contoh", "nip": "1" * 31}, "access.nip_length"),
    ],
)
def test_names_and_staff_numbers_have_a_length(changed, values, code):
    with pytest.raises(Invalid) as refused:
        changed(people.create_person, "contoh", password=NEW, **values)
    assert code_of(refused) == code
    changed(people.create_person, "contoh", full_name="A" * 120, nip="1" * 30, password=NEW)
