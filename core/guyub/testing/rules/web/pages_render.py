"""Templates can be rendered."""

from collections.abc import Iterator

from jinja2 import TemplateNotFound

from guyub.testing.crawl import crawl_of
from guyub.testing.plugin_under_test import PluginUnderTest
from guyub.testing.rule import ConformanceRule, RuleFinding, SourcePlace

RULE = ConformanceRule(
    "WEB018",
    "Every page that a handler answers can be rendered, in both languages and for every reader, with what it was given.",
    why="A name that the template asks for and nobody gives is an error page, sometimes only once there are rows.",
    fix="give the template what it names, and take filters, components and other templates from the reference",
)


def check(specimen: PluginUnderTest) -> Iterator[RuleFinding]:
    folder = specimen.package / "templates"
    for page in crawl_of(specimen).pages:
        if page.raised is None or not (folder / page.visit.answer.template).is_file():
            continue
        said = str(page.raised).partition("\n")[0]
        kind = "there is no template" if isinstance(page.raised, TemplateNotFound) else type(page.raised).__name__
        place = SourcePlace(folder / page.visit.answer.template, _line(page.raised, folder))
        yield RULE.broken(f"{page.visit.what}: {kind}: {said}", place)


def _line(error: BaseException, folder: object) -> int:
    """The last line of a template of the plugin that was at work."""
    line, trace = getattr(error, "lineno", None) or 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith(str(folder)):
            line = trace.tb_lineno
        trace = trace.tb_next
    return int(line)
