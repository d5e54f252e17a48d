"""``rendered`` renders the pages of a plugin as the host does and takes them apart into links, forms and files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from guyub.app.plugin_pages import PluginInView
from guyub.sdk.plugin import Plugin
from guyub.sdk.web import Page
from guyub.testing.contexts import A_FACILITY
from guyub.testing.page_visits import BASE, NOW, Visited, permissions
from guyub.ui.render import PageContext, Pages

_TOKEN = "contoh"  # noqa: S105 - it opens nothing


@dataclass
class RenderedForm:
    method: str
    action: str
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RenderedPage:
    """A page in one language; ``raised`` is the error that kept it from being rendered."""

    visit: Visited
    lang: str
    html: str = ""
    raised: Exception | None = None

    @property
    def links(self) -> list[str]:
        """Returns the addresses that the page links to, without those of the frame."""
        frame = _frame()
        return [link for link in _parts(self.html).links if link not in frame]

    @property
    def forms(self) -> list[RenderedForm]:
        frame = _frame()
        return [form for form in _parts(self.html).forms if form.action not in frame]


def rendered(plugin: Plugin, package: Path, visits: Iterator[Visited]) -> Iterator[RenderedPage]:
    """Renders each page in Indonesian for a reader with every permission, and in English for one who may only see that
    page."""
    folder = package / "templates"
    pages = Pages({plugin.slug: folder} if folder.is_dir() else {})
    view = PluginInView(plugin.slug, plugin.title, f"{BASE}{plugin.slug}", (), package)
    for visit in visits:
        page = visit.answer
        if not isinstance(page, Page):
            continue
        for lang, may in (("id", permissions(plugin)), ("en", frozenset({visit.route.permission}))):
            context = _context(f"{view.base}{visit.path}", lang, may)
            try:
                html = pages.render(f"{plugin.slug}/{page.template}", context, plugin=view, **page.data)
            except Exception as error:  # what an author wrote into a template may raise anything
                yield RenderedPage(visit, lang, raised=error)
            else:
                yield RenderedPage(visit, lang, html)


def _context(path: str, lang: str, may: frozenset[str]) -> PageContext:
    return PageContext(
        lang=lang,
        path=path,
        here=path,
        csrf_token=_TOKEN,
        now=NOW,
        reader="Petugas Contoh",
        login="contoh",
        facility=A_FACILITY,
        permissions=may,
    )


@cache
def _frame() -> frozenset[str]:
    """Returns the addresses that stand on every page."""
    nowhere = _context("/contoh", "id", frozenset())
    parts = _parts(Pages({}).render("ui/base.html", nowhere))
    return frozenset([*parts.links, *(form.action for form in parts.forms)])


class _Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[RenderedForm] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(RenderedForm(values.get("method", "get").upper(), values.get("action", "")))
        elif tag in ("input", "select", "textarea", "button") and self.forms and values.get("name"):
            self.forms[-1].names.append(values["name"])
        elif tag in ("a", "img", "script", "link"):
            self.links += [values[name] for name in ("href", "src") if values.get(name)]


def _parts(html: str) -> _Parts:
    parts = _Parts()
    parts.feed(html)
    parts.close()
    return parts
