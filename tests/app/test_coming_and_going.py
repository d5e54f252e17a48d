"""Signing in and out, where to begin, and what a reader chooses for themselves."""

import re
from datetime import date

import pytest

from guyub.access import accounts, people
from guyub.cli.user_commands import app
from guyub.db.unit_of_work import Database

from .conftest import NewVisitor

PEKALONGAN = "/f/rutan-pekalongan/"


def test_staff_of_one_facility_begin_there(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert kasubsi.get("/").headers["location"] == PEKALONGAN
    assert "Halo Kasubsi Contoh Satu" in kasubsi.get(PEKALONGAN).text


def test_the_regional_office_begins_with_its_region(visitor: NewVisitor):
    kanwil = visitor("kanwil")
    assert kanwil.get("/").headers["location"] == "/region/jawa-tengah/"
    page = kanwil.get("/region/jawa-tengah/").text
    assert "Halo Kanwil Contoh Tujuh" in page
    assert 'href="/region/jawa-tengah/" aria-current="page"' in page


def test_who_works_for_several_places_chooses(visitor: NewVisitor, database: Database):
    with database.work(database.as_service("tests")) as work:
        people.assign_role(
            work,
            key=database.service_key,
            login="kasubsi",
            role="clerk",
            facility="rutan-kebumen",
            valid_from=date(2024, 1, 1),
        )
    page = visitor("kasubsi").get("/")
    assert page.status_code == 200
    assert 'href="/f/rutan-kebumen/"' in page.text
    assert 'href="/f/rutan-pekalongan/"' in page.text


def test_somebody_without_a_session_is_led_to_the_door_and_back(visitor: NewVisitor):
    someone = visitor()
    led = someone.get(f"{PEKALONGAN}?tab=2")
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=/f/rutan-pekalongan/%3Ftab%3D2")
    someone.get(led.headers["location"])
    assert 'name="next" value="/f/rutan-pekalongan/?tab=2"' in someone.page.text
    assert someone.sign_in("kasubsi", next=f"{PEKALONGAN}?tab=2").headers["location"] == f"{PEKALONGAN}?tab=2"


@pytest.mark.parametrize(
    "next", ["https://example.com/", "//example.com", "/\\example.com", "javascript:x", "/\n//x", ""]
)
def test_no_way_in_leads_out_of_the_application(visitor: NewVisitor, next: str):
    assert visitor().sign_in("kasubsi", next=next).headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(visitor: NewVisitor):
    wrong = visitor().sign_in("kasubsi", "salah sekali ya")
    unknown = visitor().sign_in("nobody", "salah sekali ya")
    assert wrong.status_code == unknown.status_code == 401
    for answer in (wrong, unknown):
        assert "Nama pengguna atau kata sandi salah." in answer.text
        assert "guyub_session" not in answer.headers.get("set-cookie", "")


def test_guessing_is_stopped_after_five_failures_even_for_a_name_that_does_not_exist(visitor: NewVisitor):
    for login in ("kasubsi", "nobody"):
        someone = visitor()
        assert [someone.sign_in(login, "tebakan keliru").status_code for _ in range(6)] == [401] * 5 + [429]
    assert visitor().sign_in("karutan").status_code == 303


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(visitor: NewVisitor):
    cookie = visitor().sign_in("kasubsi").headers["set-cookie"]
    assert cookie.startswith("guyub_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_after_signing_out_the_old_session_is_worth_nothing(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    stolen = kasubsi.client.cookies["guyub_session"]
    kasubsi.get(PEKALONGAN)
    assert kasubsi.post("/sign-out").headers["location"] == "/sign-in"
    assert "Anda sudah keluar." in kasubsi.get("/sign-in").text
    kasubsi.client.cookies.set("guyub_session", stolen)
    assert kasubsi.get(PEKALONGAN).headers["location"].startswith("/sign-in")


def test_signing_in_as_another_closes_the_session_before(visitor: NewVisitor):
    browser = visitor("kasubsi")
    before = browser.client.cookies["guyub_session"]
    browser.sign_in("karutan")
    other = visitor()
    other.client.cookies.set("guyub_session", before)
    assert other.get(PEKALONGAN).headers["location"].startswith("/sign-in")


def test_the_language_is_selected_once_and_stays(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert '<html lang="id"' in kasubsi.get(PEKALONGAN).text
    assert kasubsi.post("/language", {"language": "en", "next": PEKALONGAN}).headers["location"] == PEKALONGAN
    page = kasubsi.get(PEKALONGAN).text
    assert '<html lang="en"' in page
    assert "Hello Kasubsi Contoh Satu" in page
    kasubsi.post("/language", {"language": "xx", "next": "/"})
    assert '<html lang="en"' in kasubsi.get(PEKALONGAN).text


def test_the_theme_is_selected_and_given_back_to_the_device(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert "data-bs-theme" not in kasubsi.get(PEKALONGAN).text
    kasubsi.post("/theme", {"theme": "dark", "next": PEKALONGAN})
    assert 'data-bs-theme="dark"' in kasubsi.get(PEKALONGAN).text
    kasubsi.post("/theme", {"theme": "", "next": PEKALONGAN})
    assert "data-bs-theme" not in kasubsi.get(PEKALONGAN).text


def change(database: Database, operation, login: str, **values) -> None:
    with database.work(database.as_service("cli: tests")) as work:
        operation(work, key=database.service_key, login=login, **values)


def test_a_new_password_opens_the_door_at_once_to_who_was_locked_out(visitor: NewVisitor, database: Database):
    someone = visitor()
    assert [someone.sign_in("kasubsi", "tebakan keliru").status_code for _ in range(6)] == [401] * 5 + [429]
    assert "guyub user reset" in someone.page.text
    change(database, accounts.reset, "kasubsi", password="kata sandi yang baru")
    assert someone.sign_in("kasubsi", "kata sandi yang baru").status_code == 303


def test_the_end_of_an_account_closes_its_pages_and_the_door_names_the_way_back(
    visitor: NewVisitor, database: Database
):
    kasubsi = visitor("kasubsi")
    assert kasubsi.get(PEKALONGAN).status_code == 200
    change(database, accounts.end, "kasubsi", reason="Pindah tugas ke kantor lain (contoh).")
    assert kasubsi.get(PEKALONGAN).headers["location"].startswith("/sign-in")
    answer = visitor().sign_in("kasubsi")
    assert answer.status_code == 401
    assert "Akun ini sudah diakhiri" in answer.text
    assert "guyub user reset --restore" in answer.text
    assert "Akun ini sudah diakhiri" not in visitor().sign_in("kasubsi", "tebakan keliru").text


def test_the_door_names_commands_that_exist(visitor: NewVisitor):
    named = set(re.findall(r"guyub user (\w+)", visitor().get("/sign-in").text))
    assert named
    assert named <= {command.name for command in app.registered_commands}
