"""The pages of a region about the configuration of its facilities, and their place in its menu."""

from datetime import date

from fastapi import APIRouter

from guyub.db.work import Named, Work
from guyub.provisioning.pages import changes, changing, comparing, handing, keeping, on_day, overview
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["region_navigation", "router"]

_PAGES = (overview, changing, handing, changes, comparing, on_day, keeping)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def region_navigation(work: Work, region: Named, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    title = Text(id="Konfigurasi", en="Configuration")
    return [NavItem(title, f"/region/{region.code}/configuration", "clipboard-check")]
