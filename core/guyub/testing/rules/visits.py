"""Rules of pages as they answer: each is opened, filled in and sent, with empty tables and with rows."""

from collections.abc import Iterator

from jinja2 import TemplateNotFound

from guyub.sdk.web import File, Page, Redirect
from guyub.testing.contexts import A_FACILITY
from guyub.testing.crawl import Crawl, crawl_of
from guyub.testing.finding import SourcePlace
from guyub.testing.page_visits import BASE, Visited
from guyub.testing.pages import leads_somewhere
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rendered_pages import RenderedPage
from guyub.testing.rule import Violation, rule
from guyub.ui.model_fields import fields_of

_AT_THE_FACILITY = f"/f/{A_FACILITY.code}"
_ELSEWHERE = ("/static/", "/account", "/region/", "/sign-")


@rule(
    "WEB017",
    "Every handler answers visit.page, visit.redirect or visit.file, or refuses: with empty tables and with rows, a form "
    "sent empty and filled in.",
    why="Anything else is an error page in the name of the plugin, just when somebody has work to do.",
    fix="fix the handler; it was called with a visit, on the tables that the migrations make",
)
def pages_answer(specimen: PluginUnderTest) -> Iterator[Violation]:
    for visit in crawl_of(specimen).visits:
        place = specimen.function(visit.route.handler)
        if visit.crashed:
            message = str(visit.raised).partition("\n")[0]
            yield Violation(f"{visit.what}: raises {type(visit.raised).__name__}: {message}", place)
        elif visit.raised is None and not isinstance(visit.answer, Page | Redirect | File):
            yield Violation(f"{visit.what}: answers {visit.answer!r:.60}, no page, redirect or file", place)


@rule(
    "WEB018",
    "Every page that a handler answers can be rendered, in both languages and for every reader, with what it was given.",
    why="A name that the template asks for and nobody gives is an error page, sometimes only once there are rows.",
    fix="give the template what it names, and take filters, components and other templates from the reference",
)
def pages_render(specimen: PluginUnderTest) -> Iterator[Violation]:
    folder = specimen.package / "templates"
    for page in crawl_of(specimen).pages:
        if page.raised is None or not (folder / page.visit.answer.template).is_file():
            continue
        message = str(page.raised).partition("\n")[0]
        kind = "there is no template" if isinstance(page.raised, TemplateNotFound) else type(page.raised).__name__
        place = SourcePlace(folder / page.visit.answer.template, _line_of_template(page.raised, folder))
        yield Violation(f"{page.visit.what}: {kind}: {message}", place)


def _line_of_template(error: BaseException, folder: object) -> int:
    """Returns the last line of a template of the plugin that the error came through."""
    line, trace = getattr(error, "lineno", None) or 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(str(folder)):
            line = trace.tb_lineno
        trace = trace.tb_next
    return int(line)


@rule(
    "WEB019",
    "Links, forms and redirects of the pages begin with plugin.base or page.base, and those of the plugin lead to a route.",
    why="The reader is sent to a page that says “not found”.",
    fix='write plugin.base ~ "/path" with the path of a route; visit.redirect takes the path alone',
)
def addresses_shown(specimen: PluginUnderTest) -> Iterator[Violation]:
    crawl, plugin = crawl_of(specimen), specimen.plugin
    for visit in crawl.visits:
        if isinstance(visit.answer, Redirect) and not leads_somewhere(plugin, visit.answer.path):
            sentence = f"{visit.what}: the redirect leads to {visit.answer.path}, where no page is"
            yield Violation(sentence, specimen.function(visit.route.handler))
    for page in crawl.pages:
        if page.raised is None:
            place = SourcePlace(specimen.package / "templates" / page.visit.answer.template)
            for wrong in _wrong_addresses(specimen, page):
                yield Violation(f"{page.visit.what}: {wrong}", place)


def _wrong_addresses(specimen: PluginUnderTest, page: RenderedPage) -> Iterator[str]:
    for link in page.links:
        if wrong := _leads_nowhere(specimen, link, "GET"):
            yield f"a link {wrong}"
    for form in page.forms:
        if form.action and (wrong := _leads_nowhere(specimen, form.action, "POST" if form.method == "POST" else "GET")):
            yield f"a form {wrong}"


def _leads_nowhere(specimen: PluginUnderTest, address: str, method: str) -> str:
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


@rule(
    "WEB020",
    "A page that is opened (GET) changes no row.",
    why="The host takes back what it wrote, so the work seems done and is not.",
    fix="let a form send it, and write in the handler of its POST",
)
def reading_changes_nothing(specimen: PluginUnderTest) -> Iterator[Violation]:
    for visit in crawl_of(specimen).visits:
        if visit.route.method == "GET" and visit.wrote:
            sentence = f"{visit.what}: it runs {', '.join(dict.fromkeys(visit.wrote))}"
            yield Violation(sentence, specimen.function(visit.route.handler))


@rule(
    "WEB021",
    "A POST that writes tells the audit log; one that was filled in wrongly shows its form again with status 422.",
    why="Who changed what must be found again; and with another status the browser and the host take the work as done.",
    fix='end with visit.audit("<slug>.<what>", subject), and answer visit.page(..., status=422) to a form with problems',
)
def sent_forms(specimen: PluginUnderTest) -> Iterator[Violation]:
    for visit in crawl_of(specimen).visits:
        if visit.route.method == "POST" and visit.raised is None and (wrong := _wrong_answer(visit)):
            yield Violation(f"{visit.what}: {wrong}", specimen.function(visit.route.handler))


def _wrong_answer(visit: Visited) -> str:
    if visit.wrote and not visit.notes.audited:
        return "it writes, and the audit log does not hear of it"
    entry = visit.notes.entry
    if isinstance(visit.answer, Page) and visit.answer.status < 400 and entry is not None and entry.problems:
        return f"the form has problems, and the page has the status {visit.answer.status}"
    return ""


@rule(
    "WEB022",
    "A form has a control for every field that the model of its handler needs, by the field's name.",
    why="The form says that something is missing and has no place to write it.",
    fix="let {{ field.model(entry) }} make the controls",
)
def forms_complete(specimen: PluginUnderTest) -> Iterator[Violation]:
    crawl = crawl_of(specimen)
    for page in crawl.pages:
        for form in page.forms if page.raised is None else ():
            path = (form.action or page.visit.path).removeprefix(f"{BASE}{specimen.plugin.slug}")
            lacking = [name for name in _needed(crawl, path) if not _has_control(form.names, name)]
            if form.method == "POST" and lacking:
                place = SourcePlace(specimen.package / "templates" / page.visit.answer.template)
                yield Violation(f"the form to {path} has no {', '.join(lacking)}", place)


def _needed(crawl: Crawl, path: str) -> list[str]:
    """Returns the fields that the model of the handler needs; none where it reads several models."""
    read = [visit.notes.models for visit in crawl.visits if visit.route.method == "POST" and visit.path == path]
    models = read[0] if read else []
    return [field.name for field in fields_of(models[0]) if field.needed] if len(models) == 1 else []


def _has_control(names: list[str], field: str) -> bool:
    return any(name == field or name.startswith(f"{field}.") for name in names)
