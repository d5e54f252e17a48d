"""The pages of a facility's funds, under /f/{facility}/funds, and their place in the menu."""

from datetime import date

from fastapi import APIRouter

from guyub.db.unit_of_work import Work
from guyub.funds import urls
from guyub.funds.pages import books, cancellation, closing, purchases, receipts, reversal, top_up
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

_PAGES = (books, closing, receipts, reversal, purchases, cancellation, top_up)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    if not work.may("funds.read"):
        return []
    return [NavItem(Text(id="Dana", en="Funds"), urls.funds_url(work.here.code), "cash")]
