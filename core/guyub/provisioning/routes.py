"""The pages of a region about the configuration of its facilities, and their place in its menu."""

from datetime import date

from fastapi import APIRouter

from guyub.db.unit_of_work import CodeName, Work
from guyub.provisioning.pages import as_of, bulk_change, compare, history, managed_by, overview, templates
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["region_navigation", "router"]

_PAGES = (overview, bulk_change, managed_by, history, compare, as_of, templates)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("facilities.configure"):
        return []
    title = Text(id="Konfigurasi", en="Configuration")
    return [NavItem(title, f"/region/{region.code}/configuration", "clipboard-check")]
