"""`guyub plugin check` tries a plugin out, and nothing of one plugin is there for the next."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from guyub.testing.conformance import check
from guyub.testing.crawl import crawl_of
from guyub.testing.own_tables import own_tables
from guyub.testing.plugin_under_test import opened
from tests.tutorial import build

SCRIPT = "guyub_infak/migrations/0001_collection.py"


@pytest.fixture
def infak(tmp_path: Path) -> Path:
    return build(tmp_path)["infak"]


def prepend(plugin: Path, statement: str) -> None:
    """The script runs it before it makes its table."""
    text = (plugin / SCRIPT).read_text()
    (plugin / SCRIPT).write_text(text.replace("    op.create_table(", f"    {statement}\n    op.create_table(", 1))


def test_pages_are_opened_with_empty_tables_and_with_rows_and_forms_are_sent(infak: Path):
    with opened(infak) as specimen:
        visits = crawl_of(specimen).visits
        (table,) = own_tables(specimen.plugin)
        rows = specimen.sandbox.connection.execute(select(func.count()).select_from(table)).scalar_one()
    assert [visit.what for visit in visits][:4] == [
        "GET /collections, with no rows",
        "GET /collections/new, with no rows",
        "POST /collections/new, sent empty",
        "POST /collections/new, filled in",
    ]
    assert rows > 0


def test_nothing_of_a_check_is_there_for_the_next(infak: Path):
    with opened(infak) as specimen:
        crawl_of(specimen)
    with opened(infak) as specimen:
        (table,) = own_tables(specimen.plugin)
        assert specimen.sandbox.connection.execute(select(func.count()).select_from(table)).scalar_one() == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('op.execute("COMMIT")', "ends its transaction itself"),
        ("op.get_bind().commit()", "ends its transaction itself"),
        ('op.execute("CREATE SCHEMA lain")', "outside its schema"),
    ],
)
def test_a_script_that_reaches_too_far_is_reported_and_leaves_nothing(infak: Path, statement: str, said: str):
    prepend(infak, statement)
    found = check(infak)
    assert any(item.rule == "DATA009" and said in item.sentence for item in found), found
    (infak / SCRIPT).write_text((infak / SCRIPT).read_text().replace(f"    {statement}\n", ""))
    assert check(infak) == []


def test_a_plugin_may_read_no_table_of_the_core_but_the_published_facts(infak: Path):
    with opened(infak) as specimen, specimen.sandbox.calling("a question") as session:
        assert session.scalar(text("SELECT count(*) FROM guyub.household_facts")) == 0
        with pytest.raises(Exception, match="permission denied"):
            session.scalar(text("SELECT count(*) FROM guyub.household"))
