"""What is new or changed is loaded in another process first: a plugin that ends it, or hangs, never reaches the server."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.plugins import probe_results
from guyub.plugins.status import QuarantineReason
from guyub.sdk.text import Text
from tests.distributions import GOOD, Shelf

HANGS = "import time\nwhile True: time.sleep(1)\n"
ENDS = "import os\nos._exit(7)\n"

Barred = Callable[..., dict[str, QuarantineReason]]


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def barred(tmp_path_factory: pytest.TempPathFactory, said: list[str]) -> Barred:
    kept = tmp_path_factory.mktemp("home") / "trusted_plugins.json"
    return lambda **options: probe_results.blocked_plugins(kept, lambda text: said.append(text.en), **options)


@pytest.mark.deep
def test_one_that_ends_the_process_and_one_that_hangs_are_quarantined_and_the_rest_runs(shelf: Shelf, barred: Barred):
    shelf.add("ends", ENDS)
    shelf.add("leaves", "import sys; sys.exit(3)")
    shelf.add("good")
    shelf.add("dependent", declares="requires = ('hangs',)")
    barred()  # a slow machine has its time with all that end
    shelf.add("hangs", HANGS)
    plugins = plugin_registry(barred=barred(seconds=3))
    assert plugins.ready().keys() == {"bansos", "canteen_profit", "csr_funding", "good"}
    states = {status.slug: status for status in plugins.statuses()}
    assert (states["ends"].code, states["hangs"].code) == ("host.exit", "host.hang")
    assert "exit code 7" in states["ends"].reason.en
    assert "within 3 seconds" in states["hangs"].reason.en
    assert "guyub plugin disable hangs" in states["hangs"].remedy.en
    # What only raises is caught here as well, and needs no bar.
    assert states["leaves"].code == "host.import"
    assert states["dependent"].code == "host.requires"


def test_what_was_trusted_is_not_looked_at_again_until_a_file_of_it_changes(
    shelf: Shelf, barred: Barred, said: list[str]
):
    shelf.add("specimen", GOOD.format(slug="specimen", declares=""), files={"more.py": ""})
    assert barred() == {}
    assert "specimen" in said[-1]
    assert "bansos" in said[-1]
    assert barred() == {}
    assert len(said) == 1
    (shelf.folder / "guyub_specimen" / "more.py").write_text(ENDS)
    (shelf.folder / "guyub_specimen" / "__init__.py").write_text("from guyub_specimen import more\n")
    assert barred().keys() == {"specimen"}
    assert said[1:] == ["Checking new plugins: specimen …"]
    (shelf.folder / "guyub_specimen" / "__init__.py").write_text(GOOD.format(slug="specimen", declares=""))
    assert barred() == {}
    assert len(said) == 3


@pytest.mark.deep
def test_one_that_hangs_is_waited_for_once_until_a_file_of_it_changes_or_somebody_enables_it(
    shelf: Shelf, tmp_path_factory: pytest.TempPathFactory
):
    kept = tmp_path_factory.mktemp("home") / "trusted_plugins.json"
    shelf.add("ends", ENDS)
    shelf.add("later")
    assert probe_results.blocked_plugins(kept).keys() == {"ends"}
    tried = shelf.folder / "tried"
    tried.touch()
    shelf.add("hangs", f"import pathlib\npathlib.Path({str(tried)!r}).open('a').write('x')\n{HANGS}", files={})
    first = probe_results.blocked_plugins(kept, seconds=3)
    assert tried.read_text() in ("", "x"), "it was waited for twice"
    assert {slug: one.code for slug, one in first.items()} == {"ends": "host.exit", "hangs": "host.hang"}
    said: list[str] = []
    assert probe_results.blocked_plugins(kept, lambda text: said.append(text.en)) == first
    listed = {item.slug: item for item in probe_results.looked_at(kept)}
    assert (listed["hangs"].code, listed["ends"].code, listed["later"].state) == ("host.hang", "host.exit", "ready")
    assert "within 3 seconds" in listed["hangs"].reason.en
    assert not probe_results.is_trusted(kept, "hangs")
    assert said == []
    assert tried.read_text() in ("", "x")
    probe_results.forget(kept, "hangs")
    assert probe_results.blocked_plugins(kept, lambda text: said.append(text.en), seconds=2).keys() == {"ends", "hangs"}
    assert said == ["Checking new plugins: hangs …"]
    (shelf.folder / "guyub_hangs" / "__init__.py").write_text(GOOD.format(slug="hangs", declares=""))
    assert probe_results.blocked_plugins(kept).keys() == {"ends"}


def test_one_that_is_deactivated_is_not_even_tried_until_it_is_trusted(shelf: Shelf, barred: Barred, said: list[str]):
    off = {
        "specimen": QuarantineReason(
            "host.disabled", Text(id="Mati.", en="Off."), Text(id="Nyalakan.", en="Switch it on.")
        )
    }
    mark = shelf.folder / "it-was-run"
    shelf.add("specimen", f"import pathlib; pathlib.Path({str(mark)!r}).touch()")
    found = barred(off=off)
    assert found == off
    assert not mark.exists()
    assert "specimen" not in said[-1]
    assert plugin_registry(barred=found).status("specimen").reason.en == "Off."


@pytest.mark.parametrize("kept", ["", "{not json", "[]", '{"bansos": 5}', '{"bansos": {"mark": "a"}}'])
@pytest.mark.deep
def test_a_file_that_is_not_what_it_was_means_that_all_are_looked_at(
    tmp_path_factory: pytest.TempPathFactory, said: list[str], kept: str
):
    file = tmp_path_factory.mktemp("home") / "trusted_plugins.json"
    file.write_text(kept)
    assert probe_results.blocked_plugins(file, lambda text: said.append(text.en)) == {}
    assert len(said) == 1
    assert probe_results.is_trusted(file, "bansos")
    assert not probe_results.is_trusted(file, "no_such_plugin")


def test_a_home_that_cannot_be_written_to_only_costs_time(said: list[str]):
    nowhere = Path(os.devnull) / "trusted_plugins.json"
    assert probe_results.blocked_plugins(nowhere, lambda text: said.append(text.en)) == {}
    assert len(said) == 1
