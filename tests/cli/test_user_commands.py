"""``guyub user``: the list, a new password, an end and a way back, as an administrator types them."""

import json

import pytest

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
            given="kata sandi contoh\n",
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
    assert json.loads(guyub("user", "reset", "karutan", "--generate", "--json", given="tidak dibaca sama sekali\n"))[
        "password"
    ]
    assert json.loads(guyub("user", "reset", "Karutan", "--json", given="kata sandi yang baru\n"))["password"] is None
    assert "pendek" in guyub("user", "reset", "karutan", "--password-stdin", given="x\n", code=1)
    assert "pendek" in guyub("user", "reset", "karutan", "--password-stdin", code=1)
    guyub("user", "reset", "karutan", "--password-stdin", "--generate", code=2)
    guyub("user", "reset", "karutan", "--reason", REASON, code=2)


def test_an_account_ends_with_a_reason_and_comes_back_with_one(guyub: Command):
    assert "--reason" in guyub("user", "end", "pengelola", code=1)
    assert "10" in guyub("user", "end", "pengelola", "--reason", "pindah", code=1)
    reason = "Pindah [/] tugas [merah] (contoh)."
    assert json.loads(guyub("user", "end", "pengelola", "--reason", reason, "--json"))["reason"] == reason
    ended = listed(guyub)["pengelola"]
    assert (ended["state"], ended["end_reason"], len(ended["roles"])) == ("ended", reason, 1)
    assert "[/]" in guyub("user", "list")
    assert "--restore" in guyub("user", "reset", "pengelola", code=1)
    assert "--reason" in guyub("user", "reset", "pengelola", "--restore", code=1)
    guyub("user", "reset", "pengelola", "--restore", "--reason", "Kembali bertugas (contoh).")
    assert listed(guyub)["pengelola"]["state"] == "active"


def test_an_unknown_login_and_the_last_administrator_are_refused_with_a_remedy(guyub: Command):
    assert "karutan" in guyub("user", "end", "karuttan", "--reason", REASON, code=1)
    assert "guyub user create" in guyub("user", "end", "kanwil", "--reason", REASON, code=1)
    assert listed(guyub)["kanwil"]["state"] == "active"
