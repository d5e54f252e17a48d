"""Rules of tables, migrations and SQL."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Float, TableClause, UniqueConstraint, inspect
from sqlalchemy.sql import visitors

from guyub.plugins.table_rules import RULES
from guyub.sdk.queries import Expression, households
from guyub.testing.contexts import program_context
from guyub.testing.finding import SourcePlace
from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import Violation, rule
from guyub.testing.samples import configurations
from guyub.testing.source_reading import calls, constant, imports, strings

_OF_PERSONS = re.compile(
    r"(^|_)(household_id|member_id|inmate_id|full_name|nik|phone|address|street|birth|contributor_name|donor_name|person_name|"
    r"nama|alamat|telepon|telp|no_hp|hp|tanggal_lahir|ktp|email)($|_)"
)
_CORE_TABLE = re.compile(r"\b(?:from|join|into|update|table|delete\s+from)\s+guyub\.(\w+)", re.IGNORECASE)
_PUBLISHED = frozenset({"household_facts"})
_PLACES = frozenset({"facility_id", "region_id"})


@rule(
    "DATA002",
    "Every table has facility_id (or region_id), not null.",
    why="The host's row-level security goes by it; a table without one would be shared by all facilities, and is refused.",
    fix="add guyub.sdk.tables.facility_id() to the table; what holds everywhere belongs into the configuration",
)
def facility_of_rows(specimen: PluginUnderTest) -> Iterator[Violation]:
    for table in own_tables(specimen.plugin):
        columns = [table.columns[name] for name in ("facility_id", "region_id") if name in table.columns]
        if not any(not column.nullable for column in columns):
            yield Violation(f"the table {table.name} does not say whose its rows are", specimen.table(table))


@rule(
    "DATA003",
    "A plugin whose tables keep household_id or data of persons says in personal_data what, why and for how long.",
    why="Law 27/2022 asks for purpose and time; the register of what is kept is made from these declarations.",
    fix="add PersonalData(what=…, why=…, years=…), or do not keep it",
)
def personal_data(specimen: PluginUnderTest) -> Iterator[Violation]:
    plugin = specimen.plugin
    for table in own_tables(plugin):
        kept = [column.name for column in table.columns if _OF_PERSONS.search(column.name)]
        if kept and not plugin.personal_data:
            sentence = f"the table {table.name} keeps {', '.join(kept)}, and personal_data is empty"
            yield Violation(sentence, specimen.table(table))
    for declared in plugin.personal_data:
        if declared.years < 1 or not all((declared.what.id, declared.what.en, declared.why.id, declared.why.en)):
            yield Violation("what, why or the years are missing", specimen.attribute("personal_data"))


@rule(
    "DATA004",
    "The expressions of rules and criteria are over guyub.sdk.household and no other table.",
    why="The core runs them as one statement over all households; the facts hold no names and no numbers of persons.",
    fix="write the expression with the columns of guyub.sdk.household",
)
def published_facts(specimen: PluginUnderTest) -> Iterator[Violation]:
    for kind in specimen.plugin.program_types:
        for config in configurations(specimen.plugin.config):
            ctx = program_context(config)
            for method, asked in (("eligibility", kind.eligibility(ctx)), ("criteria", kind.criteria(ctx))):
                for item in asked:
                    for table in sorted(_tables_in(item.expression) - {households.fullname}):
                        sentence = f"{item.key} reads {table}"
                        yield Violation(sentence, specimen.member(type(kind), method))


def _tables_in(expression: Expression) -> set[str]:
    parts = list(visitors.iterate(expression))
    columns = (getattr(element, "table", None) for element in parts)
    return {str(part.fullname) for part in (*parts, *columns) if isinstance(part, TableClause)}


@rule(
    "DATA005",
    "Every declared table is made by a script in migrations/, and nothing is made that is not declared.",
    why="The schema comes from the scripts alone; what they lack is missing at every facility.",
    fix="add a script to migrations/ that creates it (op.create_table)",
)
def tables_migrated(specimen: PluginUnderTest) -> Iterator[Violation]:
    made, dropped = _tables_named(specimen, "create_table"), _tables_named(specimen, "drop_table")
    declared = {table.name: table for table in own_tables(specimen.plugin)}
    for name in sorted(set(declared) - set(made)):
        yield Violation(f"no migration makes the table {name}", specimen.table(declared[name]))
    for name in sorted(set(made) - set(declared) - set(dropped)):
        yield Violation(f"a migration makes the table {name}, which is not declared", made[name])


def _tables_named(specimen: PluginUnderTest, operation: str) -> dict[str, SourcePlace]:
    """Finds the tables of the upgrades by name, made with ``op`` or in SQL; ``downgrade`` does not count."""
    in_sql = re.compile(rf"{operation.replace('_', ' ')} (?:if (?:not )?exists )?\"?(?:\w+\.)?(\w+)", re.IGNORECASE)
    tables: dict[str, SourcePlace] = {}
    for source in specimen.migrations:
        for function in source.tree.body:
            if getattr(function, "name", "") != "upgrade":
                continue
            for node, name in calls(function):
                table = constant(node.args[0]) if node.args else None
                if name.rpartition(".")[2] == operation and table:
                    tables[table] = source.at(node)
            for text, sql in strings(function):
                tables |= {table: source.at(text) for table in in_sql.findall(sql)}
    return tables


@rule(
    "DATA006",
    "No column is a float.",
    why="Sums over floats drift; books must add up to the rupiah.",
    fix="use BigInteger for rupiah and Numeric(14, 3) for quantities",
)
def exact_columns(specimen: PluginUnderTest) -> Iterator[Violation]:
    for table in own_tables(specimen.plugin):
        for column in table.columns:
            # Float is a Numeric for SQLAlchemy, not the other way round.
            if isinstance(column.type, Float):
                yield Violation(f"{table.name}.{column.name} is a float", specimen.table(table))


@rule(
    "DATA007",
    "Foreign keys point at tables of the plugin, at guyub.facility, guyub.region or guyub.household.",
    why="Other tables of the core change without notice, and the host refuses a key to them.",
    fix="use facility_id() and household_id() of guyub.sdk.tables",
)
def foreign_keys(specimen: PluginUnderTest) -> Iterator[Violation]:
    allowed = {"guyub.facility", "guyub.region", "guyub.household"}
    for table in own_tables(specimen.plugin):
        for key in table.foreign_keys:
            target = key.target_fullname.rpartition(".")[0]
            if target not in allowed and not target.startswith(f"{specimen.plugin.slug}."):
                yield Violation(f"{table.name} has a key to {target}", specimen.table(table))


@rule(
    "DATA008",
    "Statements read and write own tables; of the core they read guyub.household_facts alone.",
    why="The core's tables change without notice, and what writes to them goes round its checks and its audit.",
    fix="take guyub.sdk.households, what the context gives, or visit.receive",
)
def reads_published(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, text in strings(source.tree):
            for table in sorted({*_CORE_TABLE.findall(text)} - _PUBLISHED):
                yield Violation(f"a statement names guyub.{table}", source.at(node))


@rule(
    "DATA009",
    "The scripts of migrations/ run from nothing to the last, stay inside the plugin's schema, and make every column as it "
    "is declared: name, type, default, and whether it may be empty.",
    why="Declared and made apart, the first insert fails at every facility; a script that fails keeps the plugin from running.",
    fix="fix the script, or the table; once it was released, add another script instead",
)
def scripts_run(specimen: PluginUnderTest) -> Iterator[Violation]:
    plugin = specimen.plugin
    if not specimen.migrations:
        return
    place = SourcePlace(specimen.migrations[-1].path)
    sandbox = specimen.sandbox
    if sandbox.refused:
        yield Violation(sandbox.refused, place)
        return
    for table_rule in RULES:
        for text in table_rule(sandbox.connection, plugin.slug, "guyub_author"):
            yield Violation(text.en, place)
    for sentence in (*_differences(specimen), *_without_default(specimen)):
        yield Violation(sentence, place)


def _differences(specimen: PluginUnderTest) -> Iterator[str]:
    slug = specimen.plugin.slug
    options = {
        "compare_type": True,
        "include_schemas": True,
        "include_name": lambda name, kind, _parents: name == slug if kind == "schema" else name != "schema_version",
        "include_object": lambda thing, _name, kind, _reflected, _other: kind != "table" or thing.schema == slug,
    }
    context = MigrationContext.configure(specimen.sandbox.connection, opts=options)
    for difference in compare_metadata(context, specimen.plugin.tables) if specimen.plugin.tables is not None else ():
        # Changes of one column come as a list.
        for item in difference if isinstance(difference, list) else [difference]:
            if sentence := _difference(item):
                yield sentence


def _difference(change: Any) -> str:
    match change:
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
    inspector = inspect(specimen.sandbox.connection)
    for table in own_tables(specimen.plugin):
        made = (
            {column["name"]: column for column in inspector.get_columns(table.name, specimen.plugin.slug)}
            if inspector.has_table(table.name, specimen.plugin.slug)
            else {}
        )
        for column in table.columns:
            if column.server_default is not None and column.name in made and not made[column.name]["default"]:
                yield f"{table.name}.{column.name} is made without the default that it is declared with"


@rule(
    "DATA010",
    "A script in migrations/ imports nothing of the plugin.",
    why="The tables change later; the script must still make what it made on the day it was written.",
    fix="write the columns into the script with sa.Column(...)",
)
def scripts_alone(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.migrations:
        for node, name in imports(source.tree):
            if name == specimen.module or name.startswith(f"{specimen.module}."):
                yield Violation(f"it imports {name}", source.at(node))


@rule(
    "DATA011",
    "What is unique in a table is so together with facility_id or region_id.",
    why="One facility's number would be taken for all others, and a refusal would tell them that it is used there.",
    fix='write UniqueConstraint("facility_id", …), in the table and in its script',
)
def unique_at_facility(specimen: PluginUnderTest) -> Iterator[Violation]:
    for table in own_tables(specimen.plugin):
        unique = [
            list(constraint.columns) for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
        ]
        unique += [list(index.columns) for index in table.indexes if index.unique]
        for columns in unique:
            names = [column.name for column in columns]
            # An id that the database makes is unique anyway, and keys may want to name it.
            if names and not _PLACES & set(names) and not all(column.primary_key for column in columns):
                yield Violation(f"{table.name} has {', '.join(names)} once for all", specimen.table(table))


@rule(
    "DATA012",
    "SQL in text() is written out: no f-string, no +, no %, no format().",
    why="What somebody typed would become part of the statement.",
    fix='write text("… WHERE code = :code") and give {"code": …} to execute, or build it with select()',
)
def values_bound(specimen: PluginUnderTest) -> Iterator[Violation]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] in ("text", "literal_column") and node.args and _is_made(node.args[0]):
                yield Violation(f"{name}() is given SQL that is put together", source.at(node))


def _is_made(argument: ast.expr) -> bool:
    if isinstance(argument, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in argument.values)
    if isinstance(argument, ast.BinOp):
        return not all(isinstance(item, ast.Constant) for item in (argument.left, argument.right))
    return (
        isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute) and argument.func.attr == "format"
    )
