"""Forms ask for what is read from them."""

from collections.abc import Iterator

from guyub.testing.crawl import Crawl, crawl_of
from guyub.testing.page_visits import BASE
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace
from guyub.ui.model_fields import fields_of

RULE = ConformanceRule(
    "WEB022",
    "A form has a control for every field that the model of its handler needs, by the field's name.",
    why="Who fills it in is told that something is missing, and finds no place to write it.",
    fix="let {{ field.model(entry) }} make the controls",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    tour = crawl_of(specimen)
    for page in tour.pages:
        for form in page.forms if page.raised is None else ():
            path = (form.action or page.visit.path).removeprefix(f"{BASE}{specimen.plugin.slug}")
            lacking = [name for name in _needed(tour, path) if not _has(form.names, name)]
            if form.method == "POST" and lacking:
                place = SourcePlace(specimen.package / "templates" / page.visit.answer.template)
                yield RULE.broken(f"the form to {path} has no {', '.join(lacking)}", place)


def _needed(tour: Crawl, path: str) -> list[str]:
    """Of the one model that the handler reads."""
    read = [visit.notes.models for visit in tour.visits if visit.route.method == "POST" and visit.path == path]
    models = read[0] if read else []
    return [field.name for field in fields_of(models[0]) if field.needed] if len(models) == 1 else []


def _has(names: list[str], field: str) -> bool:
    return any(name == field or name.startswith(f"{field}.") for name in names)
