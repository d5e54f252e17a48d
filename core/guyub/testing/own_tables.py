"""The tables that a plugin declares as its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import Table

from guyub.sdk.plugin import Plugin
from guyub.sdk.tables import PUBLISHED
from guyub.testing.rule import SourcePlace
from guyub.testing.source_reading import calls, constant

if TYPE_CHECKING:
    from guyub.testing.plugin_under_test import PluginUnderTest


def own_tables(plugin: Plugin) -> Iterator[Table]:
    for table in plugin.tables.tables.values() if plugin.tables is not None else ():
        if not table.info.get(PUBLISHED):
            yield table


def line_of(specimen: "PluginUnderTest", table: Table) -> SourcePlace:
    """Where it is declared."""
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] == "Table" and node.args and constant(node.args[0]) == table.name:
                return source.at(node)
    return specimen.attribute("tables")
