"""Pages load nothing from elsewhere."""

from collections.abc import Iterator

from guyub.testing.pages import templates
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB007",
    "No template loads a script, style, font, frame or picture from another server.",
    why="Facilities work without internet, the content-security policy refuses it, and it tells others who reads what.",
    fix="put the file into static/ of the plugin and name it with static(…)",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for template in templates(specimen):
        for tag in template.html.tags:
            for name, value in tag.attributes:
                loads = name in ("src", "srcset", "poster", "data") or (name == "href" and tag.name == "link")
                if loads and value.strip().lower().startswith(("http:", "https:", "//")):
                    yield RULE.broken(f"<{tag.name}> loads {value}", template.at(tag.line))
