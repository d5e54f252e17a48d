"""Writes a campaign: the months that it takes over and those that it opens, in a fixed number of statements."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.programs.cycles import settings_of
from guyub.programs.packages import package_rows
from guyub.sdk.errors import Refusal
from guyub.sdk.program import ProgramType


def bind(work: Work, campaign_id: UUID, acting: Sequence[CampaignAssessment]) -> None:
    """The facilities with their quotas, and the planned months among them."""
    adopted = [assessment for assessment in acting if assessment.outcome == "adopt"]
    work.run(
        """INSERT INTO guyub.campaign_facility (campaign_id, facility_id, quota, own_quota, adopted)
           SELECT :campaign, * FROM unnest(CAST(:places AS uuid[]), CAST(:quotas AS integer[]), CAST(:own AS integer[]),
                                           CAST(:adopted AS boolean[]))""",
        campaign=campaign_id,
        places=[assessment.place.id for assessment in acting],
        quotas=[assessment.quota for assessment in acting],
        own=[assessment.own_quota for assessment in acting],
        adopted=[assessment.outcome == "adopt" for assessment in acting],
    )
    if adopted:
        taken = work.run(
            """UPDATE guyub.cycle SET campaign_id = :campaign
               WHERE id = ANY (:cycles) AND state = 'planned' AND campaign_id IS NULL RETURNING id""",
            campaign=campaign_id,
            cycles=[assessment.cycle_id for assessment in adopted],
        ).all()
        if len(taken) != len(adopted):
            raise moved()


def open_months(
    work: Work,
    campaign: CampaignRequest,
    campaign_id: UUID,
    kind: ProgramType[Any],
    opening: Sequence[CampaignAssessment],
) -> None:
    if not opening:
        return
    rows = [
        {
            "facility": str(assessment.place.id),
            "quota": assessment.quota,
            "group": kind.exclusion_group(assessment.settled.config),
            "settings": settings_of(kind, assessment.settled),
        }
        for assessment in opening
        if assessment.settled is not None
    ]
    work.run(
        """INSERT INTO guyub.program (facility_id, plugin, program_type)
           SELECT place, :plugin, :type FROM unnest(CAST(:places AS uuid[])) place ON CONFLICT DO NOTHING""",
        plugin=campaign.plugin,
        type=campaign.program_type,
        places=[assessment.place.id for assessment in opening],
    )
    cycles = dict(
        work.run(
            """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, distribution_on,
                                        campaign_id)
               SELECT r.facility, p.id, :period, r.quota, r."group", r.settings, :on, :campaign
               FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (facility uuid, quota integer, "group" text, settings jsonb)
               JOIN guyub.program p ON p.facility_id = r.facility AND p.plugin = :plugin AND p.program_type = :type
               ON CONFLICT (program_id, period) DO NOTHING RETURNING facility_id, id""",
            rows=json.dumps(rows),
            period=campaign.period,
            on=campaign.distribution_on,
            campaign=campaign_id,
            plugin=campaign.plugin,
            type=campaign.program_type,
        ).all()
    )
    if len(cycles) != len(opening):
        raise moved()
    _packages(work, kind, opening, cycles)


def _packages(
    work: Work, kind: ProgramType[Any], opening: Sequence[CampaignAssessment], cycles: Mapping[UUID, UUID]
) -> None:
    """What one household gets, line by line, with the items of each facility's catalogue made where new."""
    lines = [
        row | {"facility": assessment.place.id, "cycle": cycles[assessment.place.id]}
        for assessment in opening
        if assessment.settled is not None
        for row in package_rows(kind.package(assessment.settled))
    ]
    given = json.dumps(lines, default=str)
    work.run(
        """INSERT INTO guyub.item (facility_id, code, name, unit)
           SELECT DISTINCT ON (r.facility, r.code) r.facility, r.code, r.name, guyub.tidy_unit(r.unit)
           FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (facility uuid, code text, name text, unit text)
           WHERE r.code IS NOT NULL ON CONFLICT (facility_id, code) DO NOTHING""",
        rows=given,
    )
    work.run(
        """INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most,
                                           label)
           SELECT r.facility, r.cycle, r.line, i.id, r.unit, r.quantity, r.price, r.per_member, r.at_most, r.label
           FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (facility uuid, cycle uuid, line smallint, code text, unit text,
                quantity numeric, price bigint, per_member boolean, at_most numeric, label jsonb)
           LEFT JOIN guyub.item i ON i.facility_id = r.facility AND i.code = r.code""",
        rows=given,
    )


def moved() -> Refusal:
    return CampaignsRefusal.CAMPAIGN_MOVED.refusal()
