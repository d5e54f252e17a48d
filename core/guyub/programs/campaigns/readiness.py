"""Holds what the facilities of a campaign have to carry it out with: money, visited households, sources, officials and accounts;
two queries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Integer, Uuid, column, func, literal, select
from sqlalchemy import Text as SqlText

from guyub.db.unit_of_work import Work
from guyub.plugins.plugin_registry import PluginRegistry
from guyub.programs.campaigns.assessment import CampaignAssessment, CampaignRequest
from guyub.programs.due_months import due_on
from guyub.sdk.errors import Refusal
from guyub.sdk.money import format_rupiah
from guyub.sdk.text import Text

_FIGURES = ("free", "households", "surveyed", "sources", "officials")


@dataclass(frozen=True, slots=True)
class Means:
    """``free`` is money in rupiah that the programme may use on the day; ``surveyed`` of the ``households`` were visited;
    these and the institutions take ``places`` of a quota, which counts packages; ``sources`` are active funding
    sources, ``officials`` posts that somebody holds."""

    facility_id: UUID
    free: int
    households: int
    surveyed: int
    sources: int
    officials: int
    places: int


@dataclass(frozen=True, slots=True)
class Accounts:
    """Counts the people with an account who may propose there on the day, those who may approve, and both together."""

    facility_id: UUID
    proposers: int
    approvers: int
    people: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """A facility that carries out a campaign; ``estimate`` is what its quota costs, in rupiah at planned prices."""

    assessment: CampaignAssessment
    means: Means
    accounts: Accounts
    is_due: bool

    @property
    def estimate(self) -> int:
        return self.assessment.quota * self.assessment.value

    @property
    def warnings(self) -> list[Text]:
        """Returns what the facility lacks, the most important first."""
        means, quota = self.means, self.assessment.quota
        warnings = []
        if means.free == 0:
            warnings.append(Text(id="tidak ada dana bebas", en="no free money"))
        elif means.free < self.estimate:
            short = format_rupiah(self.estimate - means.free)
            warnings.append(Text(id="dana bebas kurang {short}", en="free money is {short} short").format(short=short))
        if means.surveyed == 0 and means.places < quota:
            warnings.append(Text(id="belum ada keluarga yang disurvei", en="no household is surveyed"))
        if 0 < means.places < quota:
            fewer = Text(
                id="keluarga yang disurvei dan lembaga menerima {places} paket, kurang {count} dari kuota",
                en="surveyed households and institutions take {places} of the quota, {count} too few",
            )
            warnings.append(fewer.format(places=means.places, count=quota - means.places))
        if means.sources == 0:
            warnings.append(Text(id="tidak ada sumber dana aktif", en="no active funding source"))
        if means.officials == 0:
            warnings.append(Text(id="tidak ada pejabat", en="no official"))
        warnings += _lacking_accounts(self.accounts)
        if not self.is_due:
            warnings.append(
                Text(id="di luar jadwal; perintah ini alasannya", en="not due; this campaign is the reason to open it")
            )
        return warnings


def _lacking_accounts(accounts: Accounts) -> list[Text]:
    """Returns who is missing: one person proposes and another one approves."""
    lacking = []
    if accounts.proposers == 0:
        lacking.append(Text(id="tidak ada akun yang dapat mengusulkan", en="no account may propose"))
    if accounts.approvers == 0:
        lacking.append(Text(id="tidak ada akun yang dapat menyetujui", en="no account may approve"))
    if accounts.proposers and accounts.approvers and accounts.people < 2:
        lacking.append(
            Text(id="pengusul dan penyetuju orang yang sama", en="the same person would have to propose and approve")
        )
    return lacking


def readiness(
    work: Work, plugins: PluginRegistry, campaign: CampaignRequest, judged: Sequence[CampaignAssessment]
) -> list[Readiness]:
    """Returns it for each facility that carries the campaign out, in the order of the assessments."""
    acting = [assessment for assessment in judged if assessment.outcome != "left_out"]
    funding = [slug for slug, plugin in plugins.ready().items() if plugin.funding_sources]
    facilities = literal([assessment.place.id for assessment in acting], ARRAY(Uuid))
    taken = func.guyub.campaign_places(facilities).table_valued(
        column("facility_id", Uuid), column("places", BigInteger), name="taken"
    )
    figures = func.guyub.campaign_readiness(
        facilities,
        campaign.plugin,
        literal(funding, ARRAY(SqlText)),
        campaign.distribution_on,
    ).table_valued(column("facility_id", Uuid), *(column(name, BigInteger) for name in _FIGURES))
    rows = work.rows(
        Means,
        select(*figures.c, func.coalesce(taken.c.places, 0).label("places"))
        .select_from(figures)
        .outerjoin(taken, taken.c.facility_id == figures.c.facility_id),
    )
    means = {row.facility_id: row for row in rows}
    accounts = _accounts(work, [assessment.place.id for assessment in acting], campaign.distribution_on)
    return [
        Readiness(
            assessment,
            means.get(assessment.place.id, Means(assessment.place.id, 0, 0, 0, 0, 0, 0)),
            accounts.get(assessment.place.id, Accounts(assessment.place.id, 0, 0, 0)),
            _is_due(plugins, campaign, assessment),
        )
        for assessment in acting
    ]


def _accounts(work: Work, places: Sequence[UUID], on: date) -> dict[UUID, Accounts]:
    figures = func.guyub.campaign_accounts(literal(list(places), ARRAY(Uuid)), on).table_valued(
        column("facility_id", Uuid), *(column(name, Integer) for name in ("proposers", "approvers", "people"))
    )
    return {row.facility_id: row for row in work.rows(Accounts, select(*figures.c))}


def _is_due(plugins: PluginRegistry, campaign: CampaignRequest, assessment: CampaignAssessment) -> bool:
    if assessment.outcome != "open" or assessment.settled is None:
        return True
    try:
        kind = plugins.program_type(campaign.plugin, campaign.program_type)
        return due_on(kind, assessment.settled.config, campaign.period) is not None
    except Refusal:
        return True
