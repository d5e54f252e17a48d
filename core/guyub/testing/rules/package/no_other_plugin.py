"""Plugins do not know one another."""

from collections.abc import Iterator

from guyub.testing.reading import imports
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "PKG006",
    "The package imports no other plugin.",
    why="Each is installed, switched on and taken away by itself.",
    fix="react to the core's events and batches instead; they name programmes and sources by slug",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for source in (*specimen.sources, *specimen.tests):
        for node, name in imports(source.tree):
            top = name.partition(".")[0]
            if top.startswith("guyub_") and top != specimen.module:
                yield RULE.broken(f"it imports {name}", source.at(node))
