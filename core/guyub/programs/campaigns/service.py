"""Campaigns: one becomes a month of a programme at many facilities, and their staff go on from there.

The office opens months without seeing a household; quota and ceiling are held by the database (repeatable/86_campaigns.sql).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.access import audit, required_reason
from guyub.access.audit import AuditEntry
from guyub.db.unit_of_work import Work
from guyub.jobs import outbox
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest, assess, digest
from guyub.programs.campaigns.models import CampaignModel
from guyub.programs.campaigns.opening import bind, moved, open_months
from guyub.programs.campaigns.queries import themes_in_force
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.programs.models import CycleModel
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text
from guyub.sdk.unseen import seen_length
from guyub.ui.problems import CollectedRefusals

MOST_HOUSEHOLDS = 10_000
MOST_RUPIAH = 1_000_000_000
"""Beyond this a ceiling for one household is a slip of the hand."""
FAR_DAYS = 366
"""A day further ahead is asked about before the campaign is launched."""


@dataclass(frozen=True, slots=True)
class IssuedCampaign:
    """The campaign as it is now, and what came of it at each facility."""

    campaign_id: UUID
    judged: list[CampaignAssessment]

    @property
    def done(self) -> int:
        return sum(assessment.acts for assessment in self.judged)


def preview(
    work: Work, plugins: PluginRegistry, region_id: UUID, campaign: CampaignRequest, today: date
) -> list[CampaignAssessment]:
    """Returns what ``issue`` would do at each facility; nothing is changed. Raises ``Invalid`` for a campaign that
    makes no sense."""
    work.require("programs.campaign")
    work.take_time()
    _check(work, campaign, today)
    return assess(work, plugins, region_id, campaign, _standing(work, region_id, campaign))


def issue(
    work: Work, plugins: PluginRegistry, region_id: UUID, campaign: CampaignRequest, today: date, seen: str = ""
) -> IssuedCampaign:
    """Opens or takes over the month at every facility where that is possible, all at once; the same campaign again does nothing.

    ``seen`` is the ``digest`` of the preview that the reader agreed to: ``Refusal`` when it is another one by now, with
    nothing changed. ``Invalid`` when a campaign of this title exists for that month with another day, theme or ceiling.
    """
    work.require("programs.campaign")
    work.take_time()
    _check(work, campaign, today)
    campaign_id = _standing(work, region_id, campaign) or _new(work, region_id, campaign)
    # Two who launch the same campaign wait for one another here.
    work.scalar(select(col(CampaignModel.id)).where(col(CampaignModel.id) == campaign_id).with_for_update(read=True))
    judged = assess(work, plugins, region_id, campaign, campaign_id)
    if seen and seen != digest(judged):
        raise moved()
    acting = [assessment for assessment in judged if assessment.acts]
    if not acting and not any(assessment.outcome == "ordered" for assessment in judged):
        raise CampaignsRefusal.CAMPAIGN_NOWHERE.invalid("facilities", reasons=_reasons(judged))
    if acting:
        kind = plugins.program_type(campaign.plugin, campaign.program_type)
        bind(work, campaign_id, acting)
        open_months(
            work, campaign, campaign_id, kind, [assessment for assessment in acting if assessment.outcome == "open"]
        )
        _tell(work, campaign, campaign_id, acting)
    return IssuedCampaign(campaign_id, judged)


def hold(work: Work, campaign_id: UUID) -> datetime | None:
    """Keeps a campaign to this transaction; returns when it was cancelled, None where it was not."""
    held = select(col(CampaignModel.cancelled_at)).where(col(CampaignModel.id) == campaign_id)
    cancelled_at: datetime | None = work.scalar(held.with_for_update(read=True))
    return cancelled_at


def cancel(work: Work, campaign_id: UUID, reason: str) -> int:
    """Ends the campaign while no facility has proposed; the months stay with the facilities as their own. How many those are.

    Raises ``Refusal`` once somebody has proposed, or when it is cancelled already.
    """
    work.require("programs.campaign")
    reason = required_reason.require_reason(CampaignsRefusal.NO_REASON, reason)
    is_this = col(CampaignModel.id) == campaign_id
    if hold(work, campaign_id) is not None:
        raise CampaignsRefusal.CAMPAIGN_CANCELLED.refusal()
    concerned = work.all(
        select(col(CycleModel.facility_id), col(CampaignModel.plugin), col(CycleModel.code), col(CampaignModel.title))
        .join(CampaignModel, col(CampaignModel.id) == col(CycleModel.campaign_id))
        .where(is_this)
    )
    work.change(update(CampaignModel).where(is_this).values(cancelled_at=func.now(), cancel_reason=reason))
    audit.record_many(
        work,
        [
            AuditEntry(
                row.facility_id,
                "programs.campaign_cancelled",
                f"{row.plugin}/{row.code}",
                {"order": row.title, "why": reason},
            )
            for row in concerned
        ],
    )
    return len(concerned)


MOST_REASONS = 3


def _reasons(judged: Sequence[CampaignAssessment]) -> Text:
    """Returns why it cannot be carried out, facility by facility; of many the first few."""
    reasons = [Text.join(": ", (assessment.place.name, assessment.why)) for assessment in judged[:MOST_REASONS]]
    if (rest := len(judged) - MOST_REASONS) > 0:
        more = Text(id="{count} UPT lain serupa.", en="{count} others likewise.", en_one="{count} other likewise.")
        reasons.append(more.format(count=rest))
    return Text.join(" ", reasons)


def check_title(title: str) -> str:
    """Returns the title. Raises ``Invalid`` where it says too little or too much."""
    if seen_length(title) < 3 or len(title.strip()) > 160:
        raise CampaignsRefusal.CAMPAIGN_TITLE.invalid("title")
    return title


def check_facilities(quotas: Mapping[str, int]) -> None:
    """Raises ``Invalid`` where no facility is to carry it out."""
    if not quotas:
        raise CampaignsRefusal.CAMPAIGN_NO_FACILITY.invalid("facilities")


def _check(work: Work, campaign: CampaignRequest, today: date) -> None:
    refusals = CollectedRefusals()
    with refusals.collected():
        check_title(campaign.title)
    with refusals.collected():
        check_facilities(campaign.quotas)
    if any(not 0 < quota <= MOST_HOUSEHOLDS for quota in campaign.quotas.values()):
        refusals.add(CampaignsRefusal.QUOTA_OUTSIDE.invalid("quota", most=MOST_HOUSEHOLDS))
    if campaign.ceiling is not None and not 0 < campaign.ceiling <= MOST_RUPIAH:
        refusals.add(CampaignsRefusal.CEILING_OUTSIDE.invalid("ceiling", most=format_rupiah(MOST_RUPIAH)))
    if campaign.distribution_on < today:
        refusals.add(CampaignsRefusal.CAMPAIGN_DAY_OVER.invalid("on"))
    if campaign.theme is not None and campaign.theme not in themes_in_force(work, campaign.distribution_on):
        refusals.add(CampaignsRefusal.CAMPAIGN_THEME.invalid("theme"))
    refusals.demand_none()


def _standing(work: Work, region_id: UUID, campaign: CampaignRequest) -> UUID | None:
    kept = CampaignModel
    rows = work.all(
        select(col(kept.id), col(kept.distribution_on), col(kept.theme_code), col(kept.ceiling)).where(
            col(kept.region_id) == region_id,
            col(kept.plugin) == campaign.plugin,
            col(kept.program_type) == campaign.program_type,
            col(kept.period) == campaign.period,
            col(kept.title) == campaign.title.strip(),
            col(kept.cancelled_at).is_(None),
        )
    )
    for campaign_id, *existing in rows:
        if existing != [campaign.distribution_on, campaign.theme, campaign.ceiling]:
            raise CampaignsRefusal.CAMPAIGN_STANDS.invalid("title")
        return campaign_id
    return None


def _new(work: Work, region_id: UUID, campaign: CampaignRequest) -> UUID:
    new = insert(CampaignModel).values(
        region_id=region_id,
        theme_code=campaign.theme,
        title=campaign.title.strip(),
        plugin=campaign.plugin,
        program_type=campaign.program_type,
        period=campaign.period,
        distribution_on=campaign.distribution_on,
        ceiling=campaign.ceiling,
    )
    unless_it_stands = new.on_conflict_do_nothing(
        index_elements=["region_id", "plugin", "program_type", "period", "title"],
        index_where=col(CampaignModel.cancelled_at).is_(None),
    )
    made = work.scalar(unless_it_stands.returning(col(CampaignModel.id)))
    if made is None:
        # Somebody launched the same campaign in this very moment.
        made = _standing(work, region_id, campaign)
    if made is None:
        raise moved()
    return made


def _tell(work: Work, campaign: CampaignRequest, campaign_id: UUID, acting: Sequence[CampaignAssessment]) -> None:
    of_campaign = col(CycleModel.campaign_id) == campaign_id
    rows = work.all(select(col(CycleModel.facility_id), col(CycleModel.code)).where(of_campaign))
    codes = dict(rows)
    for code in sorted(set(codes.values())):
        opened = {
            assessment.place.id: {"quota": assessment.quota}
            for assessment in acting
            if assessment.outcome == "open" and codes[assessment.place.id] == code
        }
        if opened:
            outbox.emit_at(work, "cycle.opened", f"{campaign.plugin}/{code}", campaign.period, opened)
    audit.record_many(
        work,
        [
            AuditEntry(
                assessment.place.id,
                "programs.campaign",
                f"{campaign.plugin}/{codes[assessment.place.id]}",
                {
                    "order": campaign.title.strip(),
                    "campaign": campaign_id,
                    "quota": assessment.quota,
                    "ceiling": campaign.ceiling,
                    "on": campaign.distribution_on,
                    "taken_over": assessment.outcome == "adopt",
                },
            )
            for assessment in acting
        ],
    )
