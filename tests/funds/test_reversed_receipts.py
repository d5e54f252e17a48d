"""A receipt that was recorded by mistake is taken back by a new entry, once, and only while all of it is there."""

from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import queries
from tests.visits import NewVisitor, text_of

HERE = "/f/rutan-pekalongan/funds"
CSR = "CSR-PKS-12-CSR-2024"
REVERSE = f"{HERE}/fund/{CSR}/receipts/2024/1/reverse"


def received(database: Database) -> dict[str, int]:
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        assert queries.check_ledger(work).ok
        return {balance.code: balance.received for balance in queries.balances(work)}


def test_a_wrong_receipt_leaves_the_fund_and_stays_in_its_books(
    visitor: NewVisitor, database: Database, funds: list[str]
):
    treasurer = visitor("pengelola")
    assert "Batalkan" in treasurer.reads(f"{HERE}/fund/{CSR}")
    assert "Batalkan penerimaan Rp400.000?" in treasurer.reads(REVERSE)
    answer = treasurer.sends(REVERSE, {"reason": "Salah nomor perjanjian"})
    assert answer.status_code == 303
    assert received(database)[CSR] == 0
    page = treasurer.reads(f"{HERE}/fund/{CSR}")
    assert "Dibatalkan 14 November 2024" in page
    assert "BKM-001/2024" in page
    assert "BKR-001/2024 Pembatalan penerimaan" in page
    assert ": Salah nomor perjanjian" in page


def test_after_that_the_same_document_can_be_recorded_again(visitor: NewVisitor, database: Database, rutan: Rutan):
    rutan.receive(november.INCOMES, date(2024, 11, 6))
    visitor("pengelola").fills(REVERSE, {"reason": "Salah dana"})
    rutan.receive([income for income in november.INCOMES if income.plugin == "csr_funding"], date(2024, 11, 6))
    assert received(database)[CSR] == 400_000


def test_nothing_is_taken_back_twice_or_without_a_reason(visitor: NewVisitor, database: Database, funds: list[str]):
    treasurer = visitor("pengelola")
    answer = treasurer.fills(REVERSE, {"reason": "  "})
    assert answer.status_code == 422
    assert "memerlukan alasan" in text_of(answer)
    assert received(database)[CSR] == 400_000
    treasurer.fills(REVERSE, {"reason": "Ganda"})
    assert "sudah dibatalkan pada 14 November 2024" in treasurer.reads(REVERSE)
    treasurer.reads(f"{HERE}/fund/KANTIN-2024-10/receipts/2024/2/reverse")
    answer = treasurer.sends(REVERSE, {"reason": "Sekali lagi"})
    assert "sudah dibatalkan pada 14 November 2024" in text_of(answer)
    assert received(database)[CSR] == 0


def test_what_is_promised_to_households_is_not_taken_back(visitor: NewVisitor, database: Database, approved: Any):
    answer = visitor("pengelola").fills(REVERSE, {"reason": "Salah"})
    assert answer.status_code == 409
    assert "sudah dicadangkan atau terpakai" in text_of(answer)
    assert received(database)[CSR] == 400_000


def test_only_who_records_receipts_takes_them_back(visitor: NewVisitor, funds: list[str]):
    assert visitor("karutan").opens(REVERSE).status_code == 403
    assert visitor("pengelola").opens(f"{HERE}/fund/{CSR}/receipts/2024/9/reverse").status_code == 404


@pytest.mark.parametrize("day", ["2024-11-15", "1924-11-05"])
def test_money_of_tomorrow_or_of_another_century_is_not_in_the_books(
    visitor: NewVisitor, database: Database, rutan: Rutan, day: str
):
    answer = visitor("pengelola").fills(
        f"{HERE}/receive/csr_funding/csr/csr_cash",
        {
            "donor": "PT Batik Sejahtera (contoh)",
            "agreement_number": "PKS-12/CSR/2024",
            "agreement_date": "",
            "received_on": day,
            "evidence_number": "BAST-07/2024",
            "amount": "Rp400.000",
        },
    )
    assert answer.status_code == 422
    assert received(database) == {}
