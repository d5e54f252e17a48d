"""What the files may not say of a plugin's configuration."""

import shutil
from pathlib import Path

import pytest

from guyub.provisioning import load, packaged_folder
from guyub.provisioning.mistakes import FilesRefused
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


def test_a_secret_in_a_file_is_a_mistake_that_does_not_repeat_it(shelf: Shelf, tmp_path: Path):
    shelf.add("gateway", SOURCE)
    files = tmp_path / "berkas"
    shutil.copytree(packaged_folder(), files)
    with (files / "jawa-tengah" / "rutan-kudus.toml").open("a") as file:
        file.write('\n[plugins.gateway]\nfrom = 2025-01-01\n[plugins.gateway.config]\ntoken = "sangat-rahasia"\n')
    with pytest.raises(FilesRefused) as refused:
        load(files, shelf.host())
    (mistake,) = refused.value.mistakes
    assert "“token” adalah rahasia dan tidak ditulis dalam berkas" in mistake.in_("id")
    assert "rutan-kudus.toml" in mistake.in_("id")
    assert "sangat-rahasia" not in mistake.in_("id")
