"""What a page shows leads to pages."""

from collections.abc import Iterator

from guyub.sdk.web import Redirect
from guyub.testing.contexts import A_FACILITY
from guyub.testing.crawl import crawl_of
from guyub.testing.page_visits import BASE
from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rendered_pages import RenderedPage
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "WEB019",
    "Links, forms and redirects of the pages begin with plugin.base or page.base, and those of the plugin lead to a route.",
    why="The reader is sent to a page that says “not found”.",
    fix='write plugin.base ~ "/path" with the path of a route; visit.redirect takes the path alone',
)

_AT_THE_FACILITY = f"/f/{A_FACILITY.code}"
_ELSEWHERE = ("/static/", "/account", "/region/", "/sign-")


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    tour, plugin = crawl_of(specimen), specimen.plugin
    for visit in tour.visits:
        if isinstance(visit.answer, Redirect) and not leads_somewhere(plugin, visit.answer.path):
            sentence = f"{visit.what}: the redirect leads to {visit.answer.path}, where no page is"
            yield RULE.broken(sentence, specimen.function(visit.route.handler))
    for page in tour.pages:
        if page.raised is None:
            place = SourcePlace(specimen.package / "templates" / page.visit.answer.template)
            for wrong in _wrong(specimen, page):
                yield RULE.broken(f"{page.visit.what}: {wrong}", place)


def _wrong(specimen: PluginUnderTest, page: RenderedPage) -> Iterator[str]:
    for link in page.links:
        if told := _lost(specimen, link, "GET"):
            yield f"a link {told}"
    for form in page.forms:
        if form.action and (told := _lost(specimen, form.action, "POST" if form.method == "POST" else "GET")):
            yield f"a form {told}"


def _lost(specimen: PluginUnderTest, address: str, method: str) -> str:
    base = f"{BASE}{specimen.plugin.slug}"
    if not address.startswith("/") or address.startswith("//"):
        return ""
    if address == base or address.startswith((f"{base}/", f"{base}?")):
        path = address.removeprefix(base) or "/"
        has_page = leads_somewhere(specimen.plugin, path, "POST" if method == "POST" else "GET")
        # The host shows what the plugin is at its own address where the plugin does not.
        return "" if has_page or path.partition("?")[0] == "/" else f"leads to {path}, where no page is"
    at_core = address == _AT_THE_FACILITY or address.startswith((f"{_AT_THE_FACILITY}/", *_ELSEWHERE))
    return "" if at_core else f"leads to {address}, outside of the facility"
