"""Pages answer who opens them."""

from collections.abc import Iterator

from guyub.sdk.web import File, Page, Redirect
from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB017",
    "Every handler answers visit.page, visit.redirect or visit.file, or refuses: with empty tables and with rows, a form "
    "sent empty and filled in.",
    why="Anything else is an error page in the name of the plugin, just when somebody has work to do.",
    fix="mend the handler; it was called with a visit, on the tables that the migrations make",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for visit in crawl_of(specimen).visits:
        place = specimen.function(visit.route.handler)
        if visit.crashed:
            said = str(visit.raised).partition("\n")[0]
            yield RULE.broken(f"{visit.what}: raises {type(visit.raised).__name__}: {said}", place)
        elif visit.raised is None and not isinstance(visit.answer, Page | Redirect | File):
            yield RULE.broken(f"{visit.what}: answers {visit.answer!r:.60}, no page, redirect or file", place)
