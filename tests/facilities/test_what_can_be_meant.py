"""How long names and reasons may be and which days can be meant: kept by the database, told by every door."""

from datetime import date
from typing import Any

import pytest

from guyub.db import limits
from guyub.db.unit_of_work import Database
from guyub.facilities import service
from guyub.ui.parsing import OutsideDay, parse_date, parse_month
from tests.visits import NewVisitor, Visitor, text_of

KUDUS = "rutan-kudus"
PROFILE = f"/f/{KUDUS}/profile"
WHOLE = {
    "name": "Rutan Kelas IIB Kudus",
    "long_name": "Rumah Tahanan Negara Kelas IIB Kudus",
    "facility_type": "rutan",
    "facility_class": "IIB",
    "city": "Kabupaten Kudus",
    "city_code": "33.19",
    "letter_place": "Kudus",
    "zone": "Asia/Jakarta",
    "paper": "F4",
    "reason": "contoh",
}
OFFICIAL = {"role": "head", "name": "Baru Contoh Kepala", "acting": "", "since": "2026-04-01", "ends_former": "yes"}


@pytest.fixture
def office(visitor: NewVisitor, database: Database) -> Visitor:
    """The regional administrator, with Kudus managed through the web."""
    with database.work(database.as_service("tests", KUDUS)) as work:
        service.set_managed_by(work, "web")
    return visitor("kanwil")


def test_days_at_the_edge_of_what_can_be_meant_are_read_and_those_beyond_are_not():
    assert parse_date("1/1/1900") == limits.FIRST_DAY
    assert parse_date("2100-12-31") == limits.LAST_DAY
    assert parse_month("12/2100") == date(2100, 12, 1)
    for beyond in ("31/12/1899", "2101-01-01", "0001-01-01", "1 Januari 0202", "9999-12-31"):
        with pytest.raises(OutsideDay):
            parse_date(beyond)
    with pytest.raises(OutsideDay):
        parse_month("0202-03")


@pytest.mark.parametrize(
    ("address", "given", "field", "said"),
    [
        ("identity", {"name": "x" * 121}, "name", "Pakai paling banyak 120 huruf"),
        ("identity", {"long_name": "x" * 5000}, "long_name", "terlalu panjang: 5000 huruf"),
        ("identity", {"letterhead": "x" * 1001}, "letterhead", "Pakai paling banyak 1000 huruf"),
        ("identity", {"reason": "x" * 501}, "reason", "Pakai paling banyak 500 huruf"),
        ("identity", {"opened_on": "2031-01-01"}, "opened_on", "Hari itu belum tiba"),
        ("identity", {"opened_on": "0202-01-01"}, "opened_on", "Tanggal ini di luar 1 Januari 1900"),
        ("identity", {"name_from": "0001-01-01"}, "name_from", "Tanggal ini di luar 1 Januari 1900"),
        ("close", {"closed_on": "1/1/0001"}, "closed_on", "Tanggal ini di luar 1 Januari 1900"),
        ("close", {"closed_on": "2026-01-01", "reason": "x" * 501}, "reason", "Pakai paling banyak 500 huruf"),
    ],
)
def test_the_forms_say_the_limit_at_the_field(
    office: Visitor, address: str, given: dict[str, Any], field: str, said: str
):
    answer = office.fills(f"{PROFILE}/{address}", (WHOLE if address == "identity" else {}) | given)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'id="f-{field}-error"' in answer.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "x" * 121}, "Pakai paling banyak 120 huruf"),
        ({"title": "x" * 121}, "Pakai paling banyak 120 huruf"),
        ({"since": "1/1/0001"}, "Tanggal ini di luar 1 Januari 1900"),
    ],
)
def test_an_official_has_a_name_of_a_line_and_a_day_of_this_age(office: Visitor, given: dict[str, str], said: str):
    answer = office.fills(f"/f/{KUDUS}/officials/new", OFFICIAL | given)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_page_that_only_reads_does_not_say_that_something_was_not_saved(office: Visitor):
    answer = office.opens(f"{PROFILE}?on=0202-01-01")
    assert "Periksa isian ini" in text_of(answer)
    assert "Belum dapat disimpan" not in text_of(answer)
