"""Migrations make the tables that are declared."""

import re
from collections.abc import Iterator

from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace
from guyub.testing.source_reading import calls, constant, strings

RULE = ConformanceRule(
    "DATA005",
    "Every declared table is made by a script in migrations/, and nothing is made that is not declared.",
    why="The schema comes from the scripts alone; what they lack is missing at every facility.",
    fix="add a script to migrations/ that creates it (op.create_table)",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    made, dropped = _named(specimen, "create_table"), _named(specimen, "drop_table")
    declared = {table.name: table for table in own_tables(specimen.plugin)}
    for name in sorted(set(declared) - set(made)):
        yield RULE.broken(f"no migration makes the table {name}", specimen.table(declared[name]))
    for name in sorted(set(made) - set(declared) - set(dropped)):
        yield RULE.broken(f"a migration makes the table {name}, which is not declared", made[name])


def _named(specimen: PluginUnderTest, operation: str) -> dict[str, SourcePlace]:
    """Tables of the upgrades, by name, made with ``op`` or in SQL: what ``downgrade`` does is none of this."""
    in_sql = re.compile(rf"{operation.replace('_', ' ')} (?:if (?:not )?exists )?\"?(?:\w+\.)?(\w+)", re.IGNORECASE)
    found: dict[str, SourcePlace] = {}
    for source in specimen.migrations:
        for function in source.tree.body:
            if getattr(function, "name", "") != "upgrade":
                continue
            for node, name in calls(function):
                table = constant(node.args[0]) if node.args else None
                if name.rpartition(".")[2] == operation and table:
                    found[table] = source.at(node)
            for text, sql in strings(function):
                found |= {table: source.at(text) for table in in_sql.findall(sql)}
    return found
