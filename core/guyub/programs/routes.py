"""The pages of the programmes, their JSON, and their places in the menu: one for each programme that runs here."""

from datetime import date

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.db.typed_reads import among
from guyub.db.unit_of_work import CodeName, Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.api import api as cycles_api
from guyub.programs.campaigns import pages as campaign_pages
from guyub.programs.campaigns.api import api as campaigns_api
from guyub.programs.cycle_settings import title_of
from guyub.programs.models import CycleModel, Program
from guyub.programs.pages import (
    added_goods,
    approval,
    candidates,
    close,
    corrections,
    cycle,
    cycle_list,
    distribution,
    documents,
    handover,
    planning,
    replacements,
    terms,
    withdrawal,
)
from guyub.programs.replacements_api import api as replacements_api
from guyub.programs.steps_api import api as steps_api
from guyub.sdk.errors import Refusal
from guyub.sdk.text import Text
from guyub.ui.render import NavItem

__all__ = ["api", "navigation", "region_navigation", "router"]

# Fixed addresses before those with a month or a household in them.
_PAGES = (
    campaign_pages,
    cycle_list,
    cycle,
    planning,
    terms,
    added_goods,
    candidates,
    approval,
    distribution,
    handover,
    close,
    corrections,
    withdrawal,
    replacements,
    documents,
)
api = APIRouter(routes=[*cycles_api.routes, *campaigns_api.routes, *replacements_api.routes, *steps_api.routes])
router = APIRouter(routes=[route for pages in _PAGES for route in pages.router.routes])


def navigation(work: Work, plugins: PluginRegistry, today: date) -> list[NavItem]:
    """Programmes that are active here; one whose plugin is not ready keeps its place while it has months to read."""
    if not work.may("programs.read"):
        return []
    active = plugins.active(work, work.here.id, today)
    titles = {slug: _title(plugins, slug) for slug in active}
    if any(title is None for title in titles.values()):
        titles |= _titles_in_the_books(work, [slug for slug, title in titles.items() if title is None])
    return [
        NavItem(title, f"/f/{work.here.code}/programs/{slug}/", "heart-handshake")
        for slug, title in titles.items()
        if title is not None and title.id
    ]


def region_navigation(work: Work, region: CodeName, today: date) -> list[NavItem]:
    if not work.may("programs.campaign"):
        return []
    return [NavItem(Text(id="Perintah serentak", en="Campaigns"), f"/region/{region.code}/campaigns", "calendar")]


def _title(plugins: PluginRegistry, slug: str) -> Text | None:
    """Returns the title of the programme; empty for a plugin without programmes, None for one that is not ready: then
    only the books can tell.
    """
    try:
        plugin = plugins.plugin(slug)
    except Refusal:
        return None
    title: Text = plugin.title
    return title if plugin.program_types else Text(id="", en="")


def _titles_in_the_books(work: Work, slugs: list[str]) -> dict[str, Text]:
    rows = work.all(
        select(col(Program.plugin), col(CycleModel.settings)["title"].label("title"))
        .ext(distinct_on(col(Program.plugin)))
        .join(CycleModel, col(CycleModel.program_id) == col(Program.id))
        .where(col(Program.facility_id) == work.here.id, among(col(Program.plugin), slugs))
        .order_by(col(Program.plugin), col(CycleModel.period).desc())
    )
    return {slug: title_of(slug, title) for slug, title in rows}
