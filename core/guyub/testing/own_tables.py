"""The tables that a plugin declares as its own."""

from collections.abc import Iterator

from sqlalchemy import Table

from guyub.sdk.plugin import Plugin
from guyub.sdk.tables import PUBLISHED


def own_tables(plugin: Plugin) -> Iterator[Table]:
    for table in plugin.tables.tables.values() if plugin.tables is not None else ():
        if not table.info.get(PUBLISHED):
            yield table
