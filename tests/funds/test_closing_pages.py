"""The page that closes the book of a fund, and the forms that take a late document."""

from datetime import UTC, date, datetime
from io import BytesIO

from pypdf import PdfReader

from guyub.app.application import create_app
from guyub.app.rooms import Room
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import book_closing, routes
from guyub.plugins.plugin_registry import PluginRegistry
from tests.visits import Clock, NewVisitor, text_of, visitors

FUND = "/f/rutan-pekalongan/funds/fund/CSR-PKS-12-CSR-2024"
CLOSE = f"{FUND}/close"


def october(rutan: Rutan) -> None:
    """A gift of October, so that its book waits on 14 November."""
    gift = november.INCOMES[0]
    form = {**gift.form, "received_on": "2024-10-20", "agreement_date": "2024-10-10"}
    rutan.receive([type(gift)(gift.plugin, gift.source, gift.kind, form)], date(2024, 11, 6))


def test_the_treasurer_closes_the_month_that_is_over(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    treasurer = visitor("pengelola")
    assert "Buku Oktober 2024 belum ditutup" in text_of(treasurer.opens(FUND))
    assert "Rp400.000" in text_of(treasurer.opens(CLOSE))
    counted = {"month": "2024-10", "cash_in_hand": "150.000", "bank": "250.000"}
    assert treasurer.fills(CLOSE, counted).status_code == 303
    printed = PdfReader(BytesIO(treasurer.opens(f"{FUND}/cash-book.pdf?month=2024-10").content))
    words = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    assert "Buku Kas Umum bulan Oktober 2024 ditutup dengan saldo sebesar Rp400.000" in words
    assert "tunai Rp150.000 dan bank Rp250.000" in words
    assert "Pekalongan, 14 November 2024" in words
    page = text_of(treasurer.opens(FUND))
    assert "Bulan yang sudah ditutup" in page
    assert "belum ditutup" not in page
    again = text_of(treasurer.opens(CLOSE))
    assert "November 2024" in again
    assert "1 Desember 2024" in again


def test_a_count_that_differs_is_refused_and_stays_typed(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    answer = visitor("pengelola").fills(CLOSE, {"month": "2024-10", "cash_in_hand": "1.000", "bank": "abc"})
    assert answer.status_code == 422
    assert 'href="#f-bank"' in answer.text
    answer = visitor("pengelola").fills(CLOSE, {"month": "2024-10", "cash_in_hand": "1.000", "bank": "0"})
    assert answer.status_code == 422
    assert 'href="#f-explanation"' in answer.text
    assert 'value="1.000"' in answer.text
    assert "Rp399.000" in text_of(answer)


def test_empty_fields_are_called_missing(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    answer = visitor("pengelola").fills(CLOSE, {"month": "2024-10", "cash_in_hand": "", "bank": " "})
    assert answer.status_code == 422
    assert text_of(answer).count("Belum diisi.") >= 2
    assert "tidak dikenali" not in text_of(answer)


def test_months_without_entries_are_closed_with_one_press(
    database: Database, plugins: PluginRegistry, protector: Protector, rutan: Rutan
):
    """October has a gift, November none: in December both are closed together, with one count."""
    october(rutan)
    december = Clock(datetime(2024, 12, 10, 3, tzinfo=UTC))
    application = create_app(database, plugins, protector=protector, clock=december, rooms=[Room.of(routes)])
    counted = {"month": "2024-10", "cash_in_hand": "400.000", "bank": "0"}
    with visitors(application, database) as come:
        stale, treasurer = come("pengelola"), come("pengelola")
        stale.opens(CLOSE)
        page = treasurer.opens(CLOSE)
        assert 'value="2024-11" checked' in page.text
        assert "Semua sampai November 2024: 2 bulan, saldo Rp400.000" in text_of(page)
        assert treasurer.sends(CLOSE, counted | {"through": "2024-11"}).status_code == 303
        assert "belum ditutup" not in text_of(treasurer.opens(FUND))
        moved = stale.sends(CLOSE, counted)
    assert moved.status_code == 409
    assert "Oktober 2024 → Desember 2024" in text_of(moved)
    assert "2024-12" not in text_of(moved)


def test_the_api_closes_what_was_read(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    treasurer, base = visitor("pengelola"), "/api/v1/f/rutan-pekalongan/books"
    treasurer.opens(CLOSE)

    def sends(asked: dict[str, object], match: str) -> tuple[int, dict[str, object]]:
        headers = {"X-CSRF-Token": treasurer.token, "If-Match": match}
        answer = treasurer.client.post(f"{base}/CSR-PKS-12-CSR-2024/closings", json=asked, headers=headers)
        return answer.status_code, answer.json()

    assert [book["month"] for book in treasurer.client.get(base).json()] == ["2024-10"]
    read = treasurer.client.get(f"{base}/CSR-PKS-12-CSR-2024/months")
    assert read.json() == [{"month": "2024-10", "lines": 1, "balance": 400_000}]
    asked = {"month": "2024-10", "through": "2024-10", "cash_in_hand": 400_000, "bank": 0}
    assert sends(asked, '"of-long-ago"')[0] == 412
    assert sends(asked | {"through": "2024-11"}, read.headers["etag"])[1]["code"] == "funds.month_not_over"
    status, closed = sends(asked, read.headers["etag"])
    assert (status, closed["month"], closed["balance"]) == (201, "2024-10", 400_000)
    assert visitor("kasubsi").client.get(f"{base}/TIADA/months").status_code == 404


def test_another_person_neither_sees_nor_sends_the_form(visitor: NewVisitor, rutan: Rutan):
    october(rutan)
    assert visitor("kasubsi").client.get(CLOSE).status_code == 403
    assert "/close" not in visitor("kasubsi").opens(FUND).text


def closed_october(rutan: Rutan) -> None:
    october(rutan)
    with rutan.work_of("pengelola") as work:
        book_closing.close(
            work, "CSR-PKS-12-CSR-2024", date(2024, 10, 1), date(2024, 11, 1), cash_in_hand=400_000, bank=0
        )


def test_a_late_receipt_is_refused_with_its_remedy_and_booked_where_that_is_ticked(visitor: NewVisitor, rutan: Rutan):
    closed_october(rutan)
    form = {
        **{name: str(value) for name, value in november.INCOMES[0].form.items()},
        "received_on": "25-10-2024",
        "agreement_date": "04-10-2024",
        "evidence_number": "BAST-08/2024",
    }
    address = "/f/rutan-pekalongan/funds/receive/csr_funding/csr/csr_cash"
    treasurer = visitor("pengelola")
    assert "Buku kas sudah ditutup sampai 31 Oktober 2024" in text_of(treasurer.opens(address))
    refused = treasurer.fills(address, form)
    assert refused.status_code == 422
    assert "catatan susulan" in text_of(refused)
    checked = treasurer.fills(address, form | {"late": "yes"})
    assert "Dibukukan" in text_of(checked)
    assert treasurer.fills(address, form | {"late": "yes", "_confirmed": "yes"}).status_code == 303
    page = text_of(treasurer.opens(FUND))
    assert "Susulan untuk 25 Oktober 2024" in page


def test_the_form_of_a_purchase_says_which_days_are_possible(visitor: NewVisitor, approved: object):
    page = visitor("pengelola").opens("/f/rutan-pekalongan/funds/purchases/2024-11")
    assert 'min="2024-11-12"' in page.text
    assert 'max="2024-11-14"' in page.text
    assert "Paling awal 12 November 2024, paling akhir 14 November 2024." in text_of(page)
