"""``guyub documents`` lists, makes and saves the documents of a month."""

import json
import zipfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from guyub.cli import cycle_commands, document_commands
from guyub.sdk.errors import Refusal
from tests import worlds
from tests.worlds import World

HERE = ["--facility", worlds.PEKALONGAN, "--as", "kasubsi", "--cycle", "2024-11"]


@pytest.fixture
def closed(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with worlds.a_world(cluster, until="closed") as made:
        monkeypatch.setattr(cycle_commands, "open_app", lambda: nullcontext(made.pekalongan.opened))
        yield made


def run(*command: str) -> Any:
    return CliRunner().invoke(document_commands.app, [*command, *HERE])


def test_documents_are_made_listed_and_saved(closed: World, tmp_path: Path):
    assert json.loads(run("list", "--json").output) == []
    made = run("make", "--kind", "decree", "--kind", "handover_record")
    assert made.exit_code == 0, made.exception
    listed = json.loads(run("list", "--json").output)
    assert [(one["kind"], one["stated_on"], one["outdated"]) for one in listed] == [
        ("decree", "2024-11-12", False),
        ("handover_record", "2024-11-16", False),
    ]
    saved = run("zip", "--out", str(tmp_path / "november.zip"))
    assert saved.exit_code == 0, saved.exception
    with zipfile.ZipFile(tmp_path / "november.zip") as archive:
        assert len(archive.namelist()) == 3


def test_a_number_that_the_office_gave_is_recorded_on_its_letter(closed: World):
    told = run("number", "--kind", "decree", "--number", "57")
    assert told.exit_code == 0, told.exception
    [letter] = json.loads(run("list", "--json").output)
    assert letter["kind"] == "decree"
    assert "57" in letter["number"]
    assert letter["number"] in told.output
    refused = run("number", "--kind", "recap", "--number", "57")
    assert isinstance(refused.exception, Refusal), refused.output
    assert refused.exception.code == "documents.no_letter"


@pytest.mark.parametrize(
    ("on", "code"),
    [("1999-01-01", "documents.day_early"), ("2099-01-01", "documents.day_late"), ("besok", "form.date")],
)
def test_a_day_that_cannot_be_is_refused_with_a_code(closed: World, on: str, code: str):
    answer = run("make", "--kind", "decree", "--on", on)
    assert isinstance(answer.exception, Refusal), answer.output
    assert answer.exception.code == code
