"""The scripts make what is declared."""

from collections.abc import Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from guyub.plugins.table_rules import RULES
from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "DATA009",
    "The scripts of migrations/ run from nothing to the last, stay inside the plugin's schema, and make every column as it "
    "is declared: name, type, default, and whether it may be empty.",
    why="Declared and made apart, the first insert fails at every facility; a script that fails keeps the plugin from running.",
    fix="mend the script, or the table; once it was released, add another script instead",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    if not specimen.migrations:
        return
    place = SourcePlace(specimen.migrations[-1].path)
    trial = specimen.trial
    if trial.refused:
        yield RULE.broken(trial.refused, place)
        return
    for rule in RULES:
        for said in rule(trial.connection, plugin.slug, "guyub_author"):
            yield RULE.broken(said.en, place)
    for sentence in (*_differences(specimen), *_without_default(specimen)):
        yield RULE.broken(sentence, place)


def _differences(specimen: PluginUnderTest) -> Iterator[str]:
    slug = specimen.plugin.slug
    options = {
        "compare_type": True,
        "include_schemas": True,
        "include_name": lambda name, kind, _parents: name == slug if kind == "schema" else name != "schema_version",
        "include_object": lambda thing, _name, kind, _reflected, _other: kind != "table" or thing.schema == slug,
    }
    context = MigrationContext.configure(specimen.trial.connection, opts=options)
    for found in compare_metadata(context, specimen.plugin.tables) if specimen.plugin.tables is not None else ():
        # Changes of one column come as a list.
        for item in found if isinstance(found, list) else [found]:
            if sentence := _said(item):
                yield sentence


def _said(found: Any) -> str:
    match found:
        case ("add_column", _, table, column):
            return f"no script makes the column {table}.{column.name}"
        case ("remove_column", _, table, column):
            return f"a script makes the column {table}.{column.name}, which is not declared"
        case ("modify_type", _, table, column, _, made, declared):
            return f"{table}.{column} is declared {declared!r}, and made {made!r}"
        case ("modify_nullable", _, table, column, _, made, _):
            return f"{table}.{column} may {'' if made else 'not '}be empty as it is made, unlike as it is declared"
    return ""


def _without_default(specimen: PluginUnderTest) -> Iterator[str]:
    inspector = inspect(specimen.trial.connection)
    for table in own_tables(specimen.plugin):
        made = (
            {column["name"]: column for column in inspector.get_columns(table.name, specimen.plugin.slug)}
            if inspector.has_table(table.name, specimen.plugin.slug)
            else {}
        )
        for column in table.columns:
            if column.server_default is not None and column.name in made and not made[column.name]["default"]:
                yield f"{table.name}.{column.name} is made without the default that it is declared with"
