"""Run in a process of its own: ``python -m guyub.plugins.probe FILE SLUG...`` loads plugins and writes what came of each.

One line of JSON for each, as soon as it is known: what follows may end the process.
"""

import json
import sys
from dataclasses import asdict

from guyub.plugins.discovery import candidates
from guyub.plugins.loading import load, new_manager


def main(file: str, *slugs: str) -> None:
    by_slug = {candidate.status.slug: candidate for candidate in candidates()}
    with open(file, "w", encoding="utf-8", buffering=1) as output:
        for slug in slugs:
            loaded = load(by_slug[slug], new_manager())
            requires = loaded.plugin.requires if loaded.plugin is not None else ()
            output.write(json.dumps({"status": asdict(loaded.status), "requires": requires}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
