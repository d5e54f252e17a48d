"""Pages have their templates."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls, constant

RULE = ConformanceRule(
    "WEB011",
    "Every template that a handler names lies in templates/ and is Jinja that parses.",
    why="Otherwise the page is an error page, and only for who opens it.",
    fix="mend the name or the template; names are those below templates/, without the slug",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    folder = specimen.package / "templates"
    for source in specimen.sources:
        for node, name in calls(source.tree):
            if name.endswith("visit.page") or name == "HouseholdPage":
                template = constant(node.args[0]) if node.args else None
                if template and not (folder / template).is_file():
                    yield RULE.broken(f"there is no templates/{template}", source.at(node))
    for plugin_template in templates(specimen):
        if plugin_template.mistake:
            yield RULE.broken(
                f"it is no Jinja: {plugin_template.mistake[0]}", plugin_template.at(plugin_template.mistake[1])
            )
