"""Holds what the facilities of a campaign have to carry it out with: money, visited households, sources and officials;
one query.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Uuid, column, func, literal, select
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
    ``sources`` are active funding sources, ``officials`` posts that somebody holds."""

    facility_id: UUID
    free: int
    households: int
    surveyed: int
    sources: int
    officials: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """A facility that carries out a campaign; ``estimate`` is what its quota costs, in rupiah at planned prices."""

    assessment: CampaignAssessment
    means: Means
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
        if means.surveyed == 0:
            warnings.append(Text(id="belum ada keluarga yang disurvei", en="no household is surveyed"))
        elif means.surveyed < quota:
            fewer = Text(
                id="keluarga yang disurvei kurang {count} dari kuota",
                en="{count} surveyed households fewer than the quota",
                en_one="{count} surveyed household fewer than the quota",
            )
            warnings.append(fewer.format(count=quota - means.surveyed))
        if means.sources == 0:
            warnings.append(Text(id="tidak ada sumber dana aktif", en="no active funding source"))
        if means.officials == 0:
            warnings.append(Text(id="tidak ada pejabat", en="no official"))
        if not self.is_due:
            warnings.append(
                Text(id="di luar jadwal; perintah ini alasannya", en="not due; this campaign is the reason to open it")
            )
        return warnings


def readiness(
    work: Work, plugins: PluginRegistry, campaign: CampaignRequest, judged: Sequence[CampaignAssessment]
) -> list[Readiness]:
    """Returns it for each facility that carries the campaign out, in the order of the assessments."""
    acting = [assessment for assessment in judged if assessment.outcome != "left_out"]
    funding = [slug for slug, plugin in plugins.ready().items() if plugin.funding_sources]
    figures = func.guyub.campaign_readiness(
        literal([assessment.place.id for assessment in acting], ARRAY(Uuid)),
        campaign.plugin,
        literal(funding, ARRAY(SqlText)),
        campaign.distribution_on,
    ).table_valued(column("facility_id", Uuid), *(column(name, BigInteger) for name in _FIGURES))
    rows = work.rows(Means, select(*figures.c))
    means = {row.facility_id: row for row in rows}
    return [
        Readiness(
            assessment,
            means.get(assessment.place.id, Means(assessment.place.id, 0, 0, 0, 0, 0)),
            _is_due(plugins, campaign, assessment),
        )
        for assessment in acting
    ]


def _is_due(plugins: PluginRegistry, campaign: CampaignRequest, assessment: CampaignAssessment) -> bool:
    if assessment.outcome != "open" or assessment.settled is None:
        return True
    try:
        kind = plugins.program_type(campaign.plugin, campaign.program_type)
        return due_on(kind, assessment.settled.config, campaign.period) is not None
    except Refusal:
        return True
