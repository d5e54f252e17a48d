"""The registry's pages and its place in the menu."""

from datetime import date
from typing import Any

from fastapi import APIRouter

from guyub.db.work import Work
from guyub.registry.pages import household, listing, members, registering, revealing, visits
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

router = APIRouter(prefix="/f/{facility}")
# "/households/new" before "/households/{household_id}": the first that fits answers.
for _pages in (listing, registering, household, members, secrets, visits):
    router.include_router(_pages.router)


def navigation(work: Work, host: Any, today: date) -> list[NavItem]:
    if not work.may("registry.read"):
        return []
    return [NavItem(Text(id="Keluarga", en="Households"), f"/f/{work.here.code}/households", "users")]
