"""``PluginUnderTest``: a plugin with its files and the objects that were imported from them."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Table

from guyub.plugins import declaration
from guyub.plugins.declaration_fault import DeclarationFault
from guyub.sdk.plugin import Plugin
from guyub.sdk.text import Text
from guyub.testing.finding import SourcePlace
from guyub.testing.project import GROUP, Project, editable_root, project_in, project_of
from guyub.testing.refusals import TestingRefusal
from guyub.testing.sandbox import Sandbox, sandbox_of
from guyub.testing.side_effects import SideEffect, refuse_the_outside, watched
from guyub.testing.source_reading import calls, constant


class NotLoaded(Exception):
    """The plugin could not be imported, so nothing can be said of what it declares."""


@dataclass(frozen=True)
class SourceModule:
    """A Python file; it has no tree where it does not parse, which importing it reports."""

    path: Path
    module: str

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        try:
            return ast.parse(self.text)
        except SyntaxError:
            return ast.Module([], [])

    def at(self, node: ast.AST) -> SourcePlace:
        return SourcePlace(self.path, getattr(node, "lineno", 1))


@dataclass(frozen=True, slots=True)
class ImportFailure:
    """The reason why a plugin could not be imported, and the place."""

    sentence: str
    place: SourcePlace


@dataclass(frozen=True)
class PluginUnderTest:
    """A plugin that the rules look at. ``root`` is the folder of the distribution (None for an installed one without it),
    ``package`` the folder of its module; ``deeds`` are what importing it did to the world outside."""

    root: Path | None
    project: Project
    entry: str
    module: str
    package: Path
    loaded: Plugin | ImportFailure
    deeds: tuple[SideEffect, ...]
    refused: list[SideEffect] = field(default_factory=list)
    """What it tried to do outside, in a process that refuses it; what importing it tried is among ``deeds``."""
    after: ExitStack = field(default_factory=ExitStack, repr=False)
    """Closed when the specimen is put away."""

    @property
    def plugin(self) -> Plugin:
        if isinstance(self.loaded, ImportFailure):
            raise NotLoaded
        return self.loaded

    @property
    def slug(self) -> str:
        return self.entry or self.module.removeprefix("guyub_")

    @cached_property
    def sources(self) -> tuple[SourceModule, ...]:
        """Returns the Python files of the package, without its migrations."""
        return tuple(
            source_module
            for source_module in _python_below(self.package, self.module)
            if ".migrations" not in source_module.module
        )

    @cached_property
    def migrations(self) -> tuple[SourceModule, ...]:
        return tuple(_python_below(self.package / "migrations", f"{self.module}.migrations"))

    @cached_property
    def tests(self) -> tuple[SourceModule, ...]:
        return tuple(_python_below(self.root / "tests", "tests")) if self.root else ()

    @cached_property
    def templates(self) -> tuple[Path, ...]:
        return tuple(sorted((self.package / "templates").rglob("*.html")))

    @cached_property
    def sandbox(self) -> Sandbox:
        """Returns the plugin on a database of its own, until the specimen is closed."""
        return self.after.enter_context(sandbox_of(self.plugin, self.package))

    @cached_property
    def declaration_faults(self) -> tuple[DeclarationFault, ...]:
        """Returns what the host refuses of the declaration, all of it."""
        faults: list[DeclarationFault] = []
        try:
            faults += declaration.faults(self.plugin, self.package)
        except Exception as error:  # what an author declares may be anything
            sentence = f"what it declares cannot be read: {type(error).__name__}: {error}"
            faults.append(DeclarationFault("PKG011", Text(id=sentence, en=sentence), ""))
        return tuple(faults)

    def place_of(self, fault: DeclarationFault) -> SourcePlace:
        """Returns the place of the declaration that the host refuses."""
        if isinstance(fault.thing, type):
            return self.member(fault.thing)
        return self.function(fault.thing) if fault.thing is not None else self.attribute(fault.attribute)

    @property
    def start(self) -> SourcePlace:
        return SourcePlace(self.package / "__init__.py")

    def line_of(self, error: BaseException) -> SourcePlace:
        """Returns the innermost line of the plugin that an error came through."""
        return innermost_line(error, self.package)

    def fresh(self) -> Plugin:
        """Returns the plugin once more, imported anew, with nothing in its memory."""
        with _modules_set_aside(self.module):
            made = _imported(self.project.entries[self.entry])
            assert isinstance(made, Plugin)
            return made

    def attribute(self, name: str) -> SourcePlace:
        """Returns the place where the plugin declares an attribute."""
        return self.member(type(self.plugin), name)

    def member(self, owner: type, name: str = "") -> SourcePlace:
        """Returns the place of a class of the plugin, or of one of its members."""
        for source in self.sources:
            if source.module != owner.__module__:
                continue
            for node in ast.walk(source.tree):
                if isinstance(node, ast.ClassDef) and node.name == owner.__name__:
                    return source.at(next((item for item in node.body if _names(item, name)), node))
        return self.start

    def table(self, table: Table) -> SourcePlace:
        """Returns the place where a table of the plugin is declared."""
        for source in self.sources:
            for node, name in calls(source.tree):
                if name.rpartition(".")[2] == "Table" and node.args and constant(node.args[0]) == table.name:
                    return source.at(node)
        return self.attribute("tables")

    def function(self, function: Any) -> SourcePlace:
        """Returns the place of a function of the plugin."""
        try:
            path = inspect.getsourcefile(function)
            return SourcePlace(Path(path), function.__code__.co_firstlineno) if path else self.start
        except (TypeError, AttributeError):
            return self.start


@contextmanager
def opened(slug_or_path: str | Path, *, refuse_outside: bool = False) -> Iterator[PluginUnderTest]:
    """Imports the plugin of a folder, or an installed one by its slug, anew for as long as the block lasts.

    ``refuse_outside``: from now on it can neither connect nor start a program in this process.
    Raises ``NotFound`` for a folder without ``pyproject.toml`` and a slug that nobody offers.
    """
    plugin = located(slug_or_path)
    with _modules_set_aside(plugin.module), _first_on_path(plugin.package.parent if plugin.root else None):
        specimen = _specimen(plugin, refuse_outside=refuse_outside)
        with specimen.after:
            yield specimen


@dataclass(frozen=True, slots=True)
class LocatedPlugin:
    """A plugin that was found and not imported."""

    root: Path | None
    project: Project
    entry: str
    module: str
    package: Path


def located(slug_or_path: str | Path) -> LocatedPlugin:
    """Finds the plugin of a folder or slug and imports nothing. Raises ``NotFound`` as ``opened`` does."""
    path = Path(slug_or_path)
    if path.is_dir():
        return _of_folder(path.resolve())
    entry = next(
        (entry_point for entry_point in entry_points(group=GROUP) if entry_point.name == str(slug_or_path)), None
    )
    if entry is None or entry.dist is None:
        raise TestingRefusal.NO_PLUGIN.not_found(name=slug_or_path)
    root = editable_root(entry.dist)
    return _of_folder(root) if root else _of_installation(entry)


def _of_folder(root: Path) -> LocatedPlugin:
    project = project_in(root)
    entry = next(iter(project.entries), "")
    module = project.entries.get(entry, "").partition(":")[0].partition(".")[0] or _only_module(root)
    package = next((path for path in (root / module, root / "src" / module) if path.is_dir()), root / module)
    return LocatedPlugin(root, project, entry, module, package)


def _of_installation(entry: EntryPoint) -> LocatedPlugin:
    assert entry.dist is not None
    module = entry.module.partition(".")[0]
    package = Path(str(entry.dist.locate_file(module)))
    return LocatedPlugin(None, project_of(entry.dist), entry.name, module, package)


def _specimen(plugin: LocatedPlugin, *, refuse_outside: bool) -> PluginUnderTest:
    refused = refuse_the_outside(plugin.package) if refuse_outside else []
    with watched(plugin.package) as deeds:
        loaded = _load(plugin.project, plugin.entry, plugin.package)
    refused.clear()
    return PluginUnderTest(
        plugin.root, plugin.project, plugin.entry, plugin.module, plugin.package, loaded, tuple(deeds), refused
    )


def _load(project: Project, entry: str, package: Path) -> Plugin | ImportFailure:
    if not entry:
        return ImportFailure("there is no entry point in group guyub to load", project.line_with("[project]"))
    try:
        made = _imported(project.entries[entry])
    except (Exception, SystemExit) as error:  # an author's code may raise anything while it is imported
        return ImportFailure(f"importing it raises {type(error).__name__}: {error}", innermost_line(error, package))
    if isinstance(made, Plugin):
        return made
    return ImportFailure(
        f"{project.entries[entry]} is {made!r}, no instance of guyub.sdk.Plugin", SourcePlace(package / "__init__.py")
    )


def _imported(value: str) -> object:
    module, _, name = value.partition(":")
    made: object = importlib.import_module(module)
    for part in name.split("."):
        made = getattr(made, part)
    return made


def innermost_line(error: BaseException, package: Path) -> SourcePlace:
    """Returns the innermost line of the plugin that the error came through."""
    place, trace = SourcePlace(package / "__init__.py"), error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(package):
            place = SourcePlace(path, trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(package):
        place = SourcePlace(Path(error.filename), error.lineno or 1)
    return place


@contextmanager
def _modules_set_aside(module: str) -> Iterator[None]:
    """Makes imports of the module inside the block new ones, and forgets them after it."""
    before = _take_modules(module)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        _take_modules(module)
        sys.modules.update(before)


def _take_modules(module: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == module or name.startswith(f"{module}.")]
    return {name: sys.modules.pop(name) for name in names}


@contextmanager
def _first_on_path(folder: Path | None) -> Iterator[None]:
    if folder is None:
        yield
        return
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _only_module(root: Path) -> str:
    return next((path.name for path in sorted(root.glob("guyub_*")) if path.is_dir()), "guyub_")


def _python_below(folder: Path, module: str) -> Iterator[SourceModule]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        yield SourceModule(path, ".".join((module, *(part for part in parts if part != "__init__"))))


def _names(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == name for target in targets)
