"""What is unique is so at one place."""

from collections.abc import Iterator

from sqlalchemy import UniqueConstraint

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DATA011",
    "What is unique in a table is so together with facility_id or region_id.",
    why="One facility's number would be taken for all others, and a refusal would tell them that it is used there.",
    fix='write UniqueConstraint("facility_id", …), in the table and in its script',
)

_PLACES = frozenset({"facility_id", "region_id"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for table in own_tables(specimen.plugin):
        unique = [
            list(constraint.columns) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
        ]
        unique += [list(index.columns) for index in table.indexes if index.unique]
        for columns in unique:
            names = [column.name for column in columns]
            # An id that the database makes is unique anyway, and keys may want to name it.
            if names and not _PLACES & set(names) and not all(column.primary_key for column in columns):
                yield RULE.broken(f"{table.name} has {', '.join(names)} once for all", specimen.table(table))
