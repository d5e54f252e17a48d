"""The host would take the plugin as it declares itself."""

from collections.abc import Iterator

from guyub.host.declaration import faults
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "PKG011",
    "The host accepts what the plugin declares.",
    why="Otherwise it is quarantined at the next start.",
    fix="mend the attribute that the sentence names",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for fault in faults(specimen.plugin, specimen.package):
        yield RULE.broken(fault.en, specimen.start)
