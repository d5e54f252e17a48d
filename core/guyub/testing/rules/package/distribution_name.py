"""The distribution is named after the slug."""

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "PKG002",
    "The distribution is named guyub-<slug>, with hyphens.",
    why="Staff are told to install guyub-<slug> where a plugin is missing.",
    fix='name it "guyub-<slug>" below [project]',
)


def check(specimen: Specimen) -> Iterator[Finding]:
    wanted = f"guyub-{specimen.slug.replace('_', '-')}"
    if canonicalize_name(specimen.project.name) != wanted:
        sentence = f"the distribution is named “{specimen.project.name}”, not “{wanted}”"
        yield RULE.broken(sentence, specimen.project.line_with("name ="))
