"""``guyub worker`` and what ``guyub doctor`` says of deliveries, on a home of their own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


@pytest.mark.deep
def test_the_worker_delivers_what_is_due_and_ends_at_ctrl_c(home_folder: Path):
    environment = {**os.environ, "GUYUB_HOME": str(home_folder / "home")}
    environment.pop("GUYUB_DATABASE_URL", None)
    command = [sys.executable, "-c", "from guyub.cli.main import main; main()"]
    once = subprocess.run([*command, "worker", "--once"], env=environment, capture_output=True, text=True, timeout=120)
    assert once.returncode == 0, once.stderr
    assert "0 terkirim | delivered" in once.stdout
    doctor = subprocess.run(
        [*command, "doctor", "--json"], env=environment, capture_output=True, text=True, timeout=120
    )
    checks = {item["check"]: item for item in json.loads(doctor.stdout)["checks"]}
    assert checks["events"] == {"check": "events", "ok": True, "detail": "nothing parked"}
    with subprocess.Popen([*command, "worker"], env=environment, stdout=subprocess.PIPE, text=True) as lasting:
        assert lasting.stdout is not None
        assert any("Ctrl-C" in line for line in iter(lasting.stdout.readline, ""))
        time.sleep(0.5)  # in the middle of its work
        lasting.send_signal(signal.SIGINT)
        assert lasting.wait(60) == 0
