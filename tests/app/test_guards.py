"""What stands before every handler and on every answer."""

import pytest
from fastapi import FastAPI

from guyub import http
from guyub.app.security_headers import CONTENT_SECURITY_POLICY

from .conftest import NewVisitor, TestClient

HOME = "/f/rutan-pekalongan/"
GIFTS = "/f/rutan-pekalongan/gifts"


def test_a_form_without_the_token_changes_nothing(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    answer = kasubsi.client.post(GIFTS, data={"amount": "5"})
    assert answer.status_code == 403
    assert "Formulir ini tidak dikirim dari halaman Anda sendiri" in answer.text


def test_the_token_of_another_reader_is_refused(visitor: NewVisitor):
    kasubsi, karutan = visitor("kasubsi"), visitor("karutan")
    karutan.get(HOME)
    assert kasubsi.client.post(GIFTS, data={"csrf_token": karutan.token}).status_code == 403


def test_the_token_of_ones_own_page_is_accepted_in_a_form_and_in_a_header(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(HOME)
    assert kasubsi.post(GIFTS, {"amount": "5"}).status_code == 303
    assert kasubsi.client.post(GIFTS, headers={"X-CSRF-Token": kasubsi.token}).status_code == 303


def test_signing_in_needs_the_token_of_the_door_too(visitor: NewVisitor):
    someone = visitor()
    assert someone.client.post("/sign-in", data={"login": "kasubsi", "password": "x"}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_the_right_token(visitor: NewVisitor, headers: dict[str, str]):
    kasubsi = visitor("kasubsi")
    kasubsi.get(HOME)
    assert kasubsi.post(GIFTS, {"amount": "5"}, **headers).status_code == 403


def test_our_own_origin_is_accepted(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(HOME)
    ours = {"Origin": "https://testserver", "Sec-Fetch-Site": "same-origin"}
    assert kasubsi.post(GIFTS, {"amount": "5"}, **ours).status_code == 303


def test_the_policy_allows_no_inline_code_and_no_foreign_source():
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "path", ["/sign-in", "/nowhere", "/static/guyub.css", "/healthz", HOME, "/f/rutan-pekalongan/broken", "/api/v1/x"]
)
def test_every_answer_carries_the_headers(visitor: NewVisitor, path: str):
    answer = visitor("kasubsi").get(path)
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"


def test_pages_are_kept_nowhere_and_static_files_for_a_year(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    assert kasubsi.get(HOME).headers["cache-control"] == "no-store"
    assert "immutable" in kasubsi.get("/static/guyub.css?v=1").headers["cache-control"]
    assert kasubsi.get("/static/guyub.css").headers["cache-control"] == "no-cache"


def test_static_files_end_at_their_folder(visitor: NewVisitor):
    assert visitor().get("/static/../render.py").status_code == 404
    assert visitor().get("/static/%2e%2e/render.py").status_code == 404


def test_over_tls_cookies_are_secure_and_the_browser_remembers_tls(application: FastAPI):
    with TestClient(application, base_url="https://testserver") as client:
        answer = client.get("/sign-in")
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_what_is_said_once_is_said_once_and_cannot_be_made_up(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(HOME)
    kasubsi.post(GIFTS, {"amount": "5"})
    assert "Tercatat &amp; aman." in kasubsi.get(HOME).text
    assert "Tercatat" not in kasubsi.get(HOME).text
    kasubsi.client.cookies.set(http.FLASH_COOKIE, "0" * 64 + ".WyJkYW5nZXIiLCJYIiwiWCJd")
    assert 'class="alert' not in kasubsi.get(HOME).text


def test_a_sign_that_no_text_can_hold_is_left_out_of_forms_and_unknown_in_addresses(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(HOME)
    answer = kasubsi.post(GIFTS, {"amount": "5\0"})
    assert answer.status_code == 303
    for address in (f"{HOME}?q=%00", f"{HOME}%00", "/f/%00/", f"{HOME}?%00=x"):
        assert kasubsi.client.get(address).status_code == 404, address
