"""Permissions belong to the plugin by name."""

import re
from collections.abc import Iterator

from guyub.access.roles import PERMISSIONS
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB002",
    "A permission's key is the slug, a point and a word; it has a title, and what it is granted with is the core's.",
    why="Roles of all plugins stand in one list; a key of another name could be taken for somebody else's.",
    fix='write Permission("<slug>.<word>", Text(id=…, en=…), granted_with="<a permission of the core>")',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    place = specimen.attribute("permissions")
    seen: set[str] = set()
    for permission in specimen.plugin.permissions:
        if not re.fullmatch(rf"{re.escape(specimen.plugin.slug)}\.[a-z][a-z0-9_]{{0,39}}", permission.key):
            yield RULE.broken(f"the permission “{permission.key}” does not begin with “{specimen.plugin.slug}.”", place)
        if permission.key in seen:
            yield RULE.broken(f"the permission “{permission.key}” stands there twice", place)
        if not permission.title.id or not permission.title.en:
            yield RULE.broken(f"the permission “{permission.key}” has no title", place)
        if permission.granted_with and permission.granted_with not in PERMISSIONS:
            yield RULE.broken(
                f"“{permission.key}” is granted with “{permission.granted_with}”, which the core does not know", place
            )
        seen.add(permission.key)
