"""A form can show every field."""

from collections.abc import Iterator

from guyub.testing.declared_fields import receipts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.ui.model_fields import fields_of

RULE = ConformanceRule(
    "CONF009",
    "Every field is of a type that a form can show.",
    why="Forms are made from the models; a plugin with another type is quarantined.",
    fix="use text, whole numbers, Rupiah, Percent, Quantity, dates, yes or no, Literal choices, or a tuple of line models",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model in (specimen.plugin.config, *receipts(specimen)):
        try:
            fields_of(model)
        except TypeError as error:
            if "has no title" not in str(error):
                yield RULE.broken(str(error), specimen.member(model))
