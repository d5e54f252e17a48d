"""The pages of a facility's funds, under /f/{facility}/funds, and their place in the menu."""

from datetime import date
from typing import Any

from fastapi import APIRouter

from guyub.db.work import Work
from guyub.funds import addresses
from guyub.funds.pages import books, purchases, receive, top_up
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

router = APIRouter(prefix="/f/{facility}")
for pages in (books, receive, purchases, top_up):
    router.include_router(pages.router)


def navigation(work: Work, host: Any, today: date) -> list[NavItem]:
    if not work.may("funds.read"):
        return []
    return [NavItem(Text(id="Dana", en="Funds"), addresses.funds_url(work.here.code), "cash")]
