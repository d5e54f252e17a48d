"""Keys point at own tables or at what the core publishes."""

from collections.abc import Iterator

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA007",
    "Foreign keys point at tables of the plugin, at guyub.facility, guyub.region or guyub.household.",
    why="Other tables of the core change without notice, and the host refuses a key to them.",
    fix="use facility_id() and household_id() of guyub.sdk.tables",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    allowed = {"guyub.facility", "guyub.region", "guyub.household"}
    for table in own_tables(specimen.plugin):
        for key in table.foreign_keys:
            target = key.target_fullname.rpartition(".")[0]
            if target not in allowed and not target.startswith(f"{specimen.plugin.slug}."):
                yield RULE.broken(f"{table.name} has a key to {target}", specimen.table(table))
