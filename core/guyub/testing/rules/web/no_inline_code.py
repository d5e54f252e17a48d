"""Templates hold no style and no script."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB006",
    "No template has a style or on… attribute, a <style>, or a <script> with code in it.",
    why="The content-security policy refuses them: the page would show without them.",
    fix="use the components ui.* and field.*, and a file in static/ for the rest",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for template in templates(specimen):
        for tag in template.html.tags:
            names = {name for name, _ in tag.attributes}
            if tag.name == "style" or (tag.name == "script" and "src" not in names):
                yield RULE.broken(f"a <{tag.name}> stands in the page", template.at(tag.line))
            for name in sorted(names):
                if name == "style" or name.startswith("on"):
                    yield RULE.broken(f"<{tag.name}> has an attribute {name}", template.at(tag.line))
            if any(value.strip().lower().startswith("javascript:") for _, value in tag.attributes):
                yield RULE.broken(f"<{tag.name}> runs a script", template.at(tag.line))
