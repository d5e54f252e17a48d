"""Rules of the package: names, versions, dependencies, and what its distribution holds."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions, version
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from guyub.testing.finding import SourcePlace
from guyub.testing.plugin_under_test import ImportFailure, PluginUnderTest, SourceModule
from guyub.testing.rule import Violation, rule
from guyub.testing.source_reading import imports

_WITH_GUYUB = frozenset({"alembic", "guyub", "pydantic", "sqlalchemy", "typer"})


@rule(
    "PKG001",
    "One entry point in group guyub, named as the slug, in the module guyub_<slug>.",
    why="The slug names the schema, the addresses and the permissions.",
    fix='write `<slug> = "guyub_<slug>:plugin"` below [project.entry-points.guyub]',
)
def one_name(specimen: PluginUnderTest) -> Iterator[Violation]:
    place = specimen.project.line_with("entry-points")
    if len(specimen.project.entries) != 1:
        names = ", ".join(specimen.project.entries) or "none"
        yield Violation(f"a distribution has one entry point in group guyub, this one has: {names}", place)
        return
    if specimen.module != f"guyub_{specimen.entry}":
        yield Violation(f"the entry point “{specimen.entry}” is in the module {specimen.module}", place)
    if not isinstance(specimen.loaded, ImportFailure) and specimen.loaded.slug != specimen.entry:
        sentence = f"the slug is “{specimen.loaded.slug}”, the entry point “{specimen.entry}”"
        yield Violation(sentence, specimen.attribute("slug"))


@rule(
    "PKG002",
    "The distribution is named guyub-<slug>, with hyphens.",
    why="The pages ask staff to install guyub-<slug> where a plugin is missing.",
    fix='name it "guyub-<slug>" below [project]',
)
def distribution_name(specimen: PluginUnderTest) -> Iterator[Violation]:
    wanted = f"guyub-{specimen.slug.replace('_', '-')}"
    if canonicalize_name(specimen.project.name) != wanted:
        sentence = f"the distribution is named “{specimen.project.name}”, not “{wanted}”"
        yield Violation(sentence, specimen.project.line_with("name ="))


@rule(
    "PKG003",
    "requires-python is there, accepts Python 3.11, and nothing older.",
    why="Installers choose a version by it; Guyub runs on Python 3.11 and later.",
    fix='write `requires-python = ">=3.11"` below [project]',
)
def python_version(specimen: PluginUnderTest) -> Iterator[Violation]:
    required = specimen.project.requires_python
    try:
        accepted = SpecifierSet(required)
    except InvalidSpecifier:
        accepted = SpecifierSet("<0")
    if not required or not accepted.contains("3.11.0") or accepted.contains("3.10.99"):
        sentence = f"requires-python is “{required}”" if required else "requires-python is missing"
        yield Violation(sentence, specimen.project.line_with("requires-python", "[project]"))


@rule(
    "PKG004",
    "It depends on guyub from a version on, and below one; the installed version is among them.",
    why="pip then says before the installation what would otherwise fail after it.",
    fix='list it as "guyub>=0.1,<0.2" among the dependencies',
)
def guyub_range(specimen: PluginUnderTest) -> Iterator[Violation]:
    place = specimen.project.line_with("dependencies", "[project]")
    ranges = [requirement.specifier for requirement in _requirements(specimen) if requirement.name.lower() == "guyub"]
    if not ranges:
        yield Violation("the dependencies do not name guyub", place)
    elif not {">=", "~=", "=="} & {specifier.operator for specifier in ranges[0]}:
        yield Violation(f"“guyub{ranges[0]}” names no lowest version", place)
    elif not {"<", "<=", "~=", "=="} & {specifier.operator for specifier in ranges[0]}:
        yield Violation(f"“guyub{ranges[0]}” accepts every later version", place)
    elif not ranges[0].contains(installed := version("guyub"), prereleases=True):
        yield Violation(f"“guyub{ranges[0]}” leaves out {installed}, for which it is checked here", place)


def _requirements(specimen: PluginUnderTest) -> Iterator[Requirement]:
    for line in specimen.project.dependencies:
        try:
            yield Requirement(line)
        except InvalidRequirement:
            yield Requirement("unreadable")


@rule(
    "PKG005",
    "The package imports guyub.sdk and nothing else of guyub; its tests may import guyub.testing too.",
    why="All else of the core changes without notice; what is not documented is not API.",
    fix="use what guyub.sdk offers, and ask for what it lacks",
)
def sdk_only(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        yield from _strangers(source, ("guyub.sdk",))
    for source in specimen.tests:
        yield from _strangers(source, ("guyub.sdk", "guyub.testing"))


def _strangers(source: SourceModule, allowed: tuple[str, ...]) -> Iterator[Violation]:
    for node, name in imports(source.tree):
        is_of_guyub = name == "guyub" or name.startswith("guyub.")
        if is_of_guyub and not any(name == item or name.startswith(f"{item}.") for item in allowed):
            yield Violation(f"it imports {name}", source.at(node))


@rule(
    "PKG006",
    "The package imports no other plugin.",
    why="Each is installed, switched on and taken away by itself.",
    fix="react to the core's events and batches instead; they name programmes and sources by slug",
)
def no_other_plugin(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in (*specimen.sources, *specimen.tests):
        for node, name in imports(source.tree):
            top = name.partition(".")[0]
            if top.startswith("guyub_") and top != specimen.module:
                yield Violation(f"it imports {name}", source.at(node))


@rule(
    "PKG007",
    "The package holds a file py.typed.",
    why="Without it type checkers ignore its annotations, and with them those of the SDK around it.",
    fix="add an empty file py.typed beside __init__.py",
)
def is_typed(specimen: PluginUnderTest) -> Iterator[Violation]:
    if not (specimen.package / "py.typed").is_file():
        yield Violation("py.typed is missing", SourcePlace(specimen.package / "py.typed"))


@rule(
    "PKG008",
    "The entry point loads an instance of a class derived from guyub.sdk.Plugin.",
    why="A plugin that fails to load is quarantined: what it does stands still at every facility.",
    fix="fix what the sentence names; nothing else of the plugin was looked at",
)
def can_be_loaded(specimen: PluginUnderTest) -> Iterator[Violation]:
    if isinstance(specimen.loaded, ImportFailure):
        yield Violation(specimen.loaded.sentence, specimen.loaded.place)


@rule(
    "PKG009",
    "Every third-party module that the package imports is a dependency of the distribution.",
    why="It works on the author's machine and fails at the facility, where nobody installed the rest.",
    fix="add the distribution to the dependencies; pydantic, sqlalchemy, alembic and typer come with guyub",
)
def declared_dependencies(specimen: PluginUnderTest) -> Iterator[Violation]:
    offered = packages_distributions()
    declared = {canonicalize_name(name) for name in _declared_names(specimen.project.dependencies)}
    known = {*sys.stdlib_module_names, *_WITH_GUYUB, specimen.module}
    for source in specimen.sources:
        for node, name in imports(source.tree):
            top = name.partition(".")[0]
            if top in known or top.startswith("guyub_"):
                continue
            if not {canonicalize_name(item) for item in offered.get(top, (top,))} & declared:
                yield Violation(f"it imports {top}, which no dependency brings", source.at(node))


def _declared_names(dependencies: tuple[str, ...]) -> Iterator[str]:
    for line in dependencies:
        try:
            yield Requirement(line).name
        except InvalidRequirement:
            yield line


@rule(
    "PKG010",
    "Beside the package lies tests/ with test functions, each of which does something.",
    why="Conformance says that a plugin is well-formed; only its author knows what it should answer.",
    fix="write tests/test_<what>.py; `guyub plugin new` shows how",
)
def has_tests(specimen: PluginUnderTest) -> Iterator[Violation]:
    if specimen.root is None:
        return
    tests = [
        (source, node)
        for source in specimen.tests
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    if not tests:
        yield Violation("there are no tests", SourcePlace(specimen.root / "tests"))
    for source, node in tests:
        if all(isinstance(item, ast.Pass) or _is_docstring(item) for item in node.body):
            yield Violation(f"{node.name} does nothing", source.at(node))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@rule(
    "PKG013",
    "Each slug in `requires` has its distribution among the dependencies, and none is the plugin itself.",
    why="pip installs what the dependencies name; a plugin whose required one is missing is quarantined.",
    fix="add guyub-<slug> to the dependencies, or take it out of `requires`",
)
def required_plugins(specimen: PluginUnderTest) -> Iterator[Violation]:
    brought = " ".join(specimen.project.dependencies).lower().replace("_", "-")
    for slug in specimen.plugin.requires:
        if slug == specimen.plugin.slug:
            yield Violation("it requires itself", specimen.attribute("requires"))
        elif f"guyub-{slug.replace('_', '-')}" not in brought:
            sentence = f"it requires the plugin “{slug}”, which no dependency brings"
            yield Violation(sentence, specimen.attribute("requires"))


@rule(
    "PKG014",
    "pyproject.toml has a version and a build system, and what hatchling builds holds the package with all its files.",
    why="An editable installation works all the same; the wheel that a facility installs would lack what was left out.",
    fix='write version = "…" below [project], and packages = ["guyub_…"] without exclude below the wheel target',
)
def builds_whole(specimen: PluginUnderTest) -> Iterator[Violation]:
    if specimen.root is None:
        return
    content: dict[str, Any] = tomllib.loads(specimen.project.file.read_text(encoding="utf-8"))
    project, hatch = content.get("project", {}), content.get("tool", {}).get("hatch", {})
    if "version" not in project and "version" not in project.get("dynamic", ()):
        yield Violation("there is no version", specimen.project.line_with("[project]"))
    if "build-backend" not in content.get("build-system", {}):
        yield Violation("there is no build-backend", specimen.project.line_with("[build-system]"))
    wheel = hatch.get("build", {}).get("targets", {}).get("wheel", {})
    packages = [str(item).rstrip("/").rpartition("/")[2] for item in wheel.get("packages", ())]
    if packages and specimen.module not in packages:
        sentence = f"the wheel holds {', '.join(packages)}, not {specimen.module}"
        yield Violation(sentence, specimen.project.line_with("packages"))
    for pattern in (*hatch.get("build", {}).get("exclude", ()), *wheel.get("exclude", ())):
        left_out = [path for path in _files(specimen) if _fits(path, str(pattern))]
        if left_out:
            yield Violation(f"the wheel leaves out {left_out[0]} ({pattern})", specimen.project.line_with("exclude"))


def _files(specimen: PluginUnderTest) -> Iterator[str]:
    for path in sorted(specimen.package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(specimen.package.parent).as_posix()


def _fits(path: str, pattern: str) -> bool:
    """Matches a path as .gitignore does, as far as exclusions are usually written."""
    plain = pattern.strip("/")
    return fnmatch(path, plain) or fnmatch(path, f"*/{plain}") or path.startswith(f"{plain}/") or f"/{plain}/" in path
