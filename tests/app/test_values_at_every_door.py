"""A value is read alike on a page, by the command, through the API and in files: however it is written, and refused alike."""

import re
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.app import create_app
from guyub.cli import book_commands, cycle_commands, document_commands, goods_commands
from guyub.funds import catalogue, receipts
from guyub.funds import queries as books
from guyub.funds.catalogue import Keeper
from guyub.provisioning.file_models import FacilityFile
from guyub.sdk.errors import Invalid, Refusal
from tests import worlds
from tests.visits import NewVisitor, text_of, visitors
from tests.worlds import PEKALONGAN, World

NOW = datetime(2024, 12, 3, 3, tzinfo=UTC)
MONTH = f"/f/{PEKALONGAN}/cycles/2024-11"
API = f"/api/v1{MONTH}"
CAMPAIGN = {"title": "Bansos serentak", "kind": "bansos/sembako", "on": "2024-12-24", "quota": "4"}


@pytest.fixture(scope="module")
def world(cluster: Any) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        yield made


@pytest.fixture(scope="module")
def come(world: World, cluster: Any) -> Iterator[NewVisitor]:
    application = create_app(world.database, world.plugins, protector=cluster.keys.protector(), clock=lambda: NOW)
    with visitors(application, world.database) as visitor:
        yield visitor


def sent(come: NewVisitor, path: str, asked: Any, login: str = "kasubsi") -> Any:
    reader = come(login)
    token = re.search(r'name="csrf_token" value="([^"]+)"', reader.opens(f"{MONTH}/documents").text)
    assert token
    return reader.client.post(path, json=asked, headers={"X-CSRF-Token": token[1]})


def commanded(monkeypatch: pytest.MonkeyPatch, world: World, app: Any, *command: str) -> Any:
    for commands in (cycle_commands, goods_commands):
        monkeypatch.setattr(commands, "open_app", lambda: nullcontext(world.pekalongan.opened))
    return CliRunner().invoke(app, [*command, "--facility", PEKALONGAN])


def code_of(answer: Any) -> str:
    """The code of what a command refused; empty where it did not."""
    assert answer.exception is None or isinstance(answer.exception, Refusal), answer.output
    return answer.exception.code if answer.exception else ""


DAYS = ("2024-11-20", "20/11/2024", "20 Nopember 2024", "Rabu, 20 November 2024", "20-Nov-2024", "Wed, 20 Nov 2024")
NO_DAYS = {"Senin, 20 November 2024": "form.weekday", "31/11/2024": "form.date", "1-1-1850": "form.date_outside"}


@pytest.mark.parametrize("typed", DAYS)
def test_a_day_is_read_alike(come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str):
    kasubsi, make = come("kasubsi"), ("make", "--as", "kasubsi", "--cycle", "2024-11", "--kind", "handover_record")
    asked = {"kind": "handover_record", "on": typed}
    kasubsi.follows(kasubsi.fills(f"{MONTH}/documents", asked))
    by_page = kasubsi.client.get(f"{API}/documents").json()
    by_api = sent(come, f"{API}/documents", {"kinds": ["handover_record"], "on": typed}).json()
    by_command = commanded(monkeypatch, world, document_commands.app, *make, "--on", typed)
    assert [one["stated_on"] for one in (*by_page, *by_api)] == ["2024-11-20", "2024-11-20"]
    assert "2024-11-20" in by_command.output


@pytest.mark.parametrize(("typed", "code"), NO_DAYS.items())
def test_what_is_no_day_is_refused_alike(
    come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str, code: str
):
    make = ("make", "--as", "kasubsi", "--cycle", "2024-11", "--kind", "handover_record")
    by_api = sent(come, f"{API}/documents", {"on": typed})
    opened = sent(
        come, f"/api/v1/f/{PEKALONGAN}/programs/bansos/cycles", {"month": "2024-12", "distribution_on": typed}
    )
    by_command = commanded(monkeypatch, world, document_commands.app, *make, "--on", typed)
    by_page = come("kasubsi").fills(f"{MONTH}/documents", {"on": typed})
    assert (by_api.json()["code"], by_api.json()["field"]) == (code, "on")
    assert (opened.json()["code"], opened.json()["field"]) == (code, "distribution_on")
    assert code_of(by_command) == code
    assert by_page.status_code == 422
    assert by_api.json()["title"] in text_of(by_page)


AMOUNTS = (
    "1500000",
    "1500000.00",
    "１.５００.０００",
    "Rp1.500.000",
    "1,500,000",
    "Rp1,5 juta",
    "1.500 ribu",
    "Rp 1.500.000,-",
)


@pytest.mark.parametrize("typed", AMOUNTS)
def test_an_amount_is_read_alike(come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str):
    asked = CAMPAIGN | {"facilities": PEKALONGAN, "ceiling": typed}
    by_page = come("kanwil").fills("/region/jawa-tengah/campaigns/new", asked)
    by_api = come("kanwil").client.get("/api/v1/region/jawa-tengah/campaigns/preview", params=asked)
    assert "ceiling=1500000" in by_page.text
    assert [one["facility"] for one in by_api.json()["carry_out"]] == [PEKALONGAN]
    with world.pekalongan.work_of("pengelola") as work:
        fund = books.balances(work)[0].code
    closes = ("close", "--as", "pengelola", "--fund", fund, "--month", "2024-11", "--bank", "0", "--cash")
    by_command = commanded(monkeypatch, world, book_commands.app, *closes, typed)
    assert code_of(by_command) == "funds.count_differs"
    assert "1.500.000" in by_command.exception.what.id  # it says what was counted


@pytest.mark.parametrize("typed", ["1,5", "seratus", "1.500,50"])
def test_what_is_no_amount_is_refused_alike(
    come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str
):
    asked = CAMPAIGN | {"facilities": PEKALONGAN, "ceiling": typed}
    by_page = come("kanwil").fills("/region/jawa-tengah/campaigns/new", asked)
    by_api = come("kanwil").client.get("/api/v1/region/jawa-tengah/campaigns/preview", params=asked)
    closes = ("close", "--as", "pengelola", "--fund", "x", "--month", "2024-11", "--bank", "0", "--cash", typed)
    by_command = commanded(monkeypatch, world, book_commands.app, *closes)
    assert (by_page.status_code, by_api.status_code) == (422, 422)
    assert (by_api.json()["code"], by_api.json()["field"], code_of(by_command)) == (
        "form.rupiah",
        "ceiling",
        "form.rupiah",
    )
    assert by_api.json()["title"] in text_of(by_page)


QUANTITIES = {"25": 25, "25 kg": 25, "２５": 25, "2,5": 2.5, "2.500": 2500, "2.500 gram": 2.5, "1 kuintal": 100}


@pytest.mark.parametrize(("typed", "held"), QUANTITIES.items())
def test_a_quantity_is_read_alike(
    come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str, held: float
):
    for door in ("page", "api", "command"):
        declared(come, world, monkeypatch, door, typed)
        with world.pekalongan.work_of("pengelola") as work:
            units = {unit.name: float(unit.factor) for unit in catalogue.kept_by(work, Keeper())["beras"].units}
        assert (door, units["karung"]) == (door, held)


@pytest.mark.parametrize(
    ("typed", "code"),
    {
        "-5": "form.quantity",
        "lima": "form.quantity",
        "1e3": "form.quantity",
        "5 ember": "form.quantity",
        "2,12345": "form.quantity_places",
        "9" * 20: "form.quantity_most",
        "0": "funds.factor",
        "": "form.missing",
    }.items(),
)
def test_what_is_no_quantity_is_refused_alike(
    come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str, code: str
):
    by_page, by_api, by_command = (
        declared(come, world, monkeypatch, door, typed) for door in ("page", "api", "command")
    )
    assert (by_api.status_code, by_page.status_code) == (422, 422)
    assert (by_api.json()["code"], code_of(by_command)) == (code, code)
    assert by_api.json()["title"] in text_of(by_page)


def test_a_quantity_that_is_a_number_has_the_bounds_of_a_text(come: NewVisitor):
    address = f"/api/v1/f/{PEKALONGAN}/goods/beras/units"
    for number, code in {-5: "form.quantity", 2.12345: "form.quantity_places", 10**12: "form.quantity_most"}.items():
        answer = sent(come, address, {"unit": "karung", "holds": number}, "pengelola")
        assert (number, answer.status_code, answer.json()["code"]) == (number, 422, code)


def declared(come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, door: str, holds: str) -> Any:
    """What one more unit of rice holds, declared through a door."""
    if door == "page":
        asked = {"code": "beras", "other": "karung", "holds": holds}
        return come("pengelola").fills(f"/f/{PEKALONGAN}/funds/goods", asked)
    if door == "api":
        asked = {"unit": "karung", "holds": holds}
        return sent(come, f"/api/v1/f/{PEKALONGAN}/goods/beras/units", asked, "pengelola")
    command = ("unit", "beras", "karung", "--as", "pengelola", "--holds", holds)
    return commanded(monkeypatch, world, goods_commands.app, *command)


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "day", "kept"),
    [
        ("1.500", "kg", "Rp19.500.000", "8 Nopember 2024", ("1500", 19_500_000)),
        ("1,500", "kg", "19,500,000", "08/11/2024", ("1.5", 19_500_000)),
        (1.5, "kg", 19_500_000, "2024-11-08", ("1.5", 19_500_000)),
        ("80 kg", "", "19500000.00", "2024-11-08", ("80", 19_500_000)),
    ],
)
def test_a_receipt_in_json_is_read_as_its_page(
    world: World, quantity: Any, unit: str, value: Any, day: str, kept: tuple[str, int]
):
    line = {"code": "beras", "unit": unit, "value": value, "quantity": quantity}
    form = {
        "donor": "PT Contoh",
        "agreement_number": "PKS-77/CSR/2024",
        "agreement_date": "1 November 2024",
        "received_on": day,
        "evidence_number": "BAST-77",
        "lines": [line],
    }
    with world.pekalongan.work_of("pengelola") as work:
        plugins = world.plugins
        checked = receipts.check(work, plugins, "csr_funding", "csr", "csr_goods", form, NOW.date())
        [goods] = checked.posting.goods
        assert (goods.quantity, goods.value) == (Decimal(kept[0]), kept[1])
        assert checked.posting.received_on.isoformat() == "2024-11-08"
        wrong = form | {"lines": [line | {"quantity": "lima"}]}
        with pytest.raises(Invalid) as refused:
            receipts.check(work, plugins, "csr_funding", "csr", "csr_goods", wrong, NOW.date())
    assert refused.value.field == "lines.0.quantity"


@pytest.mark.parametrize("typed", ["2024-10", "Oktober 2024", "10/2024", "October 2024"])
def test_a_month_is_read_alike(come: NewVisitor, world: World, monkeypatch: pytest.MonkeyPatch, typed: str):
    """Closed by the page and the command, and opened by the API: each says of October what it says of no other month."""
    by_api = sent(come, f"/api/v1/f/{PEKALONGAN}/programs/bansos/cycles", {"month": typed}).json()["code"]
    by_page = come("kasubsi").fills(f"/f/{PEKALONGAN}/programs/bansos/open", {"month": typed})
    opens = ("open", "--as", "kasubsi", "--period", typed)
    by_command = commanded(monkeypatch, world, cycle_commands.app, *opens)
    assert code_of(by_command) == by_api
    assert not by_api.startswith("form.")
    assert by_page.status_code in (409, 422)


@pytest.mark.parametrize("typed", ["IIA", "Klas II A", "kelas 2 a", "II – A"])
def test_a_class_is_read_in_a_file_however_it_is_written(typed: str):
    fields = {
        "name": "Rutan Contoh",
        "long_name": "Rumah Tahanan Negara Contoh",
        "type": "rutan",
        "class": typed,
        "city": "Kota Contoh",
        "city_code": "33.75",
        "place": "Contoh",
        "zone": "Asia/Jakarta",
    }
    assert FacilityFile.model_validate(fields).class_ == "IIA"
