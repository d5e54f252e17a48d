"""Run in a process of its own: ``python -m guyub.host.probe SLUG FILE`` loads one plugin and writes what came of it."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from guyub.host.discovery import candidates
from guyub.host.loading import load, new_manager


def main(slug: str, file: str) -> None:
    candidate = next(one for one in candidates() if one.status.slug == slug)
    loaded = load(candidate, new_manager())
    requires = loaded.plugin.requires if loaded.plugin is not None else ()
    Path(file).write_text(json.dumps({"status": asdict(loaded.status), "requires": requires}), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
