"""Migrations make the tables that are declared."""

from collections.abc import Iterator

from guyub.testing.own_tables import line_of, own_tables
from guyub.testing.reading import calls, constant
from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "DATA005",
    "Every declared table is made by a script in migrations/, and nothing is made that is not declared.",
    why="The schema comes from the scripts alone; what they lack is missing at every facility.",
    fix="add a script in migrations/versions style that creates it (op.create_table)",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    made, dropped = _named(specimen, "create_table"), _named(specimen, "drop_table")
    declared = {table.name: table for table in own_tables(specimen.plugin)}
    for name in sorted(set(declared) - set(made)):
        yield RULE.broken(f"no migration makes the table {name}", line_of(specimen, declared[name]))
    for name in sorted(set(made) - set(declared) - set(dropped)):
        yield RULE.broken(f"a migration makes the table {name}, which is not declared", made[name])


def _named(specimen: Specimen, operation: str) -> dict[str, Place]:
    """Tables of the upgrades, by name: what ``downgrade`` does is none of this."""
    found: dict[str, Place] = {}
    for source in specimen.migrations:
        for function in source.tree.body:
            if getattr(function, "name", "") != "upgrade":
                continue
            for node, name in calls(function):
                table = constant(node.args[0]) if node.args else None
                if name.rpartition(".")[2] == operation and table:
                    found[table] = source.at(node)
    return found
