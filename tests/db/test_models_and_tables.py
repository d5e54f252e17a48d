"""Every table of the schema has a model in its room, every model a table, and both say the same."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import BigInteger, ForeignKeyConstraint, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from guyub.db.base import SCHEMA, TableModel, made_by_database, metadata, primary_key, references
from guyub.db.connecting import conninfo
from guyub.db.installation import Installation

CORE = Path(__file__).parents[2] / "core" / "guyub"
NO_MODEL = {"schema_version": "Alembic's own: it is read and written by migrations alone"}
POSTGRESQL = dialect()

_COLUMNS = """
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull, a.atthasdef OR a.attidentity <> ''
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace = 'guyub'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition"""
_KEYS = """
    SELECT c.relname, k.contype = 'p', f.relname,
           (SELECT array_agg(a.attname::text ORDER BY u.nth) FROM unnest(k.conkey) WITH ORDINALITY u(number, nth)
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number),
           (SELECT array_agg(a.attname::text ORDER BY u.nth) FROM unnest(k.confkey) WITH ORDINALITY u(number, nth)
            JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid LEFT JOIN pg_class f ON f.oid = k.confrelid
    WHERE c.relnamespace = 'guyub'::regnamespace AND k.contype IN ('p', 'f')"""


@dataclass(frozen=True)
class ColumnShape:
    """``filled`` by the database where an insert names no value."""

    sql_type: str
    nullable: bool
    filled: bool


@dataclass(frozen=True)
class TableShape:
    """A foreign key is the other table and the pairs of columns."""

    columns: dict[str, ColumnShape]
    primary_key: frozenset[str]
    foreign_keys: frozenset[tuple[str, frozenset[tuple[str, str]]]]


def in_database(installation: Installation) -> dict[str, TableShape]:
    columns: dict[str, dict[str, ColumnShape]] = {}
    primary: dict[str, frozenset[str]] = {}
    foreign: dict[str, set[tuple[str, frozenset[tuple[str, str]]]]] = {}
    with psycopg.connect(conninfo(installation.admin_url)) as connection:
        for table, column, sql_type, nullable, filled in connection.execute(_COLUMNS):
            columns.setdefault(table, {})[column] = ColumnShape(sql_type, nullable, filled)
        for table, is_primary, other, own, theirs in connection.execute(_KEYS):
            if is_primary:
                primary[table] = frozenset(own)
            else:
                foreign.setdefault(table, set()).add((other, frozenset(zip(own, theirs, strict=True))))
    return {
        table: TableShape(columns[table], primary.get(table, frozenset()), frozenset(foreign.get(table, ())))
        for table in columns
    }


def in_models(tables: Iterable[Table]) -> dict[str, TableShape]:
    return {table.name: shape_of(table) for table in tables}


def shape_of(table: Table) -> TableShape:
    return TableShape(
        {
            column.name: ColumnShape(
                column.type.compile(POSTGRESQL).lower().replace(", ", ","),
                bool(column.nullable),
                column.server_default is not None,
            )
            for column in table.columns
        },
        frozenset(column.name for column in table.primary_key),
        frozenset(
            (
                key.elements[0].target_fullname.split(".")[1],
                frozenset((part.parent.name, part.target_fullname.split(".")[2]) for part in key.elements),
            )
            for key in table.constraints
            if isinstance(key, ForeignKeyConstraint)
        ),
    )


def differences(models: dict[str, TableShape], database: dict[str, TableShape]) -> list[str]:
    found = [f"{table}: no model" for table in database.keys() - models.keys()]
    found += [f"{table}: no table" for table in models.keys() - database.keys()]
    for table in models.keys() & database.keys():
        model, actual = models[table], database[table]
        for column in model.columns.keys() | actual.columns.keys():
            wrong, right = model.columns.get(column), actual.columns.get(column)
            if wrong != right:
                found.append(f"{table}.{column}: the model has {wrong}, the database {right}")
        if model.primary_key != actual.primary_key:
            found.append(f"{table}: primary key {set(model.primary_key)}, in the database {set(actual.primary_key)}")
        found += [f"{table}: the database has no key {key}" for key in model.foreign_keys - actual.foreign_keys]
        found += [f"{table}: the model has no key {key}" for key in actual.foreign_keys - model.foreign_keys]
    return sorted(found)


def all_models() -> Iterator[type[TableModel]]:
    """Every table model of the core; imports the ``models.py`` of each room."""
    for path in CORE.rglob("models.py"):
        import_module(".".join(path.relative_to(CORE.parent).with_suffix("").parts))
    waiting = list(TableModel.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if model.metadata is metadata and hasattr(model, "__table__"):
            yield model


def test_models_and_the_migrated_database_say_the_same(installation: Installation):
    assert list(all_models())
    database = in_database(installation)
    assert NO_MODEL.keys() <= database.keys(), "an exemption that is no longer needed"
    modelled = {table: shape for table, shape in database.items() if table not in NO_MODEL}
    assert differences(in_models(metadata.tables.values()), modelled) == []


def test_each_model_stands_in_the_models_of_a_room_and_keys_find_their_tables():
    models = list(all_models())
    assert {model.__module__ for model in models if not model.__module__.endswith(".models")} == set()
    assert len({model.__name__ for model in models}) == len(models)
    for table in metadata.tables.values():
        for key in table.foreign_keys:
            assert key.column.table.schema == SCHEMA


def test_no_model_makes_a_default_that_the_database_makes():
    """A default in Python would be sent in place of the database's, and the two can drift apart."""
    list(all_models())
    for table in metadata.tables.values():
        assert {f"{column}" for column in table.columns if column.default is not None} == set()


class TestTheComparisonCanFail:
    @pytest.fixture
    def correct(self) -> Table:
        return self.table_of("Right", id=primary_key(), key=references("household", facility_id="facility_id", of="id"))

    def table_of(self, name: str, **changes: object) -> Table:
        """A model in a registry of its own, so that no other test sees it."""
        own = MetaData(schema=SCHEMA)

        class Base(SQLModel, registry=registry(metadata=own)):
            metadata = own

        key = changes.pop("key", None)
        fields: dict[str, object] = {
            "id": primary_key(),
            "facility_id": Field(sa_type=Uuid),
            "of": Field(sa_type=Uuid),
            "rupiah": Field(sa_type=BigInteger),
            "note": made_by_database(Text),
        } | changes
        types: dict[str, object] = {"id": UUID, "facility_id": UUID, "of": UUID, "rupiah": int, "note": str}
        if fields["rupiah"] is None:
            del fields["rupiah"], types["rupiah"]
        body = {"__module__": __name__, "__annotations__": types, "__tablename__": "specimen", **fields}
        if key is not None:
            body["__table_args__"] = (key,)
        type(SQLModel)(name, (Base,), body, table=True)
        return own.tables[f"{SCHEMA}.specimen"]

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"rupiah": Field(sa_type=Text)}, "specimen.rupiah"),
            ({"rupiah": Field(sa_type=BigInteger, nullable=True)}, "specimen.rupiah"),
            ({"rupiah": made_by_database(BigInteger)}, "specimen.rupiah"),
            ({"rupiah": None}, "specimen.rupiah"),
            ({"note": Field(sa_type=Text)}, "specimen.note"),
            ({"facility_id": Field(sa_type=Uuid, primary_key=True)}, "specimen: primary key"),
            ({"key": None}, "specimen: the model has no key"),
            ({"key": references("household", of="facility_id", facility_id="id")}, "specimen: the database has no key"),
            ({"key": references("member", facility_id="facility_id", of="id")}, "specimen: the database has no key"),
        ],
    )
    def test_by_a_model_that_is_wrong(self, correct: Table, changes: dict[str, object], where: str):
        key = references("household", facility_id="facility_id", of="id")
        wrong = self.table_of("Wrong", **({"key": key} | changes))
        database = in_models([correct])
        assert differences(in_models([correct]), database) == []
        found = differences(in_models([wrong]), database)
        assert any(line.startswith(where) for line in found), found

    def test_by_a_table_without_a_model_and_a_model_without_a_table(self, correct: Table):
        assert differences({}, in_models([correct])) == ["specimen: no model"]
        assert differences(in_models([correct]), {}) == ["specimen: no table"]
