"""Every number says what it counts."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from guyub.testing.declared_fields import bare, fields
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF002",
    "Every number has a unit; a line of goods may have it in a field `unit` beside it.",
    why="Thirty of what? A number without a unit is read as whatever the reader expects.",
    fix="add unit=Text(id=…, en=…) to the field",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        said = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
        beside = bare(info.annotation) is Decimal and "unit" in model.model_fields
        if bare(info.annotation) in (int, Decimal) and not said.get("unit") and not beside:
            yield RULE.broken(f"{model.__name__}.{name} is a number without a unit", place)
