"""What people typed is shown as text."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls

RULE = ConformanceRule(
    "WEB014",
    "Nothing is marked as safe HTML: no filter `safe`, no Markup, no autoescape switched off.",
    why="A name with a tag in it would become part of the page, and run in the browser of an officer.",
    fix="let Jinja escape it, and build the page from components",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for template in templates(specimen):
        for found in template.filters():
            if found.name == "safe":
                yield RULE.broken("a value is marked safe", template.at(found.lineno))
        if found_off := template.unescaped():
            yield RULE.broken("autoescape is switched off", template.at(found_off))
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.rpartition(".")[2] == "Markup":
                yield RULE.broken("a string becomes HTML by Markup", source.at(node))
