"""Broken specimens: ``broken/`` has a file for each family of rules, with the small edits of a good plugin that break a rule."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "broken"


@dataclass(frozen=True)
class Broken:
    """``rule`` is what the edits of ``plugin``, one of the tutorial's, break; ``says`` stands in the sentence about it."""

    rule: str
    plugin: str
    says: str
    edits: tuple[dict[str, Any], ...]

    def spoil(self, root: Path) -> None:
        """Makes the edits in a copy of the plugin; each must find what it replaces."""
        for edit in self.edits:
            file = root / edit["file"]
            if edit.get("remove"):
                file.unlink()
                continue
            text = file.read_text(encoding="utf-8")
            assert edit["find"] in text, f"{self.rule}: {edit['file']} does not hold {edit['find']!r}"
            file.write_text(text.replace(edit["find"], edit["replace"], 1), encoding="utf-8")


def all_broken() -> list[Broken]:
    return [specimen for path in sorted(FOLDER.glob("*.toml")) for specimen in _read(path)]


def _read(path: Path) -> list[Broken]:
    by_rule = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Broken(rule, broken["plugin"], broken.get("says", ""), tuple(broken["edit"]))
        for rule, broken in by_rule.items()
    ]
