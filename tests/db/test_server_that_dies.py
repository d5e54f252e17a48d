"""The embedded server is killed under a running application: it comes back by itself, and nothing that was confirmed is lost."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from guyub.app import create_app
from guyub.db import embedded, keeper
from guyub.db.errors import Unavailable
from guyub.db.home import Home, UnusableHome, find_home
from guyub.db.keeper import Keeper
from guyub.db.keys import load_keys
from guyub.operations.context import AppContext, open_app
from tests.visits import TestClient

PATIENCE = 60


@pytest.fixture(scope="module")
def here() -> Iterator[AppContext]:
    folder = Path(tempfile.mkdtemp(prefix="guyub-home-"))
    folder.chmod(0o711)
    with open_app(find_home({"GUYUB_HOME": str(folder / "rumah")}), settings=("fsync=off",)) as here:
        url = here.installation.admin_url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as admin:
            admin.execute("CREATE SCHEMA contoh")
            admin.execute("GRANT USAGE ON SCHEMA contoh TO guyub_app")
            admin.execute("CREATE TABLE contoh.kept (number int PRIMARY KEY)")
            admin.execute("GRANT SELECT, INSERT ON contoh.kept TO guyub_app")
        yield here
    shutil.rmtree(folder, ignore_errors=True)


def pid_of(home: Home) -> int:
    return int((home.data / "postmaster.pid").read_text().splitlines()[0])


def kill(home: Home) -> int:
    pid = pid_of(home)
    os.kill(pid, signal.SIGKILL)
    return pid


def is_up(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def eventually(ask: Any) -> Any:
    """What ``ask`` answers once it does; meanwhile it refuses in words and nothing else."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except Unavailable:
            assert time.monotonic() < until, "it does not come back"
            time.sleep(0.1)


def count(here: AppContext) -> int:
    with here.database.work(here.database.as_service("tests")) as work:
        return int(work.run("SELECT count(*) FROM contoh.kept").scalar_one())


def test_pages_answer_again_and_every_confirmed_write_is_there(here: AppContext):
    confirmed: list[int] = []
    stop = threading.Event()

    def write() -> None:
        for number in range(1_000_000):
            if stop.is_set():
                return
            with suppress(Unavailable), here.database.work(here.database.as_service("tests")) as work:
                work.run("INSERT INTO contoh.kept VALUES (:number)", number=number)
                work.session.commit()
                confirmed.append(number)

    def wait_for(more: int) -> None:
        reached, until = len(confirmed) + more, time.monotonic() + PATIENCE
        while len(confirmed) < reached:
            assert time.monotonic() < until, "nothing is written any more"
            time.sleep(0.01)

    writer = threading.Thread(target=write)
    app = create_app(here.database, here.plugins, protector=here.protector)
    with TestClient(app, follow_redirects=False) as client:
        client.cookies.set("guyub_session", "x" * 40)
        assert client.get("/").status_code == 303
        writer.start()
        try:
            for _ in range(2):
                wait_for(20)
                before = kill(here.home)
                statuses = {client.get(path).status_code for path in ("/", "/readyz") for _ in range(3)}
                assert statuses <= {200, 303, 503}
                wait_for(20)
                assert client.get("/").status_code == 303
                assert client.get("/readyz").status_code == 200
                assert pid_of(here.home) != before
        finally:
            stop.set()
            writer.join()
    with here.database.work(here.database.as_service("tests")) as work:
        there = set(work.run("SELECT number FROM contoh.kept").scalars())
    assert set(confirmed) <= there


def test_while_it_is_gone_a_page_says_so_at_once(here: AppContext, monkeypatch: pytest.MonkeyPatch):
    held = threading.Event()
    real = embedded.again

    def slowly(*arguments: Any) -> embedded.Server:
        held.wait(PATIENCE)
        return real(*arguments)

    monkeypatch.setattr(embedded, "again", slowly)
    monkeypatch.setattr(keeper, "SECONDS_BETWEEN_ATTEMPTS", 0)
    app = create_app(here.database, here.plugins, protector=here.protector)
    with TestClient(app, follow_redirects=False) as client:
        client.cookies.set("guyub_session", "x" * 40)
        kill(here.home)
        until = time.monotonic() + PATIENCE
        while (answer := client.get("/")).status_code != 503:
            assert time.monotonic() < until
        assert int(answer.headers["retry-after"]) > 0
        assert "Basis data tidak menjawab." in answer.text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
        held.set()
        eventually(lambda: count(here))
        assert client.get("/").status_code == 303


@pytest.mark.deep
def test_where_its_port_was_taken_meanwhile_the_connections_go_to_the_new_one(here: AppContext):
    eventually(lambda: count(here))
    ours = here.installation.keeper
    assert ours is not None
    before = ours.port
    kill(here.home)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        until = time.monotonic() + PATIENCE
        while True:
            try:
                other.bind(("127.0.0.1", before))
                other.listen()
                break
            except OSError:
                assert time.monotonic() < until
                if ours.port == before and is_up(before):  # the server came back before the other took its port
                    kill(here.home)
                time.sleep(0.01)
        eventually(lambda: count(here))
        assert ours.port != before


@pytest.mark.deep
def test_two_processes_start_one_server(here: AppContext):
    script = (
        "import sys; from guyub.operations.context import open_app; from guyub.db.home import find_home\n"
        "from guyub.db.errors import Unavailable\n"
        "import time\n"
        f"with open_app(find_home({{'GUYUB_HOME': {str(here.home.path)!r}}})) as here:\n"
        "    print('up', flush=True); sys.stdin.readline()\n"
        "    while True:\n"
        "        try:\n"
        "            with here.database.work(here.database.as_service('other')) as work:\n"
        "                print(work.run('SELECT count(*) FROM contoh.kept').scalar_one(), flush=True)\n"
        "            break\n"
        "        except Unavailable: time.sleep(0.05)\n"
        "    sys.stdin.readline()\n"
    )
    eventually(lambda: count(here))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        up = other.stdout.readline()
        assert up == "up\n", up or other.communicate()[1]
        kill(here.home)
        other.stdin.write("go\n")
        other.stdin.flush()
        mine = eventually(lambda: count(here))
        assert int(other.stdout.readline()) == mine
        other.stdin.close()
        other.wait(PATIENCE)
    # The other one was not the last user.
    assert count(here) == mine


def test_a_keeper_that_has_closed_starts_nothing(home_folder: Path):
    home = find_home({"GUYUB_HOME": str(home_folder / "rumah")})
    home.prepare()
    closed = Keeper(home, load_keys(home).admin_password, 1)
    closed.close()
    closed.wake()
    assert not home.data.exists()


def test_a_data_folder_that_was_taken_away_is_not_made_anew_under_those_who_work(home_folder: Path):
    home = find_home({"GUYUB_HOME": str(home_folder / "rumah")})
    home.prepare()
    with pytest.raises(UnusableHome):
        embedded.again(home, load_keys(home).admin_password, 1)
    assert not home.data.exists()


@pytest.mark.deep
def test_a_start_right_after_a_kill_waits_for_the_processes_that_still_work(home_folder: Path):
    home = find_home({"GUYUB_HOME": str(home_folder / "rumah")})
    home.prepare()
    password = load_keys(home).admin_password
    with embedded.running(home, password, settings=("fsync=off",)) as server:
        url = server.admin_url.replace("+psycopg", "")
        busy = psycopg.connect(url, autocommit=True)
        # A statement that looks for no signal for two seconds: its process outlives the server.
        long_statement = threading.Thread(
            target=lambda: _ask(busy, "SELECT count(*) FROM generate_series(1, 20000000)")
        )
        long_statement.start()
        time.sleep(0.3)
        kill(home)
        with (
            embedded.running(home, password, settings=("fsync=off",)) as again,
            psycopg.connect(again.admin_url.replace("+psycopg", "")) as connection,
        ):
            assert connection.execute("SELECT 1").fetchone() == (1,)
        long_statement.join()
        busy.close()


def _ask(connection: psycopg.Connection, statement: str) -> None:
    with suppress(psycopg.Error):
        connection.execute(statement.encode())
