"""Vouchers of a year are told apart, however many there are, and numbered in the order of the book."""

from datetime import date

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import queries
from tests.worlds import RECEIVED, superuser

AGAIN = """
    WITH original AS (SELECT j.*, t.fund_id, t.credit_account, t.debit_account FROM guyub.journal j
                      JOIN guyub.transfer t ON t.journal_id = j.id WHERE j.kind = 'receipt' LIMIT 1),
    copied AS (
        INSERT INTO guyub.journal (id, facility_id, kind, occurred_on, booked_on, number, memo, recorded_at, recorded_label)
        SELECT gen_random_uuid(), o.facility_id, o.kind, o.occurred_on, o.booked_on, n, 'x', o.recorded_at, 'x'
        FROM original o, generate_series(2, 1000) n RETURNING id)
    INSERT INTO guyub.transfer (facility_id, journal_id, fund_id, credit_account, debit_account, rupiah,
                                credit_rupiah_after, credit_quantity_after, debit_rupiah_after, debit_quantity_after)
    SELECT o.facility_id, c.id, o.fund_id, o.credit_account, o.debit_account, 1, 0, 0, 0, 0 FROM original o, copied c"""


def test_the_thousandth_voucher_of_a_year_has_its_whole_number(
    rutan: Rutan, database: Database, installation: Installation
):
    rutan.receive([income for income in november.INCOMES if income.plugin == "csr_funding"], RECEIVED)
    with superuser(installation) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(AGAIN)
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        book = queries.cash_book(work, queries.fund(work, "CSR-PKS-12-CSR-2024").id)
    assert [row.voucher for row in book[-2:]] == ["BKM-999/2024", "BKM-1000/2024"]


def test_a_voucher_of_an_earlier_day_has_the_smaller_number(rutan: Rutan, database: Database):
    """BKM-009 never stands before BKM-003."""
    gift = november.INCOMES[0]
    for day in ("2024-11-20", "2024-11-08", "2024-11-14"):
        form = {**gift.form, "received_on": day, "amount": 1000, "evidence_number": f"BAST {day}"}
        rutan.receive([type(gift)(gift.plugin, gift.source, gift.kind, form)], date(2024, 11, 21))
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        book = queries.cash_book(work, queries.balances(work)[0].id)
    assert [(row.on.day, row.voucher) for row in book] == [
        (8, "BKM-001/2024"),
        (14, "BKM-002/2024"),
        (20, "BKM-003/2024"),
    ]
