"""Writes a campaign: the months that it takes over and those that it opens, in a fixed number of statements."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from guyub.db.bulk import insert_rows
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.funds.models import ItemModel
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest
from guyub.programs.campaigns.models import CampaignFacility
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.programs.cycles import settings_of
from guyub.programs.due_months import due_on
from guyub.programs.models import CycleModel, Program
from guyub.programs.packages import package_rows
from guyub.sdk.errors import Refusal
from guyub.sdk.program import ProgramType
from guyub.sdk.quantities import tidy_unit


def bind(work: Work, campaign_id: UUID, acting: Sequence[CampaignAssessment]) -> None:
    """Binds the facilities with their quotas, and the planned months among them."""
    adopted = [assessment for assessment in acting if assessment.outcome == "adopt"]
    insert_rows(
        work,
        CampaignFacility,
        [
            {
                "campaign_id": campaign_id,
                "facility_id": assessment.place.id,
                "quota": assessment.quota,
                "own_quota": assessment.own_quota,
                "adopted": assessment.outcome == "adopt",
            }
            for assessment in acting
        ],
    )
    if adopted:
        taken = work.change(
            update(CycleModel)
            .where(
                among(col(CycleModel.id), [assessment.cycle_id for assessment in adopted if assessment.cycle_id]),
                col(CycleModel.state) == "planned",
                col(CycleModel.campaign_id).is_(None),
            )
            .values(campaign_id=campaign_id)
        )
        if taken != len(adopted):
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
            "due": (due := due_on(kind, assessment.settled.config, campaign.period)) is not None,
            "reason": "" if due else campaign.title.strip(),
        }
        for assessment in opening
        if assessment.settled is not None
    ]
    programs = [
        {"facility_id": assessment.place.id, "plugin": campaign.plugin, "program_type": campaign.program_type}
        for assessment in opening
    ]
    work.change(insert(Program).values(programs).on_conflict_do_nothing())
    # Rows of JSON, so that one statement opens any number of months, each in the programme of its facility.
    cycles = dict(
        work.run(
            """INSERT INTO guyub.cycle (facility_id, program_id, period, quota, exclusion_group, settings, distribution_on,
                                        campaign_id, due, opening_reason)
               SELECT r.facility, p.id, :period, r.quota, r."group", r.settings, :on, :campaign, r.due, r.reason
               FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                    AS r (facility uuid, quota integer, "group" text, settings jsonb, due boolean, reason text)
               JOIN guyub.program p ON p.facility_id = r.facility AND p.plugin = :plugin AND p.program_type = :type
               ON CONFLICT (program_id, period) WHERE state <> 'cancelled' DO NOTHING RETURNING facility_id, id""",
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
    """Returns what one household gets, line by line, with the items of each facility's catalogue made where new."""
    lines = [
        row | {"facility": assessment.place.id, "cycle": cycles[assessment.place.id]}
        for assessment in opening
        if assessment.settled is not None
        for row in package_rows(kind.package(assessment.settled))
    ]
    goods = {
        (line["facility"], line["code"]): {
            "facility_id": line["facility"],
            "code": line["code"],
            "name": line["name"],
            "unit": tidy_unit(line["unit"]),
        }
        for line in reversed(lines)
        if line["code"] is not None
    }
    if goods:
        new = insert(ItemModel).values(list(goods.values()))
        work.change(new.on_conflict_do_nothing(index_elements=[col(ItemModel.facility_id), col(ItemModel.code)]))
    # Rows of JSON, as above: each line finds the item of its facility's catalogue.
    work.run(
        """INSERT INTO guyub.package_line (facility_id, cycle_id, line, item_id, unit, quantity, price, per_member, at_most,
                                           label)
           SELECT r.facility, r.cycle, r.line, i.id, r.unit, r.quantity, r.price, r.per_member, r.at_most, r.label
           FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (facility uuid, cycle uuid, line smallint, code text, unit text,
                quantity numeric, price bigint, per_member boolean, at_most numeric, label jsonb)
           LEFT JOIN guyub.item i ON i.facility_id = r.facility AND i.code = r.code""",
        rows=json.dumps(lines, default=str),
    )


def moved() -> Refusal:
    return CampaignsRefusal.CAMPAIGN_MOVED.refusal()
