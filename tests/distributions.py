"""Real distributions for tests: a folder on the path with modules and the metadata that pip would leave behind."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from types import ModuleType

import pytest

from guyub.configuration.assembly import plugin_registry
from guyub.plugins.plugin_registry import PluginRegistry

GOOD = """
from guyub.sdk import Plugin, Text, hookimpl

class Specimen(Plugin):
    slug = "{slug}"
    title = Text(id="Contoh {slug}", en="Specimen {slug}")
    summary = Text(id="Contoh untuk uji.", en="A specimen for tests.")
    {declares}

plugin = Specimen()
"""
"""A plugin that loads; ``declares`` stands in its class, indented by four."""


class Shelf:
    """What is installed for one test. The three built-in plugins stand beside it, as they would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        slug: str,
        source: str = "",
        *,
        declares: str = "",
        distribution: str = "",
        requires: Sequence[str] = (),
        entry: str = "",
        entry_points: str = "",
        files: Mapping[str, str] | None = None,
    ) -> str:
        """Installs a distribution whose module is ``source``, or a good plugin that ``declares`` more; its module's name.

        With ``files`` ("templates/list.html": its text) the module is a package that brings them along.
        """
        module = f"guyub_{(distribution or slug).replace('-', '_')}"
        source = dedent(source) or GOOD.format(slug=slug, declares=dedent(declares).strip().replace("\n", "\n    "))
        if files is None:
            (self.folder / f"{module}.py").write_text(source)
        else:
            for path, text in {"__init__.py": source, **files}.items():
                file = self.folder / module / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        name = distribution or f"guyub-{slug.replace('_', '-')}"
        metadata = self.folder / f"{name.replace('-', '_')}-1.0.dist-info"
        metadata.mkdir()
        needed = "".join(f"Requires-Dist: {require}\n" for require in requires)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needed}")
        declared = entry_points or f"[guyub]\n{slug} = {entry or f'{module}:plugin'}\n"
        (metadata / "entry_points.txt").write_text(declared)
        return module

    def plugins(self) -> PluginRegistry:
        return plugin_registry()

    def module(self, name: str) -> ModuleType:
        return sys.modules[name]


@contextmanager
def shelf_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """The folder on the path until the block ends; then its modules are forgotten."""
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Shelf(folder)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]
