"""Who may know whom. ``make lint`` asks import-linter; these ask what it cannot, and that the questions can fail."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import distribution, entry_points
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "guyub"
PLUGINS = {"bansos": "guyub_bansos", "csr_funding": "guyub_csr_funding", "canteen_profit": "guyub_canteen_profit"}


def imports(source: str) -> set[str]:
    """Every module that a text imports, wherever in it, by its full name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def foreign_to_a_plugin(source: str) -> set[str]:
    return {
        module
        for module in imports(source)
        if module == "guyub" or (module.startswith("guyub.") and not (module + ".").startswith("guyub.sdk."))
    }


def sources(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("slug", "package"), PLUGINS.items())
def test_a_plugin_imports_the_sdk_and_no_other_part_of_the_core(slug: str, package: str):
    read = 0
    for path, source in sources(ROOT / "plugins" / slug / package):
        assert foreign_to_a_plugin(source) == set(), path
        assert not {item for item in imports(source) if item.partition(".")[0] in set(PLUGINS.values()) - {package}}, (
            path
        )
        read += 1
    assert read > 2


@pytest.mark.parametrize(
    "specimen",
    [
        "import guyub",
        "from guyub.db.unit_of_work import Work",
        "from guyub import db",
        "def f():\n    import guyub.funds.ledger",
        "from guyub.sdkx import a",
    ],
)
def test_a_plugin_that_reaches_further_is_found(specimen: str):
    assert foreign_to_a_plugin(specimen)
    assert not foreign_to_a_plugin("from guyub.sdk import Plugin\nfrom guyub.sdk.text import Text\nimport guyub.sdk")


def test_the_core_knows_no_plugin_by_name_of_its_package():
    for path, source in sources(CORE):
        assert not {item for item in imports(source) if item.partition(".")[0] in PLUGINS.values()}, path


def test_the_sdk_stands_on_nothing_of_the_core():
    for path, source in sources(CORE / "sdk"):
        assert not {
            item for item in imports(source) if item.startswith("guyub.") and not item.startswith("guyub.sdk")
        }, path


RUNS_SQL = ("guyub.db.migration_sql", "guyub.db.migration_sql.run_files")
"""What runs the files of a migration: it knows no table."""


def test_migrations_import_no_models():
    """They describe the schema of their day, not of ours."""
    found = 0
    for path, source in sources(CORE / "db" / "migrations"):
        assert not {item for item in imports(source) if item.startswith("guyub.") and item not in RUNS_SQL}, path
        found += 1
    assert found > 1


def test_the_three_are_distributions_of_their_own_that_need_the_core_and_nothing_else():
    found = {entry.name: entry for entry in entry_points(group="guyub")}
    for slug, package in PLUGINS.items():
        name = f"guyub-{slug.replace('_', '-')}"
        assert found[slug].value.partition(":")[0].partition(".")[0] == package
        assert [Requirement(needed).name for needed in distribution(name).requires or ()] == ["guyub"]


def test_statements_reach_the_database_by_one_way():
    """Only ``guyub.db`` makes connections, the tables of plugins, the command line and the authors' test kit: no room does."""
    makers = ("create_engine(", "psycopg.connect(", "sessionmaker(", "create_async_engine(")
    for path, source in sources(CORE):
        if any(path.is_relative_to(CORE / room) for room in ("db", "cli", "testing")):
            continue
        if path.is_relative_to(CORE / "plugins") and path.name.startswith("table_"):
            continue
        assert not [maker for maker in makers if maker in source], path


ABOVE_PLUGINS = ("configuration", "documents", "funds", "registry", "programs", "provisioning", "reports", "operations")


def tables_of(room: str) -> set[str]:
    """The names of the tables that are declared in a room's ``models.py``."""
    models = CORE / room / "models.py"
    return (
        set(re.findall(r'__tablename__ = "(\w+)"', models.read_text(encoding="utf-8"))) if models.is_file() else set()
    )


def named_tables(source: str) -> set[str]:
    """What a text names of the core's schema in the statements that it has."""
    constants = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    return {name for text in constants if isinstance(text, str) for name in re.findall(r"\bguyub\.(\w+)", text)}


def test_no_statement_of_plugins_names_a_table_of_a_higher_room():
    """It asks for what is active and for values, and configuration answers."""
    higher = {table for room in ABOVE_PLUGINS for table in tables_of(room)}
    assert {"config_value", "plugin_activation", "cycle", "fund", "household"} <= higher
    for path, source in sources(CORE / "plugins"):
        assert not named_tables(source) & higher, path


def test_a_table_in_a_statement_is_found():
    assert named_tables('run("SELECT 1 FROM guyub.config_value v")') == {"config_value"}


def test_every_statement_names_its_schema():
    """Whatever search path a connection was left with, a table of ours is not taken for somebody else's."""
    tables = {
        "household",
        "member",
        "entitlement",
        "cycle",
        "fund",
        "transfer",
        "account",
        "journal",
        "person",
        "facility",
    }
    for path, source in sources(CORE):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "SELECT" in node.value:
                words = node.value.replace("(", " ").replace(",", " ").split()
                after = {word for keyword, word in pairwise(words) if keyword in {"FROM", "JOIN", "INTO", "UPDATE"}}
                assert not after & tables, (path, after & tables)
