"""``guyub events``: what did not reach a plugin, and another set of attempts, as an administrator types them."""

import json
import re
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest

from guyub.db.home import find_home
from guyub.db.unit_of_work import Database
from guyub.jobs import outbox
from guyub.jobs.delivery import MOST_ATTEMPTS
from guyub.operations.context import reach_database
from tests import damaged_rows

from .conftest import Command

DAY = date(2024, 11, 16)
ERROR = "ValueError (E-0A1B2C)"


@pytest.fixture(scope="module")
def database(guyub: Command) -> Iterator[Database]:
    with reach_database(find_home(guyub.environment)) as reached:
        opened = reached.installation.database()
        yield opened
        opened.close()


@pytest.fixture
def parked(database: Database) -> list[str]:
    """Returns the ids of three events: two parked ones of Pekalongan, and one of Kebumen that still waits."""
    with database.work(database.as_service("tests")) as work:
        damaged_rows.everything_delivered(work)
        outbox.note_listeners(work, {"bansos"}, set())
    for facility in ("rutan-pekalongan", "rutan-pekalongan", "rutan-kebumen"):
        with database.work(database.as_service("tests", facility)) as work:
            outbox.emit(work, "cycle.closed", "bansos/2024-11", DAY)
    with database.work(database.as_service("tests")) as work:
        damaged_rows.parked(work, "rutan-pekalongan", ERROR)
        return [str(delivery.event_id) for delivery in outbox.deliveries(work, ("parked", "waiting"))]


def listed(guyub: Command, *options: str) -> list[dict]:
    return json.loads(guyub("events", "list", "--json", *options))


def retried(database: Database) -> list[tuple[str, str, list[str]]]:
    with database.work(database.as_service("tests")) as work:
        rows = work.run(
            """SELECT f.code, a.subject, a.details -> 'events' AS events
               FROM guyub.audit_entry a JOIN guyub.facility f ON f.id = a.chain
               WHERE a.action = 'events.retry' ORDER BY a.at, a.seq"""
        )
        return [(row.code, row.subject, row.events) for row in rows]


def test_the_list_shows_what_waits_and_what_is_parked_with_its_error(guyub: Command, parked: list[str]):
    first, second, waiting = listed(guyub)
    assert [row["id"] for row in (first, second, waiting)] == parked
    assert (first["event"], first["subject"], first["on"]) == ("cycle.closed", "bansos/2024-11", "2024-11-16")
    assert (first["plugin"], first["facility"], first["state"]) == ("bansos", "rutan-pekalongan", "parked")
    assert (first["parked"], first["attempts"], first["error_code"]) == (True, MOST_ATTEMPTS, "E-0A1B2C")
    assert first["last_error"] == ERROR
    assert first["since"]
    assert (waiting["state"], waiting["parked"], waiting["error_code"]) == ("waiting", False, None)


def test_the_list_is_narrowed_to_what_is_parked_and_to_a_facility(guyub: Command, parked: list[str]):
    assert [row["id"] for row in listed(guyub, "--parked")] == parked[:2]
    assert [row["id"] for row in listed(guyub, "--facility", "rutan-kebumen")] == parked[2:]
    assert listed(guyub, "--parked", "--facility", "rutan-kebumen") == []
    assert set(parked) <= {row["id"] for row in listed(guyub, "--all")}
    assert "rutan-nowhere" in guyub("events", "list", "--facility", "rutan-nowhere", code=1)
    guyub("events", "list", "--parked", "--all", code=2)
    table = guyub("events", "list")
    assert all(event in table for event in parked)


def test_what_is_parked_is_tried_again_by_its_id_and_the_audit_log_keeps_it(
    guyub: Command, database: Database, parked: list[str]
):
    before = retried(database)
    answer = json.loads(guyub("events", "retry", parked[0], "--json"))
    assert answer == {"retried": 1, "events": [parked[0]]}
    assert [row["state"] for row in listed(guyub)] == ["waiting", "parked", "waiting"]
    assert listed(guyub)[0]["attempts"] == 0
    assert retried(database)[len(before) :] == [("rutan-pekalongan", "bansos", [parked[0]])]


@pytest.mark.parametrize("options", [("--plugin", "bansos"), ("--all",)])
def test_what_is_parked_is_tried_again_by_plugin_or_altogether(guyub: Command, parked: list[str], options: tuple):
    assert json.loads(guyub("events", "retry", *options, "--json"))["retried"] == 2
    assert [row["state"] for row in listed(guyub)] == ["waiting"] * 3


def test_what_is_not_parked_is_refused_and_nothing_changes(guyub: Command, database: Database, parked: list[str]):
    before, stranger = retried(database), str(uuid4())
    assert stranger in guyub("events", "retry", parked[0], stranger, code=1)
    assert parked[2] in guyub("events", "retry", parked[2], code=1)
    assert "csr_funding" in guyub("events", "retry", "--plugin", "csr_funding", code=1)
    assert [row["id"] for row in listed(guyub, "--parked")] == parked[:2]
    guyub("events", "retry", "--all")
    assert "events list" in guyub("events", "retry", "--all", code=1)
    assert len(retried(database)) == len(before) + 1


@pytest.mark.parametrize("options", [(), ("--all", "--plugin", "bansos"), ("nonsense",), (str(uuid4()), "--all")])
def test_a_retry_names_ids_a_plugin_or_all_and_only_one_of_them(guyub: Command, options: tuple[str, ...]):
    guyub("events", "retry", *options, code=2)


def test_the_command_that_doctor_names_is_the_one_that_delivers_again(guyub: Command, parked: list[str]):
    checks = json.loads(guyub("doctor", "--json", code=1))["checks"] if parked else []
    (finding,) = [check for check in checks if check["check"] == "events"]
    commands = {
        match[1]
        for text in (finding["detail"], finding["detail_id"])
        for match in re.finditer(r"guyub ([\w -]+)", text)
    }
    (command,) = {tuple(command.split()) for command in commands}
    assert command[:2] == ("events", "retry")
    guyub(*command)
    assert json.loads(guyub("doctor", "--json"))["ok"] is True
