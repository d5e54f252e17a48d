"""Vouchers of a year are told apart, however many there are."""

from datetime import date

from guyub.db.installation import Installation
from guyub.db.unit_of_work import Database
from guyub.demo import november
from guyub.demo.month import Rutan
from guyub.funds import queries
from tests.worlds import superuser


def test_the_thousandth_voucher_of_a_year_has_its_whole_number(
    rutan: Rutan, database: Database, installation: Installation
):
    numbered = """INSERT INTO guyub.number_series (facility_id, series, year, last)
                  SELECT id, 'receipt', 2024, 999 FROM guyub.facility WHERE code = 'rutan-pekalongan'"""
    with superuser(installation) as connection:
        connection.execute(numbered)
    rutan.receive([income for income in november.INCOMES if income.plugin == "csr_funding"], date(2024, 11, 6))
    with database.work(database.as_service("tests", "rutan-pekalongan")) as work:
        book = queries.cash_book(work, queries.fund(work, "CSR-PKS-12-CSR-2024").id)
        assert [row.voucher for row in book] == ["BKM-1000/2024"]
