import json

import pytest
from typer.testing import CliRunner

from guyub.cli.facilities_commands import app


@pytest.fixture
def guyub(home_folder, monkeypatch):
    monkeypatch.setenv("GUYUB_HOME", str(home_folder / "home"))
    monkeypatch.delenv("GUYUB_DATABASE_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_three_wrong_files_are_listed_and_no_server_is_even_started(files, guyub, home_folder):
    first = files.change("rutan-kudus", 'city_code = "33.19"', 'city_code = "3319"')
    second = files.change("rutan-surakarta", "quota = 10", "quota = 0")
    third = files.change("rutan-demak", 'paper = "F4"', 'paper = "Folio"')
    for command in ("plan", "apply"):
        result = guyub(command, files.root)
        assert result.exit_code == 1
        assert result.stdout == ""
        lines = [line for line in result.stderr.splitlines() if not line.startswith(" ")]
        assert [line.split(": ")[0] for line in lines[:-1]] == [
            f"facilities/jawa-tengah/rutan-demak.toml:{third}",
            f"facilities/jawa-tengah/rutan-kudus.toml:{first}",
            f"facilities/jawa-tengah/rutan-surakarta.toml:{second}",
        ]
        assert lines[-1] == "3 kesalahan; tidak ada yang diterapkan. | 3 findings; nothing was applied."
    assert not (home_folder / "home").exists()


def test_errors_come_as_json_as_well(files, guyub):
    line = files.change("rutan-kudus", 'city_code = "33.19"', 'city_code = "3319"')
    result = guyub("plan", files.root, "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "mistakes": [
            {
                "path": "facilities/jawa-tengah/rutan-kudus.toml",
                "line": line,
                "id": "“city_code”: “3319” tidak diterima; contohnya “33.75”.",
                "en": "“city_code”: “3319” is not accepted; an example is “33.75”.",
            }
        ]
    }


def test_a_plan_is_read_applied_by_its_digest_and_then_empty(files, guyub):
    read = json.loads(guyub("plan", files.root, "--json").stdout)
    assert {"facility", "what", "old", "new", "origin", "valid_from"} <= set(read["changes"][0])
    done = guyub("apply", files.root, "--plan", read["digest"])
    assert done.exit_code == 0
    quota = "  config.bansos.quota: 5, mulai 1 November 2024 | from 1 November 2024\n"
    assert f"{quota}      1 UPT | facility: rutan-pekalongan" in done.stdout
    assert done.stdout.endswith("Sudah diterapkan. | Applied.\n")
    again = guyub("plan", files.root, "--json")
    assert again.exit_code == 0
    assert json.loads(again.stdout)["changes"] == []
    assert guyub("apply", files.root).stdout == "Tidak ada perubahan. | Nothing would change.\n"
