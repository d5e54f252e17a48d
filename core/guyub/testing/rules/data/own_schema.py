"""Tables stand in the plugin's own schema."""

from collections.abc import Iterator

from guyub.sdk.tables import PUBLISHED
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA001",
    "Every table is in the schema named as the slug.",
    why="The host protects, upgrades and purges that schema, and refuses any other.",
    fix='make them with plugin_tables("<slug>"), without a schema of their own',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for table in specimen.plugin.tables.tables.values() if specimen.plugin.tables is not None else ():
        if table.schema != specimen.plugin.slug and not table.info.get(PUBLISHED):
            yield RULE.broken(f"the table {table.fullname} is in another schema", specimen.attribute("tables"))
