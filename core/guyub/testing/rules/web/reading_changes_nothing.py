"""Pages that are opened change nothing."""

from collections.abc import Iterator

from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB020",
    "A page that is opened (GET) changes no row.",
    why="The host takes back what it wrote, so the work seems done and is not.",
    fix="let a form send it, and write in the handler of its POST",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for visit in crawl_of(specimen).visits:
        if visit.route.method == "GET" and visit.wrote:
            sentence = f"{visit.what}: it runs {', '.join(dict.fromkeys(visit.wrote))}"
            yield RULE.broken(sentence, specimen.function(visit.route.handler))
