"""A receipt of goods keeps what was promised, arrived and was damaged; what is missing is expected until it comes."""

import json
import re
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from guyub.cli import cycle_commands, goods_commands, receipt_commands
from guyub.demo.month import DemoReceipt, Rutan
from guyub.funds import arrivals, catalogue, purchases, queries, receipts, reversals
from guyub.funds.catalogue import Keeper
from guyub.funds.fund_page import received
from guyub.funds.note_division import BookedItem
from guyub.programs.cycles import Cycle
from guyub.reports import attention_of_money
from guyub.sdk.errors import Invalid, Refusal
from guyub.sdk.funding import GoodsReceived
from tests.visits import NewVisitor, text_of

ON = date(2024, 11, 14)
FUND = "CSR-PKS-15-CSR-2024"
PAGE = f"/f/rutan-pekalongan/funds/fund/{FUND}"
FORM = "/f/rutan-pekalongan/funds/receive/csr_funding/csr/csr_goods"


def gift(number: str, received_on: str = "2024-11-08", agreed: str = "2024-11-01", **line: Any) -> DemoReceipt:
    form = {
        "donor": "PT Batik Sejahtera (contoh)",
        "donor_identity": "9120000000000",
        "agreement_number": "PKS-15/CSR/2024",
        "agreement_date": agreed or None,
        "received_on": received_on,
        "evidence_number": number,
        "lines": [{"code": "beras", "unit": "sak", "value": "230000", **line}],
    }
    return DemoReceipt("csr_funding", "csr", "csr_goods", form)


@pytest.fixture
def rutan(rutan: Rutan) -> Rutan:
    """Returns the facility, where a sak of rice holds 25 kg."""
    with rutan.work_of("pengelola") as work:
        catalogue.declare_unit(work, Keeper(), "beras", "sak", Decimal(25))
    return rutan


def state(rutan: Rutan) -> tuple[Decimal, Decimal, Decimal]:
    """Returns in sak: the rice of the fund in the store, what is expected of it, and what is more than promised."""
    with rutan.work_of("pengelola") as work:
        assert queries.check_ledger(work).ok
        fund = queries.fund(work, FUND)
        here = sum((lot.free for lot in queries.stock(work, fund.id)), Decimal(0))
        promised = arrivals.promised(work, fund.id)
        expected = sum((goods.expected for goods in promised), Decimal(0))
        assert expected == sum((goods.expected for goods in arrivals.expected(work)), Decimal(0))
        return here / 25, expected / 25, sum((goods.beyond for goods in promised), Decimal(0)) / 25


def test_of_a_hundred_promised_what_is_accepted_enters_the_stock_and_the_rest_is_expected_until_it_comes(rutan: Rutan):
    rutan.receive([gift("BAST-15", promised="100", quantity="80", damaged="3", reason="basah di jalan")], ON)
    assert state(rutan) == (77, 20, 0)
    rutan.receive([gift("BAST-16", "2024-11-10", "", quantity="15")], ON)
    assert state(rutan) == (92, 5, 0)
    # Whoever states the promise again says the same.
    rutan.receive([gift("BAST-17", "2024-11-11", promised="100", quantity="2")], ON)
    assert state(rutan) == (94, 3, 0)
    rutan.receive([gift("BAST-18", "2024-11-12", quantity="7")], ON)
    assert state(rutan) == (101, 0, 4)
    # The newest statement counts: the agreement grew.
    rutan.receive([gift("BAST-19", "2024-11-13", promised="120", quantity="1")], ON)
    assert state(rutan) == (102, 15, 0)


def test_a_receipt_that_is_taken_back_takes_its_promise_back(rutan: Rutan):
    rutan.receive([gift("BAST-15", promised="30", quantity="25")], ON)
    with rutan.work_of("pengelola") as work:
        fund = queries.fund(work, FUND)
        reversals.reverse(work, fund, received(work, fund.id)[0], "keliru dicatat", ON)
    assert state(rutan) == (0, 0, 0)


def test_a_receipt_without_more_said_is_whole_and_promises_nothing(rutan: Rutan):
    rutan.receive([gift("BAST-15", quantity="25", damaged="0")], ON)
    with rutan.work_of("pengelola") as work:
        [line] = arrivals.arrived(work, received(work, queries.fund(work, FUND).id)[0].journal_id)
    assert (line.promised, line.arrived, line.damaged, line.accepted, line.reason) == (None, 625, 0, 625, "")
    assert (line.written, line.written_unit) == (25, "sak")
    assert state(rutan) == (25, 0, 0)


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ({"quantity": "25", "damaged": "1"}, "funds.damage_unexplained", "lines.0.reason"),
        ({"quantity": "25", "damaged": "1", "reason": "\u200b \u2800"}, "funds.damage_unexplained", "lines.0.reason"),
        ({"quantity": "25", "damaged": "25", "reason": "basah"}, "funds.nothing_accepted", "lines.0.damaged"),
        ({"quantity": "25", "damaged": "26", "reason": "basah"}, "funds.more_damaged", "lines.0.damaged"),
        ({"quantity": "25", "damaged": "0.00001", "reason": "basah"}, "funds.receipt_invalid", "lines.0.damaged"),
        ({"quantity": "25", "promised": "-1"}, "funds.receipt_invalid", "lines.0.promised"),
    ],
)
def test_what_is_damaged_is_less_than_what_arrived_and_has_its_reason(
    rutan: Rutan, line: dict[str, str], code: str, field: str
):
    with pytest.raises(Invalid) as refused:
        rutan.receive([gift("BAST-15", **line)], ON)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_nothing_arrives_before_it_was_promised(rutan: Rutan):
    rutan.receive([gift("BAST-15", promised="100", quantity="80")], ON)
    with pytest.raises(Invalid) as refused:
        rutan.receive([gift("BAST-16", "2024-10-31", "", quantity="5")], ON)
    assert (refused.value.code, refused.value.field) == ("funds.promised_later", "received_on")
    assert "1 November 2024" in refused.value.what.id
    assert state(rutan) == (80, 20, 0)
    # Goods of an earlier promise are, and on its day.
    rutan.receive([gift("BAST-16", "2024-10-31", "2024-10-31", quantity="5", promised="105")], ON)
    assert state(rutan) == (85, 20, 0)


def test_the_form_takes_units_behind_each_quantity_and_its_preview_says_how_the_promise_stands(
    rutan: Rutan, visitor: NewVisitor
):
    pengelola = visitor("pengelola")
    typed = {
        "donor": "PT Batik Sejahtera (contoh)",
        "donor_identity": "9120000000000",
        "agreement_number": "PKS-15/CSR/2024",
        "agreement_date": "2024-11-01",
        "received_on": "2024-11-08",
        "lines._rows": "1",
        "lines.0.code": "beras",
        "lines.0.unit": "",
        "lines.0.value": "27.720.000",
    }
    first = {
        "evidence_number": "BAST-15",
        "lines.0.promised": "100 sak",
        "lines.0.quantity": "80 sak",
        "lines.0.damaged": "3 sak",
        "lines.0.reason": "basah di jalan",
    }
    pengelola.reads(FORM)
    preview = text_of(pengelola.sends(FORM, typed | first))
    assert "rusak 75 kg (basah di jalan); diterima 1.925 kg" in preview
    assert "dijanjikan 2.500 kg" in preview
    assert "masih ditunggu 500 kg" in preview
    assert pengelola.sends(FORM, typed | first | {"_confirmed": "yes"}).status_code == 303
    assert state(rutan) == (77, 20, 0)
    page = pengelola.reads(PAGE)
    assert (
        "Beras: dijanjikan 2.500 kg (1 November 2024, BAST-15), tiba 2.000 kg, rusak 75 kg; masih ditunggu 500 kg"
        in page
    )
    with rutan.work_of("pengelola") as work:
        [waiting] = attention_of_money.goods_expected(work)
    assert (waiting.records[0].name, waiting.records[0].url) == ("Beras", PAGE)
    assert waiting.records[0].detail.id == "500 kg lagi (CSR PT Batik Sejahtera (contoh) (PKS-15/CSR/2024))"
    assert pengelola.opens(f"{PAGE}/receipts/2024/1/goods.pdf").content.startswith(b"%PDF")

    pengelola.reads(FORM)
    more = {"evidence_number": "BAST-16", "lines.0.quantity": "25", "lines.0.unit": "sak"}
    assert "Beras: lebih 125 kg dari yang dijanjikan" in text_of(pengelola.sends(FORM, typed | more))


def test_the_api_checks_and_books_the_same(rutan: Rutan, visitor: NewVisitor):
    pengelola = visitor("pengelola")
    token = re.search(r'name="csrf_token" value="([^"]+)"', pengelola.opens(FORM).text)
    assert token

    def sends(form: Mapping[str, Any], query: str = "") -> Any:
        address = f"/api/v1/f/rutan-pekalongan/receipts/csr_funding/csr/csr_goods{query}"
        return pengelola.client.post(address, json={"form": form}, headers={"X-CSRF-Token": token[1]})

    form = dict(gift("BAST-15", promised="100", quantity="80", damaged="3", reason="basah").form)
    looked = sends(form, "?preview=true")
    assert looked.status_code == 201, looked.text
    [goods], [standing] = looked.json()["goods"], looked.json()["promised"]
    assert [float(goods[name]) for name in ("arrived", "damaged", "accepted")] == [2000, 75, 1925]
    assert (float(standing["expected"]), looked.json()["booked"]) == (500, False)
    assert sends(form).json()["booked"] is True
    assert state(rutan) == (77, 20, 0)
    twice = sends(form)
    assert (twice.status_code, twice.json()["code"]) == (422, "funds.receipt_twice")
    line = form["lines"][0]
    for changed, code, field in (
        ({"reason": " "}, "funds.damage_unexplained", "lines.0.reason"),
        ({"code": "bers"}, "funds.item_unknown", "lines.0.code"),
        ({"promised": "seratus"}, "funds.receipt_invalid", "lines.0.promised"),
    ):
        refused = sends(form | {"evidence_number": "BAST-16", "lines": [line | changed]})
        assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert state(rutan) == (77, 20, 0)


def test_the_command_checks_and_books_the_same(rutan: Rutan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for commands in (cycle_commands, goods_commands):
        monkeypatch.setattr(commands, "open_app", lambda: nullcontext(rutan.opened))
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(gift("BAST-15", promised="100", quantity="105", damaged="5", reason="basah").form))
    here = ["--facility", "rutan-pekalongan", "--as", "pengelola"]

    def runs(*more: str) -> Any:
        command = ["record", "csr_funding", "csr", "csr_goods", str(file), *here, *more]
        return CliRunner().invoke(typer_app(receipt_commands.app), ["receipts", *command])

    checked = runs("--check")
    assert checked.exit_code == 0, checked.exception
    assert "lebih 125 kg dari yang dijanjikan (2.500 kg)" in checked.output
    assert json.loads(runs("--json").output)["booked"] is True
    assert state(rutan) == (100, 0, 5)
    assert runs().exception.code == "funds.receipt_twice"
    file.write_text("[]")
    assert runs().exception.code == "cli.no_form"
    expected = CliRunner().invoke(goods_commands.app, ["expected", *here, "--json"])
    assert json.loads(expected.output) == []


def typer_app(commands: typer.Typer) -> typer.Typer:
    """Returns a command with these as its group: a group of one command alone would have no name of its own."""
    app = typer.Typer()
    app.add_typer(commands, name="receipts")
    app.add_typer(goods_commands.app, name="goods")
    return app


def test_the_database_by_itself_refuses_an_arrival_before_its_promise_and_more_than_was_accepted(
    rutan: Rutan, monkeypatch: pytest.MonkeyPatch
):
    rutan.receive([gift("BAST-15", promised="100", quantity="80", damaged="3", reason="basah")], ON)
    with monkeypatch.context() as unchecked:
        unchecked.setattr(arrivals, "demand_promised_before", lambda work, posting: None)
        with pytest.raises(Invalid) as early:
            rutan.receive([gift("BAST-16", "2024-10-31", "", quantity="5")], ON)
    assert early.value.code == "funds.promised_later"
    with monkeypatch.context() as booked_whole:
        booked_whole.setattr(GoodsReceived, "accepted", property(lambda line: line.quantity))
        with pytest.raises(Refusal) as more:
            rutan.receive([gift("BAST-16", unit="kg", quantity="5", damaged="1", reason="basah")], ON)
    assert more.value.code == "funds.arrival_differs"
    assert state(rutan) == (77, 20, 0)


def test_a_value_far_from_what_was_paid_last_is_pointed_out_and_booked_all_the_same(rutan: Rutan, approved: Cycle):
    with rutan.work_of("pengelola") as work:
        bought = [BookedItem("beras", Decimal(5), 78_000)]
        purchases.buy(work, approved.id, bought, supplier="Toko", evidence="Nota 1", on=date(2024, 11, 14))
    plugins = rutan.opened.plugins
    with rutan.work_of("pengelola") as work:
        for value, said in ((27_720_000, 0), (277_200, 1)):
            form = dict(gift("BAST-15", promised="100", quantity="80", damaged="3", reason="basah").form)
            [line] = form["lines"]
            form["lines"] = [line | {"value": str(value)}]
            checked = receipts.check(work, plugins, "csr_funding", "csr", "csr_goods", form, date(2024, 11, 16))
            assert len(checked.differences) == said
    assert checked.differences[0].id == (
        "Beras: Rp144 per kg, 99% di bawah harga belanja terakhir Rp15.600 (14 November 2024)."
    )


def test_a_fund_for_a_programme_that_is_not_installed_is_refused_with_those_that_are(rutan: Rutan):
    form = gift("BAST-15", promised="100", quantity="80", damaged="3", reason="basah").form | {"programs": ["bansoss"]}
    with rutan.work_of("pengelola") as work, pytest.raises(Invalid) as refused:
        receipts.check(work, rutan.opened.plugins, "csr_funding", "csr", "csr_goods", form, date(2024, 11, 16))
    assert (refused.value.code, refused.value.field) == ("funds.program_unknown", "programs")
    assert "bansos" in refused.value.remedy.id
