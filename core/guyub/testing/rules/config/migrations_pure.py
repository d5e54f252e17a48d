"""Migrations of the configuration are pure."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.samples import configurations
from guyub.testing.side_effects import watched

RULE = ConformanceRule(
    "CONF007",
    "A migration gives new values from old ones: the same for the same, any part of them, and changes nothing else.",
    why="It runs on the few values that one layer overrides, again for every reading of an old day.",
    fix="return a new dict; take names with .get or `in`, as any may be missing",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    stored: list[dict[str, Any]] = [
        {},
        *(configuration.model_dump(mode="json") for configuration in configurations(plugin.config)[:3]),
    ]
    known = set(plugin.config.model_fields)
    for n, migrate in sorted(plugin.config_migrations.items()):
        place = specimen.function(migrate)
        for values in stored:
            given = deepcopy(values)
            try:
                with watched(specimen.package) as deeds:
                    first: Any = migrate(given)
                    second: Any = migrate(deepcopy(values))
            except Exception as error:  # an author's code may raise anything
                yield RULE.broken(f"from version {n}, {values or 'no value'}: {type(error).__name__}: {error}", place)
                break
            if not isinstance(first, dict):
                yield RULE.broken(f"from version {n} it gives {type(first).__name__}, no dict", place)
            elif first != second:
                yield RULE.broken(f"from version {n} it gives two answers to one question", place)
            elif given != values:
                yield RULE.broken(f"from version {n} it changes the values that it was given", place)
            elif n == plugin.config_version - 1 and (unknown := sorted(set(first) - known - set(values))):
                yield RULE.broken(f"to the present version it gives {', '.join(unknown)}, which is no field", place)
            for deed in deeds:
                yield RULE.broken(f"from version {n} it {deed.what}", deed.place)
