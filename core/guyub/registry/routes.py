"""The registry's pages and its place in the menu."""

from datetime import date

from fastapi import APIRouter

from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.registry.pages import (
    household,
    household_list,
    inmates,
    member_acts,
    members,
    packages,
    register,
    reveal,
    surveys,
    undo,
)
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

# "households/new" stands before "households/{household_id}": the first that fits answers.
_PAGES = (household_list, register, household, members, member_acts, inmates, packages, reveal, surveys, undo)

router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    if not work.may("registry.read"):
        return []
    return [NavItem(Text(id="Keluarga", en="Households"), f"/f/{work.here.code}/households", "users")]
