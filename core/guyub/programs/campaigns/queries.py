"""Reads about campaigns: counts and states of months, nothing about a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from guyub.db.unit_of_work import Work
from guyub.programs.campaigns.refusals import CampaignsRefusal


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign with its sums: ``facilities`` it binds or bound, ``quota`` in households, ``ceiling`` in rupiah (None: none).

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


_CAMPAIGN = """
    SELECT g.id, g.title, COALESCE(t.label, '') AS theme,
           g.plugin, g.program_type, g.period, g.distribution_on, g.ceiling,
           COALESCE(p.full_name, g.ordered_label) AS ordered_by, g.ordered_at, g.cancelled_at, g.cancel_reason,
           r.office_name AS office, COALESCE(n.facilities, 0) AS facilities, COALESCE(n.quota, 0) AS quota,
           COALESCE(n.proposed, 0) AS proposed,
           COALESCE(n.closed, 0) AS closed, COALESCE(n.listed, 0) AS listed, COALESCE(n.received, 0) AS received,
           COALESCE(n.value, 0) AS value
    FROM guyub.campaign g JOIN guyub.region r ON r.id = g.region_id
    LEFT JOIN guyub.theme t ON t.code = g.theme_code LEFT JOIN guyub.person p ON p.id = g.ordered_by
    LEFT JOIN LATERAL (
        SELECT count(*) AS facilities, sum(f.quota) AS quota, sum(m.listed) AS listed, sum(m.received) AS received,
               sum(m.value)::bigint AS value, count(*) FILTER (WHERE m.state NOT IN ('planned', 'cancelled')) AS proposed,
               count(*) FILTER (WHERE m.state = 'closed') AS closed
        FROM guyub.campaign_facility f
        LEFT JOIN guyub.cycle c ON c.campaign_id = f.campaign_id AND c.facility_id = f.facility_id
        LEFT JOIN guyub.rollup_month m ON m.cycle_id = c.id AND m.facility_id = c.facility_id
        WHERE f.campaign_id = g.id) n ON true
"""


def all_of(work: Work, region_id: UUID) -> list[Campaign]:
    """Returns the campaigns of a region, those of the latest day first."""
    return work.rows(
        Campaign,
        f"{_CAMPAIGN} WHERE g.region_id = :region ORDER BY g.distribution_on DESC, g.seq DESC",
        region=region_id,
    )


def get(work: Work, region_id: UUID, campaign_id: UUID) -> Campaign:
    """Raises ``NotFound``."""
    row = work.first(
        Campaign, f"{_CAMPAIGN} WHERE g.region_id = :region AND g.id = :id", region=region_id, id=campaign_id
    )
    if row is None:
        raise CampaignsRefusal.UNKNOWN_CAMPAIGN.not_found()
    return row


def facilities_of(work: Work, campaign_id: UUID) -> list[AtFacility]:
    """Returns the facilities by name, which ranks nobody."""
    return work.rows(
        AtFacility,
        """SELECT x.code, x.name, f.quota, f.adopted, COALESCE(c.state, '') AS state, c.distribution_on,
                  COALESCE(m.listed, 0) AS listed, COALESCE(m.received, 0) AS received, COALESCE(m.value, 0) AS value,
                  COALESCE(n.dearest, 0) AS dearest,
                  COALESCE(n.above, 0) AS above
           FROM guyub.campaign_facility f JOIN guyub.facility x ON x.id = f.facility_id
           LEFT JOIN guyub.cycle c ON c.campaign_id = f.campaign_id AND c.facility_id = f.facility_id
           LEFT JOIN guyub.rollup_month m ON m.cycle_id = c.id AND m.facility_id = c.facility_id
           LEFT JOIN guyub.campaign_handed_over(:id) n ON n.facility_id = f.facility_id
           WHERE f.campaign_id = :id ORDER BY lower(x.name), x.code""",
        id=campaign_id,
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
        """SELECT g.title, COALESCE(t.label, '') AS theme, r.office_name AS office, f.quota, g.ceiling, g.distribution_on,
                  COALESCE(p.full_name, g.ordered_label) AS ordered_by, g.ordered_at
           FROM guyub.cycle c JOIN guyub.campaign g ON g.id = c.campaign_id JOIN guyub.region r ON r.id = g.region_id
           JOIN guyub.campaign_facility f ON f.campaign_id = g.id AND f.facility_id = c.facility_id
           LEFT JOIN guyub.theme t ON t.code = g.theme_code LEFT JOIN guyub.person p ON p.id = g.ordered_by
           WHERE c.id = :cycle""",
        cycle=cycle_id,
    )


@dataclass(frozen=True, slots=True)
class FacilityChoice:
    """A facility that a campaign may name; ``runs`` one of the programmes today."""

    code: str
    name: str
    runs: bool


def choices(work: Work, region_id: UUID, plugins: Sequence[str], today: date) -> list[FacilityChoice]:
    """The facilities of a region that are not closed, by name; ``plugins`` are those that offer programmes."""
    return work.rows(
        FacilityChoice,
        """SELECT f.code, f.name, EXISTS (
                      SELECT FROM (SELECT DISTINCT ON (a.plugin) a.active FROM guyub.plugin_activation a
                                   WHERE a.facility_id = f.id AND a.plugin = ANY (:plugins) AND a.valid_from <= :today
                                   ORDER BY a.plugin, a.valid_from DESC, a.seq DESC) latest WHERE latest.active) AS runs
           FROM guyub.facility f WHERE f.region_id = :region AND f.closed_on IS NULL ORDER BY lower(f.name), f.code""",
        region=region_id,
        plugins=list(plugins),
        today=today,
    )


@dataclass(frozen=True, slots=True)
class MinisterialProgramme:
    """A programme of the ministry that a campaign may carry out; in force ``since`` a day."""

    code: str
    label: str
    since: date


def themes(work: Work, today: date) -> list[MinisterialProgramme]:
    """Those that are not over, the newest first."""
    return work.rows(
        MinisterialProgramme,
        """SELECT code, label, valid_from AS since FROM guyub.theme WHERE valid_until IS NULL OR valid_until >= :today
           ORDER BY valid_from DESC, code""",
        today=today,
    )


def themes_in_force(work: Work, day: date) -> set[str]:
    """Their codes."""
    return set(
        work.run(
            "SELECT code FROM guyub.theme WHERE valid_from <= :day AND (valid_until IS NULL OR valid_until >= :day)",
            day=day,
        ).scalars()
    )


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
        """SELECT p.plugin, c.code, c.period, g.title, r.office_name AS office, f.quota, g.distribution_on
           FROM guyub.cycle c JOIN guyub.program p ON p.id = c.program_id
           JOIN guyub.campaign g ON g.id = c.campaign_id JOIN guyub.region r ON r.id = g.region_id
           JOIN guyub.campaign_facility f ON f.campaign_id = g.id AND f.facility_id = c.facility_id
           WHERE c.facility_id = :here AND c.state = 'planned' ORDER BY g.distribution_on, g.id""",
        here=work.here.id,
    )
