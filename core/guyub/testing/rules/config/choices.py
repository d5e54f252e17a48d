"""Every choice has words."""

from collections.abc import Iterator, Mapping
from typing import Literal, get_args, get_origin

from guyub.testing.declared_fields import fields, parts
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "CONF011",
    "Every value of a Literal has its words in `choices`, and `choices` has no other.",
    why="Staff would read the code of the value.",
    fix="give choices={value: Text(id=…, en=…)} for every value",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for model, name, info, place in fields(specimen):
        values = {
            str(value) for part in parts(info.annotation) if get_origin(part) is Literal for value in get_args(part)
        }
        said = info.json_schema_extra if isinstance(info.json_schema_extra, Mapping) else {}
        found = said.get("choices")
        named = set(found) if isinstance(found, Mapping) else set()
        for value in sorted(values - named):
            yield RULE.broken(f"{model.__name__}.{name}: nothing says what “{value}” means", place)
        for value in sorted(named - values):
            yield RULE.broken(f"{model.__name__}.{name}: “{value}” has words but is no choice", place)
