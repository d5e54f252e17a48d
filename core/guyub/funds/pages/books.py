"""Pages of all funds, of one fund with its cash book, and of the goods on hand."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.documents.rendering import MEDIA_TYPE
from guyub.funds import arrivals, book_closing, fund_page, monthly_ledger, queries, sources, tables, urls
from guyub.funds.pages.common import (
    month_of,
)
from guyub.funds.queries import FundBalance
from guyub.funds.refusals import FundsRefusal
from guyub.http import Clock, FacilityWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.categories import CATEGORIES
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text

router = APIRouter(prefix="/f/{facility}")

_ON_HAND = Text(id="Barang di gudang", en="Goods on hand")
_USED_UP = Text(id="Penerimaan yang sudah habis", en="Lots that are used up")


@router.get("/funds")
def funds(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock) -> Response:
    work.require("funds.read")
    today = clock.today(work)
    balances = queries.balances(work)
    kinds = sources.kinds(work, plugins, today)
    stopped = _stopped(work, plugins, clock, balances)
    return http.render(
        request,
        work,
        "funds/list.html",
        funds=balances,
        listed=tables.funds(_source_titles(plugins, balances)).of(
            balances, totals={**_total(balances), "goods": sum(balance.stock for balance in balances)}
        ),
        total=_total(balances),
        kinds=kinds,
        stopped=stopped,
        at=urls,
    )


@router.get("/funds/fund/{code}")
def fund(request: Request, work: FacilityWork, plugins: Plugins, clock: Clock, code: str) -> Response:
    work.require("funds.read")
    today = clock.today(work)
    fund = queries.fund(work, code)
    terms = fund_page.terms(work, code)
    # A file reads the rows of its table, one after the other; the page has all of them.
    is_page = not http.exports(request)
    received = fund_page.received(work, fund.id) if is_page else []
    rows = queries.cash_book(work, fund.id) if is_page else []
    lots = queries.stock(work, fund.id) if is_page else []
    stopped = sources.why_stopped(work, plugins, fund.plugin, today)
    receipts = tables.receipts(lambda entry: sources.receipt_title(plugins, entry.plugin, entry.kind))
    return http.render(
        request,
        work,
        "funds/fund.html",
        fund=fund,
        terms=terms,
        received=receipts.of(received, every=lambda work: fund_page.every_receipt(work, fund.id)),
        book=tables.CASH_BOOK.of(rows, every=lambda work: queries.every_cash_row(work, fund.id)),
        lots=tables.LOTS.of(lots, without=["fund"], every=lambda work: queries.every_lot(work, fund.id)),
        stopped=stopped,
        promised=[goods for goods in arrivals.promised(work, fund.id) if goods.promised is not None] if is_page else [],
        source=sources.title_of(plugins, fund.plugin, fund.source),
        categories=CATEGORIES,
        months=monthly_ledger.months(rows, today),
        waiting=next((book for book in book_closing.waiting(work, today) if book.fund_id == fund.id), None),
        closed=tables.CLOSED_BOOKS.of(book_closing.closed_books(work, fund.id)),
        at=urls,
    )


@router.get("/funds/fund/{code}/cash-book.pdf")
def cash_book(work: FacilityWork, clock: Clock, code: str, month: str) -> Response:
    work.require("funds.read")
    fund, asked = queries.fund(work, code), month_of(month)
    rows, today = queries.cash_book(work, fund.id), clock.today(work)
    if asked not in monthly_ledger.months(rows, today):
        raise FundsRefusal.NO_BOOK.not_found()
    name, content = monthly_ledger.print_month(work, fund, rows, asked, today, clock.now(work))
    return http.download(content, name, MEDIA_TYPE, inline=True)


@router.get("/funds/stock")
def stock(request: Request, work: FacilityWork) -> Response:
    work.require("funds.read")
    lots = [] if http.exports(request) else queries.stock(work)
    on_hand = [lot for lot in lots if lot.free or lot.reserved]
    return http.render(
        request,
        work,
        "funds/stock.html",
        on_hand=tables.LOTS.of(
            on_hand,
            name="goods_on_hand",
            caption=_ON_HAND,
            every=lambda work: queries.every_lot(work, on_hand=True),
        ),
        gone=tables.LOTS.of(
            [lot for lot in lots if lot not in on_hand],
            name="lots_that_are_used_up",
            caption=_USED_UP,
            every=lambda work: queries.every_lot(work, on_hand=False),
        ),
        at=urls,
    )


def _total(balances: Sequence[FundBalance]) -> Mapping[str, int]:
    return {
        name: sum(getattr(balance, name) for balance in balances)
        for name in ("received", "free", "reserved", "stock", "used", "written_off", "found")
    }


def _stopped(work: Work, plugins: PluginRegistry, clock: Clock, balances: Sequence[FundBalance]) -> list[Refusal]:
    """Returns why a source that has funds here, or is active here, takes nothing in: each plugin's reason once."""
    today = clock.today(work)
    refusals = {
        stopped_source.plugin: stopped_source.refusal for stopped_source in sources.not_ready(work, plugins, today)
    }
    for plugin in dict.fromkeys(balance.plugin for balance in balances):
        refusal = sources.why_stopped(work, plugins, plugin, today)
        if refusal is not None:
            refusals.setdefault(plugin, refusal)
    return list(refusals.values())


def _source_titles(plugins: PluginRegistry, balances: Sequence[FundBalance]) -> Mapping[str, Text]:
    return {balance.code: sources.title_of(plugins, balance.plugin, balance.source) for balance in balances}
