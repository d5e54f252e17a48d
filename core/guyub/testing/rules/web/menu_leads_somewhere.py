"""Menu entries lead to pages."""

from collections.abc import Iterator

from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB004",
    "Every menu entry's path is that of a GET route of the plugin.",
    why="The menu is the same for all pages; an entry that leads nowhere is met every day.",
    fix="mend the path, or add the route",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for entry in specimen.plugin.nav:
        if not leads_somewhere(specimen.plugin, entry.path):
            yield RULE.broken(f"the menu leads to {entry.path}, where no page is", specimen.attribute("nav"))
