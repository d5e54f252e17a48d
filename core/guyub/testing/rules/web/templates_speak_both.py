"""Templates speak both languages."""

from collections.abc import Iterator

from jinja2 import nodes

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB008",
    'All words of a template stand in t("Indonesia", "English"), with something in both.',
    why="A page that is half in another language looks broken, and its reader cannot tell what was said.",
    fix='write {{ t("…", "…") }} where the words stand',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for template in templates(specimen):
        for words, line in template.html.words:
            yield RULE.broken(f"“{words:.40}” stands in one language", template.at(line))
        for tag in template.html.tags:
            for name, value in tag.attributes:
                if name in ("title", "placeholder", "aria-label", "alt") and value.strip():
                    yield RULE.broken(f"{name}=“{value:.40}” stands in one language", template.at(tag.line))
        for call in template.calls():
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                said = [arg.value.strip() for arg in call.args if isinstance(arg, nodes.Const)]
                if len(call.args) != 2 or not all(said):
                    yield RULE.broken("t() has not both languages", template.at(call.lineno))
