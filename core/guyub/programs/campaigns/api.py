"""The preview of a campaign as JSON: what it would do at each facility and what each has for it, nothing about a person."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.datastructures import ImmutableMultiDict

from guyub.http import Clock, RegionWork
from guyub.plugins.dependencies import Plugins
from guyub.programs.campaigns import service as campaigns
from guyub.programs.campaigns.asked import campaign_asked
from guyub.programs.campaigns.assessment import CampaignAssessment
from guyub.programs.campaigns.readiness import Readiness, readiness
from guyub.sdk.text import Text

api = APIRouter(prefix="/region/{region}")


class FacilityReadinessOut(BaseModel):
    """A facility that carries the campaign out. ``estimate`` and ``free_money`` in whole rupiah; ``surveyed`` of the
    ``households`` were visited, and these with the institutions take ``places`` of the quota; ``proposers`` and ``approvers``
    are people with an account who may do so there on the day."""

    facility: str
    outcome: Literal["open", "adopt", "ordered"]
    quota: int
    package: int
    estimate: int
    free_money: int
    households: int
    surveyed: int
    places: int
    sources: int
    officials: int
    proposers: int
    approvers: int
    warnings: list[Text]


class LeftOutOut(BaseModel):
    """A facility that the campaign leaves out, and why."""

    facility: str
    reason: Text


class CampaignPreviewOut(BaseModel):
    """What a campaign would do; nothing is changed."""

    carry_out: list[FacilityReadinessOut]
    left_out: list[LeftOutOut]


@api.get("/campaigns/preview")
def preview(
    work: RegionWork,
    plugins: Plugins,
    clock: Clock,
    title: Annotated[str, Query(description="What the facilities read.")] = "",
    kind: Annotated[str, Query(description="The programme, like bansos/sembako.")] = "",
    on: Annotated[str, Query(description="The day of the distribution.")] = "",
    quota: Annotated[str, Query(description="Packages at each facility.")] = "",
    ceiling: Annotated[str, Query(description="Rupiah for one household at most; none without.")] = "",
    theme: Annotated[str, Query(description="The ministry's programme, by its code.")] = "",
    facilities: Annotated[list[str] | None, Query(description="Codes; one with a quota of its own as CODE:7.")] = None,
) -> CampaignPreviewOut:
    """Returns what each facility would do and what it has for it, with a warning for each thing that is lacking."""
    codes = [each.partition(":") for each in facilities or []]
    fields = [
        *{"title": title, "kind": kind, "on": on, "quota": quota, "ceiling": ceiling, "theme": theme}.items(),
        *(("facilities", code) for code, _, _ in codes),
        *((f"quota.{code}", own) for code, _, own in codes if own),
    ]
    asked = campaign_asked(ImmutableMultiDict(fields), {})
    judged = campaigns.preview(work, plugins, work.office.id, asked, clock.today(work))
    return CampaignPreviewOut(
        carry_out=[_ready(row) for row in readiness(work, plugins, asked, judged)],
        left_out=[_left_out(assessment) for assessment in judged if assessment.outcome == "left_out"],
    )


def _ready(row: Readiness) -> FacilityReadinessOut:
    assessment, means = row.assessment, row.means
    assert assessment.outcome != "left_out"
    return FacilityReadinessOut(
        facility=assessment.place.code,
        outcome=assessment.outcome,
        quota=assessment.quota,
        package=assessment.value,
        estimate=row.estimate,
        free_money=means.free,
        households=means.households,
        surveyed=means.surveyed,
        places=means.places,
        sources=means.sources,
        officials=means.officials,
        proposers=row.accounts.proposers,
        approvers=row.accounts.approvers,
        warnings=row.warnings,
    )


def _left_out(assessment: CampaignAssessment) -> LeftOutOut:
    return LeftOutOut(facility=assessment.place.code, reason=assessment.why)
