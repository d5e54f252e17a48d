"""The same note and the same statement are recognised, pointed out, and recorded again on purpose only."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import DemoReceipt, Rutan
from guyub.funds import known_documents, purchases, receipts
from guyub.funds.note_division import BookedItem
from guyub.programs.cycles import Cycle
from guyub.sdk.errors import Invalid
from tests.visits import NewVisitor, hidden_in, text_of

HERE = "/f/rutan-pekalongan/funds"
SHOPPING = f"{HERE}/purchases/2024-11"
ON, TODAY = date(2024, 11, 14), date(2024, 11, 14)
CSR, STATEMENT = november.INCOMES


def buys(rutan: Rutan, cycle: Cycle, evidence: str, item: str = "beras", *, again: bool = False) -> None:
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem(item, Decimal(1), 10_000)]
        purchases.buy(work, cycle.id, bought, supplier="Toko (contoh)", evidence=evidence, on=ON, again=again)


def receives(rutan: Rutan, income: DemoReceipt, *, again: bool = False, **changed: Any) -> None:
    form = {**income.form, **changed}
    with rutan.work_of("pengelola") as work:
        plugins = rutan.opened.plugins
        receipts.receive(work, plugins, income.plugin, income.source, income.kind, form, TODAY, again=again)


@pytest.mark.parametrize(
    "other", ["Nota 0412", "nota-412", " NOTA  0412", "No. 0412", "0412", "Nota\u00a00412", "Ｎｏｔａ ０４１２"]
)
def test_a_note_is_known_however_its_number_is_written(rutan: Rutan, approved: Cycle, other: str):
    buys(rutan, approved, "Nota 0412")
    with pytest.raises(Invalid) as refused:
        buys(rutan, approved, other, "gula")
    assert (refused.value.code, refused.value.field) == ("funds.note_twice", "again")
    assert "Rp10.000" in refused.value.what.id
    buys(rutan, approved, other, "gula", again=True)
    with rutan.work_of("pengelola") as work:
        assert len(known_documents.of_number(work, "purchase", "412")) == 2


@pytest.mark.parametrize("other", ["Nota 0413", "Nota 41-2", "Nota 0412/A", "BAST 0412"])
def test_another_number_is_another_note(rutan: Rutan, approved: Cycle, other: str):
    buys(rutan, approved, "Nota 0412")
    buys(rutan, approved, other)


@pytest.mark.parametrize("none", ["tanpa nomor", "-", "Tidak ada"])
def test_notes_without_a_number_are_not_taken_for_one_another(rutan: Rutan, approved: Cycle, none: str):
    buys(rutan, approved, none)
    buys(rutan, approved, none)


def test_a_document_of_a_receipt_is_known_in_another_spelling(rutan: Rutan, funds: list[str]):
    with pytest.raises(Invalid) as refused:
        receives(rutan, CSR, evidence_number="bast-07 / 2024", amount=1_000)
    assert (refused.value.code, refused.value.field) == ("funds.receipt_twice", "again")
    receives(rutan, CSR, evidence_number="bast-07 / 2024", amount=1_000, again=True)
    receives(rutan, CSR, evidence_number="BAST-08/2024", amount=1_000)


def test_the_statement_of_a_month_comes_once_whatever_its_number(rutan: Rutan, funds: list[str]):
    with pytest.raises(Invalid) as refused:
        receives(rutan, STATEMENT, voucher_number="BKK-99/2024")
    assert refused.value.code == "funds.receipt_twice"
    receives(rutan, STATEMENT, voucher_number="BKK-98/2024", month="2024-09")
    receives(rutan, STATEMENT, voucher_number="BKK-99/2024", again=True)


def test_what_was_recorded_on_purpose_says_so_in_the_audit_log(rutan: Rutan, approved: Cycle, database: Database):
    buys(rutan, approved, "Nota 7")
    buys(rutan, approved, "Nota 7", "gula", again=True)
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        found = work.run("SELECT details ? 'again' FROM guyub.audit_entry WHERE action = 'funds.buy' ORDER BY seq")
        assert list(found.scalars()) == [False, True]


def test_the_page_points_the_note_out_and_books_it_when_its_box_is_ticked(
    visitor: NewVisitor, rutan: Rutan, approved: Cycle
):
    buys(rutan, approved, "Nota 0412")
    clerk = visitor("pengelola")
    note = {
        "supplier": "Toko Lain",
        "evidence": "0412",
        "on": "2024-11-14",
        "gula.quantity": "5",
        "gula.cost": "90.000",
    }
    page = text_of(clerk.fills(SHOPPING, note))
    assert "Nota bernomor ini sudah tercatat" in page
    assert "Belanja di Toko (contoh): Kamis, 14 November 2024, bukti Nota 0412, Rp10.000." in page
    refused = clerk.sends(SHOPPING, hidden_in(clerk.page) | {"_confirmed": "yes"})
    assert refused.status_code == 422
    assert 'id="f-again-error"' in refused.text
    clerk.page = refused
    answer = clerk.sends(SHOPPING, hidden_in(clerk.page) | {"_confirmed": "yes", "again": "yes"})
    assert "Belanja Rp90.000 dicatat." in clerk.follows(answer)


def test_the_page_points_the_receipt_out_and_books_it_when_its_box_is_ticked(visitor: NewVisitor, funds: list[str]):
    clerk, path = visitor("pengelola"), f"{HERE}/receive/canteen_profit/canteen/monthly_statement"
    form = {name: str(value) for name, value in STATEMENT.form.items()} | {"voucher_number": "BKK-99/2024"}
    page = text_of(clerk.fills(path, form))
    assert "Penerimaan ini mungkin sudah tercatat" in page
    refused = clerk.sends_hidden(path, "_confirmed")
    assert refused.status_code == 422
    assert 'id="f-again-error"' in refused.text
    clerk.page = refused
    answer = clerk.sends(path, hidden_in(clerk.page) | {"_confirmed": "yes", "again": "yes"})
    assert answer.status_code == 303


def test_a_receipt_that_was_taken_back_is_not_in_the_way(visitor: NewVisitor, rutan: Rutan, funds: list[str]):
    path = f"{HERE}/fund/KANTIN-2024-10/receipts/2024/2/reverse"
    assert visitor("pengelola").fills(path, {"reason": "salah isi"}).status_code == 303
    receives(rutan, STATEMENT)
