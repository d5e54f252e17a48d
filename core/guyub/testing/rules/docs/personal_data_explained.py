"""The README says what is kept about people."""

from collections.abc import Iterator

from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "DOC004",
    "A plugin that declares personal_data has a section “## Personal data” in its README.",
    why="Who switches it on answers for what it keeps.",
    fix="add the section: what is kept, why, and for how long",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    if specimen.plugin.personal_data and "\n## Personal data" not in specimen.project.readme:
        yield RULE.broken("the README does not say what is kept about people", Place(specimen.project.readme_file))
