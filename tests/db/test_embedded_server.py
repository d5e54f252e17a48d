"""The embedded server: started when needed, stopped by its last user, never a second cluster beside a broken one."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest

from guyub.db import embedded
from guyub.db.home import Home, UnusableHome, find_home, is_reachable
from guyub.db.installation import installation_at
from guyub.db.installing import make, upgrade
from guyub.db.keys import WrongKey, load_keys
from guyub.sdk.errors import Refusal
from tests.schema_state import is_current


@pytest.fixture
def home(home_folder: Path) -> Home:
    return find_home({"GUYUB_HOME": str(home_folder / "rumah guyub")})


def server_pid(home: Home) -> int:
    return int((home.data / "postmaster.pid").read_text().splitlines()[0])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def start(home: Home):
    home.prepare()
    return embedded.running(home, load_keys(home).admin_password, settings=("fsync=off",))


def ask(server: embedded.Server, statement: str) -> object:
    with psycopg.connect(server.admin_url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchone() if cursor.description else None


def test_the_log_is_its_owner_s_and_a_large_one_is_set_aside(home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "LARGEST_LOG", 100)
    home.path.mkdir(parents=True)
    names = [home.log, *(home.path / f"postgres.log.{number}" for number in range(1, 4))]
    for number, name in enumerate(names):
        name.write_text(f"{number} " * 100)
    home.log.chmod(0o644)
    with start(home):
        pass
    assert home.log.stat().st_mode & 0o777 == 0o600
    assert not home.log.read_text().startswith("0 ")
    assert [name.read_text()[0] for name in names[1:]] == ["0", "1", "2"]


def test_a_home_in_a_folder_with_a_space_starts_empty_keeps_its_data_and_leaves_no_process(home: Home):
    with start(home) as server:
        pid = server_pid(home)
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        assert ask(server, "SHOW server_version_num")[0].startswith("18")  # type: ignore[index]  # one row always comes
    until_gone(pid)
    with start(home) as server:
        assert ask(server, "SELECT one FROM kept") == (1,)


@pytest.mark.deep
def test_two_users_share_one_server_and_the_last_one_stops_it(home: Home):
    with start(home) as first:
        pid = server_pid(home)
        with start(home) as second:
            assert second.port == first.port
        assert is_alive(pid)
        assert ask(first, "SELECT 1") == (1,)
    until_gone(pid)


def test_a_password_is_needed(home: Home):
    with start(home) as server:
        url = server.url("postgres", embedded.ADMIN, "wrong").replace("+psycopg", "")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(url)


@pytest.mark.deep
def test_a_client_that_was_killed_leaves_a_server_that_the_next_one_finds_and_stops(home: Home):
    script = textwrap.dedent(
        f"""
        import sys, time
        from guyub.db import embedded
        from guyub.db.home import find_home
        from guyub.db.keys import load_keys
        home = find_home({{"GUYUB_HOME": {str(home.path)!r}}})
        home.prepare()
        with embedded.running(home, load_keys(home).admin_password):
            print("up", flush=True)
            time.sleep(60)
        """
    )
    client = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert client.stdout is not None
    assert client.stdout.readline() == "up\n"
    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()
    pid = server_pid(home)
    assert is_alive(pid)
    with start(home):
        assert server_pid(home) == pid
    until_gone(pid)


@pytest.mark.deep
def test_a_server_that_was_killed_is_recovered_with_everything_that_was_committed(home: Home):
    with start(home) as server:
        ask(server, "CREATE TABLE kept AS SELECT 1 AS one")
        pid = server_pid(home)
        os.kill(pid, signal.SIGKILL)
        until_gone(pid)
        with start(home) as again:
            assert ask(again, "SELECT one FROM kept") == (1,)


def until_gone(pid: int) -> None:
    for _ in range(200):
        if not is_alive(pid):
            return
        time.sleep(0.05)
    pytest.fail(f"process {pid} stays")


def test_a_start_that_was_cut_short_is_made_anew(home: Home):
    home.prepare()
    (home.path / "postgres.new").mkdir()
    (home.path / "postgres.new" / "half").write_text("made")
    with start(home) as server:
        assert ask(server, "SELECT 1") == (1,)


def test_a_folder_that_is_no_database_is_left_alone_and_named(home: Home):
    home.prepare()
    home.data.mkdir()
    (home.data / "note.txt").write_text("mine")
    with pytest.raises(UnusableHome, match="no complete database"), start(home):
        pass
    assert (home.data / "note.txt").read_text() == "mine"


def test_a_cluster_of_another_version_is_named_with_the_remedy(home: Home):
    with start(home):
        pass
    (home.data / "PG_VERSION").write_text("16\n")
    with pytest.raises(UnusableHome, match=r"made by PostgreSQL 16; .*Restore a backup into a new folder"), start(home):
        pass


def test_an_incomplete_cluster_is_named_and_never_replaced(home: Home):
    with start(home):
        pass
    (home.data / "global" / "pg_control").unlink()
    with pytest.raises(UnusableHome, match="no complete database"), start(home):
        pass
    assert (home.data / "base").is_dir()


def test_a_file_in_the_place_of_the_home_is_reported_in_one_sentence(home_folder: Path):
    (home_folder / "file").write_text("")
    with pytest.raises(UnusableHome, match="cannot be written to") as refused:
        find_home({"GUYUB_HOME": str(home_folder / "file")}).prepare()
    assert "GUYUB_HOME" in refused.value.remedy.id


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as another account")
def test_a_home_of_root_that_the_servers_account_cannot_reach_is_moved_and_named(tmp_path: Path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    found = find_home({"GUYUB_HOME": str(closed / "guyub")})
    assert found.moved_from == closed / "guyub"
    assert found.server_account is not None
    assert is_reachable(found.path, found.server_account)
    assert find_home({"GUYUB_HOME": str(closed / "guyub")}) == found


def test_the_schema_is_made_once_and_its_keys_are_known_again(home: Home, home_folder: Path):
    with start(home) as server:
        keys = load_keys(home)
        installation = installation_at(server.url("guyub", embedded.ADMIN, keys.admin_password), keys)
        assert not is_current(installation)
        for _ in range(2):
            make(installation)
            upgrade(installation)
        assert is_current(installation)
        other = find_home({"GUYUB_HOME": str(home_folder / "other")})
        other.prepare()
        foreign = load_keys(other)
        stolen = installation_at(server.url("guyub", embedded.ADMIN, keys.admin_password), foreign)
        for step in (make, upgrade, is_current):
            with pytest.raises(WrongKey):
                step(stolen)


def test_a_database_url_that_names_no_database_is_refused_with_an_example():
    for url in ("", "sqlite:///x.db", "postgresql://host", "nonsense"):
        with pytest.raises(Refusal, match="postgresql://user:password@host"):
            installation_at(url, None)  # type: ignore[arg-type]  # no key is asked for


def test_a_server_that_does_not_answer_is_reported_with_its_address(home: Home):
    home.prepare()
    installation = installation_at("postgresql://a:b@127.0.0.1:1/guyub", load_keys(home))
    with pytest.raises(Refusal, match=r"127\.0\.0\.1:1 cannot be reached"):
        make(installation)
