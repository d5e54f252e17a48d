"""The components: all of them are shown, and each says what it must to eyes and ears."""

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, nodes

from guyub.sdk import Pager
from guyub.ui.charts import bars, sparkline
from guyub.ui.render import TEMPLATES

from .conftest import EveryComponent

SAMPLE = (Path(__file__).parent / "every_component.html").read_text()


def macros(file: str) -> list[str]:
    tree = Environment(extensions=["jinja2.ext.do"]).parse((TEMPLATES / file).read_text())
    return [macro.name for macro in tree.find_all(nodes.Macro) if not macro.name.startswith("_")]


@pytest.mark.parametrize(
    ("name", "file", "inner"),
    [("ui", "components.html", {"menu"}), ("field", "fields.html", {"token", "id_of", "errors", "late"})],
)
def test_the_sample_page_shows_every_component(name: str, file: str, inner: set[str]):
    """So that the browser's checks meet each of them; ``inner`` are those that the frame and others bring along, or
    that need the days of a facility."""
    shown = set(re.findall(rf"\b{name}\.(\w+)\(", SAMPLE))
    assert set(macros(file)) - shown == inner


def test_the_documentation_names_every_component():
    docs = Path(__file__).parents[2] / "docs"
    # Authors of plugins read theirs alone; what only the core's pages show is not in it.
    for page, others in (
        ("developers/pages.md", set()),
        ("plugins/reference.md", {"plugin_cards", "plugin_panels", "model_field", "moved", "seen", "late"}),
    ):
        guide = (docs / page).read_text()
        for name, file in (("ui", "components.html"), ("field", "fields.html")):
            undocumented = [macro for macro in macros(file) if f"{name}.{macro}" not in guide]
            assert set(undocumented) <= {"menu", "id_of", "errors"} | others


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_id_is_there_once_and_every_reference_leads_somewhere(every_component: EveryComponent, lang: str):
    page = every_component(lang)
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert {id_ for id_ in ids if ids.count(id_) > 1} == set()
    named = [ref for refs in re.findall(r'(?:aria-describedby|for)="([^"]+)"', page) for ref in refs.split()]
    assert set(named) - set(ids) == set()
    assert set(re.findall(r'href="#([^"]+)"', page)) - set(ids) == set()


def test_each_cell_carries_the_name_of_its_column_for_narrow_screens(every_component: EveryComponent):
    page = every_component("en")
    assert '<td data-label="State"><span class="badge bg-green-lt">' in page
    assert '<td data-label="Score" class="cell-number">72.5</td>' in page
    assert '<th scope="col" class="cell-action"><span class="visually-hidden">Actions</span></th>' in page


def test_the_present_step_is_told_apart_and_those_before_are_done(every_component: EveryComponent):
    steps = re.search(r'<ol class="steps.*?</ol>', every_component(), re.DOTALL)
    assert steps is not None
    assert re.findall(r'class="step-item ([a-z]*)"', steps[0]) == ["done", "active", "", ""]
    assert steps[0].count('aria-current="step"') == 1


def test_problems_lead_to_their_fields(every_component: EveryComponent):
    page = every_component("en")
    assert '<a href="#f-name">This is missing. Fill it in.</a>' in page
    assert '<a href="#f-way">' in page
    assert "<li>This proposal was sent already.</li>" in page


def test_nothing_is_printed_as_an_undefined_or_raw_value(every_component: EveryComponent):
    for lang in ("id", "en"):
        text = re.sub(r"<[^>]+>", " ", every_component(lang))
        assert not re.search(r"\bNone\b|Undefined|Text\(|Markup\(|&lt;[a-z]", text)


def test_the_longest_bar_is_that_of_the_greatest_value():
    drawn = bars([50, 100, 0, -5])
    assert [re.findall(r'rect width="([0-9.]+)"', item)[0] for item in drawn] == ["50.0", "100.0", "0.0", "0.0"]
    assert "rect" in bars([0])[0]
    assert bars([]) == []


def test_a_line_needs_two_points_and_says_in_words_what_it_draws():
    assert sparkline([5], "x") == ""
    drawn = sparkline([1, 3, 2], "1, 3 & 2")
    assert 'aria-label="1, 3 &amp; 2"' in drawn
    assert 'points="2,21.0 14,3.0 26,12.0"' in drawn
    assert "nan" not in sparkline([4, 4], "same").lower()


def test_a_pager_writes_its_numbers_itself(every_component: EveryComponent):
    assert "21–40 dari 1.320" in every_component("id")
    assert "21–40 of 1.320" in every_component("en")


@pytest.mark.parametrize(
    "mistake", [("21", 40, 132), (21, "40", 132), (21, 40, "132"), (21, 40, 132.0), (21, 40, 132, None)]
)
def test_a_pager_refuses_what_was_formatted_before(mistake: tuple[Any, ...]):
    with pytest.raises(TypeError):
        Pager(*mistake)
