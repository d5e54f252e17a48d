"""Packs what the distribution carries but hatchling cannot see by itself.

The repository's `facilities/` lies beside `core/`, not in it: it becomes `guyub/provisioning/data`, which an sdist
already carries in place. An editable installation reads the repository's own folder and gets no copy, which would
go stale.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = "guyub/provisioning/data"
FRONT_END = "guyub/ui/static/vendor/icons.svg"


class PackData(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the facilities. Raises FileNotFoundError where they or the front-end files are missing."""
        if version == "editable":
            return
        root = Path(self.root)
        if not (root / FRONT_END).is_file():
            raise FileNotFoundError(f"{root / FRONT_END} is missing: run `make setup` before building a wheel")
        if (root / PACKED).is_dir():
            return
        facilities = root.parent / "facilities"
        if not facilities.is_dir():
            raise FileNotFoundError(f"{facilities} is missing: build guyub from its repository or its sdist")
        build_data["force_include"][str(facilities)] = PACKED
