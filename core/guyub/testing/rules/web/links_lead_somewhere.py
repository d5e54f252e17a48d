"""Redirects lead to pages."""

from collections.abc import Iterator

from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.testing.source_reading import calls, constant

RULE = ConformanceRule(
    "WEB005",
    "Every redirect, card, panel and reminder with a fixed path leads to a GET route of the plugin.",
    why="The reader is sent to a page that says “not found” after something that worked.",
    fix="mend the path, or add the route",
)

_LEADS = frozenset({"Card", "Panel", "AttentionItem"})


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for source in specimen.sources:
        for node, name in calls(source.tree):
            last = name.rpartition(".")[2]
            given = node.args[0] if last == "redirect" and node.args else None
            if last in _LEADS:
                given = next((keyword.value for keyword in node.keywords if keyword.arg == "path"), None)
            path = constant(given)
            if path and not leads_somewhere(specimen.plugin, path):
                yield RULE.broken(f"{last} leads to {path}, where no page is", source.at(node))
