"""Icons of the menu are there."""

from collections.abc import Iterator
from difflib import get_close_matches

from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding
from guyub.ui.render import ICONS

RULE = ConformanceRule(
    "WEB013",
    "The icon of a menu entry is one of the page frame's.",
    why="An unknown icon stops every page on which the menu stands.",
    fix="take one that the reference lists",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for entry in specimen.plugin.nav:
        if entry.icon not in ICONS:
            near = get_close_matches(entry.icon, ICONS, 3)
            hint = f" (near: {', '.join(near)})" if near else ""
            yield RULE.broken(f"there is no icon “{entry.icon}”{hint}", specimen.attribute("nav"))
