"""The pages of a facility's funds, under /f/{facility}/funds, and their place in the menu."""

from datetime import date

from fastapi import APIRouter

from guyub.db.unit_of_work import CodeName, Work
from guyub.funds import urls
from guyub.funds.api import api as goods_api
from guyub.funds.books_api import api as books_api
from guyub.funds.pages import (
    books,
    cancellation,
    catalogue,
    closing,
    minutes,
    money_requests,
    purchases,
    receipts,
    reversal,
    stock_takes,
    top_up,
)
from guyub.funds.receipts_api import api as receipts_api
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

_PAGES = (
    books,
    catalogue,
    closing,
    receipts,
    reversal,
    purchases,
    cancellation,
    top_up,
    money_requests,
    stock_takes,
    minutes,
)


api = APIRouter(routes=[*goods_api.routes, *receipts_api.routes, *books_api.routes])
router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    if not work.may("funds.read"):
        return []
    return [NavItem(Text(id="Dana", en="Funds"), urls.funds_url(work.here.code), "cash")]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    return [NavItem(Text(id="Katalog barang", en="Goods"), urls.region_catalogue_url(region.code), "package")]
