"""The README names every permission."""

from collections.abc import Iterator

from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "DOC005",
    "README.md names every permission that the plugin adds.",
    why="Whoever gives roles must know what a permission allows.",
    fix="name the key in the README, and say what it allows",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for one in specimen.plugin.permissions:
        if one.key not in specimen.project.readme:
            yield RULE.broken(f"the README does not name “{one.key}”", Place(specimen.project.readme_file))
