"""The package says that it is typed."""

from collections.abc import Iterator

from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "PKG007",
    "The package holds a file py.typed.",
    why="Without it type checkers ignore its annotations, and with them those of the SDK around it.",
    fix="add an empty file py.typed beside __init__.py",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    if not (specimen.package / "py.typed").is_file():
        yield RULE.broken("py.typed is missing", Place(specimen.package / "py.typed"))
