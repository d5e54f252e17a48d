"""Fills the templates in and writes them into a new folder."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Literal

from guyub.scaffold.naming import Names
from guyub.scaffold.refusals import ScaffoldRefusal

PluginKind = Literal["program", "funding"]
_SUFFIX = ".template"


def write(names: Names, kind: PluginKind, folder: Path) -> list[Path]:
    """Writes the distribution into ``folder``, which must not be there yet, and returns its files.

    Raises ``Refusal`` where the folder exists or cannot be written; nothing is overwritten.
    """
    if folder.exists():
        raise ScaffoldRefusal.FOLDER_EXISTS.refusal(folder=folder)
    values = {
        "slug": names.slug,
        "distribution": names.distribution,
        "module": names.module,
        "name": names.class_name,
        "title": names.title,
        "code": names.slug.upper().replace("_", "-"),
    }
    written = []
    for part in ("common", kind):
        for path, template in _templates(resources.files("guyub.scaffold") / "template" / part):
            target = folder / Template(path).substitute(values)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(Template(template.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
            written.append(target)
    return sorted(written)


def _templates(folder: Traversable, below: str = "") -> list[tuple[str, Traversable]]:
    templates: list[tuple[str, Traversable]] = []
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.is_dir():
            templates += _templates(path, f"{below}{path.name}/")
        elif path.name.endswith(_SUFFIX):
            templates.append((below + path.name.removesuffix(_SUFFIX), path))
    return templates
