"""The end of a month through its pages: closing, the papers, the books of a programme that is gone, and the JSON."""

from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.documents.storage import KeptDocument
from guyub.funds.queries import balances
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs import routes
from guyub.programs.cycles import Cycle
from guyub.programs.documents.archive import in_order
from tests.config_changes import set_active
from tests.visits import Clock, NewVisitor, Visitor, hidden_in, text_of, visitors

from .conftest import Books

HERE = "/f/rutan-pekalongan/programs/bansos"
NOVEMBER = "/f/rutan-pekalongan/cycles/2024-11"
API = "/api/v1/f/rutan-pekalongan/programs"
CYCLES = "/api/v1/f/rutan-pekalongan/cycles"


@pytest.fixture
def kasubsi(visitor: NewVisitor) -> Visitor:
    return visitor("kasubsi")


# --- closing -----------------------------------------------------------------------------------------------------


def test_a_month_is_not_closed_while_somebody_is_unaccounted_for(kasubsi: Visitor, begun: Cycle, books: Books):
    page = kasubsi.reads(f"{NOVEMBER}/close")
    assert "5 keluarga belum menerima dan belum ditandai tidak hadir" in page
    assert "1. Sulastri Contoh" in page
    assert "Sesudah ditutup" not in page
    kasubsi.opens(f"{NOVEMBER}/distribution/many")
    assert kasubsi.sends(f"{NOVEMBER}/close", {"note": ""}).status_code == 409
    assert books.cycle().state == "distributing"


def test_closing_shows_what_goes_back_to_which_fund(kasubsi: Visitor, begun: Cycle, books: Books):
    four, last = [str(recipient.id) for recipient in books.recipients()[:4]], books.recipients()[4]
    kasubsi.fills(
        f"{NOVEMBER}/distribution/many",
        {"whom": "ticked", "household": four, "mark": "signature", "witness": books.witness},
    )
    kasubsi.opens(f"{NOVEMBER}/distribution/{last.id}")
    kasubsi.sends(f"{NOVEMBER}/distribution/{last.id}/absent", {"absence": "pindah rumah"})
    page = kasubsi.reads(f"{NOVEMBER}/close")
    assert "Sudah menerima 4 dari 5 keluarga" in page
    assert "Beras 5 kg Rp77.500" in page
    assert "5. Rohmah Contoh: pindah rumah" in page
    answer = kasubsi.sends(f"{NOVEMBER}/close", {"note": "Satu paket kembali. " * 200})
    assert answer.status_code == 422
    assert "Pakai paling banyak 500 huruf." in text_of(answer)
    assert "Satu paket kembali. Satu paket kembali." in answer.text
    page = kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/close", {"note": "Satu paket kembali ke gudang."}))
    assert "Bulan ini ditutup." in page
    assert "Satu paket kembali ke gudang." in page
    assert books.cycle().state == "closed"


def test_who_may_not_close_is_refused(visitor: NewVisitor, begun: Cycle):
    assert visitor("karutan").opens(f"{NOVEMBER}/close").status_code == 403


# --- papers ------------------------------------------------------------------------------------------------------


def test_the_list_to_sign_is_made_before_the_day(kasubsi: Visitor, approved: Cycle):
    kasubsi.opens(f"{NOVEMBER}/distribution")
    answer = kasubsi.sends(f"{NOVEMBER}/documents", {"kind": "recipient_list", "then": "open"})
    assert answer.status_code == 303
    file = kasubsi.client.get(answer.headers["location"])
    assert file.headers["content-disposition"].startswith("inline")
    assert "Sulastri Contoh" in PdfReader(BytesIO(file.content)).pages[0].extract_text()
    # Once made, the button leads to it.
    assert answer.headers["location"] in kasubsi.opens(f"{NOVEMBER}/distribution").text


def test_all_documents_of_a_closed_month_are_made_kept_and_downloaded(kasubsi: Visitor, closed: Cycle):
    assert "Langkah berikutnya Buat dokumen pertanggungjawaban" in kasubsi.reads(f"{NOVEMBER}/")
    page = kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/documents", {"on": "2024-11-16"}))
    for paper in ("Berita acara serah terima", "Laporan kegiatan", "Buku kas umum", "Tanda terima", "Rekap Excel"):
        assert paper in page
    assert "*LAPORAN PELAKSANAAN BANTUAN SOSIAL SEMBAKO*" in page
    links = [
        part.split('"')[0] for part in kasubsi.page.text.split('href="') if part.startswith(f"{NOVEMBER}/documents/")
    ]
    files = [kasubsi.client.get(link) for link in dict.fromkeys(links) if "view" not in link]
    assert {file.status_code for file in files} == {200}
    assert any(file.headers["content-disposition"].endswith(".xlsx") for file in files)
    assert all(file.headers["content-disposition"].startswith("attachment") for file in files)


def test_each_cash_book_is_called_by_its_fund(kasubsi: Visitor, rutan: Rutan, closed: Cycle):
    page = kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/documents", {"kind": ["cash_book"]}))
    with rutan.work_of("kasubsi") as work:
        names = [fund.name for fund in balances(work)]
    assert len(names) == 2
    assert all(f"Buku kas umum: {name}" in page for name in names)


def test_documents_of_many_funds_stand_in_the_order_of_their_numbers():
    names = [f"bku-dana-{number}.pdf" for number in (10, 1, 11, 2, 12)]
    at = datetime(2024, 11, 16, 2, tzinfo=UTC)
    kept = [KeptDocument(UUID(int=1), "cash_book", "", "", name, "", "", 0, False, "", at) for name in names]
    assert [paper.file_name for paper in in_order(kept)] == [f"bku-dana-{number}.pdf" for number in (1, 2, 10, 11, 12)]


def test_a_date_that_is_none_makes_no_document(kasubsi: Visitor, closed: Cycle):
    answer = kasubsi.fills(f"{NOVEMBER}/documents", {"on": "besok"})
    assert answer.status_code == 422
    assert "Tanggal ini tidak dikenali." in text_of(answer)
    assert "Belum ada dokumen" in text_of(answer)


def test_before_the_approval_there_is_nothing_to_make(kasubsi: Visitor, planned: Cycle):
    assert "Dokumen dapat dibuat setelah usulan disetujui." in kasubsi.reads(f"{NOVEMBER}/documents")


def test_a_document_of_elsewhere_is_not_found(kasubsi: Visitor, closed: Cycle):
    assert kasubsi.opens(f"{NOVEMBER}/documents/00000000-0000-0000-0000-000000000000").status_code == 404


# --- a programme that is gone --------------------------------------------------------------------------------------


@pytest.fixture
def without_bansos(database: Database, protector: Protector, clock: Clock) -> Any:
    """The same application, started after the plugin was uninstalled."""
    rest = [entry for entry in entry_points(group="guyub") if entry.name != "bansos"]
    application: FastAPI = create_app(
        database, plugin_registry(rest), protector=protector, clock=clock, rooms=[Room.of(routes)]
    )
    with visitors(application, database) as come:
        yield come


def test_nothing_is_planned_while_the_plugin_is_missing_and_the_books_stay_readable(
    without_bansos: NewVisitor, selected: Cycle
):
    kasubsi = without_bansos("kasubsi")
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "Plugin “bansos” tidak terpasang." in page
    assert "Hubungi administrator." in page
    assert "pip install" not in page
    assert "Langkah berikutnya" not in page
    assert "Sulastri Contoh" in kasubsi.reads(f"{NOVEMBER}/candidates")
    assert "<form" not in kasubsi.page.text.split("<main")[1].replace('<form class="filters', "")
    menu = kasubsi.opens(f"{HERE}/").text
    assert "Bantuan sosial sembako" in menu
    for step in ("funds", "propose"):
        assert kasubsi.opens(f"{NOVEMBER}/{step}").status_code == 409
    assert kasubsi.opens(f"{HERE}/open").status_code == 409


def test_a_proposal_is_returned_but_not_approved_while_the_plugin_is_missing(
    without_bansos: NewVisitor, proposed: Cycle, books: Books
):
    karutan = without_bansos("karutan")
    page = karutan.reads(f"{NOVEMBER}/approval")
    assert "Plugin “bansos” tidak terpasang." in page
    assert "Setujui dan cadangkan dana" not in page
    assert karutan.sends(f"{NOVEMBER}/approval").status_code == 409
    karutan.opens(f"{NOVEMBER}/approval")
    karutan.follows(karutan.sends(f"{NOVEMBER}/return", hidden_in(karutan.page) | {"reason": "menunggu plugin"}))
    assert books.cycle().state == "planned"


def test_an_approved_list_is_handed_over_closed_and_printed_though_the_plugin_is_missing(
    without_bansos: NewVisitor, approved: Cycle, rutan: Rutan, books: Books
):
    """The families were promised; all that is needed for it stands in the cycle."""
    rutan.shop(approved, november.SHOPPING)
    kasubsi = without_bansos("kasubsi")
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "tetap dapat diserahkan dan ditutup" in page
    assert "Mulai penyaluran" in page
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/day", {"on": "2024-11-16", "at": "09.00", "place": "Lapangan"}))
    kasubsi.opens(f"{NOVEMBER}/day")
    kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/start", {"version": str(books.cycle().version)}))
    proof = {"mark": "signature", "witness": books.witness}
    first, second, third, *rest = [str(recipient.id) for recipient in books.recipients()]
    assert "Serahkan sekarang" in kasubsi.reads(f"{NOVEMBER}/distribution/{first}")
    kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/distribution/{first}", proof))
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/distribution/{first}/undo", {"reason": "keliru"}))
    kasubsi.opens(f"{NOVEMBER}/distribution/{second}")
    kasubsi.follows(kasubsi.sends(f"{NOVEMBER}/distribution/{second}/absent", {"absence": "sakit"}))
    many = {"whom": "ticked", "household": [first, third]} | proof
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/distribution/many", many))
    kasubsi.follows(
        kasubsi.fills(f"{NOVEMBER}/distribution/absent", {"whom": "ticked", "household": rest, "reason": "sakit"})
    )
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/close", {"note": ""}))
    assert books.cycle().state == "closed"
    kasubsi.follows(kasubsi.fills(f"{NOVEMBER}/documents", {}))
    assert "Berita acara serah terima" in kasubsi.reads(f"{NOVEMBER}/documents")


def test_an_approved_list_is_cancelled_though_the_plugin_is_missing(
    without_bansos: NewVisitor, approved: Cycle, books: Books
):
    karutan = without_bansos("karutan")
    karutan.opens(f"{NOVEMBER}/cancel")
    karutan.follows(karutan.sends(f"{NOVEMBER}/cancel", hidden_in(karutan.page) | {"reason": "banjir"}))
    assert books.cycle().state == "cancelled"


def test_a_programme_that_was_deactivated_keeps_its_past_months(
    visitor: NewVisitor, closed: Cycle, plugins: PluginRegistry, database: Database
):
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 1), "dihentikan")
    kasubsi = visitor("kasubsi")
    page = kasubsi.reads(f"{NOVEMBER}/")
    assert "tidak berjalan di" in page
    assert "Rp582.550" in page
    assert f'href="{HERE}/" aria-current' not in kasubsi.page.text
    assert kasubsi.opens(f"{HERE}/open").status_code == 404


# --- JSON --------------------------------------------------------------------------------------------------------


def test_the_json_of_a_facility_follows_its_programmes_and_names_nobody(visitor: NewVisitor, closed: Cycle):
    client = visitor("kasubsi").client
    found = client.get(API).json()
    assert [(item["plugin"], item["ready"]) for item in found] == [("bansos", True)]
    month = found[0]["cycles"][0]
    assert (month["cycle"], month["state"], month["received"], month["value"]) == ("2024-11", "closed", 5, 582_550)
    one = client.get(f"{CYCLES}/2024-11").json()
    assert sum(part["amount"] for part in one["spending"]) == one["value"] == 582_550
    assert one["by_category"] == {"inmate_family": 5}
    assert "Sulastri" not in client.get(API).text + client.get(f"{CYCLES}/2024-11").text


def test_the_json_of_what_is_not_here_or_not_allowed(visitor: NewVisitor, closed: Cycle):
    kasubsi = visitor("kasubsi").client
    assert kasubsi.get(f"{CYCLES}/tidak-ada").status_code == 404
    assert kasubsi.get(f"{CYCLES}/2024-12").status_code == 404
    assert visitor("kasubsi.kebumen").client.get(API).status_code == 404
    assert visitor("kanwil").client.get(API).status_code == 403
    stranger = visitor("kasubsi").client
    stranger.cookies.clear()
    assert stranger.get(API).status_code == 401
