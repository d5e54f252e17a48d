"""``guyub facilities`` as a regional administrator uses it: files written, planned, applied, told and taken back.

Exit codes: 0 done, 1 refused, 2 wrong usage; with ``--json`` the answer is one document.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from guyub.provisioning import packaged_folder
from tests.command_line import Command, new_home


@pytest.fixture(scope="module")
def guyub() -> Iterator[Command]:
    """An installation with the packaged files."""
    with new_home() as home:
        command = Command(home, "facilities")
        command("apply", packaged_folder())
        yield command


@pytest.fixture
def folder(tmp_path) -> Path:
    shutil.copytree(packaged_folder(), tmp_path / "berkas")
    return tmp_path / "berkas"


def changed(folder: Path, old: str, new: str, rutan: str = "rutan-kudus") -> None:
    path = folder / "jawa-tengah" / f"{rutan}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_schemas_are_written_without_an_installation(tmp_path):
    command = Command(tmp_path / "nowhere", "facilities")
    written = command("schema", tmp_path).splitlines()
    assert sorted(Path(item).name for item in written) == ["facility.json", "national.json", "region.json"]
    assert all(json.loads(Path(item).read_text(encoding="utf-8"))["properties"] for item in written)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.deep
def test_what_is_exported_plans_nothing_and_is_written_once(guyub, tmp_path):
    first = guyub.json("export", tmp_path / "baru")
    assert first["files"] == 61
    assert len(first["written"]) >= 61
    assert guyub.json("plan", tmp_path / "baru")["changes"] == []
    assert guyub.json("export", tmp_path / "baru")["written"] == []
    assert guyub("export", tmp_path / "baru").startswith("0 berkas ditulis dari 64 | 0 files written of 64")


def test_a_change_is_planned_applied_by_its_digest_reported_and_taken_back(guyub, folder):
    changed(folder, "quota = 8", "quota = 9")
    read = guyub.json("plan", folder)
    assert [(item["facility"], item["old"], item["new"]) for item in read["changes"]] == [("rutan-kudus", 8, 9)]
    guyub("apply", folder, "--plan", "0" * 64, code=1)
    assert guyub.json("plan", folder)["digest"] == read["digest"]
    done = guyub.json("apply", folder, "--plan", read["digest"])
    assert (done["digest"], done["changes"]) == (read["digest"], read["changes"])
    assert guyub.json("apply", folder)["changes"] == []

    latest = guyub.json("history")[0]
    assert (latest["id"], latest["digest"], latest["door"]) == (done["id"], read["digest"], "files")
    assert latest["changes"] == read["changes"]
    assert latest["who"]
    assert done["id"] in guyub("history", "--region", "jawa-tengah")
    assert guyub.json("history", "--region", "jawa-timur") == []

    back = guyub.json("revert", done["id"])
    assert [(item["facility"], item["old"], item["new"]) for item in back["changes"]] == [("rutan-kudus", 9, 8)]
    assert guyub.json("plan", folder)["changes"] == []  # read, and nothing done
    assert "tidak berlaku lagi" in guyub("revert", done["id"], "--plan", read["digest"], code=1)
    undone = guyub.json("revert", done["id"], "--plan", back["digest"])
    assert guyub.json("plan", folder)["changes"] == read["changes"]
    assert guyub.json("history")[1]["reverted_by"] == undone["id"]
    assert guyub.json("revert", done["id"], code=1)["findings"][0]["blocking"] is True


def test_what_is_refused_ends_with_one(guyub, folder, tmp_path):
    assert "idak ada" in guyub("revert", "bukan-id", code=1)
    assert "tidak ada" in guyub("plan", tmp_path / "nowhere", code=1)
    changed(folder, "quota = 8", "quota = 0")
    assert [item["line"] for item in guyub.json("apply", folder, code=1)["mistakes"]] != []
    changed(folder, "quota = 0", "quota = 8")


@pytest.mark.parametrize(
    "words", [("plan",), ("apply",), ("export",), ("revert",), ("plan", ".", "--jso"), ("lan", ".")]
)
def test_wrong_usage_ends_with_two(tmp_path, words):
    Command(tmp_path / "nowhere", "facilities")(*words, code=2)


def test_a_refusal_is_json_for_who_asked_for_json(guyub, folder, tmp_path):
    for words in (("plan", tmp_path / "nowhere"), ("apply", tmp_path / "nowhere"), ("revert", "bukan-id")):
        error = guyub.json(*words, code=1)["error"]
        assert error["code"]
        assert error["id"] != error["en"]
    changed(folder, 'place = "Kudus"', 'place = "Kudus"\nclosed = 2099-12-31')
    assert guyub.json("apply", folder, code=1)["error"]["code"] == "configuration.blocked"


def test_history_reads_in_a_plain_terminal(guyub):
    for line in guyub("history").splitlines():
        assert len(line) <= 80
    assert "berkas | files" in guyub("history")


def test_what_is_exported_is_counted_with_the_schemas_and_one_is_no_plural(guyub, folder):
    guyub("export", folder)
    changed(folder, 'city = "Kabupaten Kudus"', 'city = "Kabupaten Demak"')
    assert "1 berkas ditulis dari 64 | 1 file written of 64" in guyub("export", folder)
