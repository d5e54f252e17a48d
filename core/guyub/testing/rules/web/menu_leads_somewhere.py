"""Menu entries lead to pages."""

from collections.abc import Iterator

from guyub.testing.pages import leads_somewhere
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "WEB004",
    "Every menu entry's path is that of a GET route of the plugin.",
    why="The menu is the same for all pages; an entry that leads nowhere is met every day.",
    fix="mend the path, or add the route",
)


def check(specimen: Specimen) -> Iterator[Finding]:
    for entry in specimen.plugin.nav:
        if not leads_somewhere(specimen.plugin, entry.path):
            yield RULE.broken(f"the menu leads to {entry.path}, where no page is", specimen.attribute("nav"))
