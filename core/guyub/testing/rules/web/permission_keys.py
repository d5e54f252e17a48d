"""Permissions belong to the plugin by name."""

import re
from collections.abc import Iterator

from guyub.access.roles import PERMISSIONS
from guyub.testing.rule import Finding, Rule
from guyub.testing.specimen import Specimen

RULE = Rule(
    "WEB002",
    "A permission's key is the slug, a point and a word; it has a title, and what it is granted with is the core's.",
    why="Roles of all plugins stand in one list; a key of another name could be taken for somebody else's.",
    fix='write Permission("<slug>.<word>", Text(id=…, en=…), granted_with="<a permission of the core>")',
)


def check(specimen: Specimen) -> Iterator[Finding]:
    place = specimen.attribute("permissions")
    seen: set[str] = set()
    for one in specimen.plugin.permissions:
        if not re.fullmatch(rf"{re.escape(specimen.plugin.slug)}\.[a-z][a-z0-9_]{{0,39}}", one.key):
            yield RULE.broken(f"the permission “{one.key}” does not begin with “{specimen.plugin.slug}.”", place)
        if one.key in seen:
            yield RULE.broken(f"the permission “{one.key}” stands there twice", place)
        if not one.title.id or not one.title.en:
            yield RULE.broken(f"the permission “{one.key}” has no title", place)
        if one.granted_with and one.granted_with not in PERMISSIONS:
            yield RULE.broken(f"“{one.key}” is granted with “{one.granted_with}”, which the core does not know", place)
        seen.add(one.key)
