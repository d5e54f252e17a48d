"""Every number of a configuration has a range."""

from collections.abc import Iterator
from decimal import Decimal

from guyub.testing.declared_fields import bare, fields, limits
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF003",
    "Every number has a lowest and a highest value.",
    why="A slip of the finger makes 5 into 500; and a refusal can only name the allowed range where there is one.",
    fix="add ge= and le=, or use Rupiah, Percent or Quantity, which have them",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        if bare(info.annotation) not in (int, Decimal):
            continue
        found = limits(info).keys()
        if not found & {"ge", "gt"} or not found & {"le", "lt", "max_digits"}:
            yield RULE.broken(f"{model.__name__}.{name} is a number without a range", place)
