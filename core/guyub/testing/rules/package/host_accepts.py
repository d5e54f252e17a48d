"""The host would take the plugin as it declares itself."""

from collections.abc import Iterator

from guyub.plugins.declaration import faults
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG011",
    "The host accepts what the plugin declares.",
    why="Otherwise it is quarantined at the next start.",
    fix="mend the attribute that the sentence names",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for fault in faults(specimen.plugin, specimen.package):
        yield RULE.broken(fault.en, specimen.start)
