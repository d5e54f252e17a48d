"""A role in the files may name what a plugin lets people do, as long as that plugin is there."""

from dataclasses import replace
from pathlib import Path

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.sdk.text import Text
from tests import plugin_on_the_web as infak
from tests.distributions import shelf_in

HEAD = '"programs.approve",\n    "funds.read"'


def grant(files, permission: str) -> int:
    """Gives it to the head as well; the line on which it stands."""
    return files.change("national", HEAD, f'"programs.approve",\n    "{permission}",\n    "funds.read"') + 1


@pytest.fixture
def with_infak(files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "shelf").mkdir()
    with shelf_in(tmp_path / "shelf", monkeypatch) as shelf:
        infak.install(shelf)
        yield replace(files, plugins=plugin_registry())


def test_a_permission_of_an_installed_plugin_is_accepted(with_infak):
    grant(with_infak, "infak.collect")
    assert "infak.collect" in with_infak.load().roles["head"].permissions


def test_a_misspelt_permission_of_a_plugin_is_reported_with_the_nearest(with_infak):
    line = grant(with_infak, "infak.colect")
    assert with_infak.finding() == (
        f"facilities/national.toml:{line}: “infak.colect” tidak dikenal; mungkin maksud Anda “infak.collect”."
    )
    with_infak.change("national", '"infak.colect"', '"infaq.collect"')
    assert "mungkin maksud Anda “infak.collect”" in with_infak.finding()


def test_a_plugin_that_is_not_installed_is_named_with_how_to_get_it(files):
    line = grant(files, "infak.collect")
    assert files.finding() == (
        f"facilities/national.toml:{line}: “infak.collect”: Plugin “infak” tidak terpasang. Pasang kembali"
        " (pip install guyub-infak), lalu mulai ulang Guyub. Pembukuannya tetap dapat dibaca."
    )


def test_a_plugin_that_does_not_run_is_reported_with_its_reason(with_infak):
    line = grant(with_infak, "infak.collect")
    with_infak.plugins.set_aside("infak", Text(id="Rusak.", en="It is broken."), Text(id="Pasang.", en="Install it."))
    assert with_infak.finding("en") == (f"facilities/national.toml:{line}: “infak.collect”: It is broken. Install it.")
