"""Money and quantities are exact in tables too."""

from collections.abc import Iterator

from sqlalchemy import Float

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA006",
    "No column is a float.",
    why="Sums over floats drift; books must add up to the rupiah.",
    fix="use BigInteger for rupiah and Numeric(14, 3) for quantities",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for table in own_tables(specimen.plugin):
        for column in table.columns:
            # Float is a Numeric for SQLAlchemy, not the other way round.
            if isinstance(column.type, Float):
                yield RULE.broken(f"{table.name}.{column.name} is a float", specimen.table(table))
