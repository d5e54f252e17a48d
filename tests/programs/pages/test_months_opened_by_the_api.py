"""The API opens a month that is due, and any other with a reason, as the page and the command do."""

import re
from datetime import date
from typing import Any

import pytest

from guyub.db.unit_of_work import Database
from guyub.demo.month import Rutan
from guyub.programs.cycles import Cycle
from tests import worlds
from tests.visits import NewVisitor, Visitor
from tests.worlds import PEKALONGAN

from .conftest import Books

API = "/api/v1/f/rutan-pekalongan/programs/bansos"


@pytest.fixture
def quarterly(database: Database) -> None:
    """Bansos in January, April, July and October only."""
    worlds.configure(database, "bansos", PEKALONGAN, date(2024, 1, 2), months=["01", "04", "07", "10"])


def opens(reader: Visitor, **asked: Any) -> Any:
    """With the token of a page of the reader's own, as a script sends it."""
    page = reader.opens("/f/rutan-pekalongan/programs/bansos/open").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token, "this page has no form"
    return reader.client.post(f"{API}/cycles", json=asked, headers={"X-CSRF-Token": token[1]})


def test_a_due_month_is_opened_with_its_funds_and_scored(
    visitor: NewVisitor, rutan: Rutan, funds: list[str], books: Books
):
    answer = opens(
        visitor("kasubsi"),
        month="2024-11",
        funds=funds,
        distribution_on="2024-11-16",
        starts_at="09.00",
        place="Aula Rutan",
    )
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    assert (opened["cycle"], opened["state"], opened["distribution_on"]) == ("2024-11", "planned", "2024-11-16")
    assert books.funds_of() == funds
    assert len(books.candidates("candidate")) > 0


@pytest.mark.usefixtures("quarterly", "rutan")
def test_a_month_that_is_not_due_needs_a_reason(visitor: NewVisitor, database: Database):
    kasubsi = visitor("kasubsi")
    months = kasubsi.opens(f"{API}/months").json()
    assert {"month": "2025-01", "due": True, "was_cancelled": False} in months
    assert {"month": "2024-11", "due": False, "was_cancelled": False} in months
    refused = opens(kasubsi, month="2024-11", reason="  ")
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")
    answer = opens(kasubsi, month="2024-11", reason="banjir di Kota Contoh")
    assert answer.status_code == 201, answer.text
    with database.work(database.as_service("tests", PEKALONGAN)) as work:
        kept = work.run("SELECT due, opening_reason FROM guyub.cycle").one()
        assert tuple(kept) == (False, "banjir di Kota Contoh")


def test_an_open_month_is_not_opened_twice_and_others_may_not(visitor: NewVisitor, planned: Cycle):
    again = opens(visitor("kasubsi"), month="2024-11")
    assert (again.status_code, again.json()["code"]) == (409, "programs.cycle_exists")
    karutan = visitor("karutan")
    page = karutan.opens("/f/rutan-pekalongan/cycles/2024-11/cancel").text
    own = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert own
    refused = karutan.client.post(f"{API}/cycles", json={"month": "2024-12"}, headers={"X-CSRF-Token": own[1]})
    assert refused.status_code == 403
    assert visitor("kasubsi").client.post(f"{API}/cycles", json={"month": "2024-12"}).status_code == 403
