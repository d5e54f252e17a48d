"""``guyub books`` lists the cash books that wait and closes one, month by month."""

import json
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import book_commands, cycle_commands
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World, gift

HERE = ["--facility", worlds.PEKALONGAN, "--as", "pengelola"]


@pytest.fixture
def gifts(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A gift of Rp2.000.000 of November 2024."""
    with worlds.a_world(cluster, "hibah") as made:
        made.pekalongan.receive([gift("UANG", 2_000_000)], date(2024, 11, 6))
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def run(*command: str) -> Any:
    return CliRunner().invoke(book_commands.app, [*command, *HERE])


def closing(month: str, cash: str, bank: str = "0", *more: str) -> Any:
    return run("close", "--fund", "UANG", "--month", month, "--cash", cash, "--bank", bank, *more)


def test_a_book_is_listed_until_it_is_closed(gifts: World):
    [book] = json.loads(run("list", "--json").output)
    assert (book["fund"], book["month"]) == ("UANG", "2024-11")
    closed = json.loads(closing("2024-11", "500.000", "1.500.000", "--json").output)
    assert (closed["month"], closed["balance"], closed["bank"]) == ("2024-11", 2_000_000, 1_500_000)
    [book] = json.loads(run("list", "--json").output)
    assert book["month"] == "2024-12"


def test_months_without_entries_are_closed_to_one(gifts: World):
    refused = closing("2024-11", "2.000.000", "0", "--through", "2024-10")
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.code == "funds.closed_before"
    closed = json.loads(closing("2024-11", "2.000.000", "0", "--through", "2025-03", "--json").output)
    assert (closed["month"], closed["balance"]) == ("2025-03", 2_000_000)
    [book] = json.loads(run("list", "--json").output)
    assert book["month"] == "2025-04"


@pytest.mark.parametrize(
    ("month", "cash", "code"),
    [
        ("2024-12", "2.000.000", "funds.out_of_order"),
        ("2024-11", "1", "funds.count_differs"),
        ("2024-11", "banyak", "form.rupiah"),
        ("2024-11", "", "form.missing"),
        ("2024-13", "1", "form.month"),
    ],
)
def test_what_cannot_be_closed_is_refused_with_a_code(gifts: World, month: str, cash: str, code: str):
    answer = closing(month, cash)
    assert isinstance(answer.exception, Refusal)
    assert answer.exception.code == code


def test_an_explained_difference_is_closed(gifts: World):
    assert closing("2024-11", "1", "0", "--explanation", "sisanya dititipkan").exit_code == 0
