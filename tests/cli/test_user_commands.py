"""``guyub user``: the list, a new password, an end and a way back, as an administrator types them."""

import json
from datetime import UTC, datetime

import pytest

from guyub.access import accounts
from guyub.access.sign_in import hash_password
from guyub.cli.main import require_readable
from guyub.cli.output import print_json, print_table
from guyub.sdk.errors import Invalid, Refusal

from .conftest import Command

REASON = "Pindah tugas ke kantor lain (contoh)."


def listed(guyub: Command, *options: str) -> dict[str, dict]:
    return {load["login"]: load for load in json.loads(guyub("user", "list", "--json", *options))}


@pytest.fixture(scope="module", autouse=True)
def staff(guyub: Command) -> None:
    for login, role, *place in (
        ("karutan", "head", "--facility", "rutan-pekalongan"),
        ("kanwil", "region_admin", "--region", "jawa-tengah"),
        ("pengelola", "management", "--facility", "rutan-kebumen"),
    ):
        guyub(
            "user",
            "create",
            login,
            "--name",
            f"{login.title()} Contoh",
            "--role",
            role,
            *place,
            "--since",
            "2024-01-01",
            typed="kata sandi contoh\n",
        )


def test_the_list_names_account_role_place_and_state(guyub: Command):
    kanwil, karutan = listed(guyub)["kanwil"], listed(guyub, "--facility", "rutan-pekalongan")["karutan"]
    assert (kanwil["state"], kanwil["last_sign_in"]) == ("active", None)
    assert kanwil["roles"] == [
        {
            "role": "region_admin",
            "facility": None,
            "region": "jawa-tengah",
            "acting": None,
            "from": "2024-01-01",
            "until": None,
        }
    ]
    assert karutan["roles"][0]["facility"] == "rutan-pekalongan"
    assert set(listed(guyub, "--facility", "rutan-kebumen")) == {"pengelola"}
    assert "kanwil" in guyub("user", "list")
    assert "rutan-nowhere" in guyub("user", "list", "--facility", "rutan-nowhere", code=1)


def test_a_password_is_made_where_none_is_given_and_shown_once(guyub: Command):
    made = json.loads(guyub("user", "reset", "karutan", "--json"))
    assert len(made["password"]) >= 16
    assert json.loads(guyub("user", "reset", "karutan", "--generate", "--json", typed="tidak dibaca sama sekali\n"))[
        "password"
    ]
    assert json.loads(guyub("user", "reset", "Karutan", "--json", typed="kata sandi yang baru\n"))["password"] is None
    assert "pendek" in guyub("user", "reset", "karutan", "--password-stdin", typed="x\n", code=1)
    assert "pendek" in guyub("user", "reset", "karutan", "--password-stdin", code=1)
    guyub("user", "reset", "karutan", "--password-stdin", "--generate", code=2)
    guyub("user", "reset", "karutan", "--reason", REASON, code=2)


def test_a_role_is_given_and_taken_with_a_day_and_a_reason(guyub: Command):
    def roles() -> list[tuple[str, str, str | None]]:
        return [(held["role"], held["from"], held["until"]) for held in listed(guyub)["pengelola"]["roles"]]

    place = ("--facility", "rutan-kebumen")
    head = ("user", "role", "pengelola", "head", *place)
    assert "--reason" in guyub(*head, code=1)
    assert "pindah" in guyub(*head, "--reason", "\u200b" * 20, code=1)
    given = json.loads(guyub(*head, "--since", "2024-12-01", "--acting", "Plt.", "--reason", REASON, "--json"))
    assert given == {
        "login": "pengelola",
        "role": "head",
        "facility": "rutan-kebumen",
        "region": None,
        "acting": "Plt.",
        "reason": REASON,
        "from": "2024-12-01",
        "until": None,
        "taken": False,
        "changed": True,
    }
    assert ("head", "2024-12-01", None) in roles()
    again = json.loads(guyub(*head, "--since", "2024-12-01", "--acting", "Plt.", "--reason", REASON, "--json"))
    assert again["changed"] is False
    taken = json.loads(guyub(*head, "--take", "--until", "2024-12-31", "--reason", REASON, "--json"))
    assert (taken["taken"], taken["changed"], taken["until"]) == (True, True, "2024-12-31")
    assert ("head", "2024-12-01", "2024-12-31") in roles()
    assert "tidak memegang" in guyub(*head, "--take", "--until", "2024-12-31", "--reason", REASON, code=1)
    guyub(*head, "--since", "2090-01-01", "--until", "2090-02-01", "--reason", REASON)
    guyub(*head, "--take", "--reason", REASON)
    assert [held for held in roles() if held[0] == "head"] == [("head", "2024-12-01", "2024-12-31")]


def test_a_role_of_another_kind_of_place_a_day_that_cannot_be_meant_and_the_last_administrator_are_refused(
    guyub: Command,
):
    reason = ("--reason", REASON)
    assert "head" in guyub("user", "role", "kanwil", "region_admin", "--facility", "rutan-kebumen", *reason, code=1)
    assert "nobody" in guyub("user", "role", "nobody", "head", "--facility", "rutan-kebumen", *reason, code=1)
    head = ("user", "role", "pengelola", "head", "--facility", "rutan-kebumen", *reason)
    for options in (
        ("--since", "1899-01-01"),
        ("--until", "x"),
        ("--since", "2024-W01-1"),
        ("--take", "--since", "2024-01-01"),
    ):
        guyub(*head, *options, code=2)
    assert "mendahului" in guyub(*head, "--since", "2024-02-01", "--until", "2024-01-01", code=1)
    acting = (*head, "--since", "2031-03-01", "--acting")
    assert "Plt. atau Plh." in guyub(*acting, "Bos", code=1)
    guyub(*acting, "PLT")
    assert "Plt." in guyub(*acting, "plh", code=1), "what is held otherwise is not given silently"
    kanwil = ("user", "role", "kanwil", "region_admin", "--region", "jawa-tengah", *reason)
    assert "administrator" in guyub(*kanwil, "--take", code=1)
    assert listed(guyub)["kanwil"]["roles"][0]["until"] is None


def test_an_account_ends_with_a_reason_and_comes_back_with_one(guyub: Command):
    assert "--reason" in guyub("user", "end", "pengelola", code=1)
    assert "10" in guyub("user", "end", "pengelola", "--reason", "pindah", code=1)
    reason = "Pindah [/] tugas [merah] (contoh)."
    assert json.loads(guyub("user", "end", "pengelola", "--reason", reason, "--json"))["reason"] == reason
    ended = listed(guyub)["pengelola"]
    assert (ended["state"], ended["end_reason"]) == ("ended", reason)
    assert "management" in [held["role"] for held in ended["roles"]]
    assert "[/]" in guyub("user", "list")
    assert "--restore" in guyub("user", "reset", "pengelola", code=1)
    assert "--reason" in guyub("user", "reset", "pengelola", "--restore", code=1)
    guyub("user", "reset", "pengelola", "--restore", "--reason", "Kembali bertugas (contoh).")
    assert listed(guyub)["pengelola"]["state"] == "active"


def test_an_unknown_login_and_the_last_administrator_are_refused_with_a_remedy(guyub: Command):
    assert "karutan" in guyub("user", "end", "karuttan", "--reason", REASON, code=1)
    assert "guyub user create" in guyub("user", "end", "kanwil", "--reason", REASON, code=1)
    assert listed(guyub)["kanwil"]["state"] == "active"


def test_what_is_no_text_is_refused_before_anything_is_done():
    for argument in ("Pindah \udcff tugas kantor", "a\udcff", "a\0b"):
        with pytest.raises(Refusal) as refused:
            require_readable(("user", "end", "karutan", "--reason", argument))
        assert refused.value.code == "cli.not_text"
        assert refused.value.what.en.isascii()
    require_readable(("user", "create", "--name", "Ĺubna Contoh – 名"))


@pytest.mark.parametrize(
    "place",
    [
        ("--facility", "rutan-pekalongan", "--region", "jawa-tengah"),
        ("--region", "jawa-tengah", "--since", "9999-12-31"),
    ],
)
def test_two_places_and_days_that_cannot_be_meant_are_refused(guyub: Command, place: tuple[str, ...]):
    create = ("user", "create", "siapa", "--name", "Siapa Contoh", "--role", "region_admin")
    guyub(*create, *place, typed="kata sandi contoh\n", code=2)
    assert "siapa" not in listed(guyub)


@pytest.mark.parametrize(
    "password", [" " * 20, "\u200b" * 20, "a" * 100_000, "kata\0sandi contoh", "kata sandi\udcff contoh"]
)
def test_a_password_that_nobody_types_is_refused(password: str):
    with pytest.raises(Invalid) as refused:
        hash_password(password)
    assert refused.value.field == "password"


@pytest.mark.parametrize(
    "reason", ["\u200b" * 20, "Pindah \x1b[31mtugas kantor", "Pindah tugas\nkantor lain", "Pindah \0 tugas lain"]
)
def test_a_reason_that_cannot_be_seen_is_refused(database, reason: str):
    with pytest.raises(Invalid) as refused, database.work(database.as_service("tests")) as work:
        accounts.end(work, key=database.service_key, login="pengamanan", reason=reason)
    assert refused.value.code == "access.account_reason_unreadable"


def test_a_close_code_is_suggested_for_an_unknown_place(guyub: Command):
    assert "rutan-pekalongan" in guyub("user", "list", "--facility", "rutan-pekalogan", code=1)


def test_lists_keep_signs_that_steer_a_terminal_to_themselves(capsys: pytest.CaptureFixture[str]):
    print_table(("a", "b"), [("x", "merah \x1b[31m\x07")])
    print_json({"at": datetime(2026, 11, 30, 8, 0, tzinfo=UTC)})
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "2026-11-30T08:00:00+00:00" in out
