"""Importing a plugin does nothing to the world."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "HOOK007",
    "Importing the plugin writes no file, opens no connection and starts no program.",
    why="It is imported whenever Guyub starts, at every facility and in `guyub plugin list`, active or not.",
    fix="do it in a hook, where a context says for whom; guyub_on_event may call the outside",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for deed in specimen.deeds:
        yield RULE.broken(f"importing the plugin {deed.what}", deed.place)
