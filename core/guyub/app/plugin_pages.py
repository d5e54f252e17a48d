"""The pages of plugins under ``/f/{facility}/p/{slug}``: where the plugin runs, for those who may, named when it fails."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, QueryParams
from starlette.exceptions import HTTPException
from starlette.responses import Response

from guyub import http
from guyub.app import plugin_files, plugin_matching
from guyub.app.plugin_visits import PluginVisit, VisitServices
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FacilityWork, FormInput
from guyub.plugins.crash import naming
from guyub.plugins.dependencies import Plugins, PluginSlug
from guyub.plugins.page_links import PluginLink, links_of
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.plugins.plugin_session import calling
from guyub.sdk.text import Text
from guyub.sdk.web import Answer, File, Method, Page, Redirect

router = APIRouter()


@dataclass(frozen=True, slots=True)
class PluginInView:
    """Holds what templates of a plugin know as ``plugin``. ``base`` is where its addresses begin; ``reports`` are those of its
    reports that the reader may see."""

    slug: str
    title: Text
    base: str
    reports: Sequence[PluginLink]
    package: Path | None

    def static(self, path: str) -> str:
        """Returns the address of a file of its folder ``static``."""
        return plugin_files.static_url(self.slug, self.package, path)


@router.get("/f/{facility}/p/{slug}/{rest:path}")
def opened(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug, rest: str
) -> Response:
    return _answer(request, work, plugins, clock, slug, "GET", f"/{rest}", FormData())


@router.post("/f/{facility}/p/{slug}/{rest:path}")
def sent(
    request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, slug: PluginSlug, rest: str, form: FormInput
) -> Response:
    return _answer(request, work, plugins, clock, slug, "POST", f"/{rest}", form)


def _answer(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    clock: Clock,
    slug: str,
    method: Method,
    path: str,
    form: FormData,
) -> Response:
    writes = method == "POST"
    now = clock.now(work)
    plugin = plugins.require_active(work, slug, now.date())
    view = PluginInView(
        slug, plugin.title, f"/f/{work.here.code}/p/{slug}", links_of(work, plugin).reports, plugins.package(slug)
    )
    try:
        route, values = plugin_matching.find(plugin.routes, method, path)
    except HTTPException as unknown:
        if unknown.status_code == 404 and path == "/" and not writes:
            return http.render(
                request, work, "configuration/at_facility.html", plugin=plugin, links=links_of(work, plugin)
            )
        raise
    work.require(route.permission)
    what = f"{method} {route.path}"
    config = plugins.resolve(work, slug, work.here.id, now.date()).config
    with (
        naming(plugin, what, work.here.code),
        calling(work.session, slug, what, work.here.code, keep=writes, installed=plugins.installed) as session,
    ):
        answer = _checked(
            route.handler(
                PluginVisit(
                    facility=work.here,
                    now=now,
                    lang=http.language(request),
                    config=config,
                    session=session,
                    reader=work.person_name,
                    login=work.login,
                    permissions=work.permissions,
                    path=values,
                    query=_first_of(request.query_params),
                    form=_first_of(form),
                    _desk=VisitServices(work, plugins, slug, form, writes),
                )
            )
        )
    if isinstance(answer, Redirect):
        return http.redirect(request, view.base + answer.path, answer.flash, answer.kind)
    if isinstance(answer, File):
        return http.download(answer.content, answer.name, answer.media_type, inline=answer.inline)
    with naming(plugin, f"{what}, {answer.template}", work.here.code):
        return http.render(request, work, f"{slug}/{answer.template}", status=answer.status, plugin=view, **answer.data)


def _first_of(sent: FormData | QueryParams) -> dict[str, str]:
    """Returns the first value of each name; a file is no text, and the token is not the plugin's."""
    headers: dict[str, str] = {}
    for name, value in sent.multi_items():
        if isinstance(value, str) and name != "csrf_token":
            headers.setdefault(name, value)
    return headers


def _checked(answer: Answer) -> Answer:
    """Raises ``TypeError`` for what is no answer, so that it is reported as an error of the plugin."""
    if not isinstance(answer, Page | Redirect | File):
        raise TypeError(f"a page answers visit.page, visit.redirect or visit.file, not {type(answer).__name__}")
    return answer
