"""Forms that change something are made by the components."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB012",
    "A form that posts carries the token of its page: made with field.form, or with csrf_token in it.",
    why="A form without it is refused; the token is what keeps other sites from sending it in the reader's name.",
    fix="write {{ field.form(entry) }} or {% call field.form(path, problems) %}",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for template in templates(specimen):
        for tag in template.html.tags:
            posts = tag.name == "form" and dict(tag.attributes).get("method", "").lower() == "post"
            if posts and "csrf_token" not in template.text:
                yield RULE.broken("a form posts without the token", template.at(tag.line))
