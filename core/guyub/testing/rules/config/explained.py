"""Every field explains itself."""

from collections.abc import Iterator, Mapping

from guyub.testing.declared_fields import fields
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF001",
    "Every field of a configuration, receipt or line has a title and a help, in Indonesian and English.",
    why="The forms are made from them; staff see nothing else.",
    fix="make it with guyub.sdk.field(Text(id=…, en=…), help=Text(id=…, en=…))",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        said = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
        for part in ("title", "help"):
            text = said.get(part)
            if not isinstance(text, Mapping) or not all(str(text.get(lang, "")).strip() for lang in ("id", "en")):
                yield RULE.broken(f"{model.__name__}.{name} has no {part} in both languages", place)
