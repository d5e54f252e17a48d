"""The pages of a plugin: its routes, and its templates taken apart into Jinja and HTML."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from guyub.sdk.plugin import Plugin
from guyub.sdk.web import Method, Route
from guyub.testing.finding import SourcePlace
from guyub.testing.plugin_under_test import PluginUnderTest

_OFF = re.compile(r"{%[-+]?\s*autoescape\b(?!\s+true\s*[-+]?%})")
_JINJA = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class HtmlTag:
    name: str
    attributes: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True)
class PluginTemplate:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def syntax_error(self) -> tuple[str, int] | None:
        try:
            _environment().parse(self.text)
        except TemplateSyntaxError as error:
            return (error.message or "no Jinja", error.lineno)
        return None

    def calls(self) -> Iterator[nodes.Call]:
        if self.syntax_error is None:
            yield from _environment().parse(self.text).find_all(nodes.Call)

    def filters(self) -> Iterator[nodes.Filter]:
        if self.syntax_error is None:
            yield from _environment().parse(self.text).find_all(nodes.Filter)

    def unescaped(self) -> int:
        """Returns the line where escaping is off, 0 where it is not."""
        match = _OFF.search(self.text)
        return self.text.count("\n", 0, match.start()) + 1 if match else 0

    @cached_property
    def html(self) -> "_Html":
        """Returns what stands outside of Jinja; lines stay where they are."""
        parser = _Html()
        parser.feed(_JINJA.sub(lambda match: "\n" * match[0].count("\n"), self.text))
        parser.close()
        return parser

    def at(self, line: int) -> SourcePlace:
        return SourcePlace(self.path, line)


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[HtmlTag] = []
        self.words: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(HtmlTag(tag, tuple((name, value or "") for name, value in attrs), self.getpos()[0]))

    def handle_data(self, data: str) -> None:
        line = self.getpos()[0]
        for number, piece in enumerate(data.split("\n")):
            if re.search(r"[^\W\d_]{2}", piece):
                self.words.append((piece.strip(), line + number))


def templates(specimen: PluginUnderTest) -> Iterator[PluginTemplate]:
    yield from (PluginTemplate(path) for path in specimen.templates)


def routes(plugin: Plugin) -> tuple[Route, ...]:
    return plugin.routes.routes if plugin.routes is not None else ()


def values_in(path: str) -> list[str]:
    """Returns the names of the values in the path of a route."""
    return re.findall(r"{(\w+)}", path)


def leads_somewhere(plugin: Plugin, path: str, method: Method = "GET") -> bool:
    """Returns whether a page of the plugin answers at that address."""
    plain = path.partition("?")[0].partition("#")[0]
    return any(
        route.method == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), plain)
        for route in routes(plugin)
    )


def _environment() -> Environment:
    return Environment(autoescape=True, extensions=["jinja2.ext.do"])
