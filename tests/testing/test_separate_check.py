"""`guyub plugin check` has an answer, whatever the plugin does: it hangs, ends its process, or reaches for the world outside.

The time limit of those that never answer is short; nothing else depends on how long anything takes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guyub.cli.plugin_commands import app
from guyub.testing.conformance import CheckResult
from guyub.testing.separate_check import check_separately
from tests.tutorial import build

SOURCE = "guyub_infak/source.py"
PACKAGE = "guyub_uang_sekolah/program.py"
LINES = "        return [MoneyLine(self.title, ctx.config.amount)]"
ATTENTION = "        if ctx.on.day < ctx.config.reminder_day:"


@pytest.fixture
def plugins(tmp_path: Path) -> dict[str, Path]:
    return build(tmp_path)


@pytest.fixture
def infak(plugins: dict[str, Path]) -> Path:
    return plugins["infak"]


@pytest.fixture
def uang_sekolah(plugins: dict[str, Path]) -> Path:
    return plugins["uang_sekolah"]


def put(file: Path, before: str, statement: str) -> int:
    """The number of the line on which the statement stands from then on."""
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, f"{statement}\n{before}", 1))
    return file.read_text().partition(statement)[0].count("\n") + 1 + statement.count("\n")


def command(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def found_at(result: CheckResult, rule: str) -> list[tuple[str, int]]:
    return [(item.place.path.name, item.place.line) for item in result.findings if item.rule == rule]


@pytest.mark.parametrize(
    ("statement", "seconds", "said"),
    [
        pytest.param(
            "while True:\n    pass", 5, "does not answer within 5 seconds", id="endless", marks=pytest.mark.deep
        ),
        pytest.param(
            "import re; re.match(r'(a+)+$', 'a' * 60 + 'b')",
            5,
            "does not answer within 5 seconds",
            id="endless in C",
            marks=pytest.mark.deep,
        ),
        pytest.param("import os; os._exit(0)", 60, "ends the process (exit code 0)", id="_exit"),
        pytest.param(
            "from os import _exit; _exit(7)",
            60,
            "ends the process (exit code 7)",
            id="_exit by name",
            marks=pytest.mark.deep,
        ),
        pytest.param(
            "import ctypes; ctypes.string_at(0)",
            60,
            "ends the process (signal SIGSEGV)",
            id="crash",
            marks=pytest.mark.deep,
        ),
        pytest.param(
            "raise KeyboardInterrupt",
            60,
            "ends the process (KeyboardInterrupt)",
            id="interrupt",
            marks=pytest.mark.deep,
        ),
    ],
)
def test_a_plugin_that_hangs_or_ends_the_process_while_it_is_imported_is_found_at_its_line(
    infak: Path, statement: str, seconds: float, said: str
):
    line = put(infak / SOURCE, "class InfakSource", statement)
    result = check_separately(infak, seconds)
    (found,) = result.findings
    assert found.rule == "PKG008"
    assert said in found.sentence
    assert found.place.path.name == "source.py"
    assert line - statement.count("\n") <= found.place.line <= line


@pytest.mark.parametrize(
    ("statement", "seconds", "said"),
    [
        pytest.param(
            "        import time; time.sleep(3600)",
            8,
            "does not answer within 8 seconds",
            id="endless",
            marks=pytest.mark.deep,
        ),
        pytest.param("        import os; os._exit(3)", 60, "ends the process (exit code 3)", id="_exit"),
        pytest.param(
            "        raise SystemExit(3)", 60, "ends the process: SystemExit 3", id="exit", marks=pytest.mark.deep
        ),
    ],
)
@pytest.mark.deep
def test_a_plugin_that_hangs_or_ends_the_process_when_it_is_asked_is_found_at_its_line(
    uang_sekolah: Path, statement: str, seconds: float, said: str
):
    line = put(uang_sekolah / PACKAGE, LINES, statement)
    result = check_separately(uang_sekolah, seconds)
    assert ("program.py", line) in [(item.place.path.name, item.place.line) for item in result.findings]
    assert any(said in item.sentence for item in result.findings), result.findings


@pytest.mark.deep
def test_what_was_found_before_a_plugin_hangs_is_not_lost(uang_sekolah: Path):
    (uang_sekolah / "guyub_uang_sekolah/py.typed").unlink()
    put(uang_sekolah / PACKAGE, LINES, "        import os; os._exit(3)")
    rules = [item.rule for item in check_separately(uang_sekolah).findings]
    assert rules[0] == "PKG007"
    assert len(rules) == 2


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("import socket; socket.create_connection(('127.0.0.1', 9))", id="socket"),
        pytest.param(
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')", id="urllib", marks=pytest.mark.deep
        ),
        pytest.param("import os; os.fork()", id="fork", marks=pytest.mark.deep),
    ],
)
@pytest.mark.deep
def test_what_reaches_outside_while_it_is_imported_is_refused_and_found(infak: Path, statement: str):
    line = put(infak / SOURCE, "class InfakSource", statement)
    result = check_separately(infak)
    assert ("source.py", line) in found_at(result, "PKG008")
    assert ("source.py", line) in found_at(result, "HOOK007")


def test_what_a_hook_reaches_for_is_refused_and_found_even_where_it_hides_the_failure(infak: Path):
    put(
        infak / "guyub_infak/__init__.py",
        ATTENTION,
        "        import contextlib, socket\n"
        "        with contextlib.suppress(OSError):\n"
        "            socket.create_connection(('127.0.0.1', 9))",
    )
    result = check_separately(infak)
    assert {item.rule for item in result.findings} == {"BEH002"}
    assert any("Infak.guyub_attention_items looks up a host" in item.sentence for item in result.findings)


@pytest.mark.deep
def test_an_event_may_be_passed_on_to_the_outside_and_the_check_sends_nothing(infak: Path):
    put(
        infak / "guyub_infak/__init__.py",
        '        if event.kind == "fund.receipt_reversed":',
        "        import socket\n        socket.create_connection(('127.0.0.1', 9))",
    )
    assert check_separately(infak).findings == ()


@pytest.mark.deep
def test_what_a_plugin_prints_is_not_among_the_findings(infak: Path):
    put(infak / SOURCE, "class InfakSource", "import os; os.write(1, b'halo'); print('halo')")
    checked = subprocess.run(
        [sys.executable, "-c", "from guyub.cli.main import main; main()", "plugin", "check", str(infak), "--json"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ,
    )
    assert (checked.returncode, json.loads(checked.stdout)) == (0, [])


# --- exemptions ---------------------------------------------------------------------------------------------------


def exempt(plugin: Path, text: str) -> None:
    with (plugin / "pyproject.toml").open("a") as file:
        file.write(f"\n[tool.guyub.check]\n{text}\n")


def test_an_exempted_rule_is_reported_with_its_reason_and_does_not_count(infak: Path):
    (infak / "guyub_infak/py.typed").unlink()
    exempt(infak, 'exempt = { PKG007 = "belum bertipe" }')
    checked = command(str(infak), "--json")
    assert checked.exit_code == 0
    (item,) = json.loads(checked.stdout)
    assert (item["rule"], item["exempted"]) == ("PKG007", "belum bertipe")


@pytest.mark.deep
def test_an_exemption_of_one_rule_excuses_no_other(infak: Path):
    (infak / "guyub_infak/py.typed").unlink()
    exempt(infak, 'exempt = { DOC001 = "README di tempat lain" }')
    checked = command(str(infak))
    assert checked.exit_code == 1
    assert [line.partition("[")[2][:6] for line in checked.stdout.splitlines()] == ["PKG007", "DOC001"]
    assert "nothing breaks this rule" in checked.stdout


@pytest.mark.deep
def test_no_exemption_excuses_a_plugin_that_ends_the_process(infak: Path):
    put(infak / SOURCE, "class InfakSource", "import os; os._exit(0)")
    exempt(infak, 'exempt = { PKG008 = "memang begitu" }')
    assert [item.rule for item in check_separately(infak).findings] == ["PKG008"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('exempt = { DOC001 = "" }', "DOC001"),
        ('exempt = { DOC001 = "  " }', "DOC001"),
        ("exempt = { DOC001 = true }", "DOC001"),
        ('exempt = { DOC099 = "alasan" }', "DOC099"),
        ('exempt = { doc001 = "alasan" }', "DOC001"),
        ('exempt = ["DOC001"]', "exempt"),
        ('ignore = { DOC001 = "alasan" }', "ignore"),
    ],
)
def test_an_exemption_without_a_reason_or_of_no_rule_is_refused(infak: Path, text: str, said: str):
    exempt(infak, text)
    refused = command(str(infak)).exception
    assert getattr(refused, "code", "") == "testing.bad_exemption"
    assert said in str(refused)
    assert str(infak / "pyproject.toml") in str(refused)
