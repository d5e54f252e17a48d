"""Pages ask for permissions that exist."""

from collections.abc import Iterator

from guyub.access.roles import PERMISSIONS
from guyub.testing.pages import routes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB003",
    "Routes, menu entries and reports name a permission that the plugin declares or the core has.",
    why="Nobody holds a permission that does not exist, so nobody would ever see the page.",
    fix="declare it in `permissions`, or mend its spelling",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    plugin = specimen.plugin
    known = {*PERMISSIONS, *(permission.key for permission in plugin.permissions), ""}
    for route in routes(plugin):
        if route.permission not in known:
            sentence = f"{route.method} {route.path} asks for “{route.permission}”, which nobody declares"
            yield RULE.broken(sentence, specimen.function(route.handler))
    for entry in plugin.nav:
        if entry.permission not in known or not entry.permission:
            sentence = f"the menu entry {entry.path} asks for “{entry.permission}”, which nobody declares"
            yield RULE.broken(sentence, specimen.attribute("nav"))
    for report in plugin.reports:
        if getattr(report, "permission", "") not in known:
            sentence = f"the report {report.key} asks for “{report.permission}”, which nobody declares"
            yield RULE.broken(sentence, specimen.member(type(report)))
