"""Of Guyub a plugin imports the SDK alone."""

from collections.abc import Iterator

from guyub.testing.reading import imports
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Source, Specimen

RULE = Rule(
    "PKG005",
    "The package imports guyub.sdk and nothing else of guyub; its tests may import guyub.testing too.",
    why="All else of the core changes without notice; what is not documented is not API.",
    fix="use what guyub.sdk offers, and ask for what it lacks",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for source in specimen.sources:
        yield from _strangers(source, ("guyub.sdk",))
    for source in specimen.tests:
        yield from _strangers(source, ("guyub.sdk", "guyub.testing"))


def _strangers(source: Source, allowed: tuple[str, ...]) -> Iterator[Finding]:
    for node, name in imports(source.tree):
        is_of_guyub = name == "guyub" or name.startswith("guyub.")
        if is_of_guyub and not any(name == one or name.startswith(f"{one}.") for one in allowed):
            yield RULE.broken(f"it imports {name}", source.at(node))
