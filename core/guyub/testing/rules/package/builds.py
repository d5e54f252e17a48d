"""What is built holds the plugin."""

import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import Any

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG014",
    "pyproject.toml has a version and a build system, and what hatchling builds holds the package with all its files.",
    why="An editable installation works all the same; the wheel that a facility installs would lack what was left out.",
    fix='write version = "…" below [project], and packages = ["guyub_…"] without exclude below the wheel target',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if specimen.root is None:
        return
    said: dict[str, Any] = tomllib.loads(specimen.project.file.read_text(encoding="utf-8"))
    project, hatch = said.get("project", {}), said.get("tool", {}).get("hatch", {})
    if "version" not in project and "version" not in project.get("dynamic", ()):
        yield RULE.broken("there is no version", specimen.project.line_with("[project]"))
    if "build-backend" not in said.get("build-system", {}):
        yield RULE.broken("there is no build-backend", specimen.project.line_with("[build-system]"))
    wheel = hatch.get("build", {}).get("targets", {}).get("wheel", {})
    packages = [str(item).rstrip("/").rpartition("/")[2] for item in wheel.get("packages", ())]
    if packages and specimen.module not in packages:
        sentence = f"the wheel holds {', '.join(packages)}, not {specimen.module}"
        yield RULE.broken(sentence, specimen.project.line_with("packages"))
    for pattern in (*hatch.get("build", {}).get("exclude", ()), *wheel.get("exclude", ())):
        left_out = [path for path in _files(specimen) if _fits(path, str(pattern))]
        if left_out:
            yield RULE.broken(f"the wheel leaves out {left_out[0]} ({pattern})", specimen.project.line_with("exclude"))


def _files(specimen: PluginUnderTest) -> Iterator[str]:
    for path in sorted(specimen.package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(specimen.package.parent).as_posix()


def _fits(path: str, pattern: str) -> bool:
    """As in .gitignore, as far as exclusions are usually written."""
    plain = pattern.strip("/")
    return fnmatch(path, plain) or fnmatch(path, f"*/{plain}") or path.startswith(f"{plain}/") or f"/{plain}/" in path
