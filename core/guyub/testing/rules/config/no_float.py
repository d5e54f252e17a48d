"""Money and quantities are exact."""

from collections.abc import Iterator

from guyub.testing.declared_fields import fields, parts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF008",
    "No field of a configuration, receipt or line is a float.",
    why="0.1 + 0.2 is not 0.3 for a float; books must add up to the rupiah.",
    fix="use Rupiah (whole), Quantity (three decimals) or Percent",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        if float in parts(info.annotation):
            yield RULE.broken(f"{model.__name__}.{name} is a float", place)
