"""The minutes of a stock take and of goods that were received: looked at, made, and kept for good."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents import storage
from guyub.documents.storage import MadeDocument
from guyub.funds import (
    arrival_document,
    arrivals,
    kept_minutes,
    queries,
    reversals,
    stock_documents,
    stock_take_records,
    urls,
)
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, FacilityWork, FormInput
from guyub.http.clock import RequestClock
from guyub.sdk.text import Text

router = APIRouter(prefix="/f/{facility}/funds")
OF_TAKE = "/stock/takes/{year:int}/{number:int}/documents"
OF_RECEIPT = "/fund/{code}/receipts/{year:int}/{number:int}/documents"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with minutes: ``drafts`` as (title, number, address) of what can be looked at without keeping it."""

    journal_id: UUID
    title: Text
    url: str
    back: tuple[Text, str]
    subject: str
    drafts: tuple[tuple[Text, str, str], ...]


@router.get(OF_TAKE)
def of_take(request: Request, work: FacilityWork, year: int, number: int) -> Response:
    return _page(request, work, _take(work, year, number))


@router.post(OF_TAKE)
@http.answers_repeats_itself
def keep_of_take(
    request: Request, work: FacilityWork, clock: Clock, year: int, number: int, form: FormInput
) -> Response:
    entry = _take(work, year, number)
    take = stock_take_records.take_of(work, year, number)
    counts = stock_take_records.counts_of(work, take.id)
    differences = stock_take_records.differences_of(work, take.id)
    now = clock.now(work)
    made = [
        stock_documents.print_document(work, take, kind, counts, differences, now)
        for kind in stock_documents.kinds_of(take, differences)
    ]
    return _kept(request, work, entry, made)


@router.get(OF_RECEIPT)
def of_receipt(request: Request, work: FacilityWork, code: str, year: int, number: int) -> Response:
    return _page(request, work, _receipt(work, code, year, number))


@router.post(OF_RECEIPT)
@http.answers_repeats_itself
def keep_of_receipt(
    request: Request, work: FacilityWork, clock: Clock, code: str, year: int, number: int, form: FormInput
) -> Response:
    return _kept(request, work, _receipt(work, code, year, number), [receipt_minutes(work, clock, code, year, number)])


@router.get("/minutes/{document}")
def fetch(work: FacilityWork, document: UUID) -> Response:
    """Returns a kept file, to look at in the browser."""
    work.require("funds.read")
    kept, content = storage.load(work, document)
    return http.download(content, kept.file_name, kept.media_type, inline=True)


def receipt_minutes(work: Work, clock: RequestClock, code: str, year: int, number: int) -> MadeDocument:
    """Returns the minutes of the goods of a receipt. Raises ``NotFound`` where it has none."""
    fund = queries.fund(work, code)
    receipt = reversals.receipt_of(work, fund, year, number)
    goods = arrivals.arrived(work, receipt.journal_id)
    if not goods:
        raise FundsRefusal.NO_RECEIPT.not_found(fund=fund.name, number=number, year=year)
    return arrival_document.print_minutes(work, fund, receipt, goods, clock.now(work))


def _take(work: Work, year: int, number: int) -> Entry:
    work.require("funds.read")
    take = stock_take_records.take_of(work, year, number)
    differences = stock_take_records.differences_of(work, take.id)
    here = work.here.code
    url = urls.stock_take_url(here, take.booked_on, take.number)
    title = Text(id="Catatan stok {number}/{year}", en="Stock take {number}/{year}").format(
        number=number, year=f"{year}"
    )
    return Entry(
        take.id,
        title,
        f"{url}/documents",
        (title, url),
        f"stock take {number}/{year}",
        tuple(
            (
                kind.title,
                stock_documents.number_of(work, take, kind),
                urls.stock_document_url(here, take.booked_on, take.number, kind.code),
            )
            for kind in stock_documents.kinds_of(take, differences)
        ),
    )


def _receipt(work: Work, code: str, year: int, number: int) -> Entry:
    work.require("funds.read")
    fund = queries.fund(work, code)
    receipt = reversals.receipt_of(work, fund, year, number)
    here = work.here.code
    draft = urls.goods_minutes_url(here, fund.code, receipt.booked_on, receipt.number)
    title = Text(id="Penerimaan {number}/{year}", en="Receipt {number}/{year}").format(number=number, year=f"{year}")
    return Entry(
        receipt.journal_id,
        title,
        urls.receipt_documents_url(here, fund.code, receipt.booked_on, receipt.number),
        (Text.same(fund.name), urls.fund_url(here, fund.code)),
        f"receipt {number}/{year}",
        ((arrival_document.TITLE, arrival_document.number_of(receipt), draft),),
    )


def _kept(request: Request, work: Work, entry: Entry, made: Sequence[MadeDocument]) -> Response:
    kept = kept_minutes.keep(work, entry.journal_id, entry.subject, made)
    done = Text(
        id="{count} berita acara dibuat dan disimpan.",
        en="{count} minutes were made and kept.",
        en_one="{count} record of minutes was made and kept.",
    )
    return http.redirect(request, entry.url, done.format(count=len(kept)))


def _page(request: Request, work: Work, entry: Entry) -> Response:
    kept = kept_minutes.kept(work, entry.journal_id) if work.may("documents.read") else []
    return http.render(request, work, "funds/minutes.html", entry=entry, kept=kept, at=urls)
