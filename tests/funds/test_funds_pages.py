"""The funds pages as their readers see them."""

from datetime import UTC, date, datetime
from importlib.metadata import entry_points
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from guyub.app import create_app
from guyub.app.rooms import Room
from guyub.configuration.assembly import plugin_registry
from guyub.db.keys import Protector
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import queries, routes, urls
from guyub.plugins.plugin_registry import PluginRegistry
from tests.config_changes import set_active
from tests.visits import NewVisitor, text_of, visitors

MORNING = datetime(2024, 11, 14, 2, tzinfo=UTC)

HERE = "/f/rutan-pekalongan/funds"
CSR = "CSR-PKS-12-CSR-2024"
CANTEEN = "KANTIN-2024-10"
SHOPPING = f"{HERE}/purchases/2024-11"
BOOK = {"_confirmed": "yes"}
"""The button of the page that checks first."""

GIFT = {
    "donor": "PT Batik Sejahtera (contoh)",
    "agreement_number": "PKS-12/CSR/2024",
    "agreement_date": "2024-11-04",
    "received_on": "2024-11-05",
    "evidence_number": "BAST-07/2024",
    "amount": "Rp400.000",
}
NOTE = {"supplier": "Toko Sumber Pangan (contoh)", "evidence": "Nota 0412", "on": "2024-11-14"}


@pytest.fixture
def balances(database: Database) -> Any:
    def read() -> dict[str, queries.FundBalance]:
        with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
            return {balance.code: balance for balance in queries.balances(work)}

    return read


# --- reading -----------------------------------------------------------------------------------------------------


def test_the_list_shows_what_each_fund_holds_and_which_one_the_region_reviews(visitor: NewVisitor, funds: list[str]):
    page = visitor("pengelola").reads(HERE)
    assert "Rp750.000" in page
    assert "CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024) CSR/TJSL perusahaan Rp400.000" in page
    assert "Keuntungan kantin dan bama Perlu ditinjau Kanwil Rp350.000" in page
    assert "Perlu ditinjau Kanwil: apa artinya?" in page
    assert page.count("Perlu ditinjau Kanwil") == 2


def test_a_facility_without_funds_says_how_to_begin(visitor: NewVisitor):
    assert "Belum ada dana" in visitor("pengelola").reads(HERE)
    page = visitor("kasubsi").reads(HERE)
    assert "Catat penerimaan pertama" in page
    assert "+" not in page


def test_one_fund_shows_its_cash_book_with_the_running_balance(visitor: NewVisitor, rutan: Rutan, approved: Any):
    rutan.shop(approved, november.SHOPPING)
    page = visitor("karutan").reads(f"{HERE}/fund/{CSR}")
    book = page[page.index("Buku kas umum") : page.index("Penerimaan dan buktinya")]
    assert "5 November 2024 BKM-001/2024" in book
    assert "Bukti: BAST-07/2024 Rp400.000 – Rp400.000" in book
    assert "14 November 2024 BKK-001/2024 Belanja di Toko Sumber Pangan (contoh) Beras 25 kg Bukti: Nota 0412 –" in book
    goods = page[page.index("Barang dari dana ini") :]
    assert "Beras 14 November 2024 0 kg 25 kg 0 kg 0 kg Rp387.500" in goods
    assert "semua program" in page


def test_the_cash_book_of_a_month_comes_as_pdf_and_carries_over(visitor: NewVisitor, rutan: Rutan, approved: Any):
    rutan.shop(approved, november.SHOPPING)
    answer = visitor("karutan").opens(urls.cash_book_url("rutan-pekalongan", CSR, date(2024, 11, 30)))
    assert answer.headers["content-type"] == "application/pdf"
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    assert "BULAN NOVEMBER 2024" in words
    assert "Saldo dari bulan sebelumnya" in words
    assert "Buku kas bulan ini belum ditutup" in words
    assert "ditutup dengan saldo" not in words
    assert visitor("karutan").opens(f"{HERE}/fund/{CSR}/cash-book.pdf?month=2023-01").status_code == 404
    assert visitor("karutan").opens(f"{HERE}/fund/{CSR}/cash-book.pdf?month=kapan").status_code == 404


def test_goods_on_hand_name_the_fund_that_paid_for_them(visitor: NewVisitor, rutan: Rutan, approved: Any):
    rutan.shop(approved, november.SHOPPING)
    page = visitor("karutan").reads(f"{HERE}/stock")
    assert "Gula pasir 14 November 2024 Keuntungan kantin dan bama Oktober 2024 0 kg 5 kg 0 kg 0 kg Rp90.000" in page


def test_who_may_not_read_funds_has_no_such_page(visitor: NewVisitor, funds: list[str]):
    for path in (HERE, f"{HERE}/fund/{CSR}", f"{HERE}/stock", f"{HERE}/fund/{CSR}/cash-book.pdf?month=2024-11"):
        assert visitor("pengamanan").opens(path).status_code == 403


def test_another_facility_has_neither_the_fund_nor_the_pages(visitor: NewVisitor, funds: list[str]):
    stranger = visitor("kasubsi.kebumen")
    assert stranger.opens(HERE).status_code == 404
    assert stranger.opens(f"/f/rutan-kebumen/funds/fund/{CSR}").status_code == 404


def test_a_fund_whose_plugin_is_gone_stays_readable_with_the_reason(
    funds: list[str], database: Database, protector: Protector
):
    plugins = plugin_registry([entry for entry in entry_points(group="guyub") if entry.name != "csr_funding"])
    application = create_app(database, plugins, protector=protector, clock=lambda: MORNING, rooms=[Room.of(routes)])
    with visitors(application, database) as visitor:
        page = visitor("pengelola").reads(f"{HERE}/fund/{CSR}")
        assert "Plugin “csr_funding” tidak terpasang. Hubungi administrator." in page
        assert "pip install" not in page
        assert "Rp400.000" in page
        assert "Plugin “csr_funding” tidak terpasang." in visitor("pengelola").reads(HERE)
        assert "CSR berupa uang" not in visitor("pengelola").reads(f"{HERE}/receive")


# --- receipts ----------------------------------------------------------------------------------------------------


def test_only_the_receipts_of_sources_active_here_are_offered(
    visitor: NewVisitor, database: Database, plugins: PluginRegistry
):
    assert "CSR berupa uang" in visitor("pengelola").reads(f"{HERE}/receive")
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "csr_funding", work.here.id, False, date(2024, 11, 10), "contoh")
    page = visitor("pengelola").reads(f"{HERE}/receive")
    assert "CSR" not in page
    assert "Laporan bulanan kantin dan bama" in page
    assert visitor("pengelola").opens(f"{HERE}/receive/csr_funding/csr/csr_cash").status_code == 404


def test_a_receipt_is_looked_at_before_it_is_booked(visitor: NewVisitor, balances: Any):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    answer = clerk.fills(path, GIFT)
    page = text_of(answer)
    assert answer.status_code == 200
    assert "dana baru" in page
    assert "Uang Rp400.000" in page
    assert "Selasa, 5 November 2024" in page
    assert balances() == {}

    again = text_of(clerk.sends_hidden(path, "_change"))
    assert "Lanjut: periksa dahulu" in again
    assert 'value="400.000"' in clerk.page.text

    clerk.fills(path, GIFT)
    page = clerk.follows(clerk.sends_hidden(path, "_confirmed"))
    assert "Rp400.000 dicatat ke dana CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)." in page
    assert balances()[CSR].free == 400_000


def test_a_receipt_sent_twice_is_booked_once(visitor: NewVisitor, balances: Any):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    clerk.fills(path, GIFT)
    confirmation = clerk.page
    assert clerk.sends_hidden(path, "_confirmed").status_code == 303
    clerk.page = confirmation
    answer = clerk.sends_hidden(path, "_confirmed")
    assert answer.status_code == 422
    assert "5 November 2024, bukti BAST-07/2024, Rp400.000. Tidak perlu dicatat lagi." in text_of(answer)
    assert balances()[CSR].received == 400_000


def test_errors_stand_at_their_fields_and_nothing_is_booked(visitor: NewVisitor, balances: Any):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    answer = clerk.fills(path, GIFT | {"amount": "empat ratus", "received_on": "31-02-2024"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Jumlah uang: Jumlah rupiah ini tidak dikenali." in page
    assert "Tanggal diterima: Tanggal ini tidak dikenali." in page
    assert 'value="empat ratus"' in answer.text
    assert 'value="PT Batik Sejahtera (contoh)"' in answer.text
    assert balances() == {}


def test_what_the_source_does_not_accept_stands_at_its_field_in_the_readers_language(
    visitor: NewVisitor, balances: Any
):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/canteen_profit/canteen/monthly_statement"
    statement = {
        "month": "2024-10",
        "canteen_sales": "1.000.000",
        "canteen_costs": "900.000",
        "canteen_share": "500.000",
        "basis_number": "BA-03",
        "received_on": "2024-11-06",
        "voucher_number": "BKK-17",
    }
    clerk.client.cookies.set("guyub_lang", "en")
    answer = clerk.fills(path, statement)
    assert answer.status_code == 422
    assert "Canteen share set aside: The canteen's share Rp500.000 is above" in text_of(answer)
    assert 'id="f-canteen_share-error"' in answer.text
    assert balances() == {}


def test_money_that_has_not_come_yet_is_not_booked(visitor: NewVisitor, balances: Any):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    answer = clerk.fills(path, GIFT | {"received_on": "2024-11-15"})
    assert answer.status_code == 422
    assert "Tanggal diterima belum tiba." in text_of(answer)


def test_whoever_books_into_a_fund_that_is_there_sees_which_terms_do_not_apply(visitor: NewVisitor, funds: list[str]):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    answer = clerk.fills(
        path, GIFT | {"evidence_number": "BAST-09/2024", "categories": "neighbour", "usable_until": "2025-01-31"}
    )
    page = text_of(answer)
    assert "menambah dana yang ada" in page
    assert "Dana ini sudah ada; ketentuannya tidak berubah" in page
    assert "Kategori penerima: berlaku semua; diisi Masyarakat sekitar" in page
    assert "Dapat dipakai sampai: berlaku tidak dibatasi; diisi 31-01-2025" in page


def test_a_document_used_before_is_named(visitor: NewVisitor, funds: list[str]):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    page = text_of(clerk.fills(path, GIFT | {"amount": "100.000"}))
    assert "Penerimaan ini mungkin sudah tercatat" in page
    assert "Selasa, 5 November 2024, bukti BAST-07/2024, Rp400.000." in page


def test_a_vendors_gift_makes_a_fund_sensitive_even_when_it_was_plain_before(
    visitor: NewVisitor, funds: list[str], balances: Any
):
    assert not balances()[CSR].sensitive
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_cash"
    gift = GIFT | {"evidence_number": "BAST-09/2024", "is_vendor": "yes", "declaration_number": "PBK-1"}
    assert "Dana ini akan ditandai untuk ditinjau kantor wilayah" in text_of(clerk.fills(path, gift))
    page = clerk.follows(clerk.sends_hidden(path, "_confirmed"))
    assert "Dana ini kini ditandai untuk ditinjau kantor wilayah." in page
    assert "Dana ini perlu ditinjau Kanwil" in page
    assert balances()[CSR].sensitive


def test_goods_are_entered_line_by_line(visitor: NewVisitor, balances: Any):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/csr_funding/csr/csr_goods"
    given = {name: value for name, value in GIFT.items() if name != "amount"} | {
        "lines._rows": "3",
        "lines.0.code": "beras",
        "lines.0.name": "Beras",
        "lines.0.unit": "kg",
        "lines.0.quantity": "12,5",
        "lines.0.value": "200.000",
    }
    more = clerk.fills(path, given | {"_one_more": "lines"})
    assert more.status_code == 200
    assert 'name="lines.3.code"' in more.text
    assert "Barang Beras 12,5 kg, Rp200.000" in text_of(clerk.fills(path, given))
    page = clerk.follows(clerk.sends_hidden(path, "_confirmed"))
    assert "Beras 12,5 kg (Rp200.000)" in page
    assert "Belum ada uang yang bergerak" in page
    assert (balances()[CSR].stock, balances()[CSR].free) == (200_000, 0)


def test_only_who_may_receive_money_reaches_its_form(visitor: NewVisitor):
    for login in ("kasubsi", "karutan"):
        assert visitor(login).opens(f"{HERE}/receive").status_code == 403
        assert visitor(login).opens(f"{HERE}/receive/csr_funding/csr/csr_cash").status_code == 403


def test_what_the_configuration_demands_is_not_called_optional_and_is_missed_with_the_rest(visitor: NewVisitor):
    clerk = visitor("pengelola")
    path = f"{HERE}/receive/csr_funding/csr/csr_cash"
    label = clerk.opens(path).text.split('for="f-agreement_number">')[1].split("</label>")[0]
    assert "tidak wajib" not in label
    answer = clerk.sends(path, {"received_on": "", "donor": "", "amount": ""})
    assert answer.status_code == 422
    for name in ("donor", "agreement_number", "received_on", "evidence_number", "amount"):
        assert f'id="f-{name}-error"' in answer.text, name


# --- purchases ---------------------------------------------------------------------------------------------------


def test_nothing_can_be_bought_before_the_approval(visitor: NewVisitor, funds: list[str]):
    answer = visitor("pengelola").opens(SHOPPING)
    assert answer.status_code == 404
    assert "Belanja dapat dicatat setelah Kepala Rutan menyetujui daftar penerima bulan itu." in text_of(answer)


def test_the_list_says_what_is_needed_and_what_is_held_for_it(visitor: NewVisitor, approved: Any):
    page = visitor("pengelola").reads(SHOPPING)
    assert (
        "Beras Masih perlu 25 kg; dicadangkan Rp391.825 dari CSR PT Batik Sejahtera (contoh) (PKS-12/CSR/2024)." in page
    )
    assert 'name="beras.quantity" value="25"' in visitor("pengelola").opens(SHOPPING).text
    reader = visitor("kasubsi")
    assert "Yang masih perlu dibeli" in reader.reads(SHOPPING)
    assert "Nomor nota" not in reader.reads(SHOPPING)


def test_a_note_with_some_of_the_items_leaves_the_rest_to_the_next(visitor: NewVisitor, approved: Any, balances: Any):
    clerk = visitor("pengelola")
    note = NOTE | {
        "beras.quantity": "25",
        "beras.cost": "387.500",
        "gula.quantity": "5",
        "gula.cost": "",
        "minyak.quantity": "5",
    }
    page = clerk.follows(clerk.fills(SHOPPING, note | BOOK))
    assert "Belanja Rp387.500 dicatat." in page
    assert "Gula pasir Masih perlu 5 kg" in page
    assert "Beras Masih perlu" not in page
    assert "Beras 14 November 2024 Belanja di Toko Sumber Pangan (contoh), Nota 0412 25 kg Rp387.500" in page
    rest = (
        NOTE
        | BOOK
        | {
            "again": "yes",
            "gula.quantity": "5",
            "gula.cost": "90.000",
            "minyak.quantity": "5",
            "minyak.cost": "105.050",
        }
    )
    assert "Semua barang sudah dibeli" in clerk.follows(clerk.fills(SHOPPING, rest))
    assert sum(balance.stock for balance in balances().values()) == 582_550
    assert sum(balance.reserved for balance in balances().values()) == 0


def test_a_note_sent_twice_is_recorded_once(visitor: NewVisitor, approved: Any, balances: Any):
    clerk = visitor("pengelola")
    note = NOTE | {"beras.quantity": "10", "beras.cost": "150.000"}
    clerk.follows(clerk.fills(SHOPPING, note | BOOK))
    answer = clerk.sends(SHOPPING, note | BOOK)
    assert answer.status_code == 422
    assert "Nota bernomor “Nota 0412” sudah tercatat: Belanja di Toko Sumber Pangan (contoh)" in text_of(answer)
    assert balances()[CSR].stock == 150_000


def test_what_does_not_fit_the_note_is_said_at_its_field(visitor: NewVisitor, approved: Any, balances: Any):
    clerk = visitor("pengelola")
    answer = clerk.fills(
        SHOPPING, {"supplier": "", "evidence": "", "on": "2024-11-15", "beras.quantity": "x", "beras.cost": "1"}
    )
    page = text_of(answer)
    assert answer.status_code == 422
    for said in (
        "Nama toko belum diisi.",
        "Nomor nota belum diisi.",
        "Tanggal nota belum tiba.",
        "Jumlah ini tidak dikenali.",
    ):
        assert said in page
    assert 'id="f-beras-quantity-error"' in answer.text
    answer = clerk.fills(SHOPPING, NOTE | {"beras.quantity": "26", "beras.cost": "387.500"})
    assert "1 kg ke stok CSR PT Batik Sejahtera" in text_of(answer)
    answer = clerk.fills(SHOPPING, NOTE | {"beras.quantity": "260", "beras.cost": "3.900.000"})
    assert "kelebihan 235 kg senilai Rp3.525.000 dibayar dari uang bebas, yang tidak cukup" in text_of(answer)
    assert 'id="f-beras-quantity-error"' in answer.text
    empty = clerk.fills(SHOPPING, {"supplier": "", "evidence": "", "on": ""})
    for said in ("Belum ada barang yang diisi.", "Nama toko belum diisi.", "Nomor nota belum diisi."):
        assert said in text_of(empty)
    assert "Belum ada barang yang diisi." in text_of(clerk.fills(SHOPPING, NOTE))
    assert sum(balance.stock for balance in balances().values()) == 0


@pytest.mark.parametrize(
    ("lang", "typed", "shown"),
    [
        ("id", "0.500", "0,5 kg"),
        ("id", "12,5 kg", "12,5 kg"),
        ("en", "0.125", "0.125 kg"),
        ("en", "12.5", "12.5 kg"),
    ],
)
def test_a_quantity_is_read_as_meant_and_shown_as_read(
    visitor: NewVisitor, approved: Any, lang: str, typed: str, shown: str
):
    clerk = visitor("pengelola")
    clerk.client.cookies.set("guyub_lang", lang)
    page = clerk.follows(clerk.fills(SHOPPING, NOTE | BOOK | {"beras.quantity": typed, "beras.cost": "Rp1.500"}))
    assert f"Nota 0412 {shown} Rp1.500" in page


@pytest.mark.parametrize(
    ("lang", "typed", "nearest"),
    [
        ("id", "12.5,5", "Mungkin maksudnya 125,5 atau 12,55."),
        ("id", "0,3333", "yang terdekat 0,333."),
        ("en", "1.500", "Did you mean 1,500 or 1.5?"),
    ],
)
def test_a_quantity_that_may_mean_several_things_is_refused_with_the_nearest(
    visitor: NewVisitor, approved: Any, balances: Any, lang: str, typed: str, nearest: str
):
    clerk = visitor("pengelola")
    clerk.client.cookies.set("guyub_lang", lang)
    answer = clerk.fills(SHOPPING, NOTE | {"beras.quantity": typed, "beras.cost": "1,5"})
    assert answer.status_code == 422
    assert nearest in text_of(answer)
    assert "Rp1.500.000" in text_of(answer)  # of the cost, at once
    assert f'value="{typed}"' in answer.text
    assert sum(balance.stock for balance in balances().values()) == 0


def test_shop_and_number_of_a_note_have_the_length_of_a_line(visitor: NewVisitor, approved: Any, balances: Any):
    clerk = visitor("pengelola")
    bought = {"beras.quantity": "1", "beras.cost": "15.000", "on": NOTE["on"]}
    for field, most in (("supplier", 120), ("evidence", 80)):
        answer = clerk.fills(SHOPPING, NOTE | bought | {field: "x" * 3_000})
        assert answer.status_code == 422
        assert f"Isian ini terlalu panjang: 3000 huruf. Pakai paling banyak {most} huruf." in text_of(answer)
        assert f'id="f-{field}-error"' in answer.text
    assert sum(balance.stock for balance in balances().values()) == 0


def test_a_note_of_a_weekday_that_is_not_that_of_its_date_is_refused_with_both(visitor: NewVisitor, approved: Any):
    clerk = visitor("pengelola")
    answer = clerk.fills(
        SHOPPING, NOTE | {"on": "Senin, 14 November 2024", "beras.quantity": "1", "beras.cost": "15.000"}
    )
    assert answer.status_code == 422
    assert "14 November 2024 bukan hari Senin." in text_of(answer)
    assert "Kamis, 14 November 2024" in text_of(answer)


def test_a_dearer_note_is_refused_with_the_exact_amount_until_the_head_adds_it(
    visitor: NewVisitor, approved: Any, balances: Any
):
    clerk, head = visitor("pengelola"), visitor("karutan")
    note = NOTE | {"gula.quantity": "5", "gula.cost": "93.160"}
    answer = clerk.fills(SHOPPING, note)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Harga nota melebihi dana yang dicadangkan: Gula pasir" in page
    assert "Rp2.500" in page
    assert "Pesan untuk Kepala Rutan" in page
    assert 'value="93.160"' in answer.text
    assert balances()[CANTEEN].stock == 0

    path = urls.top_up_url("rutan-pekalongan", "2024-11", "gula", 2_500)
    assert path in page
    assert clerk.opens(path).status_code == 403
    assert 'value="2.500"' in head.opens(path).text
    plain = path.partition("?")[0]
    answer = head.sends(plain, {"item": "gula", "amount": "2.500", "reason": " "})
    assert answer.status_code == 422
    assert "Tambahan dana memerlukan alasan." in text_of(answer)
    answer = head.sends(plain, {"item": "gula", "amount": "900.000", "reason": "harga naik"})
    assert "Paling banyak" in text_of(answer)
    page = head.follows(head.sends(plain, {"item": "gula", "amount": "2.500", "reason": "harga naik"}))
    assert "Rp2.500 ditambahkan untuk Gula pasir: Rp2.500 dari" in page
    assert "Belanja Rp93.160 dicatat." in clerk.follows(clerk.fills(SHOPPING, note | BOOK))
    assert balances()[CANTEEN].stock == 93_160


def test_only_who_may_spend_records_a_note(visitor: NewVisitor, approved: Any, balances: Any):
    head = visitor("karutan")
    head.opens(SHOPPING)
    answer = head.sends(SHOPPING, NOTE | {"beras.quantity": "25", "beras.cost": "387.500"})
    assert answer.status_code == 403
    assert sum(balance.stock for balance in balances().values()) == 0
    assert visitor("kasubsi.kebumen").opens(SHOPPING).status_code == 404


def test_what_an_approved_list_needs_is_bought_though_its_programme_was_deactivated(
    visitor: NewVisitor, approved: Any, database: Database, plugins: PluginRegistry, balances: Any
):
    clerk = visitor("pengelola")
    clerk.opens(SHOPPING)
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        set_active(work, plugins, "bansos", work.here.id, False, date(2024, 11, 13), "contoh")
    answer = clerk.sends(SHOPPING, NOTE | BOOK | {"beras.quantity": "25", "beras.cost": "387.500"})
    assert answer.status_code == 303
    assert sum(balance.stock for balance in balances().values()) == 387_500
