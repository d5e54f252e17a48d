"""A small plugin with tables of its own, as a distribution on the path with as many migrations as it is given."""

from importlib.metadata import distributions
from itertools import count
from pathlib import Path
from textwrap import dedent, indent

from guyub.configuration.assembly import plugin_registry
from guyub.plugins.plugin_registry import PluginRegistry

SLUG = "kas_contoh"
_names = count(1)

COLLECTION = """
    CREATE TABLE collection (
        id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
        number integer GENERATED ALWAYS AS IDENTITY, note text,
        amount bigint NOT NULL, doubled bigint GENERATED ALWAYS AS (amount * 2) STORED);
"""
LINE = """
    CREATE TABLE a_line (
        id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
        collection_id uuid NOT NULL REFERENCES collection ON DELETE CASCADE, payload bytea, share numeric(8,3));
"""
VISIT = """
    CREATE TABLE visit (
        id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
        household_id uuid NOT NULL REFERENCES guyub.household);
    CREATE TABLE visit_note (
        id uuid PRIMARY KEY DEFAULT uuidv7(), facility_id uuid NOT NULL REFERENCES guyub.facility,
        visit_id uuid NOT NULL REFERENCES visit, body text NOT NULL);
"""
ALLOTMENT = (
    "CREATE TABLE allotment (id uuid PRIMARY KEY DEFAULT uuidv7(), region_id uuid NOT NULL REFERENCES guyub.region);"
)
ALL = (COLLECTION + LINE, VISIT, ALLOTMENT)

PACKAGE = """
from guyub.sdk import Plugin, Text
from guyub.sdk.tables import plugin_tables

class Kas(Plugin):
    slug = "{slug}"
    title = Text(id="Kas contoh", en="Cash example")
    summary = Text(id="Hanya untuk pengujian.", en="For tests only.")
    tables = plugin_tables("{slug}")

plugin = Kas()
"""


def script(number: int, sql: str) -> str:
    body = sql if sql.lstrip().startswith("!") else f"op.execute({sql!r})"
    return (
        f"from alembic import op\nimport sqlalchemy as sa\n\nrevision = 'k{number}'\n"
        f"down_revision = {f'k{number - 1}' if number > 1 else None!r}\n\n\n"
        f"def upgrade():\n{indent(dedent(body.lstrip().removeprefix('!')), '    ')}\n"
    )


class Kas:
    """A distribution on the path, with as many migrations as it was given."""

    def __init__(self, root: Path, slug: str) -> None:
        self.module, self.root, self.slug = f"guyub_{slug}_{next(_names)}", root / f"site{next(_names)}", slug
        self.package = self.root / self.module
        (self.package / "migrations").mkdir(parents=True)
        (self.package / "__init__.py").write_text(PACKAGE.format(slug=slug))
        info = self.root / f"{self.module}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {self.module}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[guyub]\n{slug} = {self.module}:plugin\n")
        (info / "RECORD").write_text("")

    def with_migrations(self, *sqls: str) -> PluginRegistry:
        self.write(*sqls)
        return self.plugins()

    def write(self, *sqls: str) -> None:
        """Each a migration: SQL, or after "!" the body of ``upgrade()``."""
        for number, sql in enumerate(sqls, 1):
            (self.package / "migrations" / f"k{number}.py").write_text(script(number, sql))

    def plugins(self) -> PluginRegistry:
        entries = [
            entry for distribution in distributions(path=[str(self.root)]) for entry in distribution.entry_points
        ]
        return plugin_registry(entries)
