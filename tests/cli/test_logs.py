"""Lines of the log say which plugin was running when they were written."""

import logging
from collections.abc import Callable, Iterator

import pytest
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from guyub.cli import logs
from guyub.db.unit_of_work import Database
from guyub.plugins.dispatch import ask
from guyub.sdk import HOOKS


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], logging.Logger]]:
    """As in a process of its own, where nobody has configured the log yet."""
    root = logging.getLogger()
    level = root.level

    def started() -> logging.Logger:
        monkeypatch.setattr(root, "handlers", [])
        logs.to_standard_error()
        return root

    yield started
    root.setLevel(level)


def test_a_line_of_a_plugins_own_carries_its_slug_and_one_of_the_core_none(
    start: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str]
):
    start()

    def implementation(ctx: object) -> list[object]:
        logging.getLogger("guyub_infak").warning("kas belum disetor")
        return []

    hook = "guyub_health"
    ask(hook, HOOKS[hook], [("infak", implementation, None), ("zakat", implementation, None)], None, "rutan-contoh")
    logging.getLogger("guyub.jobs").warning("deliveries are waiting")
    ours, theirs, core = capsys.readouterr().err.splitlines()
    assert "WARNING guyub_infak [infak] kas belum disetor" in ours
    assert "[zakat]" in theirs
    assert "WARNING guyub.jobs [-] deliveries are waiting" in core


def test_a_failure_that_the_host_logs_keeps_the_slug_that_it_names(
    start: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str]
):
    start()

    def broken(ctx: object) -> list[object]:
        raise OSError("x")

    ask("guyub_health", HOOKS["guyub_health"], [("infak", broken, None)], None, "rutan-contoh")
    assert "ERROR guyub.plugins [infak] plugin infak, guyub_health: OSError" in capsys.readouterr().err


def test_a_traceback_says_where_it_happened_without_the_values_it_happened_with(
    start: Callable[[], logging.Logger], capsys: pytest.CaptureFixture[str], database: Database
):
    start()
    nik = "3375019900010001"

    class Person(BaseModel):
        age: int

    def insert() -> None:
        with Session(database.engine) as session:
            session.execute(text("SELECT CAST(:nik AS date)"), {"nik": nik})

    for breaks in (insert, lambda: Person.model_validate({"age": nik + "x"})):
        try:
            try:
                breaks()
            except Exception as error:
                raise RuntimeError("on the way") from error
        except RuntimeError:
            logging.getLogger("guyub.app").exception("unexpected")
    said = capsys.readouterr().err
    assert nik not in said
    assert "breaks()" in said
    assert "in insert" in said
    assert "RuntimeError: on the way" in said
    assert "[SQL: SELECT CAST(" in said
    assert "Person: age int_parsing" in said


def test_an_error_of_the_database_names_no_parameters(database: Database):
    with pytest.raises(DBAPIError) as broken, Session(database.engine) as session:
        session.execute(text("SELECT 1 / CAST(:zero AS integer), :nik"), {"zero": 0, "nik": "3375019900010001"})
    assert "3375019900010001" not in str(broken.value)


@pytest.mark.parametrize(("asked", "level"), [("", logging.WARNING), ("info", logging.INFO), ("loud", logging.WARNING)])
def test_how_much_is_logged_is_set_by_the_environment(
    start: Callable[[], logging.Logger], monkeypatch: pytest.MonkeyPatch, asked: str, level: int
):
    monkeypatch.setenv("GUYUB_LOG", asked)
    root = start()
    logs.to_standard_error()
    assert root.level == level
    assert len(root.handlers) == 1
