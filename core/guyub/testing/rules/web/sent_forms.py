"""What was sent is answered for."""

from collections.abc import Iterator

from guyub.sdk.web import Page
from guyub.testing.crawl import crawl_of
from guyub.testing.page_visits import Visited
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding

RULE = ConformanceRule(
    "WEB021",
    "A POST that writes tells the audit trail; one that was filled in wrongly shows its form again with status 422.",
    why="Who changed what must be found again; and with another status the browser and the host take the work as done.",
    fix='end with visit.audit("<slug>.<what>", subject), and answer visit.page(..., status=422) to a form with problems',
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    for visit in crawl_of(specimen).visits:
        if visit.route.method == "POST" and visit.raised is None and (wrong := _wrong(visit)):
            yield RULE.broken(f"{visit.what}: {wrong}", specimen.function(visit.route.handler))


def _wrong(visit: Visited) -> str:
    if visit.wrote and not visit.notes.audited:
        return "it writes, and the audit trail does not hear of it"
    entry = visit.notes.entry
    if isinstance(visit.answer, Page) and visit.answer.status < 400 and entry is not None and entry.problems:
        return f"the form has problems, and the page has the status {visit.answer.status}"
    return ""
