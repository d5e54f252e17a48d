"""Every "no" is a page in the reader's language that says what happened and how to fix it."""

import logging
from collections.abc import Iterator

import pytest

from guyub.app import create_app
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry

from .conftest import NewVisitor, TestClient

HERE = "/f/rutan-pekalongan"


def both_languages(visitor: NewVisitor, login: str, path: str) -> tuple[int, str, str]:
    reader = visitor(login)
    answer = reader.get(path)
    reader.get("/sign-in")
    reader.post("/language", {"language": "en", "next": "/"})
    return answer.status_code, answer.text, reader.get(path).text


@pytest.mark.parametrize(
    ("login", "path", "status", "indonesian", "english"),
    [
        (
            "kasubsi",
            "/f/rutan-nusakambangan/",
            404,
            "Tidak ada UPT dengan kode “rutan-nusakambangan”",
            "There is no facility",
        ),
        ("kasubsi", "/f/rutan-kebumen/", 404, "Tidak ada UPT dengan kode “rutan-kebumen”", "There is no facility"),
        ("kasubsi", "/region/jawa-tengah/", 404, "Tidak ada kantor wilayah", "There is no region"),
        ("kasubsi", f"{HERE}/nowhere", 404, "Halaman ini tidak ada.", "There is no such page."),
        (
            "kasubsi.kebumen",
            "/f/rutan-kebumen/gifts",
            404,
            "Sumber dana “csr_funding” tidak berjalan di",
            "does not run at",
        ),
        ("kasubsi", f"{HERE}/broken", 500, "Terjadi kesalahan pada aplikasi.", "Something went wrong"),
    ],
)
def test_a_refusal_is_a_page_in_either_language(
    visitor: NewVisitor, login: str, path: str, status: int, indonesian: str, english: str
):
    given, in_indonesian, in_english = both_languages(visitor, login, path)
    assert given == status
    assert f"{indonesian}" in in_indonesian
    assert f"{english}" in in_english
    assert '<html lang="en"' in in_english


def test_a_programme_that_runs_here_has_its_page_and_its_place_in_the_menu(visitor: NewVisitor):
    pekalongan = visitor("kasubsi").get(f"{HERE}/gifts")
    assert pekalongan.status_code == 200
    assert f'href="{HERE}/gifts" aria-current="page"' in pekalongan.text
    assert "Pemberian" not in visitor("kasubsi.kebumen").get("/f/rutan-kebumen/").text


def test_without_the_permission_it_is_403_and_the_page_keeps_its_menu(visitor: NewVisitor):
    answer = visitor("kanwil").get(f"{HERE}/gifts")
    assert answer.status_code == 403
    assert "tidak berwenang melihat dana dan pembukuan." in answer.text
    assert 'class="side"' in answer.text


def test_a_wrong_value_that_no_page_caught_is_422_with_a_way_back(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(f"{HERE}/gifts")
    answer = kasubsi.post(f"{HERE}/gifts", {"amount": "0"}, referer=f"http://testserver{HERE}/gifts?a=1")
    assert answer.status_code == 422
    assert f'href="{HERE}/gifts?a=1"' in answer.text
    foreign = kasubsi.post(f"{HERE}/gifts", {"amount": "0"}, referer="http://example.com/x")
    assert "example.com" not in foreign.text


def test_a_method_that_a_page_does_not_know_is_405(visitor: NewVisitor):
    kasubsi = visitor("kasubsi")
    kasubsi.get(f"{HERE}/")
    assert kasubsi.post(f"{HERE}/").status_code == 405


def test_an_unexpected_error_tells_the_reader_a_code_and_the_log_the_rest(
    visitor: NewVisitor, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.ERROR, "guyub.app"):
        answer = visitor("kasubsi").get(f"{HERE}/broken")
    assert "secret" not in answer.text
    logged = caplog.records[-1]
    assert isinstance(logged.args, tuple)
    assert f"Kode: {logged.args[0]}." in answer.text
    assert logged.getMessage().endswith(f": GET {HERE}/broken")
    assert logged.exc_info
    assert logged.exc_info[0] is ZeroDivisionError


def test_under_api_refusals_are_problem_documents(visitor: NewVisitor):
    kebumen = visitor("kasubsi.kebumen")
    assert visitor("kasubsi").get("/api/v1/facilities/rutan-pekalongan/gifts/7").json() == {"number": 7}
    inactive = kebumen.get("/api/v1/facilities/rutan-kebumen/gifts/7")
    assert inactive.headers["content-type"] == "application/problem+json"
    assert (inactive.json()["status"], inactive.json()["code"]) == (404, "host.source_inactive")
    assert kebumen.get("/api/v1/facilities/rutan-kebumen/gifts/x").status_code == 404
    signed_out = visitor().get("/api/v1/facilities/rutan-pekalongan/gifts/7")
    assert (signed_out.status_code, signed_out.json()["code"]) == (401, "access.not_signed_in")


def test_the_api_describes_itself_and_leaves_out_the_pages(visitor: NewVisitor):
    described = visitor().get("/api/v1/openapi.json").json()
    assert list(described["paths"]) == ["/api/v1/facilities/{facility}/gifts/{number}"]


def test_with_the_database_the_application_is_ready(visitor: NewVisitor):
    assert visitor().get("/healthz").text == "ok"
    assert visitor().get("/readyz").status_code == 200


@pytest.fixture
def lonely(plugins: PluginRegistry, protector: Protector) -> Iterator[TestClient]:
    """The application where no database answers."""
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=2", "key")
    with TestClient(create_app(database, plugins, protector=protector, rooms=[]), follow_redirects=False) as client:
        yield client
    database.close()


def test_without_the_database_the_process_lives_but_is_not_ready(lonely: TestClient):
    assert lonely.get("/healthz").status_code == 200
    answer = lonely.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "The database does not answer.")


def test_without_the_database_a_page_says_so_and_what_to_do(lonely: TestClient):
    lonely.cookies.set("guyub_session", "anything")
    answer = lonely.get("/")
    assert answer.status_code == 503
    assert "Basis data tidak menjawab." in answer.text
    assert "Tidak ada data yang hilang." in answer.text
