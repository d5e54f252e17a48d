"""Reads about campaigns: counts and states of months, nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Select, Uuid, and_, cast, column, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import col

from guyub.access.models import PersonModel
from guyub.configuration.models import PluginActivation
from guyub.db.models import FacilityModel, RegionModel
from guyub.db.typed_reads import among
from guyub.db.unit_of_work import Work
from guyub.facilities.models import Theme
from guyub.programs.campaigns.models import CampaignFacility, CampaignModel
from guyub.programs.campaigns.refusals import CampaignsRefusal
from guyub.programs.models import CycleModel, Program, RollupMonth


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its sums: ``facilities`` it binds or bound, ``quota`` in packages, ``ceiling`` in rupiah (None: none).

    ``listed`` and ``received`` are households, ``value`` rupiah handed over; ``proposed`` counts facilities beyond planning.
    """

    id: UUID
    title: str
    theme: str
    plugin: str
    program_type: str
    period: date
    distribution_on: date
    ceiling: int | None
    ordered_by: str
    ordered_at: datetime
    cancelled_at: datetime | None
    cancel_reason: str
    office: str
    facilities: int
    quota: int
    proposed: int
    closed: int
    listed: int
    received: int
    value: int


@dataclass(frozen=True, slots=True)
class AtFacility:
    """A campaign at one facility; ``state`` is "" where the month is the facility's own again (the campaign is cancelled).

    ``dearest`` is the dearest package that was given (rupiah, 0 for none); ``above`` counts those beyond the campaign's ceiling.
    """

    code: str
    name: str
    quota: int
    adopted: bool
    state: str
    distribution_on: date | None
    listed: int
    received: int
    value: int
    dearest: int
    above: int


def _campaigns(region_id: UUID) -> Select[*tuple[Any, ...]]:
    """Selects what a ``Campaign`` holds, of a region."""
    campaign, months = CampaignModel, RollupMonth
    sums = (
        select(
            func.count().label("facilities"),
            func.sum(col(CampaignFacility.quota)).label("quota"),
            func.sum(col(months.listed)).label("listed"),
            func.sum(col(months.received)).label("received"),
            cast(func.sum(col(months.value)), BigInteger).label("value"),
            func.count().filter(col(months.state).not_in(("planned", "cancelled"))).label("proposed"),
            func.count().filter(col(months.state) == "closed").label("closed"),
        )
        .select_from(CampaignFacility)
        .outerjoin(CycleModel, _is_its_cycle())
        .outerjoin(months, _is_its_month())
        .where(col(CampaignFacility.campaign_id) == col(campaign.id))
        .lateral("sums")
    )
    return (
        select(
            col(campaign.id),
            col(campaign.title),
            func.coalesce(col(Theme.label), "").label("theme"),
            col(campaign.plugin),
            col(campaign.program_type),
            col(campaign.period),
            col(campaign.distribution_on),
            col(campaign.ceiling),
            _ordered_by().label("ordered_by"),
            col(campaign.ordered_at),
            col(campaign.cancelled_at),
            col(campaign.cancel_reason),
            col(RegionModel.office_name).label("office"),
            *(func.coalesce(total, 0).label(total.key) for total in sums.c),
        )
        .join(RegionModel, col(RegionModel.id) == col(campaign.region_id))
        .outerjoin(Theme, col(Theme.code) == col(campaign.theme_code))
        .outerjoin(PersonModel, col(PersonModel.id) == col(campaign.ordered_by))
        .outerjoin(sums, true())
        .where(col(campaign.region_id) == region_id)
    )


def _ordered_by() -> ColumnElement[str]:
    return func.coalesce(col(PersonModel.full_name), col(CampaignModel.ordered_label))


def _is_its_cycle() -> ColumnElement[bool]:
    return and_(
        col(CycleModel.campaign_id) == col(CampaignFacility.campaign_id),
        col(CycleModel.facility_id) == col(CampaignFacility.facility_id),
    )


def _is_its_month() -> ColumnElement[bool]:
    return and_(
        col(RollupMonth.cycle_id) == col(CycleModel.id), col(RollupMonth.facility_id) == col(CycleModel.facility_id)
    )


def all_of(work: Work, region_id: UUID) -> list[Campaign]:
    """Returns the campaigns of a region, those of the latest day first."""
    latest_first = (col(CampaignModel.distribution_on).desc(), col(CampaignModel.seq).desc())
    return work.rows(Campaign, _campaigns(region_id).order_by(*latest_first))


def get(work: Work, region_id: UUID, campaign_id: UUID) -> Campaign:
    """Raises ``NotFound``."""
    row = work.first(Campaign, _campaigns(region_id).where(col(CampaignModel.id) == campaign_id))
    if row is None:
        raise CampaignsRefusal.UNKNOWN_CAMPAIGN.not_found()
    return row


def facilities_of(work: Work, campaign_id: UUID) -> list[AtFacility]:
    """Returns the facilities by name, which ranks nobody."""
    handed_over = func.guyub.campaign_handed_over(campaign_id).table_valued(
        column("facility_id", Uuid), column("dearest", BigInteger), column("above", BigInteger), name="handed_over"
    )
    place = FacilityModel
    return work.rows(
        AtFacility,
        select(
            col(place.code),
            col(place.name),
            col(CampaignFacility.quota),
            col(CampaignFacility.adopted),
            func.coalesce(col(CycleModel.state), "").label("state"),
            col(CycleModel.distribution_on),
            func.coalesce(col(RollupMonth.listed), 0).label("listed"),
            func.coalesce(col(RollupMonth.received), 0).label("received"),
            func.coalesce(col(RollupMonth.value), 0).label("value"),
            func.coalesce(handed_over.c.dearest, 0).label("dearest"),
            func.coalesce(handed_over.c.above, 0).label("above"),
        )
        .select_from(CampaignFacility)
        .join(place, col(place.id) == col(CampaignFacility.facility_id))
        .outerjoin(CycleModel, _is_its_cycle())
        .outerjoin(RollupMonth, _is_its_month())
        .outerjoin(handed_over, handed_over.c.facility_id == col(CampaignFacility.facility_id))
        .where(col(CampaignFacility.campaign_id) == campaign_id)
        .order_by(func.lower(col(place.name)), col(place.code)),
    )


@dataclass(frozen=True, slots=True)
class CampaignOfCycle:
    """The campaign behind a month, as the facility reads it."""

    title: str
    theme: str
    office: str
    quota: int
    ceiling: int | None
    distribution_on: date
    ordered_by: str
    ordered_at: datetime


def behind(work: Work, cycle_id: UUID) -> CampaignOfCycle | None:
    """Returns the campaign that a month belongs to; None for a month of the facility's own."""
    return work.first(
        CampaignOfCycle,
        _behind_cycles(
            col(CampaignModel.title),
            func.coalesce(col(Theme.label), "").label("theme"),
            col(RegionModel.office_name).label("office"),
            col(CampaignFacility.quota),
            col(CampaignModel.ceiling),
            col(CampaignModel.distribution_on),
            _ordered_by().label("ordered_by"),
            col(CampaignModel.ordered_at),
        )
        .outerjoin(Theme, col(Theme.code) == col(CampaignModel.theme_code))
        .outerjoin(PersonModel, col(PersonModel.id) == col(CampaignModel.ordered_by))
        .where(col(CycleModel.id) == cycle_id),
    )


def _behind_cycles(*columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(CycleModel)
        .join(CampaignModel, col(CampaignModel.id) == col(CycleModel.campaign_id))
        .join(RegionModel, col(RegionModel.id) == col(CampaignModel.region_id))
        .join(CampaignFacility, _is_its_cycle())
    )


@dataclass(frozen=True, slots=True)
class FacilityChoice:
    """A facility that a campaign may name; ``runs`` one of the programmes today."""

    code: str
    name: str
    runs: bool


def choices(work: Work, region_id: UUID, plugins: Sequence[str], today: date) -> list[FacilityChoice]:
    """Returns the facilities of a region that are not closed, by name; ``plugins`` are those that offer programmes."""
    place, activation = FacilityModel, PluginActivation
    latest = (
        select(col(activation.active))
        .ext(distinct_on(col(activation.plugin)))
        .where(
            col(activation.facility_id) == col(place.id),
            among(col(activation.plugin), plugins),
            col(activation.valid_from) <= today,
        )
        .order_by(col(activation.plugin), col(activation.valid_from).desc(), col(activation.seq).desc())
        .correlate(place)
        .subquery("latest")
    )
    return work.rows(
        FacilityChoice,
        select(col(place.code), col(place.name), exists().where(latest.c.active).label("runs"))
        .where(col(place.region_id) == region_id, col(place.closed_on).is_(None))
        .order_by(func.lower(col(place.name)), col(place.code)),
    )


@dataclass(frozen=True, slots=True)
class MinisterialProgramme:
    """A programme of the ministry that a campaign may carry out; in force ``since`` a day."""

    code: str
    label: str
    since: date


def themes(work: Work, today: date) -> list[MinisterialProgramme]:
    """Returns those that are not over, the newest first."""
    return work.rows(
        MinisterialProgramme,
        select(col(Theme.code), col(Theme.label), col(Theme.valid_from).label("since"))
        .where(_is_not_over(today))
        .order_by(col(Theme.valid_from).desc(), col(Theme.code)),
    )


def themes_in_force(work: Work, day: date) -> set[str]:
    """Returns the codes of the themes that are in force."""
    return set(work.scalars(select(col(Theme.code)).where(col(Theme.valid_from) <= day, _is_not_over(day))))


def _is_not_over(day: date) -> ColumnElement[bool]:
    return or_(col(Theme.valid_until).is_(None), col(Theme.valid_until) >= day)


@dataclass(frozen=True, slots=True)
class AwaitedCycle:
    """A planned month of the facility that a campaign binds: until its proposal there is something to do."""

    plugin: str
    code: str
    period: date
    title: str
    office: str
    quota: int
    distribution_on: date


def awaited_here(work: Work) -> list[AwaitedCycle]:
    """Returns what the facility of this work awaits, the next day first."""
    return work.rows(
        AwaitedCycle,
        _behind_cycles(
            col(Program.plugin),
            col(CycleModel.code),
            col(CycleModel.period),
            col(CampaignModel.title),
            col(RegionModel.office_name).label("office"),
            col(CampaignFacility.quota),
            col(CampaignModel.distribution_on),
        )
        .join(Program, col(Program.id) == col(CycleModel.program_id))
        .where(col(CycleModel.facility_id) == work.here.id, col(CycleModel.state) == "planned")
        .order_by(col(CampaignModel.distribution_on), col(CampaignModel.id)),
    )
