"""A configuration cannot be changed, and knows no other names."""

from collections.abc import Iterator

from guyub.testing.declared_fields import models
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF005",
    'Every model is frozen and refuses unknown fields (extra="forbid").',
    why="A configuration is shared by all calls of its day; and a misspelt setting in a file would be lost in silence.",
    fix="derive from guyub.sdk.Config or Receipt and leave frozen and extra as they are",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model in models(specimen):
        if not model.model_config.get("frozen"):
            yield RULE.broken(f"{model.__name__} is not frozen", specimen.member(model))
        if model.model_config.get("extra") != "forbid":
            yield RULE.broken(f"{model.__name__} takes unknown fields", specimen.member(model))
