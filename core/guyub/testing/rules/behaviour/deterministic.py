"""The same question has the same answer."""

from collections.abc import Iterator

from guyub.testing.calls import of_programs, of_sources
from guyub.testing.plain_values import plain_value
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations

RULE = ConformanceRule(
    "BEH001",
    "Programme types and sources answer the same question in the same way, however often it is asked.",
    why="A list is scored again before it is approved, and a receipt is shown before it is booked: both must agree.",
    fix="make the answer from the context alone: no random numbers, no counters, no sets whose order changes",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for config in configurations(specimen.plugin.config)[:8]:
        for of_program in (*of_programs(specimen.plugin, config), *of_sources(specimen.plugin, config)):
            if plain_value(of_program.ask().answer) != plain_value(of_program.ask().answer):
                yield RULE.broken(
                    f"{of_program.owner.__name__}.{of_program.method} answers twice and differs",
                    specimen.member(of_program.owner, of_program.method),
                )
