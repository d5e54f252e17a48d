"""A folder of files to spoil: the packaged one, copied."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from guyub.plugins.plugin_registry import PluginRegistry
from guyub.provisioning import load, packaged_folder
from guyub.provisioning.desired import DesiredState
from guyub.provisioning.diagnostics import FilesRefused


@dataclass(frozen=True)
class Files:
    """The folder ``facilities/`` of this test."""

    root: Path
    plugins: PluginRegistry

    def path(self, name: str) -> Path:
        return self.root / ("national.toml" if name == "national" else f"jawa-tengah/{name}.toml")

    def change(self, name: str, old: str, new: str) -> int:
        """Replaces the only such text of a file and answers its line."""
        text = self.path(name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        self.path(name).write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def add(self, name: str, text: str) -> int:
        """Adds text at the end of a file, or makes the file, and answers the text's first line."""
        path = self.path(name)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.parent.mkdir(exist_ok=True)
        path.write_text(before + text, encoding="utf-8")
        return before.count("\n") + 1

    def load(self) -> DesiredState:
        return load(self.root, self.plugins)

    def findings(self, lang: str = "id") -> list[str]:
        with pytest.raises(FilesRefused) as refused:
            self.load()
        return [finding.in_(lang) for finding in refused.value.findings]

    def finding(self, lang: str = "id") -> str:
        (only,) = self.findings(lang)
        return only


@pytest.fixture
def files(tmp_path: Path, plugins: PluginRegistry) -> Files:
    shutil.copytree(packaged_folder(), tmp_path / "facilities")
    return Files(tmp_path / "facilities", plugins)
