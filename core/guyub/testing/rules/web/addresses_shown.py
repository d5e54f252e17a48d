"""What a page shows leads to pages."""

from collections.abc import Iterator

from guyub.sdk.web import Redirect
from guyub.testing.contexts import A_FACILITY
from guyub.testing.pages import leads_somewhere
from guyub.testing.rendered import Rendered
from guyub.testing.rule import Finding, Place, Rule
from guyub.testing.specimen import Specimen
from guyub.testing.tour import tour_of
from guyub.testing.visits import BASE

RULE = Rule(
    "WEB019",
    "Links, forms and redirects of the pages begin with plugin.base or page.base, and those of the plugin lead to a route.",
    why="The reader is sent to a page that says “not found”.",
    fix='write plugin.base ~ "/path" with the path of a route; visit.redirect takes the path alone',
)

_AT_THE_FACILITY = f"/f/{A_FACILITY.code}"
_ELSEWHERE = ("/static/", "/account", "/region/", "/sign-")


def check(specimen: Specimen) -> Iterator[Finding]:
    tour, plugin = tour_of(specimen), specimen.plugin
    for visit in tour.visits:
        if isinstance(visit.answer, Redirect) and not leads_somewhere(plugin, visit.answer.path):
            sentence = f"{visit.what}: the redirect leads to {visit.answer.path}, where no page is"
            yield RULE.broken(sentence, specimen.function(visit.route.handler))
    for page in tour.pages:
        if page.raised is None:
            place = Place(specimen.package / "templates" / page.visit.answer.template)
            for wrong in _wrong(specimen, page):
                yield RULE.broken(f"{page.visit.what}: {wrong}", place)


def _wrong(specimen: Specimen, page: Rendered) -> Iterator[str]:
    for link in page.links:
        if told := _lost(specimen, link, "GET"):
            yield f"a link {told}"
    for form in page.forms:
        if form.action and (told := _lost(specimen, form.action, "POST" if form.method == "POST" else "GET")):
            yield f"a form {told}"


def _lost(specimen: Specimen, address: str, method: str) -> str:
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
