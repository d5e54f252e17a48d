"""There is a way from every earlier version of the configuration."""

from collections.abc import Iterator

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF006",
    "config_migrations holds a function for each version from 1 to config_version - 1, and no other.",
    why="Facilities keep the values of years ago; without a way to this version their plugin stands still.",
    fix="add the function from version n to n + 1 under the key n",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    wanted = set(range(1, plugin.config_version))
    for n in sorted(wanted ^ set(plugin.config_migrations), key=str):
        sentence = (
            f"there is no migration from version {n} to {int(n) + 1}"
            if n in wanted
            else f"there is a migration from version {n}, but config_version is {plugin.config_version}"
        )
        yield RULE.broken(sentence, specimen.attribute("config_version"))
    for n in sorted(wanted & set(plugin.config_migrations)):
        if not callable(plugin.config_migrations[n]):
            yield RULE.broken(f"the migration from version {n} is no function", specimen.attribute("config_migrations"))
