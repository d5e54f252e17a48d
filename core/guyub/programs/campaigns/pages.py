"""Pages of campaigns: the list, a new one with its preview, how far each facility is, and the end of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from guyub import http
from guyub.db.unit_of_work import Work
from guyub.http import Clock, FormInput, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.campaigns import queries as campaign_queries
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns import tables
from guyub.programs.campaigns.asked import Fields, as_fields, campaign_asked, facilities_asked
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest, digest
from guyub.programs.campaigns.queries import Campaign, FacilityChoice
from guyub.programs.campaigns.readiness import readiness
from guyub.programs.pages.common import (
    word,
    words,
)
from guyub.sdk.errors import Invalid
from guyub.sdk.text import Text
from guyub.sdk.words import format_date
from guyub.ui.problems import by_field
from guyub.ui.seen import Moved, Seen, demand_shown, in_words, seen_in

router = APIRouter()

LOOK = "look"
"""The button that shows other facilities of the form: it sends all that was typed, and nothing is launched."""
BASE = "/region/{region}/campaigns"


@router.get(BASE)
def campaign_list(request: Request, work: RegionWork) -> Response:
    here = work.office
    work.require("programs.campaign")
    campaigns_here = campaign_queries.all_of(work, here.id)
    return http.render(
        request, work, "programs/campaigns.html", campaigns=tables.CAMPAIGNS.of(campaigns_here), office=here.office_name
    )


@router.get(f"{BASE}/new")
def ask_for_campaign(request: Request, work: RegionWork, plugins: Plugins, clock: Clock) -> Response:
    """Shows the form, filled with what the address names; with ``preview`` the preview of that campaign, to read or to save."""
    here = work.office
    work.require("programs.campaign")
    offer, asked = _offer(work, plugins, clock, here.id), request.query_params
    if "preview" in asked:
        try:
            wanted = campaign_asked(asked, {place.code: place.name for place in offer.places})
            judged = campaigns.preview(work, plugins, here.id, wanted, clock.today(work))
        except Invalid as refusal:
            return _form(request, work, offer, _typed(asked), facilities_asked(asked), by_field([refusal]), 422)
        return _preview(request, work, plugins, wanted, judged, clock.today(work))
    selected = facilities_asked(asked) or [place.code for place in offer.places if place.runs]
    return _form(request, work, offer, _typed(asked), selected, {})


@router.post(f"{BASE}/new")
def new_campaign(request: Request, work: RegionWork, plugins: Plugins, clock: Clock, form: FormInput) -> Response:
    """Shows first the preview; with ``issue`` the campaign itself, on what the preview showed."""
    here = work.office
    if word(form, LOOK) == "yes":
        offer, ticked = _offer(work, plugins, clock, here.id), words(form, "facilities")
        return _form(request, work, offer, _typed(form), ticked, {}, address=_address(request, form))
    try:
        with work.attempt():
            wanted = campaign_asked(
                form, {place.code: place.name for place in _offer(work, plugins, clock, here.id).places}
            )
            today = clock.today(work)
            if word(form, "issue") != "yes":
                judged = campaigns.preview(work, plugins, here.id, wanted, today)
                return _preview(request, work, plugins, wanted, judged, today)
            issued = campaigns.issue(work, plugins, here.id, wanted, today, word(form, "seen"))
    except Invalid as refusal:
        offer = _offer(work, plugins, clock, here.id)
        return _form(request, work, offer, _typed(form), words(form, "facilities"), by_field([refusal]), 422)
    return http.redirect(
        request,
        f"/region/{work.office.code}/campaigns/{issued.campaign_id}",
        Text(
            id="Perintah diterbitkan: {count} UPT.",
            en="The campaign is launched: {count} facilities.",
            en_one="The campaign is launched: {count} facility.",
        ).format(count=issued.done)
        if issued.done
        else Text(
            id="Perintah ini sudah berlaku; tidak ada yang diubah.",
            en="This campaign exists already; nothing was changed.",
        ),
    )


@router.get(f"{BASE}/{{campaign_id}}")
def campaign_page(request: Request, work: RegionWork, plugins: Plugins, campaign_id: UUID) -> Response:
    here = work.office
    work.require("programs.campaign")
    campaign = campaign_queries.get(work, here.id, campaign_id)
    places = campaign_queries.facilities_of(work, campaign_id)
    title = _kind_title(plugins, campaign.plugin, campaign.program_type)
    return http.render(
        request,
        work,
        "programs/campaign.html",
        campaign=campaign,
        places=tables.at_facilities(places, campaign.distribution_on),
        kind=title,
        can_end=campaign.cancelled_at is None and not campaign.proposed,
    )


@router.get(f"{BASE}/{{campaign_id}}/cancel")
def ask_to_cancel(request: Request, work: RegionWork, campaign_id: UUID) -> Response:
    here = work.office
    work.require("programs.campaign")
    return _cancel_page(request, work, campaign_queries.get(work, here.id, campaign_id))


@router.post(f"{BASE}/{{campaign_id}}/cancel")
def cancel(request: Request, work: RegionWork, campaign_id: UUID, form: FormInput) -> Response:
    here, reason, seen = work.office, word(form, "reason"), seen_in(form)
    try:
        with work.attempt():
            work.require("programs.campaign")
            campaigns.hold(work, campaign_id)
            demand_shown(seen, _shown(campaign_queries.get(work, here.id, campaign_id)).shown)
            left = campaigns.cancel(work, campaign_id, reason)
    except Invalid as refusal:
        campaign = campaign_queries.get(work, here.id, campaign_id)
        return _cancel_page(request, work, campaign, reason, by_field([refusal]))
    except Moved:
        return _cancel_page(request, work, campaign_queries.get(work, here.id, campaign_id), reason, seen=seen)
    return http.redirect(
        request,
        f"/region/{work.office.code}/campaigns/{campaign_id}",
        Text(
            id="Perintah dibatalkan. {count} bulan tetap menjadi rencana UPT sendiri.",
            en="The campaign is cancelled. {count} months stay with their facilities.",
            en_one="The campaign is cancelled. {count} month stays with its facility.",
        ).format(count=left),
    )


_TITLES = {
    "facilities": Text(id="UPT", en="Facilities"),
    "quota": Text(id="Kuota", en="Quota"),
    "proposed": Text(id="UPT yang sudah mengusulkan", en="Facilities that proposed"),
    "cancelled": Text(id="Dibatalkan", en="Cancelled"),
}


def _shown(campaign: Campaign) -> Seen:
    """Returns what the page says of a campaign before it is cancelled."""
    counts = {"facilities": campaign.facilities, "quota": campaign.quota, "proposed": campaign.proposed}
    cancelled = format_date(campaign.cancelled_at.date()) if campaign.cancelled_at else ""
    return Seen(campaign.proposed, {**{name: str(count) for name, count in counts.items()}, "cancelled": cancelled})


def _cancel_page(
    request: Request,
    work: Work,
    campaign: Campaign,
    reason: str = "",
    problems: Mapping[str, Text] | None = None,
    seen: Seen | None = None,
) -> Response:
    """``seen`` is what an older form had shown."""
    now = _shown(campaign)
    return http.render(
        request,
        work,
        "programs/campaign_cancel.html",
        status=422 if problems else 409 if seen else 200,
        campaign=campaign,
        reason=reason,
        problems=problems or {},
        seen=now,
        moved=None if seen is None else in_words(seen, now.shown, _TITLES),
    )


# --- the form ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Offer:
    """Holds what the form offers: programmes as (``plugin/type``, title), themes as (code, label), facilities."""

    kinds: Sequence[tuple[str, Text]]
    themes: Sequence[tuple[str, Text]]
    places: Sequence[FacilityChoice]


def _offer(work: Work, plugins: PluginRegistry, clock: Clock, region_id: UUID) -> _Offer:
    kinds = [
        (f"{slug}/{kind.key}", kind.title)
        for slug, plugin in sorted(plugins.ready().items())
        for kind in plugin.program_types
    ]
    slugs = [kind.partition("/")[0] for kind, _ in kinds]
    today = clock.today(work)
    return _Offer(kinds, _themes(work, today), campaign_queries.choices(work, region_id, slugs, today))


def _themes(work: Work, today: date) -> list[tuple[str, Text]]:
    """Returns those that are not over; of one that begins later the day is said."""
    choices = []
    for theme in campaign_queries.themes(work, today):
        since = Text(id="{label} (mulai {day})", en="{label} (from {day})").format(label=theme.label, day=theme.since)
        choices.append((theme.code, since if theme.since > today else Text.same(theme.label)))
    return choices


def _form(
    request: Request,
    work: Work,
    offer: _Offer,
    typed_values: Mapping[str, str],
    selected: Sequence[str],
    problems: Mapping[str, Any],
    status: int = 200,
    address: str = "",
) -> Response:
    return http.render(
        request,
        work,
        "programs/campaign_new.html",
        status=status,
        offer=offer,
        places=tables.CHOICES.of(offer.places, address=address),
        typed=typed_values,
        selected=set(selected),
        problems=problems,
    )


def _address(request: Request, form: FormData) -> str:
    """Returns what is asked of the list of facilities: by the address that the form was sent to, or else by its own fields."""
    names = ("search", *(each.key for each in tables.CHOICES.filters))
    query = request.url.query or urlencode({name: value for name in names if (value := word(form, name))})
    return f"{request.url.path}?{query}" if query else request.url.path


def _preview(
    request: Request,
    work: Work,
    plugins: PluginRegistry,
    wanted: CampaignRequest,
    judged: list[CampaignAssessment],
    today: date,
) -> Response:
    kept = as_fields(wanted)
    http.asked_again_as(request, preview="yes", **kept)
    acting = [assessment for assessment in judged if assessment.acts]
    ready = readiness(work, plugins, wanted, judged)
    return http.render(
        request,
        work,
        "programs/campaign_preview.html",
        campaign=wanted,
        kept=kept.items(),
        form_url=f"{request.url.path}?{urlencode(kept)}",
        seen=digest(judged),
        acting=acting,
        carry_out=tables.ACTING.of(sorted(ready, key=lambda row: not row.assessment.acts)),
        lacking=[row for row in ready if row.warnings],
        left_out=tables.LEFT_OUT.of(assessment for assessment in judged if assessment.outcome == "left_out"),
        households=sum(assessment.quota for assessment in acting),
        most=sum(assessment.quota * assessment.value for assessment in acting),
        kind=_kind_title(plugins, wanted.plugin, wanted.program_type),
        is_far=(wanted.distribution_on - today).days > campaigns.FAR_DAYS,
    )


def _kind_title(plugins: PluginRegistry, plugin: str, program_type: str) -> Text:
    """Returns the title of a programme; of a plugin that is not ready, its name as it stands in the books."""
    ready = plugins.ready().get(plugin)
    kinds = ready.program_types if ready else ()
    return next((kind.title for kind in kinds if kind.key == program_type), Text.same(plugin))


def _typed(form: Fields) -> dict[str, str]:
    return {"title": "", "on": "", "quota": "", "ceiling": ""} | {
        name: value for name, value in form.items() if isinstance(value, str)
    }
