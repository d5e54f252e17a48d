"""The same question has the same answer."""

from collections.abc import Iterator

from guyub.testing.asking import of_programs, of_sources
from guyub.testing.rule import Finding, Rule
from guyub.testing.samples import configurations
from guyub.testing.specimen import Specimen
from guyub.testing.told import plain

RULE = Rule(
    "BEH001",
    "Programme types and sources answer the same question in the same way, however often it is asked.",
    why="A list is scored again before it is approved, and a receipt is shown before it is booked: both must agree.",
    fix="make the answer from the context alone: no random numbers, no counters, no sets whose order changes",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for config in configurations(specimen.plugin.config)[:8]:
        for one in (*of_programs(specimen.plugin, config), *of_sources(specimen.plugin, config)):
            if plain(one.ask().answer) != plain(one.ask().answer):
                yield RULE.broken(
                    f"{one.owner.__name__}.{one.method} answers twice and differs",
                    specimen.member(one.owner, one.method),
                )
