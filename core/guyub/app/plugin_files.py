"""Templates and static files that plugins bring along: each under its slug, none in the place of anything else."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from guyub.plugins.plugin_registry import PluginRegistry

STATIC = "/static/p"


def folders(plugins: PluginRegistry, name: str) -> dict[str, Path]:
    """Returns the folder of that name of every plugin that has one, by slug; "templates" or "static"."""
    folders = {slug: package / name for slug in plugins.loaded_well() if (package := plugins.package(slug)) is not None}
    return {slug: folder for slug, folder in folders.items() if folder.is_dir()}


def static_url(slug: str, package: Path | None, path: str) -> str:
    """Returns the address of a static file of a plugin, with a digest of its content. Raises ``LookupError`` for one that
    is not there."""
    if package is None:
        raise LookupError(f"the plugin {slug} has no folder")
    return f"{STATIC}/{slug}/{path}?v={_digest(package / 'static', path)}"


@cache
def _digest(folder: Path, path: str) -> str:
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise LookupError(f"no static file {path!r}")
    return sha256(file.read_bytes()).hexdigest()[:12]
