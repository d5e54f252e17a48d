"""The demonstration as it is served: kept over restarts and kills, one at a time, and every mishap one sentence."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

GUYUB = [sys.executable, "-c", "from guyub.cli.main import main; main()"]
READY = "Ctrl-C"


class Demo:
    """A running ``guyub demo``."""

    def __init__(self, home: Path, port: int) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [*GUYUB, "demo", "--port", str(port)],
            env=os.environ | {"GUYUB_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_until_ready(self) -> "Demo":
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if READY in line:
                return self
        pytest.fail(f"the demonstration did not start:\n{self.said}")

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode

    @contextmanager
    def sign_in(self, login: str) -> Iterator[httpx2.Client]:
        password = re.search(rf"{re.escape(login)}\s+(\S+)", self.said)
        assert password, self.said
        with httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", follow_redirects=True) as client:
            token = token_of(client.get("/sign-in").text)
            values = {"login": login, "password": password[1], "next": "/", "csrf_token": token}
            answer = client.post("/sign-in", data=values)
            assert answer.status_code == 200, answer.text
            yield client


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Made once: the demonstration with its region and first months."""
    folder = Path(tempfile.mkdtemp(prefix="guyub-demo-test-"))
    folder.chmod(0o711)
    yield folder / "rumah peragaan"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def demo(home: Path, port: int) -> Iterator[Demo]:
    running = Demo(home, port).wait_until_ready()
    yield running
    if running.process.poll() is None:
        running.end()


def refused(home: Path, port: int) -> str:
    """What a demonstration that cannot start says."""
    done = subprocess.run(
        [*GUYUB, "demo", "--port", str(port)],
        env=os.environ | {"GUYUB_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_prints_the_address_and_one_sign_in_for_each_role_and_each_works(demo: Demo):
    assert f"http://127.0.0.1:{demo.port}/" in demo.said
    for login, sees in (
        ("kasubsi.pekalongan", "Pekalongan"),
        ("karutan.pekalongan", "Pekalongan"),
        ("pengelolaan.pekalongan", "Pekalongan"),
        ("kanwil.jateng", "Jawa Tengah"),
    ):
        with demo.sign_in(login) as client:
            assert sees in client.get("/").text


@pytest.mark.deep
def test_the_books_of_the_past_month_are_closed_at_pekalongan_and_wait_at_kebumen(demo: Demo):
    with demo.sign_in("karutan.pekalongan") as client:
        assert "menunggu ditutup" not in client.get("/f/rutan-pekalongan/").text
    with demo.sign_in("kanwil.jateng") as client:
        assert "1 buku kas menunggu ditutup" in client.get("/region/jawa-tengah/").text


@pytest.mark.deep
def test_ctrl_c_says_goodbye_and_leaves_no_server(demo: Demo, home: Path):
    server = int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    assert demo.end(signal.SIGINT) == 0
    assert "tetap tersimpan" in demo.said
    assert not (home / "postgres" / "postmaster.pid").exists()
    assert not Path(f"/proc/{server}").exists() or "Z" in Path(f"/proc/{server}/stat").read_text().split(")")[1]


@pytest.mark.deep
def test_what_was_entered_is_there_after_a_kill(demo: Demo, home: Path, port: int):
    with demo.sign_in("kasubsi.pekalongan") as client:
        page = client.get("/f/rutan-pekalongan/cycles/2024-12/")
        assert page.status_code == 200
    demo.end(signal.SIGKILL)
    again = Demo(home, port).wait_until_ready()
    try:
        assert "Memuat wilayah" not in again.said
        with again.sign_in("kasubsi.pekalongan") as client:
            assert client.get("/f/rutan-pekalongan/cycles/2024-12/").status_code == 200
    finally:
        again.end()


@pytest.mark.deep
def test_a_second_demonstration_in_the_same_home_is_sent_to_the_first(demo: Demo, home: Path):
    said = refused(home, demo.port + 1)
    assert f"http://127.0.0.1:{demo.port}/" in said
    assert "sedang berjalan" in said


@pytest.mark.deep
def test_an_occupied_port_is_named_with_another_one(home: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        said = refused(home, taken)
    assert f"Port {taken}" in said
    assert "--port" in said


@pytest.mark.deep
def test_a_demonstration_that_was_cut_short_while_it_was_made_begins_anew(home_folder: Path, port: int):
    home = home_folder / "terputus"
    first = Demo(home, port)
    assert first.process.stdout is not None
    for line in first.process.stdout:
        if "Mendata" in line:
            break
    first.process.kill()
    first.process.communicate()
    again = Demo(home, port).wait_until_ready()
    try:
        assert "Memuat wilayah" in again.said
        with again.sign_in("karutan.pekalongan") as client:
            assert "Pekalongan" in client.get("/").text
    finally:
        again.end()


@pytest.mark.deep
def test_it_never_mixes_with_a_real_installation(home_folder: Path, port: int):
    home = home_folder / "sungguhan"
    environment = os.environ | {"GUYUB_HOME": str(home)}
    made = subprocess.run([*GUYUB, "db", "upgrade"], env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert "bukan peragaan" in refused(home, port)
    status = subprocess.run(
        [*GUYUB, "db", "status", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    assert json.loads(status.stdout)["current"] is True
