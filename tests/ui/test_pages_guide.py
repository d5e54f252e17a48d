"""The guide for writing pages is true: its example is Python that fits, and its templates render."""

import ast
import re
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from guyub.sdk.page_tables import Table, TableRows
from guyub.sdk.text import Text
from guyub.ui import forms
from guyub.ui.render import Pages
from guyub_csr_funding.receipts import CsrGoods

from .conftest import APage

GUIDE = (Path(__file__).parents[2] / "docs/developers/pages.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Visit:
    id: int
    name: str
    on: date
    members: int
    state: str


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    for name, source in zip(("list", "new", "model"), blocks("html"), strict=True):
        (tmp_path / f"{name}.html").write_text(source)
    return Pages({"visits": tmp_path})


def visits_of(rows: list[Visit]) -> TableRows[Visit]:
    """The rows in the table that the guide declares."""
    declared = next(block for block in blocks("python") if "VISITS: Table" in block)
    source = declared.replace("from guyub.visits.queries import Visit\n", "")
    names: dict[str, Any] = {"Visit": Visit}
    exec(compile(source, "tables.py", "exec"), names)
    table: Table[Visit] = names["VISITS"]
    return table.of(rows)


def test_what_the_example_imports_is_there():
    for block in blocks("python"):
        for statement in ast.walk(ast.parse(block)):
            if isinstance(statement, ast.ImportFrom) and not str(statement.module).startswith("guyub.visits"):
                module = import_module(str(statement.module))
                for name in statement.names:
                    assert hasattr(module, name.name) or import_module(f"{statement.module}.{name.name}")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_list_of_the_example_renders_full_and_empty(pages: Pages, a_page: APage, lang: str):
    visit = Visit(7, "Ibu Contoh", date(2024, 11, 16), 4, "done")
    page = a_page(lang, permissions=frozenset({"registry.survey"}))
    full = pages.render("visits/list.html", page, planned=visits_of([visit]))
    assert 'href="/f/rutan-pekalongan/visits/7"' in full
    assert ("Selesai" if lang == "id" else "Done") in full
    assert 'class="empty' in pages.render("visits/list.html", page, planned=visits_of([]))


def test_the_form_of_the_example_keeps_what_was_typed(pages: Pages, a_page: APage):
    assert 'value="2024-11-16"' in pages.render("visits/new.html", a_page(), problems={}, given={})
    missing = {"name": Text(id="Belum diisi.", en="Missing.")}
    page = pages.render("visits/new.html", a_page(), problems=missing, given={"name": "", "on": "2024-12-01"})
    assert 'value="2024-12-01"' in page
    assert 'href="#f-name"' in page


def test_the_form_of_a_model_renders(pages: Pages, a_page: APage):
    assert 'name="lines.0.code"' in pages.render("visits/model.html", a_page(), entry=forms.blank(CsrGoods))


def test_every_function_of_a_template_is_in_the_guide():
    functions = set(Pages({})._environment.globals) - {
        "shown_table",
        "cell_parts",
        "bar_values",
        "bar_chart",
        "sparkline_chart",
        "typed_quantity",
    }
    own = functions - {"range", "dict", "lipsum", "cycler", "joiner", "namespace"}
    assert {name for name in own if f"{name}(" not in GUIDE} == set()
