"""``guyub serve`` ends when it is asked to, once or several times, with a sentence and nothing else."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

GUYUB = [sys.executable, "-c", "from guyub.cli.main import main; main()"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="guyub-serve-"))
    folder.chmod(0o711)
    yield folder / "rumah"
    shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.mark.parametrize(
    "signals",
    [
        pytest.param([signal.SIGINT], marks=pytest.mark.deep),
        pytest.param([signal.SIGTERM], marks=pytest.mark.deep),
        pytest.param([signal.SIGINT, signal.SIGINT], marks=pytest.mark.deep),
        [signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGINT],
    ],
)
@pytest.mark.deep
def test_it_says_goodbye_however_often_it_is_asked(home: Path, signals: list[signal.Signals]):
    port = free_port()
    with subprocess.Popen(
        [*GUYUB, "serve", "--port", str(port)],
        env=os.environ | {"GUYUB_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as served:
        assert served.stdout is not None
        said = ""
        for line in served.stdout:
            said += line
            if f":{port}/" in line:
                break
        # A reader who keeps the connection open, and a page that is asked for at the end.
        with socket.create_connection(("127.0.0.1", port)) as reader:
            reader.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert b"200" in reader.recv(1000)
            reader.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n\r\n")
            for number in signals:
                served.send_signal(number)
                time.sleep(0.02)
            rest, _ = served.communicate(timeout=60)
        assert served.returncode == 0, said + rest
        assert rest == "Berhenti; semua data tersimpan.\n"
