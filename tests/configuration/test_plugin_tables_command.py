"""``guyub plugin upgrade|disable|enable|purge|restore`` on a real installation, with a plugin that ends the process at import."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from guyub.db.home import find_home
from guyub.operations.context import connect
from tests.command_line import Command, new_home
from tests.distributions import shelf_in
from tests.plugin_with_tables import ALL, SLUG, Kas
from tests.worlds import PEKALONGAN, activate

FACILITIES = Path(__file__).parents[2] / "facilities"
GUYUB = [sys.executable, "-c", "from guyub.cli.main import main; main()"]


@pytest.fixture
def kas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kas]:
    made = Kas(tmp_path, SLUG)
    made.write(*ALL)
    with shelf_in(made.root, monkeypatch):
        yield made


@pytest.fixture
def guyub() -> Iterator[Command]:
    with new_home() as home:
        yield Command(home)


def in_a_process_of_its_own(guyub: Command, kas: Kas, *arguments: str) -> str:
    """What a command says on both channels, started as its users start it, where the plugin would end this process."""
    environment = os.environ | guyub.environment | {"PYTHONPATH": str(kas.root)}
    done = subprocess.run([*GUYUB, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.deep
def test_tables_are_made_exported_dropped_and_restored_even_when_the_plugin_ends_the_process(
    guyub: Command, kas: Kas, tmp_path: Path
):
    said = guyub("plugin", "upgrade")
    assert "kas_contoh: tabel mutakhir" in said
    assert "If its code has changed too, restart guyub serve and worker." in said
    assert "Semua tabel plugin mutakhir" in guyub("plugin", "upgrade")
    good = (kas.package / "__init__.py").read_text()
    (kas.package / "__init__.py").write_text("import os\nos._exit(7)\n")
    said = in_a_process_of_its_own(guyub, kas, "doctor")
    assert "kas_contoh: It ended the process while it was loaded (exit code 7)." in said
    assert "bansos: ready" in said
    assert "running processes heed it at once" in guyub("plugin", "disable", SLUG, "--reason", "Rusak")
    assert "Disabled by cli" in guyub("doctor", code=1)
    assert "mungkin maksud Anda “kas_contoh”" in guyub("plugin", "disable", "kas_conto", code=1)
    said = guyub("plugin", "purge", SLUG, "--export", str(tmp_path / "ekspor"))
    assert "collection.csv: 0 baris" in said
    assert "is not empty" in guyub("plugin", "purge", SLUG, "--export", str(tmp_path / "ekspor"), code=1)
    (kas.package / "__init__.py").write_text(good)
    for command in (("doctor",), ("plugin", "list")):
        said = guyub(*command, code=1)
        assert "Its tables were exported and dropped by cli" in said
        assert f"guyub plugin restore {SLUG} --from {tmp_path / 'ekspor'}." in said
    assert "0 baris dipulihkan" in guyub("plugin", "restore", SLUG, "--from", str(tmp_path / "ekspor"))
    guyub("doctor")
    guyub("plugin", "purge", SLUG, "--export", str(tmp_path / "lagi"))
    assert f"Its tables will be empty; its data lies in {tmp_path / 'lagi'}." in guyub("plugin", "enable", SLUG)


@pytest.mark.deep
def test_what_is_active_and_not_installed_is_named_with_the_remedy(guyub: Command):
    guyub("facilities", "apply", str(FACILITIES))
    home = find_home({"GUYUB_HOME": guyub.environment["GUYUB_HOME"]})
    with connect(home) as (_, database):
        activate(database, "hilang", PEKALONGAN)
    listed = guyub.json("plugin", "list", code=1)
    (missing,) = (item for item in listed if item["slug"] == "hilang")
    assert (missing["state"], missing["code"]) == ("quarantined", "host.missing")
    assert "pip install guyub-hilang" in missing["remedy"]
    said = guyub("doctor", code=1)
    assert "hilang: Plugin “hilang” tidak terpasang. Pasang kembali (pip install guyub-hilang)" in said
    assert "hilang: Plugin “hilang” is not installed. Install it again (pip install guyub-hilang)" in said
