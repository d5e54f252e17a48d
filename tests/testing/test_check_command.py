"""`guyub plugin check`, as its author meets it: a line for each finding, an exit code, and JSON for machines."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from guyub.cli.plugin_commands import app
from guyub.plugins.declaration_fault import DeclarationFault
from guyub.sdk.errors import NotFound
from guyub.testing.conformance import check, findings, rules
from guyub.testing.plugin_under_test import opened
from tests.tutorial import build


@pytest.fixture
def infak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tutorial's plugin in the current folder."""
    monkeypatch.chdir(tmp_path)
    return build(tmp_path)["infak"]


def spoil(plugin: Path, file: str, good: str, bad: str) -> None:
    text = (plugin / file).read_text()
    assert good in text
    (plugin / file).write_text(text.replace(good, bad))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["check", *arguments])


def test_a_plugin_that_conforms_is_reported_and_the_exit_code_is_0(infak: Path):
    checked = run("infak")
    assert (checked.exit_code, checked.stdout) == (0, "infak: sesuai dengan semua aturan.\n")


@pytest.mark.deep
def test_without_an_argument_the_plugin_of_the_folder_is_checked(infak: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(infak)
    (infak / "guyub_infak/py.typed").unlink()
    checked = run()
    assert checked.exit_code == 1
    assert checked.stdout.startswith("guyub_infak/py.typed:1: [PKG007] py.typed is missing — add an empty file")


def test_each_finding_is_a_line_with_path_line_rule_sentence_and_fix(infak: Path):
    spoil(
        infak,
        "guyub_infak/pages.py",
        "    entry = visit.read(Collection)",
        "    visit.session.commit()\n    entry = visit.read(Collection)",
    )
    spoil(infak, "guyub_infak/config.py", "        ge=1,\n", "")
    checked = run("infak")
    assert checked.exit_code == 1
    first, second, *at_work = checked.stdout.splitlines()
    assert all("[WEB017]" in line for line in at_work)
    line = (infak / "guyub_infak/pages.py").read_text().partition("visit.session.commit")[0].count("\n") + 1
    assert re.fullmatch(
        rf"infak/guyub_infak/pages\.py:{line}: \[HOOK008\] it calls visit\.session\.commit\(\) — .+", first
    )
    assert re.fullmatch(r"infak/guyub_infak/config\.py:\d+: \[CONF003\] InfakConfig\.reminder_day is .+ — .+", second)


def test_all_that_the_host_refuses_is_listed_with_its_place_and_not_only_the_first(infak: Path):
    spoil(
        infak,
        "guyub_infak/__init__.py",
        "    @hookimpl\n    def guyub_attention",
        "    @hookimpl(tryfirst=True)\n    def guyub_attention",
    )
    spoil(infak, "guyub_infak/__init__.py", '"cash"', '"money"')
    spoil(
        infak,
        "guyub_infak/pages.py",
        "def collections(visit: Visit[InfakConfig])",
        "def collections(visit: Visit[InfakConfig], more: int)",
    )
    refused = [rule for rule in rules() if rule.id in {fault.code for fault in faults_of(infak)}]
    assert [rule.id for rule in refused] == ["HOOK003", "WEB010", "WEB013"]
    with opened(infak) as specimen:
        places = [(item.rule, item.place.path.name, item.place.line) for item in findings(specimen, refused)]
    assert places == [
        ("HOOK003", "__init__.py", line_of(infak / "guyub_infak/__init__.py", "@hookimpl(tryfirst")),
        ("WEB010", "pages.py", line_of(infak / "guyub_infak/pages.py", "def collections") - 1),
        ("WEB013", "__init__.py", line_of(infak / "guyub_infak/__init__.py", "nav =")),
    ]


def test_a_declaration_that_cannot_be_read_is_found_as_one_that_the_host_refuses(infak: Path):
    spoil(infak, "guyub_infak/__init__.py", "    nav =", "    requires = property(lambda self: 1 / 0)\n    nav =")
    (rule,) = (rule for rule in rules() if rule.id == "PKG011")
    with opened(infak) as specimen:
        (found,) = findings(specimen, [rule])
    assert "cannot be read: ZeroDivisionError" in found.sentence


def faults_of(folder: Path) -> tuple[DeclarationFault, ...]:
    with opened(folder) as specimen:
        return specimen.declaration_faults


def line_of(file: Path, words: str) -> int:
    return file.read_text().partition(words)[0].count("\n") + 1


@pytest.mark.deep
def test_findings_are_json_for_machines(infak: Path):
    spoil(infak, "guyub_infak/__init__.py", '"cash"', '"money"')
    checked = run("infak", "--json")
    assert checked.exit_code == 1
    (found,) = json.loads(checked.stdout)
    assert (found["path"], found["rule"]) == ("infak/guyub_infak/__init__.py", "WEB013")
    assert {"path", "line", "rule", "sentence", "fix"} == set(found)
    assert json.loads(run("bansos", "--json").stdout) == []


def test_what_is_no_plugin_is_refused_in_both_languages(tmp_path: Path):
    with pytest.raises(NotFound, match="no installed plugin named") as refused:
        check("tidak_ada")
    assert "Tidak ada folder atau plugin terpasang" in refused.value.what.id
    with pytest.raises(NotFound, match=r"no pyproject\.toml"):
        check(tmp_path)


def test_a_plugin_that_does_not_even_parse_is_found_at_its_line(infak: Path):
    spoil(infak, "guyub_infak/source.py", "class InfakSource", "clas InfakSource")
    found = check(infak)
    assert {item.rule for item in found} == {"PKG008"}
    assert (found[0].place.path.name, found[0].place.line) == ("source.py", 12)


@pytest.mark.deep
def test_checking_leaves_no_module_of_the_plugin_behind(infak: Path):
    check(infak)
    assert [name for name in sys.modules if name.startswith("guyub_infak")] == []
    before = sys.modules.get("guyub_bansos")
    check("bansos")
    assert sys.modules.get("guyub_bansos") is before
    assert str(infak) not in sys.path


def test_a_plugin_that_is_imported_anew_shares_nothing_with_the_first(infak: Path):
    with opened(infak) as specimen:
        again = specimen.fresh()
        assert type(again) is not type(specimen.plugin)
        assert again.slug == specimen.plugin.slug


@pytest.mark.deep
def test_the_fixture_conformance_fails_with_every_finding(infak: Path):
    (infak / "guyub_infak/py.typed").unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    failed = subprocess.run(
        [*command, "tests/test_infak_conformance.py"], cwd=infak, capture_output=True, text=True, check=False
    )
    assert failed.returncode == 1
    assert "guyub_infak/py.typed:1: [PKG007] py.typed is missing" in failed.stdout
