"""Pages of plugins: where the plugin runs, for those who may, kept or not, and named when they fail."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI

from guyub.access import audit
from guyub.app import create_app
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk import FundTerms, Posting, Redirect, Refusal, Text
from tests import plugin_on_the_web as infak
from tests import worlds
from tests.distributions import Shelf
from tests.visits import NewVisitor, Visitor, text_of, visitors

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)
PAGE = "/f/rutan-pekalongan/p/infak/collections"
REPORT = "/f/rutan-pekalongan/plugins/infak/reports/collected"
FORM = "/f/rutan-pekalongan/p/infak/collect"
GIFT = {"amount": "Rp150.000", "received_on": "2024-11-13", "evidence": "INF-01"}


@pytest.fixture
def calls(shelf: Shelf) -> dict[str, Any]:
    return infak.install(shelf)


@pytest.fixture
def plugins(calls: dict[str, Any], database: Database) -> PluginRegistry:
    """With the infak plugin, active at Rutan Pekalongan alone."""
    plugins = plugin_registry()
    infak.switch_on(database, plugins)
    return plugins


@pytest.fixture
def application(database: Database, plugins: PluginRegistry, protector: Protector) -> FastAPI:
    return create_app(database, plugins, protector=protector, clock=lambda: MORNING)


@pytest.fixture
def visitor(application: FastAPI, database: Database) -> Iterator[NewVisitor]:
    with visitors(application, database) as come:
        yield come


def menu_of(reader: Visitor) -> set[str]:
    page = reader.opens("/f/rutan-pekalongan/").text
    return set(re.findall(r'class="menu-item" href="([^"]+)"', page))


def cash(database: Database) -> int:
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        return int(work.run("SELECT COALESCE(sum(rupiah), 0) FROM guyub.transfer").scalar_one())


# --- where, and for whom -----------------------------------------------------------------------------------------


def test_a_page_is_made_of_the_plugins_template_within_the_frame(visitor: NewVisitor):
    page = visitor("pengelola").reads(PAGE)
    assert "Infak Rutan Kelas IIA Pekalongan Paling banyak Rp5.000.000, dibaca Pengelola Contoh Tiga." in page


def test_a_page_speaks_the_readers_language(visitor: NewVisitor):
    pengelola = visitor("pengelola")
    pengelola.client.cookies.set("guyub_lang", "en")
    assert "At most Rp5.000.000, read by Pengelola Contoh Tiga." in pengelola.reads(PAGE)


def test_a_permission_that_comes_with_one_of_the_core_works_at_once(visitor: NewVisitor):
    assert "Catat" in visitor("pengelola").reads(PAGE)
    head = visitor("karutan").opens(PAGE)
    assert f'href="{FORM}"' not in head.text
    refused = visitor("karutan").opens(FORM)
    assert refused.status_code == 403
    assert "tidak berwenang infak.collect" in text_of(refused)


def test_where_the_plugin_is_not_active_nothing_of_it_is_there(visitor: NewVisitor):
    elsewhere = visitor("karutan.kebumen")
    answer = elsewhere.opens("/f/rutan-kebumen/p/infak/collections")
    assert answer.status_code == 404
    assert 'href="/f/rutan-kebumen/p/infak' not in answer.text
    assert elsewhere.opens(PAGE).status_code == 404


def test_the_menu_has_the_entries_that_the_reader_may_open(visitor: NewVisitor):
    assert menu_of(visitor("pengelola")) >= {PAGE, FORM}
    assert PAGE in menu_of(visitor("karutan"))
    assert FORM not in menu_of(visitor("karutan"))
    assert not {PAGE, FORM} & menu_of(visitor("pengamanan"))


def test_an_unknown_address_and_another_method_are_told_apart(visitor: NewVisitor):
    pengelola = visitor("pengelola")
    assert pengelola.opens("/f/rutan-pekalongan/p/infak/nothing").status_code == 404
    pengelola.opens(PAGE)
    assert pengelola.sends(PAGE).status_code == 405


def test_a_route_without_a_permission_is_not_mounted_and_reported(visitor: NewVisitor, plugins: PluginRegistry):
    assert visitor("pengelola").opens("/f/rutan-pekalongan/p/infak/open-to-all").status_code == 404
    assert any("/open-to-all" in warning.en for warning in plugins.status("infak").warnings)


def test_without_a_first_page_of_its_own_a_plugin_has_one_with_what_the_reader_may_open(visitor: NewVisitor):
    page = visitor("karutan").reads("/f/rutan-pekalongan/p/infak/")
    assert "Infak pegawai Infak bulanan pegawai. Halaman Infak Laporan Infak terkumpul" in page
    assert "Catat infak" not in page


def test_a_quarantined_plugin_answers_with_its_reason_and_whom_to_turn_to(
    shelf: Shelf, database: Database, protector: Protector
):
    infak.install(shelf)
    infak.switch_on(database, plugin_registry())
    shelf.module("guyub_infak").plugin.api = 99  # type: ignore[attr-defined]  # a module that the test has written
    application = create_app(database, plugin_registry(), protector=protector, clock=lambda: MORNING)
    with visitors(application, database) as come:
        answer = come("pengelola").opens(PAGE)
    assert answer.status_code == 409
    assert "API tingkat 99" in text_of(answer)
    assert "Hubungi administrator." in text_of(answer)
    assert "Pasang versi" not in text_of(answer)


def test_an_invalid_configuration_stops_the_pages_of_this_facility_alone(visitor: NewVisitor, database: Database):
    worlds.configure(database, "infak", infak.PEKALONGAN, share=900)
    answer = visitor("pengelola").opens(PAGE)
    assert answer.status_code == 409
    assert "Bagian" in text_of(answer)


# --- reading and writing -----------------------------------------------------------------------------------------


def test_values_of_the_address_and_the_query_arrive_and_a_file_is_sent(visitor: NewVisitor):
    answer = visitor("pengelola").opens(f"{PAGE}/INF%2001?x=7")
    assert answer.text == "INF 01 7"
    assert "satu.txt" in answer.headers["content-disposition"]


def test_a_form_books_audits_and_says_so_on_the_next_page(visitor: NewVisitor, database: Database):
    pengelola = visitor("pengelola")
    assert "Masuk ke INFAK-2024-11." in pengelola.follows(pengelola.fills(FORM, GIFT))
    assert cash(database) == 150_000
    with database.work(database.as_service("tests", infak.PEKALONGAN)) as work:
        entry = work.run("SELECT action, subject FROM guyub.audit_entry WHERE action LIKE 'infak%'").one()
        assert tuple(entry) == ("infak.collect", "INFAK-2024-11")
        assert audit.verify(work).ok


def test_a_form_with_errors_is_shown_again_with_what_was_typed(visitor: NewVisitor, database: Database):
    answer = visitor("pengelola").fills(FORM, {**GIFT, "amount": "banyak"})
    assert answer.status_code == 422
    assert "Jumlah rupiah ini tidak dikenali." in text_of(answer)
    assert 'value="banyak"' in answer.text
    assert cash(database) == 0


def test_a_refusal_of_the_books_stands_beside_its_field_and_leaves_nothing(visitor: NewVisitor, database: Database):
    answer = visitor("pengelola").fills(FORM, {**GIFT, "amount": "6.000.000"})
    assert answer.status_code == 422
    assert "Terlalu banyak. Kurangi." in text_of(answer)
    assert cash(database) == 0


def test_a_form_without_the_token_changes_nothing(visitor: NewVisitor, database: Database):
    assert visitor("pengelola").client.post(FORM, data=GIFT).status_code == 403
    assert cash(database) == 0


# --- when it fails -----------------------------------------------------------------------------------------------


def test_a_crash_names_the_plugin_and_a_code_and_keeps_nothing(
    visitor: NewVisitor, calls: dict[str, Any], database: Database, caplog: pytest.LogCaptureFixture
):
    def breaks(visit: Any) -> Any:
        entry = visit.read(infak.receipt())
        visit.receive("box", entry.model)
        raise ValueError("Ibu Contoh, NIK 3375019900000001")

    calls["collect"] = breaks
    answer = visitor("pengelola").fills(FORM, GIFT)
    page = text_of(answer)
    assert answer.status_code == 500
    assert "Infak pegawai" in page
    assert "Tidak ada yang disimpan" in page
    assert "NIK" not in page
    code = re.search(r"E-[0-9A-F]{6}", page)
    assert code is not None
    assert code[0] in caplog.text
    assert cash(database) == 0


@pytest.mark.parametrize(
    "answer",
    [
        lambda visit: None,
        lambda visit: "<h1>x</h1>",
        lambda visit: Redirect("https://example.com/"),
        lambda visit: Redirect("collections"),
        lambda visit: visit.redirect("/collections\r\nx: y"),
        lambda visit: visit.redirect("/collections", "plain text"),
        lambda visit: visit.page("collections.html", status=99),
        lambda visit: visit.page("collections.html", status="200"),
        lambda visit: visit.file("text", "a.txt", "text/plain"),
        lambda visit: visit.file(b"x", "a.txt", "text/plain\r\nx: y"),
        lambda visit: visit.file(b"x", "a\nb.txt", "text/plain"),
    ],
)
def test_an_answer_of_another_kind_is_a_crash(visitor: NewVisitor, calls: dict[str, Any], answer: Any):
    calls["collections"] = answer
    page = visitor("pengelola").opens(PAGE)
    assert page.status_code == 500
    assert "“Infak pegawai” (infak)" in text_of(page)


@pytest.mark.parametrize("name", ["broken.html", "missing.html", "../collections.html", "../ui/base.html"])
def test_a_broken_template_and_one_outside_of_the_folder_are_crashes(
    visitor: NewVisitor, calls: dict[str, Any], name: str
):
    calls["collections"] = lambda visit: visit.page(name)
    assert visitor("pengelola").opens(PAGE).status_code == 500


def test_when_the_answer_to_a_form_breaks_nothing_is_kept_and_the_form_can_be_sent_again(
    visitor: NewVisitor, calls: dict[str, Any], database: Database
):
    def books(visit: Any) -> Any:
        visit.receive("box", visit.read(infak.receipt()).model)
        return visit.page("broken.html")

    calls["collect"] = books
    answer = visitor("pengelola").fills(FORM, GIFT)
    assert answer.status_code == 500
    assert "Tidak ada yang disimpan" in text_of(answer)
    assert cash(database) == 0


def test_a_refusal_of_a_page_is_shown_as_its_own(visitor: NewVisitor, calls: dict[str, Any]):
    def refuses(visit: Any) -> Any:
        raise Refusal("infak.closed", Text(id="Bulan ditutup.", en="Closed."), Text(id="Tunggu.", en="Wait."))

    calls["collections"] = refuses
    answer = visitor("pengelola").opens(PAGE)
    assert answer.status_code == 409
    assert "Bulan ditutup. Tunggu." in text_of(answer)


def test_a_wrong_answer_to_a_form_keeps_nothing_and_names_the_plugin(
    visitor: NewVisitor, calls: dict[str, Any], database: Database
):
    wrong = [
        lambda visit: visit.redirect("/collections", "plain text"),
        lambda visit: visit.page("collections.html", status=99),
        lambda visit: visit.file(b"x", "a.txt", "no media type"),
    ]
    pengelola = visitor("pengelola")
    for answer in wrong:

        def books(visit: Any, answer: Any = answer) -> Any:
            visit.receive("box", visit.read(infak.receipt()).model)
            return answer(visit)

        calls["collect"] = books
        page = pengelola.fills(FORM, GIFT)
        assert page.status_code == 500
        assert "“Infak pegawai” (infak)" in text_of(page)
        assert "Tidak ada yang disimpan" in text_of(page)
        assert cash(database) == 0


def test_whatever_a_page_report_or_card_raises_the_reader_gets_an_answer_and_the_server_lives(
    visitor: NewVisitor, calls: dict[str, Any]
):
    pengelola = visitor("pengelola")
    for error in (SystemExit, KeyboardInterrupt, RecursionError, GeneratorExit):

        def breaks(*_: Any, error: type[BaseException] = error) -> Any:
            raise error

        for place, address in (("collections", PAGE), ("report", REPORT)):
            calls[place] = breaks
            broken = pengelola.opens(address)
            assert broken.status_code == 500
            assert "“Infak pegawai” (infak)" in text_of(broken)
        calls["cards"] = calls["items"] = breaks
        assert pengelola.opens("/f/rutan-pekalongan/").status_code == 200
    assert pengelola.opens("/healthz").status_code == 200


def test_a_source_that_fails_or_answers_nonsense_is_named_by_the_cores_own_form_and_nothing_is_booked(
    visitor: NewVisitor, database: Database, monkeypatch: pytest.MonkeyPatch
):
    def raises(error: type[BaseException]) -> Any:
        def broken(self: Any, ctx: Any, receipt: Any) -> Any:
            raise error

        return broken

    def posts(money: Any, code: str = "F-1") -> Any:
        return lambda self, ctx, receipt: Posting(FundTerms(code, "Dana"), receipt.received_on, "m", "b", money)

    pengelola = visitor("pengelola")
    address = "/f/rutan-pekalongan/funds/receive/infak/box/collection"
    source = type(plugin_registry().plugin("infak").funding_sources[0])
    faults = [raises(item) for item in (ValueError, SystemExit, KeyboardInterrupt, RecursionError)]
    faults += [
        lambda self, ctx, receipt: None,
        posts(-5),
        posts(150_000.6),
        posts(10**19),
        posts(5, ""),
        posts(5, "F\n"),
    ]
    for fault in faults:
        monkeypatch.setattr(source, "post", fault)
        answer = pengelola.fills(address, GIFT)
        assert answer.status_code == 500
        assert "Plugin “Infak pegawai” (infak) gagal pada box.post()" in text_of(answer)
        assert "Tidak ada yang disimpan" in text_of(answer)
        assert "-Rp5" not in answer.text
        assert pengelola.fills(FORM, GIFT).status_code == 500
        assert cash(database) == 0
    assert pengelola.opens("/healthz").status_code == 200


def test_a_check_of_a_receipt_that_fails_is_named_too(visitor: NewVisitor, monkeypatch: pytest.MonkeyPatch):
    def exits(*_: object, **__: object) -> Any:
        raise SystemExit(1)

    monkeypatch.setattr(infak.receipt(), "model_validate", exits)
    answer = visitor("pengelola").fills("/f/rutan-pekalongan/funds/receive/infak/box/collection", GIFT)
    assert answer.status_code == 500
    assert "Plugin “Infak pegawai” (infak) gagal pada box.collection" in text_of(answer)


def test_an_exit_in_a_page_does_not_end_the_server(visitor: NewVisitor, calls: dict[str, Any]):
    def leaves(visit: Any) -> Any:
        raise SystemExit(3)

    calls["collections"] = leaves
    pengelola = visitor("pengelola")
    assert pengelola.opens(PAGE).status_code == 500
    assert pengelola.opens("/healthz").status_code == 200


# --- files -------------------------------------------------------------------------------------------------------


def test_static_files_are_served_under_the_slug_with_a_digest(visitor: NewVisitor):
    pengelola = visitor("pengelola")
    address = re.search(r'href="(/static/p/infak/infak\.css\?v=[0-9a-f]{12})"', pengelola.opens(PAGE).text)
    assert address is not None
    answer = pengelola.opens(address[1])
    assert answer.text == ".infak { color: red; }"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["../__init__.py", "%2e%2e/__init__.py", "..%2f__init__.py", "%2e%2e%2f__init__.py"])
def test_static_files_end_at_their_folder(visitor: NewVisitor, path: str):
    assert visitor("pengelola").opens(f"/static/p/infak/{path}").status_code == 404


def test_templates_of_a_plugin_hide_none_of_the_core_and_none_of_another(
    shelf: Shelf, calls: dict[str, Any], database: Database, protector: Protector
):
    evil = "{% extends 'ui/base.html' %}{% block content %}<p>EVIL</p>{% endblock %}"
    shelf.add(
        "kenclengan",
        declares="",
        files={f"templates/{path}": evil for path in ("base.html", "ui/base.html", "infak/collections.html")},
    )
    plugins = plugin_registry()
    infak.switch_on(database, plugins)
    infak.switch_on(database, plugins, "kenclengan")
    with visitors(create_app(database, plugins, protector=protector, clock=lambda: MORNING), database) as come:
        assert "EVIL" not in come("pengelola").opens(PAGE).text
