"""Two processes that make or upgrade one installation take turns: the second waits, says so, and changes nothing."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest

from guyub.db import embedded, upgrade_turn
from guyub.db.connecting import conninfo
from guyub.db.home import find_home
from guyub.db.installation import installation_at
from guyub.db.keys import load_keys
from guyub.db.upgrade_turn import only_one
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from tests.schema_state import is_current

UPGRADE = [sys.executable, "-c", "from guyub.cli.main import main; main()", "db", "upgrade"]


@pytest.mark.deep
def test_two_commands_make_one_installation_and_both_succeed(home_folder: Path):
    place = {"GUYUB_HOME": str(home_folder / "home")}
    environment = {name: value for name, value in os.environ.items() if name != "GUYUB_DATABASE_URL"} | place
    home = find_home(place)
    home.prepare()
    keys = load_keys(home)
    with embedded.running(home, keys.admin_password, settings=("fsync=off",)) as server:
        installation = installation_at(server.url("guyub", embedded.ADMIN, keys.admin_password), keys)
        commands = [
            subprocess.Popen(UPGRADE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        outcomes = [(command.communicate(timeout=300), command.returncode) for command in commands]
        assert [code for _, code in outcomes] == [0, 0], outcomes
        assert is_current(installation)


def test_the_second_one_says_that_it_waits_and_goes_on_when_the_first_has_ended(installation):
    sentences: list[Text] = []
    waits, entered = threading.Event(), threading.Event()

    def second() -> None:
        def say(sentence: Text) -> None:
            sentences.append(sentence)
            waits.set()

        with only_one(installation, say):
            entered.set()

    with only_one(installation, sentences.append):
        other = threading.Thread(target=second)
        other.start()
        assert waits.wait(60)
        assert not entered.is_set()
    other.join(60)
    assert entered.is_set()
    assert [sentence.id for sentence in sentences] == ["Proses lain sedang menyiapkan skema; menunggu sampai selesai …"]


def test_one_that_does_not_end_is_named_and_one_that_was_killed_holds_nobody_up(installation):
    with only_one(installation):
        with pytest.raises(Refusal) as refused, only_one(installation, longest=0.2):
            pass
        assert refused.value.code == "db.upgrade_running"
        with psycopg.connect(conninfo(installation.admin_url), autocommit=True) as connection:
            connection.execute(
                # Of this installation alone: another worker's upgrades hold locks in the same database.
                "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
                "WHERE l.locktype = 'advisory' AND l.granted AND d.datname = 'postgres' "
                f"AND (l.classid::bigint << 32 | l.objid::bigint) = {upgrade_turn.KEY}".encode(),
                [installation.roles],
            )
        with only_one(installation, longest=20):
            pass
