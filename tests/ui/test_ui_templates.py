"""Reads the templates of every room: no code or style in the page, no sentence in one language only, no form without token."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import guyub

TEMPLATES = sorted(Path(guyub.__file__).parent.glob("*/templates/**/*.html"))
NAMES = {path: f"{path.relative_to(Path(guyub.__file__).parent)}" for path in TEMPLATES}
ENVIRONMENT = Environment(extensions=["jinja2.ext.do"])
HOLE = "\x01"

SPOKEN_ATTRIBUTES = {"aria-label", "title", "alt", "placeholder"}
SAME_IN_BOTH = {"Guyub", "Rp", "EN", "ID", "English", "Bahasa Indonesia"}
"""Names, and words for a language in that language itself."""
NO_SENTENCES = {"light dark"}
SENTENCE = re.compile(r"[A-Z][a-z]+|[a-z]+ [a-z]+")


def markup_of(source: str) -> str:
    """The template with a hole in place of each expression, and without statements and comments."""
    out, inside = "", False
    for _, kind, value in ENVIRONMENT.lex(source):
        if kind == "variable_begin":
            out, inside = out + HOLE, True
        elif kind == "variable_end":
            inside = False
        elif kind == "data" and not inside:
            out += value
    return out


class Page(HTMLParser):
    """Collects what the reader would read, the tags with their attributes, and what stands in each form."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        self.texts += [value for name, value in given.items() if name in SPOKEN_ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _is_field(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "field"


def page_of(path: Path) -> Page:
    return Page(markup_of(path.read_text()))


def bare_texts(page: Page) -> list[str]:
    # A macro may answer attributes, which stand outside of any tag there.
    words = (re.sub(r'[a-z-]+="[^"]*"', "", text.replace(HOLE, " ")).strip() for text in page.texts)
    return [text for text in words if re.search(r"[A-Za-z]{2}", text) and text.strip(" ·") not in SAME_IN_BOTH]


def untranslated_literals(source: str) -> list[str]:
    """Sentences among the literals of expressions that did not go through ``t``."""
    tree = ENVIRONMENT.parse(source)
    spoken = {id(argument) for call in calls_of_t(tree) for argument in call.find_all(nodes.Const)}
    return [
        literal.value
        for literal in tree.find_all(nodes.Const)
        if isinstance(literal.value, str)
        and id(literal) not in spoken
        and SENTENCE.search(literal.value)
        and literal.value not in SAME_IN_BOTH | NO_SENTENCES
    ]


def calls_of_t(tree: nodes.Template) -> list[nodes.Call]:
    return [call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name) and call.node.name == "t"]


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES.get)
class TestEveryTemplate:
    def test_has_no_style_no_script_and_no_handler_of_its_own(self, path: Path):
        page = page_of(path)
        for tag, attributes in page.tags:
            assert tag != "style"
            assert tag != "script" or attributes.get("src")
            assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
            assert not [value for value in attributes.values() if value.strip().lower().startswith("javascript:")]
        assert "<script" not in "".join(page.texts)

    def test_says_nothing_in_one_language_only(self, path: Path):
        assert bare_texts(page_of(path)) == []
        assert untranslated_literals(path.read_text()) == []

    def test_gives_both_languages_to_each_sentence(self, path: Path):
        for call in calls_of_t(ENVIRONMENT.parse(path.read_text())):
            said = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
            assert len(said) in (2, 3), (
                f"line {call.lineno}: t takes the Indonesian sentence, the English one, and that for one"
            )
            assert all(said)
            holes = [sorted(re.findall(r"{(\w+)}", sentence)) for sentence in said]
            assert holes[0] == holes[1], f"line {call.lineno}: the two sentences have different placeholders"
            assert set(holes[-1]) <= set(holes[1]), (
                f"line {call.lineno}: the sentence for one has a placeholder of its own"
            )

    def test_gives_each_field_of_text_a_length(self, path: Path):
        if path.name == "fields.html":
            return  # there the macros themselves are declared
        for call in ENVIRONMENT.parse(path.read_text()).find_all(nodes.Call):
            if (
                isinstance(call.node, nodes.Getattr)
                and call.node.attr in ("text", "textarea")
                and _is_field(call.node.node)
            ):
                assert "maxlength" in {keyword.key for keyword in call.kwargs}, f"line {call.lineno}"

    def test_puts_the_token_into_each_form_that_changes_something(self, path: Path):
        source = path.read_text()
        for form in re.findall(r"<form\b.*?</form>", source, re.DOTALL):
            if 'method="post"' in form:
                assert re.search(r"\b(field\.)?token\(\)", form), form[:120]


def test_the_reader_of_templates_sees_what_it_must_refuse():
    bad = Page(
        markup_of(
            '<p style="x">{{ name }} Simpan</p><button onclick="go()" aria-label="Close">{{ t("a","b") }}</button>'
        )
    )
    assert bare_texts(bad) == ["Simpan", "Close"]
    assert [sorted(attributes) for _, attributes in bad.tags] == [["style"], ["aria-label", "onclick"]]
    assert untranslated_literals('{{ ui.button("Simpan data", "/x", "primary") }}{{ t("Simpan", "Save") }}') == [
        "Simpan data"
    ]
