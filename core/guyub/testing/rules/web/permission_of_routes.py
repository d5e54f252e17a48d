"""Every page has a permission."""

from collections.abc import Iterator

from guyub.testing.pages import routes
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB001",
    "Every route and every report names a permission.",
    why="A page without one would be open to everybody who can sign in; the host does not mount it.",
    fix='give it permission="<slug>.<word>"',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for route in routes(specimen.plugin):
        if not route.permission:
            yield RULE.broken(f"{route.method} {route.path} names no permission", specimen.function(route.handler))
    for report in specimen.plugin.reports:
        if not getattr(report, "permission", ""):
            yield RULE.broken(f"the report {report.key} names no permission", specimen.member(type(report)))
