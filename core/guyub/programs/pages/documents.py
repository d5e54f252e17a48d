"""The papers of a month: made as a bundle or some of them, kept, downloaded, and the report to paste into WhatsApp."""

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.access.http import Form
from guyub.db.work import Work
from guyub.documents import keeping
from guyub.documents.keeping import Kept
from guyub.programs import paperwork, queries
from guyub.programs.cycles import Cycle
from guyub.programs.pages.common import MONTH, day, identity, readable, word, words
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()


@router.get(f"{MONTH}/documents")
def papers(request: Request, facility: str, plugin: str, month: str) -> Response:
    return _page(request, facility, plugin, month)


@router.post(f"{MONTH}/documents")
def make(request: Request, facility: str, plugin: str, month: str, form: Form) -> Response:
    """Makes the kinds that were ticked; none ticked, all that the month allows today."""
    try:
        with http.open_work(request, facility) as work:
            view = readable(work, request, plugin, month)
            today = http.today(request, work)
            on = day(word(form, "on"), "on") or _usual_date(view.cycle, today)
            kinds = words(form, "kind") or _makeable(work, view.cycle)
            kept = paperwork.produce(work, view.cycle, kinds, on, http.now(request, work))
    except Invalid as refusal:
        return _page(request, facility, plugin, month, refusal, word(form, "on"), 422)
    if word(form, "then") == "open" and len(kept) == 1:
        return http.redirect(request, f"{view.url}/documents/{kept[0].id}?view=1")
    return http.redirect(
        request,
        f"{view.url}/documents",
        Text(id="{count} dokumen dibuat dan disimpan.", en="{count} papers were made and kept.").format(
            count=len(kept)
        ),
    )


@router.get(f"{MONTH}/documents/{{document}}")
def fetch(request: Request, facility: str, plugin: str, month: str, document: str) -> Response:
    """The file itself, to save; with ``?view=1`` to look at in the browser."""
    with http.open_work(request, facility) as work:
        readable(work, request, plugin, month)
        kept, content = keeping.fetch(work, identity(document))
    return http.download(content, kept.file_name, kept.media_type, inline="view" in request.query_params)


def _page(
    request: Request, facility: str, plugin: str, month: str, refusal: Invalid | None = None, typed: str = "", status: int = 200
) -> Response:  # fmt: skip
    with http.open_work(request, facility) as work:
        work.require("documents.read")
        view = readable(work, request, plugin, month)
        kept = keeping.of_cycle(work, view.cycle.id)
        newest = {one.id for one in keeping.newest(work, view.cycle.id)}
        chat = _chat(work, [one for one in kept if one.id in newest])
        makeable = _makeable(work, view.cycle) if work.may("documents.make") else []
        on = _usual_date(view.cycle, http.today(request, work))
    return http.render(
        request, work, "programs/documents.html", status=status, month=view, kinds=paperwork.KINDS, makeable=makeable,
        newest=[one for one in _in_order(kept) if one.id in newest], earlier=[one for one in kept if one.id not in newest],
        chat=chat, on=typed or on.isoformat(), problems=by_field([refusal]) if refusal else {},
    )  # fmt: skip


def _makeable(work: Work, cycle: Cycle) -> list[str]:
    """The kinds that the month and the reader's permissions allow."""
    possible = paperwork.possible(cycle, queries.figures(work, cycle).received)
    return [kind for kind in possible if kind in paperwork.NAMELESS or work.may("registry.read")]


def _usual_date(cycle: Cycle, today: date) -> date:
    """The day of the distribution once it is there, else today."""
    return cycle.distribution_on if cycle.distribution_on and cycle.distribution_on <= today else today


def _in_order(kept: list[Kept]) -> list[Kept]:
    places = list(paperwork.KINDS)
    return sorted(kept, key=lambda one: (places.index(one.kind) if one.kind in places else len(places), one.file_name))


def _chat(work: Work, kept: list[Kept]) -> str:
    """The newest report as text, empty where there is none yet."""
    report = next((one for one in kept if one.kind == "chat_report"), None)
    return keeping.fetch(work, report.id)[1].decode() if report else ""
