"""What the reference shows beside its signatures is code that works, and an author finds every page of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import typer.main
from starlette.datastructures import FormData

from guyub.configuration.validation import validated
from guyub.sdk import Config, FundTerms
from guyub.ui import forms

from .reference import PAGE

TEXT = PAGE.read_text(encoding="utf-8")


def example(mark: str) -> str:
    (found,) = (
        match for match in re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE) if mark in match
    )
    return str(found)


def run(mark: str, **known: Any) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example", **known}
    exec(compile(example(mark), "reference.md", "exec"), names)  # the page's own text
    return names


def test_every_page_for_authors_is_reached_from_the_first_one():
    seen, found = set(), {"index.md"}
    while found - seen:
        name = (found - seen).pop()
        seen.add(name)
        found |= set(re.findall(r"\]\((\w+\.md)", (PAGE.parent / name).read_text(encoding="utf-8")))
    assert seen == {path.name for path in PAGE.parent.glob("*.md")}


def test_a_check_across_fields_is_reported_in_both_languages_at_its_field():
    model: type[Config] = run("class FareConfig")["FareConfig"]
    entry = forms.read(model, FormData([("fare", "400.000"), ("ceiling", "300.000")]))
    assert entry.problems["fare"].en == "The fare is above its ceiling. Lower the fare, or raise the ceiling."
    assert entry.summary["fare"].id.startswith("Ongkos: Ongkos melebihi batasnya.")
    config, (problem,) = validated(model, {"fare": 400_000})
    assert config is None
    assert problem.location == ("fare",)


def test_the_command_counts_at_a_facility(capsys: pytest.CaptureFixture[str]):
    asked: list[str] = []

    @contextmanager
    def at(facility: str) -> Iterator[Any]:
        asked.append(facility)
        session = SimpleNamespace(scalar=lambda statement: 5 if "household_facts" in str(statement) else 0)
        yield SimpleNamespace(facility=SimpleNamespace(name="Rutan Contoh"), session=session)

    commands = typer.main.get_group(run("commands = typer.Typer()")["commands"])
    commands.main(["count", "rutan-contoh"], "guyub", standalone_mode=False, obj=SimpleNamespace(at=at))
    assert (capsys.readouterr().out, asked) == ("Rutan Contoh: 5\n", ["rutan-contoh"])


def test_a_fund_for_one_programme_is_made_as_shown():
    made = eval(example("bantuan_pulang").strip(), {"FundTerms": FundTerms})  # the page's own text
    assert made.programs == ("bantuan_pulang",)
