"""The plugin is made for an API level that the host has."""

from collections.abc import Iterator

from guyub.sdk.plugin import API_LEVEL
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "PKG012",
    "`api` is the level of the installed SDK, or the one before.",
    why="A plugin for another level is quarantined.",
    fix="bring the plugin to this level and set `api`, or leave `api` out",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    if specimen.plugin.api not in {API_LEVEL, max(1, API_LEVEL - 1)}:
        yield RULE.broken(f"it is made for level {specimen.plugin.api}, this is {API_LEVEL}", specimen.attribute("api"))
