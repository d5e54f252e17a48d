"""All funds, one fund with its cash book, and the goods on hand."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub.access import http
from guyub.db.work import Work
from guyub.documents.rendering import MEDIA_TYPE
from guyub.funds import addresses, fund_page, month_book, queries, sources
from guyub.funds.pages.common import host_of, month_of
from guyub.funds.queries import FundBalance
from guyub.host.plugin_host import PluginHost
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.errors import NotFound, Refusal
from guyub.sdk.text import Text

router = APIRouter(prefix="/f/{facility}")


@router.get("/funds")
def funds(request: Request, facility: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("funds.read")
        host, today = host_of(request), http.today(request, work)
        balances = queries.balances(work)
        kinds = sources.kinds(work, host, today)
        stopped = _stopped(work, request, balances)
    return http.render(
        request, work, "funds/list.html", funds=balances, total=_total(balances), kinds=kinds, stopped=stopped,
        source_titles=_source_titles(host, balances), at=addresses,
    )  # fmt: skip


@router.get("/funds/fund/{code}")
def fund(request: Request, facility: str, code: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("funds.read")
        host, today = host_of(request), http.today(request, work)
        found = queries.fund(work, code)
        terms = fund_page.terms(work, code)
        received = fund_page.received(work, found.id)
        rows = queries.cash_book(work, found.id)
        lots = queries.stock(work, found.id)
        stopped = sources.why_stopped(work, host, found.plugin, today)
    return http.render(
        request, work, "funds/fund.html", fund=found, terms=terms, received=received, rows=rows, lots=lots,
        stopped=stopped, source=sources.title_of(host, found.plugin, found.source), categories=CATEGORIES,
        kind_titles={one.kind: sources.receipt_title(host, one.plugin, one.kind) for one in received},
        months=month_book.months(rows, today), at=addresses,
    )  # fmt: skip


@router.get("/funds/fund/{code}/cash-book.pdf")
def cash_book(request: Request, facility: str, code: str, month: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("funds.read")
        found, asked = queries.fund(work, code), month_of(month)
        rows, today = queries.cash_book(work, found.id), http.today(request, work)
        if asked not in month_book.months(rows, today):
            raise NotFound(
                "funds.no_book",
                Text(id="Buku kas dana ini tidak memiliki bulan tersebut.", en="This fund's cash book has no such month."),
                Text(id="Pilih bulan pada halaman dana.", en="Choose a month on the fund's page."),
            )  # fmt: skip
        name, content = month_book.print_month(work, found, rows, asked, today, http.now(request, work))
    return http.download(content, name, MEDIA_TYPE, inline=True)


@router.get("/funds/stock")
def stock(request: Request, facility: str) -> Response:
    with http.open_work(request, facility) as work:
        work.require("funds.read")
        lots = queries.stock(work)
    on_hand = [lot for lot in lots if lot.free or lot.reserved]
    return http.render(
        request, work, "funds/stock.html", on_hand=on_hand, gone=[lot for lot in lots if lot not in on_hand], at=addresses
    )  # fmt: skip


def _total(balances: Sequence[FundBalance]) -> Mapping[str, int]:
    return {
        name: sum(getattr(one, name) for one in balances) for name in ("received", "free", "reserved", "stock", "used")
    }


def _stopped(work: Work, request: Request, balances: Sequence[FundBalance]) -> list[Refusal]:
    """Why a source that has funds here, or is switched on here, takes nothing in: each plugin's reason once."""
    host, today = host_of(request), http.today(request, work)
    found = {one.plugin: one.refusal for one in sources.not_ready(work, host, today)}
    for plugin in dict.fromkeys(one.plugin for one in balances):
        refusal = sources.why_stopped(work, host, plugin, today)
        if refusal is not None:
            found.setdefault(plugin, refusal)
    return list(found.values())


def _source_titles(host: PluginHost, balances: Sequence[FundBalance]) -> Mapping[str, Text]:
    return {one.code: sources.title_of(host, one.plugin, one.source) for one in balances}
