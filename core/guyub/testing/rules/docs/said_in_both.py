"""Title and summary are said in both languages."""

from collections.abc import Iterator

from guyub.sdk.text import Text
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "DOC003",
    "The plugin has a title (up to 60 signs) and a summary (a sentence), in Indonesian and English.",
    why="They stand in the list of plugins, in the menu and on papers.",
    fix="write title = Text(id=…, en=…) and summary = Text(id=…, en=…)",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for name, longest in (("title", 60), ("summary", 300)):
        said = getattr(specimen.plugin, name, None)
        if not isinstance(said, Text) or not said.id.strip() or not said.en.strip():
            yield RULE.broken(f"the {name} is not there in both languages", specimen.attribute(name))
        elif max(len(said.id), len(said.en)) > longest:
            yield RULE.broken(f"the {name} is longer than {longest} signs", specimen.attribute(name))
