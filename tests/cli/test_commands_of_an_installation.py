"""The command on a real installation: people, steps of a month, checks; refusals in one sentence."""

import json

import pytest

from .conftest import FACILITIES, Command


def test_the_schema_is_current_after_an_upgrade_and_a_second_one_changes_nothing(guyub: Command):
    guyub("db", "upgrade")
    assert json.loads(guyub("db", "status", "--json"))["current"] is True


def test_the_three_plugins_are_ready(guyub: Command):
    listed = json.loads(guyub("plugin", "list", "--json"))
    assert {item["slug"]: item["state"] for item in listed} == {
        "bansos": "ready",
        "csr_funding": "ready",
        "canteen_profit": "ready",
    }
    assert all(item["distribution"].startswith("guyub-") and item["version"] for item in listed)


def test_the_files_that_were_applied_leave_nothing_to_do(guyub: Command):
    planned = json.loads(guyub("facilities", "plan", str(FACILITIES), "--json"))
    assert planned["changes"] == []
    assert planned["digest"]


def test_doctor_and_audit_verify_find_a_whole_installation(guyub: Command):
    assert json.loads(guyub("doctor", "--json"))["ok"] is True
    verified = json.loads(guyub("audit", "verify", "--json"))
    assert verified["ok"] is True
    assert verified["checked"] > 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--role", "head", "--facility", "rutan-nowhere"), "rutan-nowhere"),
        (("--role", "king", "--facility", "rutan-pekalongan"), "king"),
        (("--role", "region_admin", "--facility", "rutan-pekalongan"), "region_admin"),
    ],
)
def test_a_person_with_an_unknown_role_or_place_is_not_made(guyub: Command, arguments: tuple[str, ...], said: str):
    complaint = guyub(
        "user", "create", "baru", "--name", "Baru Contoh", *arguments, typed="kata sandi contoh\n", code=1
    )
    assert said in complaint
    guyub(
        "user",
        "create",
        "baru",
        "--name",
        "Baru Contoh",
        "--role",
        "head",
        "--facility",
        "rutan-pekalongan",
        typed="pendek\n",
        code=1,
    )


def test_a_taken_login_is_refused(guyub: Command):
    said = guyub(
        "user",
        "create",
        "kasubsi",
        "--name",
        "Lain Contoh",
        "--role",
        "head",
        "--facility",
        "rutan-kebumen",
        typed="kata sandi contoh\n",
        code=1,
    )
    assert "sudah ada" in said


def test_a_month_opens_on_behalf_of_a_person_once(guyub: Command):
    month = ("--facility", "rutan-pekalongan", "--period", "2025-01", "--as", "kasubsi")
    assert "0 households scored" in guyub("cycle", "open", *month)
    assert "sudah dibuka" in guyub("cycle", "open", *month, code=1)
    assert "0 packages selected" in guyub("cycle", "propose", *month, code=1)
    assert "wewenang" in guyub("cycle", "approve", *month, "--version", "0", code=1)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--facility", "rutan-nowhere", "--period", "2025-02", "--as", "kasubsi"), 1, "rutan-nowhere"),
        (("--facility", "rutan-kebumen", "--period", "2025-02", "--as", "kasubsi"), 1, "rutan-kebumen"),
        (("--facility", "rutan-pekalongan", "--period", "2025-02", "--as", "nobody"), 1, "nobody"),
        (("--facility", "rutan-pekalongan", "--period", "2025-13", "--as", "kasubsi"), 2, "2024-11"),
    ],
)
def test_an_unknown_place_person_or_month_is_named(guyub: Command, options: tuple[str, ...], code: int, said: str):
    assert said in guyub("cycle", "open", *options, code=code)


def test_a_database_url_that_leads_nowhere_is_reported_with_the_remedy(guyub: Command):
    guyub.environment = guyub.environment | {"GUYUB_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/guyub"}
    try:
        assert "GUYUB_DATABASE_URL" in guyub("db", "upgrade", code=1)
        assert "127.0.0.1:1" in guyub("doctor", code=1)
    finally:
        del guyub.environment["GUYUB_DATABASE_URL"]
