"""Takes from `node_modules/` what the pages use: minified files and one sprite with the icons of the list.

`node_modules/` then keeps only axe-core, which the browser tests inject; the thousands of other icons go.
"""

import json
import re
import shutil
from pathlib import Path
from xml.sax.saxutils import quoteattr

ICON_LIST = "core/guyub/ui/icons.txt"
VENDOR = "core/guyub/ui/static/vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
}
SPRITE = "icons.svg"
FOR_TESTS = "axe-core"
MADE = [*(f"{VENDOR}/{name}" for name in (*FILES.values(), SPRITE)), f"node_modules/{FOR_TESTS}/axe.min.js"]

SOURCE_MAP = re.compile(r"\n?(/\*#|//#) sourceMappingURL=[^\n*]*(\*/)?\s*\Z")
STROKE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'


class UnknownIcon(Exception):
    """A line of the icon list that @tabler/icons does not have."""

    def __init__(self, line: int, name: str) -> None:
        self.indonesian = f"{ICON_LIST}:{line}: ikon {name!r} tidak ada di @tabler/icons; perbaiki namanya."
        self.english = f"{ICON_LIST}:{line}: @tabler/icons has no outline icon {name!r}; correct it."
        super().__init__(self.english)


def pack(root: Path) -> None:
    """Writes the files of `MADE` and removes the other packages. Raises UnknownIcon, OSError."""
    modules, vendor = root / "node_modules", root / VENDOR
    vendor.mkdir(parents=True, exist_ok=True)
    nodes = json.loads((modules / "@tabler/icons/tabler-nodes-outline.json").read_text())
    (vendor / SPRITE).write_text(sprite(nodes, (root / ICON_LIST).read_text()))
    for source, name in FILES.items():
        # The maps are not served, and a line that names one makes developer tools ask for it in vain.
        (vendor / name).write_text(SOURCE_MAP.sub("\n", (modules / source).read_text()))
    for path in modules.iterdir():
        if path.name != FOR_TESTS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def sprite(nodes: dict[str, list[tuple[str, dict[str, str]]]], icon_list: str) -> str:
    """One SVG with a `<symbol id="icon-NAME">` for each line of the list; `#` starts a comment."""
    symbols: dict[str, str] = {}
    for number, line in enumerate(icon_list.splitlines(), start=1):
        name = line.partition("#")[0].strip()
        if not name:
            continue
        if name not in nodes:
            raise UnknownIcon(number, name)
        shapes = "".join(
            f"<{tag} {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())}/>"
            for tag, attributes in nodes[name]
        )
        symbols[name] = f'<symbol id="icon-{name}" viewBox="0 0 24 24" {STROKE}>{shapes}</symbol>'
    notice = "<!-- Tabler Icons, MIT, copyright Paweł Kuna -->"
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', notice, *symbols.values(), "</svg>\n"])
