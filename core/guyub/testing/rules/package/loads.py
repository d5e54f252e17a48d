"""The plugin can be imported."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import ImportFailure, PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG008",
    "The entry point loads an instance of a class derived from guyub.sdk.Plugin.",
    why="A plugin that fails to load is quarantined: what it does stands still at every facility.",
    fix="mend what the sentence names; nothing else of the plugin was looked at",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if isinstance(specimen.loaded, ImportFailure):
        yield RULE.broken(specimen.loaded.sentence, specimen.loaded.place)
