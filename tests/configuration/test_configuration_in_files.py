"""What the files may not say of a plugin's configuration."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from guyub.provisioning import apply, load, packaged_folder
from guyub.provisioning.diagnostics import FilesRefused
from tests.distributions import Shelf

SOURCE = """
from guyub.sdk import Config, Plugin, Secret, Text, field

class Settings(Config):
    token: Secret | None = field(Text(id="Kunci", en="Key"), help=Text(id="Kunci layanan.", en="Of the service."), default=None)

class Gateway(Plugin):
    slug = "gateway"
    title = Text(id="Gerbang", en="Gateway")
    summary = Text(id="Contoh.", en="Example.")
    config = Settings

plugin = Gateway()
"""


def test_a_secret_in_a_file_is_an_error_that_does_not_repeat_it(shelf: Shelf, tmp_path: Path):
    shelf.add("gateway", SOURCE)
    files = tmp_path / "berkas"
    shutil.copytree(packaged_folder(), files)
    with (files / "jawa-tengah" / "rutan-kudus.toml").open("a") as file:
        file.write('\n[plugins.gateway]\nfrom = 2025-01-01\n[plugins.gateway.config]\ntoken = "sangat-rahasia"\n')
    with pytest.raises(FilesRefused) as refused:
        load(files, shelf.plugins())
    (finding,) = refused.value.findings
    assert "“token” adalah rahasia dan tidak ditulis dalam berkas" in finding.in_("id")
    assert "rutan-kudus.toml" in finding.in_("id")
    assert "sangat-rahasia" not in finding.in_("id")


def facility_table(locked: str, config: str) -> str:
    return f"\n[plugins.bansos]\nfrom = 2025-01-01\nlocked = [{locked}]\n[plugins.bansos.config]\n{config}\n"


def test_a_file_locks_a_value_at_its_facility(database, plugins, protector, tmp_path: Path):
    files = tmp_path / "berkas"
    shutil.copytree(packaged_folder(), files)
    with (files / "jawa-tengah" / "rutan-boyolali.toml").open("a") as file:
        file.write(facility_table('"quota"', "quota = 4"))
    with database.work(database.as_service("berkas")) as work:
        apply(work, plugins, load(files, plugins))
    with database.work(database.as_service("tests", "rutan-boyolali")) as work:
        origin = plugins.resolve(work, "bansos", work.here.id, date(2025, 1, 1)).origins["quota"]
    assert (origin.layer, origin.locked) == ("facility", True)
    assert "Jawa Tengah sejak 1 Januari 2025 (berkas)" in origin.sentence.id


def test_a_lock_without_a_value_is_an_error_of_a_facilitys_file_too(plugins, tmp_path: Path):
    files = tmp_path / "berkas"
    shutil.copytree(packaged_folder(), files)
    with (files / "jawa-tengah" / "rutan-boyolali.toml").open("a") as file:
        file.write(facility_table('"quota"', "cool_down_months = 1"))
    with pytest.raises(FilesRefused) as refused:
        load(files, plugins)
    assert any("“quota” dikunci tanpa nilai" in finding.in_("id") for finding in refused.value.findings)
