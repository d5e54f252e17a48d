"""Coming in and going out: tokens that are kept nowhere, accounts that close, roles that begin and end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from argon2 import PasswordHasher

from guyub.access import people, sign_in
from guyub.db.errors import SignedOut
from guyub.db.work import PersonDoor
from guyub.sdk.errors import Invalid, NotFound, Refusal
from tests import worlds
from tests.worlds import KEBUMEN, PEKALONGAN, World

PASSWORD = "kata sandi contoh"


@pytest.fixture(autouse=True)
def _cheap_hashes() -> Iterator[None]:
    with patch.object(sign_in, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)):
        yield


@pytest.fixture
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster) as made:
        yield made


def enters(world: World, token: str, facility: str | None = PEKALONGAN) -> str:
    with world.database.work(PersonDoor(token, facility)) as work:
        return work.login


def by_hand(world: World, statement: str) -> None:
    with worlds.superuser(world.installation) as server:
        server.execute(statement.encode())


def test_a_password_opens_a_session_and_signing_out_closes_it(world: World):
    token = sign_in.sign_in(world.database, " Kasubsi ", PASSWORD, "127.0.0.1")
    assert enters(world, token) == "kasubsi"
    sign_in.sign_out(world.database, token)
    with pytest.raises(SignedOut):
        enters(world, token)
    sign_in.sign_out(world.database, token)


def test_the_token_itself_stands_nowhere_in_the_database(world: World):
    token = sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")
    enters(world, token)
    key = world.database.service_key
    with worlds.superuser(world.installation) as server:
        tables = server.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'guyub'::regnamespace AND relkind = 'r'"
        )
        for (table,) in tables.fetchall():
            for (row,) in server.execute(f"SELECT t::text FROM guyub.{table} t".encode()):
                for secret in (token, key, PASSWORD):
                    assert secret not in row, table
                    assert secret.encode().hex() not in row, table


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE guyub.session SET expires_at = now()",
        "UPDATE guyub.session SET closed_at = now()",
        "UPDATE guyub.person SET active = false",
        "DELETE FROM guyub.session",
    ],
)
def test_a_session_ends_with_its_time_its_closing_or_its_person(world: World, harm: str):
    token = sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")
    by_hand(world, harm)
    with pytest.raises(SignedOut):
        enters(world, token)


def test_a_person_who_left_does_not_come_back_in(world: World):
    by_hand(world, "UPDATE guyub.person SET active = false WHERE login = 'kasubsi'")
    with pytest.raises(sign_in.WrongCredentials):
        sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")
    with pytest.raises(Invalid):
        sign_in.session_for(world.database, "kasubsi", "tests")


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(world: World):
    said = []
    for login, password in (("nobody", PASSWORD), ("kasubsi", "salah sekali ini")):
        with pytest.raises(sign_in.WrongCredentials) as refused:
            sign_in.sign_in(world.database, login, password, "127.0.0.1")
        said.append((refused.value.code, refused.value.what, refused.value.remedy))
    assert said[0] == said[1]


def test_five_failures_close_the_account_for_a_while_even_to_the_right_password(world: World):
    for _ in range(5):
        with pytest.raises(sign_in.WrongCredentials):
            sign_in.sign_in(world.database, "kasubsi", "salah sekali ini", "127.0.0.1")
    with pytest.raises(sign_in.TooManyAttempts):
        sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")
    assert sign_in.sign_in(world.database, "karutan", PASSWORD, "127.0.0.1")
    by_hand(world, "UPDATE guyub.person SET locked_until = now() - interval '1 second' WHERE login = 'kasubsi'")
    assert sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")
    with worlds.superuser(world.installation) as server:
        assert server.execute("SELECT failures, locked_until FROM guyub.person WHERE login = 'kasubsi'").fetchone() == (
            0,
            None,
        )


def test_four_failures_and_a_success_begin_the_count_anew(world: World):
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(sign_in.WrongCredentials):
                sign_in.sign_in(world.database, "kasubsi", "salah sekali ini", "127.0.0.1")
        assert sign_in.sign_in(world.database, "kasubsi", PASSWORD, "127.0.0.1")


def test_attempts_are_in_the_trail_and_a_mistyped_name_is_not(world: World):
    for login in ("kasubsi", PASSWORD):
        with pytest.raises(sign_in.WrongCredentials):
            sign_in.sign_in(world.database, login, "salah sekali ini", "10.0.0.7")
    with world.database.work(world.database.as_service("tests")) as work:
        refused = work.run(
            "SELECT subject, details ->> 'from' FROM guyub.audit_entry WHERE action = 'access.sign_in_refused' ORDER BY seq"
        ).all()
    assert [tuple(row) for row in refused] == [("kasubsi", "10.0.0.7"), ("?", "10.0.0.7")]


def today(zone: str = "Asia/Jakarta") -> date:
    return datetime.now(UTC).astimezone(ZoneInfo(zone)).date()


@pytest.mark.parametrize(
    ("begins", "ends", "may"), [(-1, None, True), (0, 0, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_a_role_begins_and_ends_on_its_day(world: World, begins: int, ends: int | None, may: bool):
    key, database = world.database.service_key, world.database
    worlds.employ(database, "pengganti", "security", PEKALONGAN)
    with database.work(database.as_service("tests")) as work:
        people.assign_role(
            work, key=key, login="pengganti", role="head", facility=PEKALONGAN, acting="Plh.",
            valid_from=today() + timedelta(begins), valid_until=None if ends is None else today() + timedelta(ends),
        )  # fmt: skip
    with world.pekalongan.work_of("pengganti") as work:
        assert work.may("programs.approve") == may


def test_the_time_zone_of_the_connection_neither_begins_nor_prolongs_a_role(world: World):
    """The application may set it; so what day it is, is asked of the facility's own zone."""
    worlds.employ(world.database, "pengganti", "security", PEKALONGAN)
    with world.database.work(world.database.as_service("tests")) as work:
        for role, begins, ends in (("head", 1, 2), ("management", -2, -1)):
            people.assign_role(
                work, key=world.database.service_key, login="pengganti", role=role, facility=PEKALONGAN,
                valid_from=today() + timedelta(begins), valid_until=today() + timedelta(ends),
            )  # fmt: skip
    with worlds.attacker(world.installation, world.database) as attacker:
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "UTC"):
            attacker.connection.rollback()
            attacker.connection.execute(f"SET timezone = '{zone}'")
            attacker.connection.commit()
            attacker.enter("pengganti", PEKALONGAN)
            here = "(SELECT id FROM guyub.facility WHERE code = 'rutan-pekalongan')"
            assert attacker.value(f"SELECT guyub.permitted('programs.handover', {here})") is True
            for permission in ("programs.approve", "funds.spend"):
                assert attacker.value(f"SELECT guyub.permitted('{permission}', {here})") is False


def test_a_role_reaches_its_facility_or_the_facilities_of_its_region(world: World):
    for facility in (PEKALONGAN, KEBUMEN, None):
        token = sign_in.session_for(world.database, "kanwil", "tests")
        with world.database.work(PersonDoor(token, facility)) as work:
            assert work.permissions == {"facilities.configure", "reports.read"}
            assert [one.code for one in work.regions] == ["jawa-tengah"]
            reached = work.run("SELECT cardinality(guyub.scope())").scalar_one()
            assert reached == (1 if facility else 18)
    with pytest.raises(NotFound):
        enters(world, sign_in.session_for(world.database, "kasubsi", "tests"), KEBUMEN)


def test_a_door_may_be_taken_again_and_again_on_one_connection_with_and_without_a_facility(world: World):
    """The function plans once for a connection; what a call leaves empty must not trip the next one."""
    token = sign_in.session_for(world.database, "kanwil", "tests")
    with worlds.attacker(world.installation, world.database) as attacker:
        for facility in (None, PEKALONGAN, None, KEBUMEN, None):
            attacker.leave()
            door = {"token": token, "facility": facility}
            told = attacker.value("SELECT guyub.enter(%(token)s, %(facility)s)", door)
            assert (told["facility"] or {}).get("code") == facility


@pytest.mark.parametrize(
    ("role", "facility", "region"),
    [
        ("head", None, None),
        ("head", None, "jawa-tengah"),
        ("region_admin", PEKALONGAN, None),
        ("region_admin", None, None),
        ("national_admin", PEKALONGAN, None),
    ],
)
def test_a_role_is_not_given_at_a_place_of_another_kind(
    world: World, role: str, facility: str | None, region: str | None
):
    """A national role "at" a facility would reach all of them; asked again below the words that staff read."""
    with pytest.raises(Invalid), world.database.work(world.database.as_service("tests")) as work:
        people.assign_role(
            work, key=world.database.service_key, login="kasubsi", role=role, facility=facility or "", region=region or "",
            valid_from=date(2024, 1, 1),
        )  # fmt: skip
    with worlds.attacker(world.installation, world.database) as attacker:
        assert attacker.tries(
            """SELECT guyub.assign_role(%(key)s, NULL, %(role)s, (SELECT id FROM guyub.facility WHERE code = %(facility)s),
                                        (SELECT id FROM guyub.region WHERE code = %(region)s), '2024-01-01', NULL, '', '')""",
            {"key": world.database.service_key, "role": role, "facility": facility, "region": region},
        ) == "GU004"  # fmt: skip


def test_short_passwords_and_taken_names_are_refused(world: World):
    with world.database.work(world.database.as_service("tests")) as work:
        for login, password, kind in (
            ("baru", "pendek", Invalid), ("kasubsi", PASSWORD, Refusal), ("Bukan Nama", PASSWORD, Invalid),
        ):  # fmt: skip
            with pytest.raises(kind):
                people.create_person(
                    work, key=world.database.service_key, login=login, full_name="Baru Contoh", password=password
                )


def test_only_who_configures_configures(world: World):
    """Plugins, their values and the officials whose names stand below every paper."""
    statements = (
        "INSERT INTO guyub.plugin_activation (facility_id, plugin, active, valid_from, actor) "
        "SELECT id, 'bansos', false, '2024-12-01', 'karutan' FROM guyub.facility WHERE code = 'rutan-pekalongan'",
        "INSERT INTO guyub.config_value (layer, facility_id, plugin, field, value, valid_from, actor) "
        "SELECT 'facility', id, 'bansos', 'cool_down_months', '1', '2024-12-01', 'karutan' FROM guyub.facility "
        "WHERE code = 'rutan-pekalongan'",
        "INSERT INTO guyub.official (facility_id, role_code, title, name, valid_from) "
        "SELECT id, 'head', 'Kepala', 'Saya Contoh', '2024-12-01' FROM guyub.facility WHERE code = 'rutan-pekalongan'",
    )
    with worlds.attacker(world.installation, world.database) as attacker:
        for statement in statements:
            for login in ("kasubsi", "karutan", "pengelola"):
                attacker.enter(login, PEKALONGAN)
                assert attacker.tries(statement) in {"GU004", "42501"}, (login, statement)
            attacker.enter("kanwil", PEKALONGAN)
            assert attacker.tries(statement) == "1 rows"
            attacker.enter("kanwil", KEBUMEN)
            assert attacker.tries(statement) == "42501"
        attacker.enter("kanwil", PEKALONGAN)
        attacker.tries(statements[0])
        assert attacker.value("SELECT actor FROM guyub.plugin_activation ORDER BY id DESC LIMIT 1") == "kanwil"
