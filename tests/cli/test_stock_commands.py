"""``guyub stock`` shows the store, books counts and write-offs, and takes one back."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands, stock_commands
from guyub.demo.month import DemoReceipt
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World

HERE = ["--facility", worlds.PEKALONGAN, "--as", "pengelola"]
DAY = ["--on", "2024-11-14", "--witness", "Budi Contoh"]
GIFT = {
    "donor": "PT Batik Sejahtera (contoh)",
    "donor_identity": "9120000000000",
    "agreement_number": "PKS-15/CSR/2024",
    "agreement_date": "2024-11-01",
    "received_on": "2024-11-08",
    "evidence_number": "BAST-15/2024",
    "lines": [{"code": "beras", "unit": "kg", "quantity": "30", "value": "400000"}],
}


@pytest.fixture
def rice(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """30 kg of rice of November 2024."""
    with worlds.a_world(cluster) as made:
        made.pekalongan.receive([DemoReceipt("csr_funding", "csr", "csr_goods", GIFT)], date(2024, 11, 8))
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def run(*command: str) -> Any:
    return CliRunner().invoke(stock_commands.app, [*command, *HERE])


def test_a_count_is_checked_booked_listed_and_taken_back(rice: World):
    asked = ["take", *DAY, "--counted", "beras=28", "--spoiled", "beras=2000 gram", "--json"]
    checked = json.loads(run(*asked, "--check").output)
    assert (checked["number"], checked["written_off"]) == (None, 26_667)
    assert json.loads(run("list", "--json").output) == []
    assert json.loads(run(*asked).output)["number"] == "1/2024"
    [taken] = json.loads(run("list", "--json").output)
    assert (taken["kind"], taken["written_off"], taken["witness"]) == ("count", 26_667, "Budi Contoh")
    assert [item["book"] for item in json.loads(run("show", "--json").output)] == ["28.000"]
    back = run("reverse", "--number", "1/2024", "--reason", "keliru", "--json")
    assert json.loads(back.output) == {"reversed": "1/2024"}
    assert [item["book"] for item in json.loads(run("show", "--json").output)] == ["30.000"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["take", *DAY, "--counted", "beras=28"], "funds.difference_unexplained"),
        (["writeoff", *DAY, "--lost", "beras=31"], "funds.not_enough_in_store"),
        (["writeoff", *DAY, "--lost", "kurma=1"], "funds.not_in_store"),
        (["reverse", "--number", "7", "--reason", "x"], "funds.no_stock_take"),
    ],
)
def test_what_the_pages_refuse_the_command_refuses(rice: World, command: list[str], code: str):
    refused = run(*command)
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.code == code


def test_what_is_not_written_as_asked_is_wrong_usage(rice: World):
    assert run("writeoff", *DAY, "--lost", "beras").exit_code == 2
