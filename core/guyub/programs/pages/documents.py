"""The documents of a month: made as a bundle or some of them, kept, downloaded, and the report to paste into WhatsApp."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents import numbering, storage
from guyub.documents.storage import KeptDocument
from guyub.http import FormInput
from guyub.programs import cycle_facts
from guyub.programs.cycles import Cycle
from guyub.programs.documents import archive, days, outdated
from guyub.programs.documents import bundle as document_bundle
from guyub.programs.documents.archive import in_order
from guyub.programs.documents.facts import act_days
from guyub.programs.documents.tables import kept_documents
from guyub.programs.pages.common import CYCLE, AskedCycle, CycleInAddress, day, word, words
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.ui.problems import by_field

router = APIRouter()


@router.get(f"{CYCLE}/documents")
def document_list(request: Request, address: AskedCycle) -> Response:
    return _page(request, address)


@router.post(f"{CYCLE}/documents")
def make(request: Request, address: AskedCycle, form: FormInput) -> Response:
    """Makes the kinds that were ticked; none ticked, all that the month allows today."""
    work = address.work
    try:
        with work.attempt():
            view = address.readable()
            on = day(word(form, "on"), "on")
            kinds = _outdated(work, view.cycle) if word(form, "outdated") else words(form, "kind")
            has_number = any(word(form, f"number.{kind}") for kind in document_bundle.LETTERS)
            kinds = kinds or ([] if has_number else _makeable(work, view.cycle))
            given = {kind: word(form, f"number.{kind}") for kind in document_bundle.LETTERS}
            numbers = {kind: number for kind, number in given.items() if number}
            kinds = [kind for kind in document_bundle.KINDS if kind in {*kinds, *numbers}]
            kept = document_bundle.produce(work, view.cycle, kinds, on, address.clock.now(work), numbers)
    except Invalid as refusal:
        return _page(request, address, refusal, form, 422)
    if word(form, "then") == "open" and len(kept) == 1:
        return http.redirect(request, f"{view.url}/documents/{kept[0].id}?view=1")
    made = Text(
        id="{count} dokumen dibuat dan disimpan.",
        en="{count} documents were made and kept.",
        en_one="{count} document was made and kept.",
    ).format(count=len(kept))
    odd = [_OTHER_YEAR.format(number=number, year=year) for number, year in _other_years(kept, numbers)]
    return http.redirect(
        request, f"{view.url}/documents", Text.join(" ", (made, *odd)), "warning" if odd else "success"
    )


_OTHER_YEAR = Text(
    id="Nomor {number} menyebut tahun lain daripada suratnya ({year}); periksa.",
    en="The number {number} names another year than its letter has ({year}); check it.",
)


def _other_years(kept: Sequence[KeptDocument], numbers: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yields each number that was typed and names another year than its letter has, with the year of the letter."""
    for document in kept:
        number, day_of_it = numbers.get(document.kind), document.stated_on
        if number and day_of_it is not None and numbering.other_year(number, day_of_it.year) is not None:
            yield number, day_of_it.year


@router.get(f"{CYCLE}/documents.zip")
def fetch_all(address: AskedCycle) -> Response:
    """Returns all documents that the reader may see as one ZIP."""
    name, content = archive.zip_of(address.work, address.readable().cycle)
    return http.stream(content, name, archive.MEDIA_TYPE)


@router.get(f"{CYCLE}/documents/{{document}}")
def fetch(request: Request, address: AskedCycle, document: UUID) -> Response:
    """Returns the file itself, to save; with ``?view=1`` to look at in the browser."""
    work = address.work
    address.readable()
    kept, content = storage.load(work, document)
    return http.download(content, kept.file_name, kept.media_type, inline="view" in request.query_params)


def _page(
    request: Request,
    address: CycleInAddress,
    refusal: Invalid | None = None,
    form: FormData | None = None,
    status: int = 200,
) -> Response:
    work = address.work
    work.require("documents.read")
    view = address.readable()
    kept = storage.of_cycle(work, view.cycle.id)
    newest = {document.id for document in storage.newest(work, view.cycle.id)}
    chat = _chat(work, [document for document in kept if document.id in newest])
    makeable = _makeable(work, view.cycle) if work.may("documents.make") else []
    today = address.clock.today(work)
    old = outdated.outdated(work, view.cycle)
    table = kept_documents(_called, old)
    return http.render(
        request,
        work,
        "programs/documents.html",
        status=status,
        month=view,
        kinds=document_bundle.KINDS,
        makeable=makeable,
        newest=table.of(document for document in in_order(kept) if document.id in newest),
        earlier=table.of((document for document in kept if document.id not in newest), name="kept_papers_2"),
        chat=chat,
        stale=bool({document.kind for document in kept if document.id in old} & set(makeable)),
        outdated=len(old),
        on=word(form, "on") if form else "",
        letters=[kind for kind in document_bundle.LETTERS if kind in makeable],
        numbers={kind: word(form, f"number.{kind}") if form else "" for kind in document_bundle.LETTERS},
        possible=days.possible(act_days(work, view.cycle), makeable, today) if makeable else None,
        problems=by_field([refusal]) if refusal else {},
    )


def _outdated(work: Work, cycle: Cycle) -> list[str]:
    """Returns the kinds of outdated documents that the reader may make anew."""
    old, makeable = outdated.outdated(work, cycle), _makeable(work, cycle)
    kinds = {document.kind for document in storage.newest(work, cycle.id) if document.id in old}
    return [kind for kind in makeable if kind in kinds]


def _makeable(work: Work, cycle: Cycle) -> list[str]:
    """Returns the kinds that the month and the reader's permissions allow."""
    possible = document_bundle.possible(cycle, cycle_facts.figures(work, cycle).received)
    return [kind for kind in possible if kind in document_bundle.NAMELESS or work.may("registry.read")]


def _called(document: KeptDocument) -> Text:
    """Returns what a document is called on its page; a cash book with the name of its fund, of which there may be several."""
    usual = Text.same(document.kind)
    called = document_bundle.KINDS.get(document.kind, usual)
    if document.kind != "cash_book":
        return called
    fund = document.title.removeprefix("Buku kas umum ").rpartition(", ")[0]
    return Text.join(": ", (called, fund))


def _chat(work: Work, kept: list[KeptDocument]) -> str:
    """Returns the newest report as text, empty where there is none yet."""
    report = next((document for document in kept if document.kind == "chat_report"), None)
    return storage.load(work, report.id)[1].decode() if report else ""
