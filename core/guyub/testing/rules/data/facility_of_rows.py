"""Every row belongs to a facility."""

from collections.abc import Iterator

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA002",
    "Every table has facility_id (or region_id), not null.",
    why="The host's row-level security goes by it; a table without one would be shared by all facilities, and is refused.",
    fix="add guyub.sdk.tables.facility_id() to the table; what holds everywhere belongs into the configuration",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for table in own_tables(specimen.plugin):
        columns = [table.columns[name] for name in ("facility_id", "region_id") if name in table.columns]
        if not any(not column.nullable for column in columns):
            yield RULE.broken(f"the table {table.name} does not say whose its rows are", specimen.table(table))
