"""``Project``: what a distribution declares in its ``pyproject.toml``, or in its metadata once it is installed."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.testing.finding import SourcePlace
from guyub.testing.refusals import TestingRefusal

GROUP = "guyub"


@dataclass(frozen=True, slots=True)
class Project:
    """``file`` is where it stands; ``entries`` are those of group ``guyub``, name to object; ``readme`` its text;
    ``exempt`` is what ``[tool.guyub.check]`` says of rules that do not count, by their ids, as it stands there."""

    file: Path
    name: str
    requires_python: str
    dependencies: tuple[str, ...]
    entries: Mapping[str, str]
    readme_file: Path
    readme: str
    exempt: Mapping[str, object] = field(default_factory=dict)

    def line_with(self, *words: str) -> SourcePlace:
        """Returns the first line that holds one of the words."""
        lines = self.file.read_text(encoding="utf-8", errors="replace").splitlines() if self.file.is_file() else []
        return SourcePlace(self.file, next((n for n, line in enumerate(lines, 1) if any(w in line for w in words)), 1))


def project_in(root: Path) -> Project:
    """Reads the project of a folder. Raises ``Refusal`` where there is no readable ``pyproject.toml``."""
    file = root / "pyproject.toml"
    try:
        content: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        raise TestingRefusal.NO_PROJECT.not_found(folder=root) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TestingRefusal.BAD_PROJECT.refusal(file=file, error=error) from error
    project = _table(content, "project")
    named = project.get("readme", "README.md")
    readme = root / (named if isinstance(named, str) else named.get("file", "README.md"))
    return Project(
        file,
        str(project.get("name", "")),
        str(project.get("requires-python", "")),
        tuple(map(str, project.get("dependencies", ()))),
        {name: str(value) for name, value in _table(_table(project, "entry-points"), GROUP).items()},
        readme,
        readme.read_text(encoding="utf-8") if readme.is_file() else "",
        _exempt(_table(_table(_table(content, "tool"), "guyub"), "check"), file),
    )


def _exempt(check: Mapping[str, Any], file: Path) -> dict[str, object]:
    if unknown := sorted(check.keys() - {"exempt"}):
        raise bad_exemption(
            file,
            Text(id="[tool.guyub.check] tidak mengenal “{key}”.", en="[tool.guyub.check] knows no “{key}”.").format(
                key=unknown[0]
            ),
        )
    exempt = check.get("exempt", {})
    if not isinstance(exempt, dict):
        raise bad_exemption(
            file,
            Text(id="“exempt” bukan tabel aturan dan alasan.", en="“exempt” is no table of rules and reasons."),
        )
    return exempt


def bad_exemption(file: Path, what: Text) -> Invalid:
    """Returns the refusal of an entry of ``[tool.guyub.check]``."""
    return TestingRefusal.BAD_EXEMPTION.invalid("tool.guyub.check", file=file, what=what)


def project_of(distribution: Distribution) -> Project:
    """Reads the project of an installed distribution from its metadata."""
    about = distribution.metadata
    file = Path(
        str(distribution.locate_file(f"{about['Name'].replace('-', '_')}-{about['Version']}.dist-info/METADATA"))
    )
    # In PackageMetadata the long description is the body of the message.
    readme = str(about.json.get("description", ""))
    return Project(
        file,
        about["Name"],
        about["Requires-Python"] or "",
        tuple(line for line in distribution.requires or () if "extra ==" not in line),
        {entry.name: entry.value for entry in distribution.entry_points if entry.group == GROUP},
        file,
        readme,
    )


def editable_root(distribution: Distribution) -> Path | None:
    """Returns the folder that an editable installation stands for."""
    direct_url = distribution.read_text("direct_url.json")
    origin: dict[str, Any] = json.loads(direct_url) if direct_url else {}
    if not origin.get("dir_info", {}).get("editable"):
        return None
    root = Path(unquote(urlparse(origin["url"]).path))
    return root if (root / "pyproject.toml").is_file() else None


def _table(of: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = of.get(name)
    return table if isinstance(table, dict) else {}
